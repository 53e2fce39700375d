//! `authServiceConfig`: how a service checks the tokens of those who call it.
//!
//! Precedence: 1. for Identity Manager and Network Map, the Zone's own block, which it writes over theirs
//! when it hands out a configuration; 2. the service's file. So the path and password of the trust store must
//! hold in every Pod.

use std::time::Duration;

use crate::address::HostPort;
use crate::hocon::Block;
use crate::ssl::Store;

/// Where the Auth Service is and what its tokens must say.
#[derive(Clone, Debug)]
pub struct AuthServiceConfig {
    /// The Auth Service.
    pub address: HostPort,
    /// Must equal `clientConfig.issuer` of the Auth Service.
    pub issuer: String,
    /// Clock difference that is forgiven; R3 recommends 10 s.
    pub leeway: Duration,
    /// The SSL root.
    pub trust_store: Store,
}

impl AuthServiceConfig {
    /// The leeway that R3 recommends.
    pub const RECOMMENDED_LEEWAY: Duration = Duration::from_secs(10);

    /// The block that turns checking off. For development.
    pub(crate) fn disabled() -> Block {
        Block::new().with("disableAuthentication", true)
    }

    pub(crate) fn block(&self) -> Block {
        Block::new()
            .with("host", &self.address.host)
            .with("port", self.address.port)
            .with("issuer", &self.issuer)
            .with("leeway", self.leeway)
            .with("trustStore", self.trust_store.block())
    }
}
