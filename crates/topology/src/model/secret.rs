//! Where secrets and files are.

use crate::{language::choice, scalar::Image};

choice! {
    /// The kind of an External Secrets store.
    pub enum ExternalStoreKind {
        /// A store of the whole cluster.
        ClusterSecretStore = "ClusterSecretStore",
        /// A store of the component's namespace.
        SecretStore = "SecretStore",
    }
}

/// Where a secret is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretReference {
    /// A key of a Secret in the component's namespace.
    Secret {
        /// The Secret.
        name: String,
        /// The key.
        key: String,
    },
    /// A value that External Secrets brings into the cluster.
    External {
        /// The store's object.
        store: String,
        /// The kind of the store's object.
        kind: ExternalStoreKind,
        /// The path in the store.
        key: String,
        /// The property of what is there.
        property: Option<String>,
    },
    /// An environment variable of the deployer.
    Environment(String),
    /// A file on the deployer's side.
    File(String),
}

/// Files that an image carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageVolume {
    /// The image.
    pub image: Image,
    /// The folder in it; the root when `None`.
    pub path: Option<String>,
}

impl ImageVolume {
    /// The last part of the path: the name of a single file.
    pub fn file_name(&self) -> &str {
        let path = self.path.as_deref().unwrap_or_default();
        path.rsplit_once('/').map_or(path, |(_, name)| name)
    }

    /// The folder that a single file is in.
    #[must_use]
    pub fn folder(&self) -> Self {
        let path = self.path.as_deref().and_then(|path| path.rsplit_once('/'));
        Self {
            image: self.image.clone(),
            path: path.map(|(folder, _)| folder.to_owned()),
        }
    }
}
