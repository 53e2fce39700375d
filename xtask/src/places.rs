//! Where things are kept on this machine.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The directories that the tasks read and write.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// The checkout that this program was built from.
    pub(crate) checkout: PathBuf,
    /// What can be made again: downloads and builds, named by the hash of what they were made from.
    pub(crate) cache: PathBuf,
    /// What is running or must not be lost: the engine, the cluster, key custody.
    pub(crate) state: PathBuf,
}

impl Places {
    pub(crate) fn of_this_machine() -> Result<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let checkout = manifest
            .parent()
            .context("xtask's folder has no parent")?
            .to_owned();
        Ok(Self {
            checkout,
            cache: base_directory("XDG_CACHE_HOME", ".cache")?.join("cordanetes"),
            state: base_directory("XDG_STATE_HOME", ".local/state")?.join("cordanetes"),
        })
    }

    /// Everything that lives and dies with the cluster: what describes it, and the keys of networks on it.
    pub(crate) fn cluster(&self) -> PathBuf {
        self.state.join("cluster")
    }

    /// Everything that belongs to a Docker engine that was started here.
    pub(crate) fn engine(&self) -> PathBuf {
        self.state.join("engine")
    }

    /// Logs of the stages, the last run of each.
    pub(crate) fn logs(&self) -> PathBuf {
        self.state.join("logs")
    }

    pub(crate) fn kubeconfig(&self) -> PathBuf {
        self.cluster().join("kubeconfig")
    }

    /// Programs of the cluster by their names, for people's use.
    pub(crate) fn programs(&self) -> PathBuf {
        self.state.join("bin")
    }

    pub(crate) fn integration(&self) -> PathBuf {
        self.checkout.join("integration")
    }
}

/// Makes a directory that only its owner can look into.
pub(crate) fn create_private_directory(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs_err::create_dir_all(path)?;
    fs_err::set_permissions(path, std::fs::Permissions::from_mode(0o700))?;
    Ok(())
}

fn base_directory(variable: &str, below_home: &str) -> Result<PathBuf> {
    if let Some(path) = std::env::var_os(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
    {
        return Ok(path);
    }
    let home = std::env::var_os("HOME").with_context(|| {
        format!("neither {variable} nor HOME is set; set one of them to a directory that can be written")
    })?;
    Ok(Path::new(&home).join(below_home))
}
