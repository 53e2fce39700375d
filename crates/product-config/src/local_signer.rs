//! `localSigner`: Identity Manager and Network Map sign by themselves. For tests without a Signing Service.

use std::time::Duration;

use secrecy::SecretString;

use crate::{
    hocon::{Block, milliseconds},
    ssl::Store,
};

/// A key inside the service that it signs for.
#[derive(Clone, Debug)]
pub struct LocalSigner {
    /// Key store.
    pub key_store: Store,
    /// Alias of the key.
    pub key_alias: String,
    /// Password of the key; the store's when absent.
    pub key_password: Option<SecretString>,
    /// How often it signs.
    pub sign_interval: Duration,
    /// How long signing may take; 30 s when absent.
    pub timeout: Option<Duration>,
    /// URL of the revocation list, written into certificates; Identity Manager only.
    pub crl_distribution_url: Option<String>,
}

impl LocalSigner {
    pub(crate) fn block(&self) -> Block {
        Block::new()
            .with("keyStore", self.key_store.file_block())
            .with("keyAlias", &self.key_alias)
            .with_some("keyPassword", self.key_password.as_ref())
            .with("signInterval", milliseconds(self.sign_interval))
            .with_some("timeout", self.timeout.map(milliseconds))
            .with_some("crlDistributionUrl", self.crl_distribution_url.as_ref())
    }
}
