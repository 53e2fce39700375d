//! From a recipe to a layer: one tar and its digest.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::{debian::Packages, maven, recipe::Recipe, relative, root_file_system, tree::Tree};
use crate::{
    packages::{self, Needed},
    places::Places,
    progress::{Progress, Stage},
    store::{self, file_digest, made_once},
};

/// Part of every layer's hash: raised when the same recipe gives another layer.
const VERSION: &str = "layer 1";

const NEEDED: &[Needed] = &[
    Needed {
        file: "/usr/bin/mvn",
        package: "maven",
    },
    Needed {
        file: "/usr/bin/javac",
        package: "default-jdk-headless",
    },
    Needed {
        file: "/usr/bin/dpkg-deb",
        package: "dpkg",
    },
    Needed {
        file: "/usr/share/keyrings/debian-archive-keyring.gpg",
        package: "debian-archive-keyring",
    },
];

/// A packed layer.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    /// The uncompressed tar.
    pub(crate) tar: PathBuf,
    /// Its SHA-256 in hexadecimal.
    pub(crate) digest: String,
}

/// The layer of a recipe, made when the cache has none. `below` are the layers that it stands on.
pub(crate) fn ensure(
    places: &Places,
    recipe: &Recipe,
    below: &[Layer],
    debian: &Packages,
    progress: &Progress,
) -> Result<Layer> {
    let folder = format!("images/layers/{}", recipe.name);
    let made = made_once(
        &places.cache,
        &folder,
        &hash(places, recipe, below)?,
        |directory| {
            packages::ensure(progress, NEEDED)?;
            progress.stage(&format!("image layer {}", recipe.name), |stage| {
                let work = tempfile::Builder::new()
                    .prefix("layer-")
                    .tempdir_in(&places.cache)?;
                let tree = gather(places, recipe, below, debian, work.path(), stage)?;
                stage.now("packing");
                let tar = directory.join(TAR);
                tree.pack(&tar)?;
                fs_err::write(directory.join(DIGEST), file_digest(&tar)?)?;
                Ok(())
            })
        },
    )?;
    Ok(Layer {
        tar: made.join(TAR),
        digest: fs_err::read_to_string(made.join(DIGEST))?,
    })
}

const TAR: &str = "layer.tar";
const DIGEST: &str = "sha256";

fn hash(places: &Places, recipe: &Recipe, below: &[Layer]) -> Result<String> {
    let mut hash = store::Recipe::default().text(VERSION).files(&recipe.directory)?;
    for project in &recipe.projects {
        let project = places.integration().join(&project.directory);
        hash = hash
            .text(&fs_err::read_to_string(project.join("pom.xml"))?)
            .files(&project.join("src"))?;
    }
    if recipe.run.is_some() {
        // Only a program that runs inside sees what lies below.
        hash = below.iter().fold(hash, |hash, layer| hash.text(&layer.digest));
    }
    Ok(hash.hash())
}

fn gather(
    places: &Places,
    recipe: &Recipe,
    below: &[Layer],
    debian: &Packages,
    work: &Path,
    stage: &Stage<'_>,
) -> Result<Tree> {
    let mut tree = Tree::new(&work.join("contents"))?;
    for package in debian.fetch(&recipe.packages, &work.join("packages"), stage)? {
        stage.now(&format!(
            "unpacking {}",
            package.file_name().unwrap_or_default().display()
        ));
        unpack(&package, &mut tree, |path| wanted(recipe, path))?;
    }
    for artefact in &recipe.artefacts {
        tree.add_file(
            &maven::artefact(&places.cache, artefact, stage)?,
            &artefact.to,
            0o644,
        )?;
    }
    for project in &recipe.projects {
        let directory = places.integration().join(&project.directory);
        maven::package(&directory, stage)?;
        for (to, from) in &project.copy {
            tree.add_all(&directory.join(from), to)?;
        }
    }
    for (to, from) in &recipe.files {
        tree.add_file(&recipe.directory.join(from), to, 0o644)?;
    }
    for (to, from) in &recipe.programs {
        tree.add_file(&recipe.directory.join(from), to, 0o755)?;
    }
    for (path, to) in &recipe.links {
        tree.add_symlink(path, to.clone());
    }
    for (to, directory) in &recipe.concatenated {
        tree.concatenate(directory, to)?;
    }
    for directory in &recipe.own_directories {
        tree.add_own_directory(directory);
    }
    if let Some(run) = &recipe.run {
        root_file_system::run(run, &mut tree, below, work, stage)?;
    }
    Ok(tree)
}

fn wanted(recipe: &Recipe, path: &Path) -> bool {
    let below_one = |paths: &[PathBuf]| paths.iter().any(|wanted| path.starts_with(relative(wanted)));
    (recipe.take_only.is_empty() || below_one(&recipe.take_only)) && !below_one(&recipe.leave_out)
}

fn unpack(package: &Path, tree: &mut Tree, wanted: impl Fn(&Path) -> bool) -> Result<()> {
    let mut child = Command::new("dpkg-deb")
        .arg("--fsys-tarfile")
        .arg(package)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start dpkg-deb: is it installed?")?;
    let mut tar = child.stdout.take().expect("it is piped");
    tree.add_tar(&mut tar, wanted)
        .with_context(|| format!("unpack {}", package.display()))?;
    // The padding after the last entry: dpkg-deb complains when nobody reads it.
    std::io::copy(&mut tar, &mut std::io::sink())?;
    let status = child.wait()?;
    if !status.success() {
        bail!("dpkg-deb ended with {status} at {}", package.display());
    }
    Ok(())
}
