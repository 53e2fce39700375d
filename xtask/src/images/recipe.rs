//! What a folder of `integration/images` says.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// The file of a folder that describes its layer.
const FILE: &str = "recipe.json";

/// One layer, and the image that ends in it if there is one.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Recipe {
    /// The folder's name.
    #[serde(skip)]
    pub(crate) name: String,
    /// The folder.
    #[serde(skip)]
    pub(crate) directory: PathBuf,
    /// For the reader.
    #[serde(rename = "about")]
    _about: String,
    /// The layers below, the lowest first.
    #[serde(default)]
    pub(crate) on: Vec<String>,
    /// Debian packages by suite, without their dependencies: nothing comes in that is not named.
    #[serde(default)]
    pub(crate) packages: BTreeMap<String, Vec<String>>,
    /// If not empty, only these paths of the packages are taken.
    #[serde(default)]
    pub(crate) take_only: Vec<PathBuf>,
    /// Paths of the packages that are left out, with all below them.
    #[serde(default)]
    pub(crate) leave_out: Vec<PathBuf>,
    /// Artefacts of Maven Central.
    #[serde(default)]
    pub(crate) artefacts: Vec<Artefact>,
    /// Maven projects of this repository.
    #[serde(default)]
    pub(crate) projects: Vec<Project>,
    /// Files of this folder, by where they go.
    #[serde(default)]
    pub(crate) files: BTreeMap<PathBuf, PathBuf>,
    /// As `files`, for those that can be executed.
    #[serde(default)]
    pub(crate) programs: BTreeMap<PathBuf, PathBuf>,
    /// Symbolic links and what they lead to.
    #[serde(default)]
    pub(crate) links: BTreeMap<PathBuf, PathBuf>,
    /// Files that hold all files of a directory of the layer, one after the other.
    #[serde(default)]
    pub(crate) concatenated: BTreeMap<PathBuf, PathBuf>,
    /// Directories that belong to the user of the image.
    #[serde(default)]
    pub(crate) own_directories: Vec<PathBuf>,
    /// What is run inside of the finished root file system.
    pub(crate) run: Option<Run>,
    /// The image that ends here.
    pub(crate) image: Option<Image>,
}

/// A file of Maven Central.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Artefact {
    /// `group:artefact:version`.
    pub(crate) coordinates: String,
    /// Its SHA-256 in hexadecimal: anything else is refused.
    pub(crate) sha256: String,
    /// Where it goes.
    pub(crate) to: PathBuf,
}

/// A Maven project that is built by `mvn package`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Project {
    /// Its folder, from `integration`.
    pub(crate) directory: PathBuf,
    /// Files and folders of it by where they go.
    pub(crate) copy: BTreeMap<PathBuf, PathBuf>,
}

/// A program that completes a layer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Run {
    /// The program and its arguments.
    pub(crate) command: Vec<String>,
    /// Its environment.
    #[serde(default)]
    pub(crate) environment: BTreeMap<String, String>,
    /// What of its work is kept.
    pub(crate) keep: Vec<PathBuf>,
}

/// How an image is started.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Image {
    /// Repository and tag.
    pub(crate) reference: String,
    /// Environment.
    #[serde(default)]
    pub(crate) environment: BTreeMap<String, String>,
    /// Working directory.
    pub(crate) working_directory: String,
    /// Entry point.
    #[serde(default)]
    pub(crate) entrypoint: Vec<String>,
    /// Arguments of the entry point when a Pod gives none.
    #[serde(default)]
    pub(crate) command: Vec<String>,
}

/// All recipes.
#[derive(Debug)]
pub(crate) struct Recipes(Vec<Recipe>);

impl Recipes {
    /// Reads every folder below `directory`.
    pub(crate) fn read(directory: &Path) -> Result<Self> {
        let mut unordered = Vec::new();
        for entry in fs_err::read_dir(directory)? {
            let path = entry?.path();
            if path.join(FILE).exists() {
                unordered.push(Recipe::read(&path)?);
            }
        }
        unordered.sort_by(|one, other| one.name.cmp(&other.name));
        order(unordered).map(Self)
    }

    /// Each recipe after those that it stands on.
    pub(crate) fn bottom_first(&self) -> impl Iterator<Item = &Recipe> {
        self.0.iter()
    }
}

impl Recipe {
    fn read(directory: &Path) -> Result<Self> {
        let file = directory.join(FILE);
        let mut recipe: Self = serde_json::from_str(&fs_err::read_to_string(&file)?)
            .with_context(|| format!("{} is not a recipe of an image", file.display()))?;
        let name = directory
            .file_name()
            .expect("it was read from its parent directory");
        recipe.name = name.to_string_lossy().into_owned();
        directory.clone_into(&mut recipe.directory);
        Ok(recipe)
    }
}

fn order(mut waiting: Vec<Recipe>) -> Result<Vec<Recipe>> {
    let mut ordered = Vec::new();
    let mut known = BTreeSet::new();
    while !waiting.is_empty() {
        let (ready, blocked): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|recipe| recipe.on.iter().all(|below| known.contains(below)));
        if ready.is_empty() {
            let names: Vec<_> = blocked.iter().map(|recipe| recipe.name.as_str()).collect();
            bail!(
                "the recipes {} stand on layers that do not exist or on each other",
                names.join(", ")
            );
        }
        known.extend(ready.iter().map(|recipe| recipe.name.clone()));
        ordered.extend(ready);
        waiting = blocked;
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe(name: &str, on: &str) -> Recipe {
        let mut recipe: Recipe = serde_json::from_str(&format!(r#"{{"about": "", "on": [{on}]}}"#)).unwrap();
        name.clone_into(&mut recipe.name);
        recipe
    }

    #[test]
    fn a_layer_comes_after_those_below_it() {
        let recipes = vec![recipe("a", r#""b", "c""#), recipe("b", r#""c""#), recipe("c", "")];
        let names: Vec<_> = order(recipes)
            .unwrap()
            .into_iter()
            .map(|recipe| recipe.name)
            .collect();
        assert_eq!(names, ["c", "b", "a"]);
    }

    #[test]
    fn rings_and_unknown_layers_are_told() {
        let error = order(vec![recipe("a", r#""b""#), recipe("b", r#""a""#)]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the recipes a, b stand on layers that do not exist or on each other"
        );
    }

    #[test]
    fn the_recipes_of_this_repository_can_be_read() {
        let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("../integration/images");
        let recipes = Recipes::read(&images).unwrap();
        for recipe in recipes.bottom_first() {
            for file in recipe.files.values().chain(recipe.programs.values()) {
                assert!(
                    recipe.directory.join(file).is_file(),
                    "{}: {}",
                    recipe.name,
                    file.display()
                );
            }
        }
    }
}
