//! Images that the nodes get from archives on this machine.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
    time::UNIX_EPOCH,
};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Cluster, NAME, write_whole};
use crate::progress::{Progress, output};

/// What the nodes have: the tags and ids of each archive that was loaded, by its path, size and time.
const LOADED: &str = "images.json";

/// Loads the docker-archives whose images the nodes do not have yet.
pub(super) fn load(cluster: &Cluster, archives: &[impl AsRef<Path>], progress: &Progress) -> Result<()> {
    let record = cluster.places.cluster().join(LOADED);
    let mut loaded: BTreeMap<String, Value> = match std::fs::read(&record) {
        Ok(text) => serde_json::from_slice(&text).with_context(|| format!("{} is damaged", record.display()))?,
        Err(_) => BTreeMap::new(),
    };
    for archive in archives.iter().map(AsRef::as_ref) {
        let key = key_of(archive)?;
        if loaded.contains_key(&key) {
            continue;
        }
        let images = images_in(archive)?;
        let known = loaded.values().any(|other| *other == images);
        if !known {
            let tags: Vec<_> = images.as_object().into_iter().flatten().map(|(tag, _)| tag.as_str()).collect();
            progress.stage(&format!("loading {}", tags.join(", ")), |stage| {
                stage.run(
                    cluster.kind(progress)?.args(["load", "image-archive", "--name", NAME]).arg(archive),
                )
            })?;
            // A tag that moved on: what was loaded under it before is not what the nodes have now.
            loaded.retain(|_, other| {
                !other.as_object().into_iter().flatten().any(|(tag, _)| images.get(tag).is_some())
            });
        }
        loaded.insert(key, images);
        write_whole(&record, serde_json::to_string_pretty(&loaded)?.as_bytes())?;
    }
    Ok(())
}

fn key_of(archive: &Path) -> Result<String> {
    let archive: PathBuf = fs_err::canonicalize(archive)?;
    let metadata = fs_err::metadata(&archive)?;
    let changed = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(format!("{} {} {}", archive.display(), metadata.len(), changed.as_nanos()))
}

/// The tags of an archive's images with the id of each.
fn images_in(archive: &Path) -> Result<Value> {
    let manifest = output(
        Command::new("tar").arg("--extract").arg("--to-stdout").arg("--file").arg(archive).arg("manifest.json"),
    )
    .with_context(|| format!("{} is no docker-archive", archive.display()))?;
    let manifest: Value = serde_json::from_slice(&manifest.stdout)?;
    let mut images = serde_json::Map::new();
    for image in manifest.as_array().context("the archive's manifest is no list")? {
        let configuration = image.get("Config").and_then(Value::as_str).context("an image has no configuration")?;
        let content = output(
            Command::new("tar").arg("--extract").arg("--to-stdout").arg("--file").arg(archive).arg(configuration),
        )?;
        let id = crate::store::digest(&content.stdout);
        for tag in image.get("RepoTags").and_then(Value::as_array).into_iter().flatten() {
            images.insert(tag.as_str().context("a tag is no text")?.to_owned(), id.clone().into());
        }
    }
    Ok(Value::Object(images))
}
