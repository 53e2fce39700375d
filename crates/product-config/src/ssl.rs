//! The `ssl` block. Its presence turns TLS on, and TLS between the services is always mutual.

use secrecy::SecretString;

use crate::hocon::Block;

/// A Java key store with its password.
#[derive(Clone, Debug)]
pub struct Store {
    /// Absolute path where the product runs.
    pub location: String,
    /// Password of the store.
    pub password: SecretString,
}

impl Store {
    /// A store at a path.
    pub fn new(location: impl Into<String>, password: SecretString) -> Self {
        Self {
            location: location.into(),
            password,
        }
    }

    /// `{ location, password }`.
    pub(crate) fn block(&self) -> Block {
        Block::new()
            .with("location", &self.location)
            .with("password", &self.password)
    }

    /// `{ file, password }`, as the signing keys say it.
    pub(crate) fn file_block(&self) -> Block {
        Block::new()
            .with("file", &self.location)
            .with("password", &self.password)
    }
}

/// The store with a service's own key.
#[derive(Clone, Debug)]
pub struct KeyStore {
    /// Absolute path where the product runs.
    pub location: String,
    /// Password of the store.
    pub password: SecretString,
    /// Password of the key; the store's when absent.
    pub key_password: Option<SecretString>,
}

impl KeyStore {
    /// A store whose key has the store's password.
    pub fn new(location: impl Into<String>, password: SecretString) -> Self {
        Self {
            location: location.into(),
            password,
            key_password: None,
        }
    }

    fn block(&self) -> Block {
        Block::new()
            .with("location", &self.location)
            .with("password", &self.password)
            .with_some("keyPassword", self.key_password.as_ref())
    }
}

/// A service's key and whom it trusts.
#[derive(Clone, Debug)]
pub struct Ssl {
    /// The service's own key.
    pub key_store: KeyStore,
    /// Whom it trusts; absent only when the SSL root lies in the key store.
    pub trust_store: Option<Store>,
    /// Only read in the signer's `serviceLocation`.
    pub validate: Option<bool>,
}

impl Ssl {
    /// A key store and a trust store.
    pub const fn new(key_store: KeyStore, trust_store: Store) -> Self {
        Self {
            key_store,
            trust_store: Some(trust_store),
            validate: None,
        }
    }

    pub(crate) fn block(&self) -> Block {
        Block::new()
            .with("keyStore", self.key_store.block())
            .with_some("trustStore", self.trust_store.as_ref().map(Store::block))
            .with_some("validate", self.validate)
    }
}

/// Two stores by the flat keys that nodes and firewalls have for them.
pub(crate) fn flat_stores(key_store: &Store, trust_store: &Store) -> Block {
    Block::new()
        .with("sslKeystore", &key_store.location)
        .with("keyStorePassword", &key_store.password)
        .with("trustStoreFile", &trust_store.location)
        .with("trustStorePassword", &trust_store.password)
}
