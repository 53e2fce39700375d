//! Images as one docker-archive, which every container runtime imports.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use anyhow::Result;
use serde_json::{Value, json};
use tar::{Builder, Header};

use super::{BuiltImage, digest, layer::Layer, recipe::Image, tree::USER};
use crate::{
    progress::Progress,
    store::{self, made_once},
};

const ARCHIVE: &str = "images.tar";

/// The configuration of an image: what its id is the digest of.
pub(crate) fn configuration(image: &Image, layers: &[Layer]) -> String {
    let environment: Vec<_> = environment(image)
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let layers: Vec<_> = layers
        .iter()
        .map(|layer| format!("sha256:{}", layer.digest))
        .collect();
    json!({
        "architecture": "amd64",
        "os": "linux",
        "created": "2026-01-01T00:00:00Z",
        "config": {
            "User": format!("{USER}:{USER}"),
            "WorkingDir": image.working_directory,
            "Env": environment,
            "Entrypoint": list(&image.entrypoint),
            "Cmd": list(&image.command),
        },
        "rootfs": { "type": "layers", "diff_ids": layers },
    })
    .to_string()
}

/// The archive of these images, each layer once.
pub(crate) fn ensure(cache: &Path, images: &[&BuiltImage], progress: &Progress) -> Result<PathBuf> {
    let hash = images
        .iter()
        .fold(store::Recipe::default(), |hash, image| {
            hash.text(&image.reference).text(&image.id)
        })
        .hash();
    let made = made_once(cache, "images/archives", &hash, |directory| {
        progress.stage("images packed", |stage| {
            stage.now("writing the archive");
            write(&directory.join(ARCHIVE), images)
        })
    })?;
    Ok(made.join(ARCHIVE))
}

fn write(to: &Path, images: &[&BuiltImage]) -> Result<()> {
    let mut tar = Builder::new(std::io::BufWriter::new(fs_err::File::create(to)?));
    let mut written = BTreeSet::new();
    let mut manifest = Vec::new();
    for image in images {
        for layer in image
            .layers
            .iter()
            .filter(|layer| written.insert(layer.digest.as_str()))
        {
            let file = fs_err::File::open(&layer.tar)?;
            let size = file.metadata()?.len();
            append(&mut tar, &layer_path(layer), size, file)?;
        }
        let configuration = image.configuration.as_bytes();
        let path = format!("{}.json", digest(configuration));
        append(&mut tar, &path, configuration.len() as u64, configuration)?;
        manifest.push(json!({
            "Config": path,
            "RepoTags": [image.reference],
            "Layers": image.layers.iter().map(layer_path).collect::<Vec<_>>(),
        }));
    }
    let manifest = Value::from(manifest).to_string();
    append(
        &mut tar,
        "manifest.json",
        manifest.len() as u64,
        manifest.as_bytes(),
    )?;
    tar.into_inner()?
        .into_inner()
        .map_err(std::io::IntoInnerError::into_error)?
        .sync_all()?;
    Ok(())
}

fn append(
    tar: &mut Builder<impl std::io::Write>,
    path: &str,
    size: u64,
    contents: impl std::io::Read,
) -> Result<()> {
    let mut header = Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o644);
    tar.append_data(&mut header, path, contents)?;
    Ok(())
}

fn layer_path(layer: &Layer) -> String {
    format!("{}/layer.tar", layer.digest)
}

fn environment(image: &Image) -> BTreeMap<String, String> {
    let mut environment = image.environment.clone();
    for (name, value) in [
        ("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"),
        ("LANG", "C.UTF-8"),
    ] {
        environment.entry(name.into()).or_insert_with(|| value.into());
    }
    environment
}

fn list(words: &[String]) -> Value {
    if words.is_empty() {
        Value::Null
    } else {
        json!(words)
    }
}
