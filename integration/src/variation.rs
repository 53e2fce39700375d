//! Topologies that differ from one of the checkout in a few words.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

/// A topology in a folder of its own, which goes with it.
pub struct Variation {
    folder: TempDir,
}

impl Variation {
    /// Copies a topology and replaces texts in it, each of which must be there.
    pub fn of(topology: &Path, replaced: &[(&str, &str)]) -> Result<Self> {
        let mut text = std::fs::read_to_string(topology)?;
        for (old, new) in replaced {
            ensure!(text.contains(old), "{} has no `{old}`", topology.display());
            text = text.replace(old, new);
        }
        let variation = Self {
            folder: tempfile::tempdir()?,
        };
        std::fs::write(variation.folder.path().join("topology.yaml"), text)?;
        Ok(variation)
    }

    /// Its path.
    pub fn path(&self) -> Result<String> {
        path(&self.folder.path().join("topology.yaml"))
    }

    /// The path of another file in its folder.
    pub fn beside(&self, name: &str) -> Result<String> {
        path(&self.folder.path().join(name))
    }
}

fn path(path: &Path) -> Result<String> {
    Ok(path.to_str().context("the path is UTF-8")?.to_owned())
}
