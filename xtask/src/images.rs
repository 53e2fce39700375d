//! The images that the development cluster runs, made without a container engine.
//!
//! Each folder of `integration/images` describes one layer, and with an `image` part an image that ends in it. A layer
//! is made of Debian packages, artefacts from Maven Central, programs of this repository and plain files; it is kept
//! in the cache under the hash of all that, so that a second run makes nothing. Owners, times and order inside of a
//! layer are fixed: the same contents have the same id.

mod archive;
mod debian;
mod layer;
pub(crate) mod maven;
mod recipe;
mod root_file_system;
mod tree;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use self::{debian::Packages, layer::Layer, recipe::Recipes};
use crate::{places::Places, progress::Progress};

/// An image that is ready to be loaded.
#[derive(Debug, Clone)]
pub(crate) struct BuiltImage {
    /// Repository and tag, as Pods name it.
    pub(crate) reference: String,
    /// The digest of its configuration, which is its id in every container runtime: `sha256:…`.
    pub(crate) id: String,
    configuration: String,
    layers: Vec<Layer>,
}

/// All images, in the order of their references.
#[derive(Debug, Clone)]
pub(crate) struct BuiltImages {
    /// The images.
    pub(crate) images: Vec<BuiltImage>,
    cache: PathBuf,
}

impl BuiltImages {
    /// One docker-archive with those images that `wanted` picks, layers shared: for `kind load image-archive`.
    pub(crate) fn archive(
        &self,
        progress: &Progress,
        wanted: impl Fn(&BuiltImage) -> bool,
    ) -> Result<PathBuf> {
        let images: Vec<_> = self.images.iter().filter(|image| wanted(image)).collect();
        archive::ensure(&self.cache, &images, progress)
    }
}

/// Makes whatever is not in the cache.
pub(crate) fn ensure(places: &Places, progress: &Progress) -> Result<BuiltImages> {
    let recipes = Recipes::read(&places.integration().join("images"))?;
    let packages = Packages::new(&places.cache.join("images/packages"));
    let mut layers = BTreeMap::<String, Layer>::new();
    let mut images = Vec::new();
    for recipe in recipes.bottom_first() {
        let below: Vec<_> = recipe.on.iter().map(|name| layers[name].clone()).collect();
        let layer = layer::ensure(places, recipe, &below, &packages, progress)
            .with_context(|| format!("the images' layer {} cannot be made", recipe.name))?;
        if let Some(image) = &recipe.image {
            let mut all = below;
            all.push(layer.clone());
            let configuration = archive::configuration(image, &all);
            images.push(BuiltImage {
                reference: image.reference.clone(),
                id: format!("sha256:{}", digest(configuration.as_bytes())),
                configuration,
                layers: all,
            });
        }
        layers.insert(recipe.name.clone(), layer);
    }
    images.sort_by(|one, other| one.reference.cmp(&other.reference));
    Ok(BuiltImages {
        images,
        cache: places.cache.clone(),
    })
}

fn digest(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    crate::store::hex(&sha2::Sha256::digest(bytes))
}

/// A path without the leading `./` or `/` that archives and recipes write differently.
fn relative(path: &Path) -> PathBuf {
    path.components()
        .filter(|part| matches!(part, std::path::Component::Normal(_)))
        .collect()
}
