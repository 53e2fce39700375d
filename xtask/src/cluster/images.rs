//! Images that the nodes get from archives on this machine.

use std::{collections::BTreeMap, path::Path, process::Command};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Cluster, NAME, write_whole};
use crate::{
    images::BuiltImages,
    progress::{Progress, output},
    store,
};

/// What the nodes have: the id of the image behind each reference. It is part of what is known of a cluster, so it
/// goes when the cluster goes.
const LOADED: &str = "images.json";

type References = BTreeMap<String, String>;

/// Loads those images that the nodes do not have, in one archive.
pub(super) fn load(cluster: &Cluster, images: &BuiltImages, progress: &Progress) -> Result<()> {
    let loaded = read(cluster)?;
    let missing: References = images
        .images
        .iter()
        .filter(|image| loaded.get(&image.reference) != Some(&image.id))
        .map(|image| (image.reference.clone(), image.id.clone()))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let archive = images.archive(progress, |image| missing.contains_key(&image.reference))?;
    load_into_nodes(cluster, &archive, missing, progress)
}

/// Loads a docker-archive if the nodes lack one of its images.
pub(super) fn load_archive(cluster: &Cluster, archive: &Path, progress: &Progress) -> Result<()> {
    let images = references_in(archive)?;
    let loaded = read(cluster)?;
    if images
        .iter()
        .all(|(reference, id)| loaded.get(reference) == Some(id))
    {
        return Ok(());
    }
    load_into_nodes(cluster, archive, images, progress)
}

fn load_into_nodes(cluster: &Cluster, archive: &Path, images: References, progress: &Progress) -> Result<()> {
    let name = match images.len() {
        1 => "loading an image into the nodes".to_owned(),
        count => format!("loading {count} images into the nodes"),
    };
    progress.stage(&name, |stage| {
        stage.run(
            cluster
                .kind(progress)?
                .args(["load", "image-archive", "--name", NAME])
                .arg(archive),
        )
    })?;
    let mut loaded = read(cluster)?;
    loaded.extend(images);
    write_whole(
        &cluster.places.cluster().join(LOADED),
        serde_json::to_string_pretty(&loaded)?.as_bytes(),
    )
}

fn read(cluster: &Cluster) -> Result<References> {
    let record = cluster.places.cluster().join(LOADED);
    match fs_err::read(&record) {
        Ok(text) => serde_json::from_slice(&text).with_context(|| format!("{} is damaged", record.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(References::new()),
        Err(error) => Err(error.into()),
    }
}

/// The references of an archive's images with the id of each.
fn references_in(archive: &Path) -> Result<References> {
    let file = |name: &str| {
        output(
            Command::new("tar")
                .args(["--extract", "--to-stdout", "--file"])
                .arg(archive)
                .arg(name),
        )
        .with_context(|| format!("{} is no docker-archive", archive.display()))
    };
    let manifest: Value = serde_json::from_slice(&file("manifest.json")?.stdout)?;
    let mut references = References::new();
    for image in manifest.as_array().context("the archive's manifest is no list")? {
        let configuration = image
            .get("Config")
            .and_then(Value::as_str)
            .context("an image has no configuration")?;
        // The id of an image is the digest of its configuration.
        let id = format!("sha256:{}", store::digest(&file(configuration)?.stdout));
        for reference in image
            .get("RepoTags")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            references.insert(
                reference.as_str().context("a reference is no text")?.to_owned(),
                id.clone(),
            );
        }
    }
    Ok(references)
}
