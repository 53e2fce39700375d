//! `networkmap.conf`: the signed map and parameters of one subzone.
//!
//! Precedence: 1. the product's defaults; 2. this file, from the topology, uploaded with `create-subzone`;
//! 3. the Zone, which replaces `authServiceConfig` and adds `authObjectId`, the id of the subzone.

use std::time::Duration;

use crate::address::HostPort;
use crate::auth_service_config::AuthServiceConfig;
use crate::database::Database;
use crate::hocon::{self, Block, milliseconds};
use crate::listener::Listener;
use crate::ssl::Ssl;

/// The whole file.
#[derive(Clone, Debug)]
pub struct NetworkMapConf {
    /// Bind address of the public HTTP port.
    pub address: HostPort,
    /// The service's own database.
    pub database: Database,
    /// How often the map is rebuilt, and how often nodes are told to ask for it.
    pub polling_interval: Duration,
    /// Drops nodes whose certificate is revoked; needs `revocation`.
    pub check_revocation: bool,
    /// Port for the signer.
    pub enm_listener: Listener,
    /// The Identity Manager's issuance port.
    pub identity_manager: EnmClient,
    /// The Identity Manager's revocation port.
    pub revocation: Option<EnmClient>,
    /// Refuses nodes of a lower platform version; must equal the network parameters' value.
    pub minimum_platform_version: Option<u64>,
    /// Port for the Gateway.
    pub admin_listener: Listener,
    /// How the admin port checks tokens.
    pub auth_service: AuthServiceConfig,
}

/// A port of another service that this one calls.
#[derive(Clone, Debug)]
pub struct EnmClient {
    /// Where it is.
    pub address: HostPort,
    /// The caller's own key.
    pub ssl: Ssl,
    /// How long an answer may take; 30 s is the product's default.
    pub timeout: Option<Duration>,
}

impl EnmClient {
    fn block(&self) -> Block {
        Block::new()
            .with("host", &self.address.host)
            .with("port", self.address.port)
            .with("ssl", self.ssl.block())
            .with_some("timeout", self.timeout.map(milliseconds))
    }
}

impl NetworkMapConf {
    /// The file's text. It holds secrets.
    pub fn to_hocon(&self) -> String {
        let versions = self
            .minimum_platform_version
            .map(|version| Block::new().with("minimumPlatformVersion", version));
        let file = Block::new()
            .with("address", &self.address)
            .with("pollingInterval", milliseconds(self.polling_interval))
            .with("checkRevocation", self.check_revocation)
            .with_some("versionInfoValidation", versions)
            .with("database", self.database.block())
            .with("enmListener", self.enm_listener.block())
            .with("identityManager", self.identity_manager.block())
            .with_some("revocation", self.revocation.as_ref().map(EnmClient::block))
            .with("adminListener", self.admin_listener.block())
            .with("authServiceConfig", self.auth_service.block());
        hocon::write(&file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_values::{auth_service, check, database, ssl};

    #[test]
    fn the_file_of_the_network_map() {
        let identity_manager = |port| EnmClient {
            address: HostPort::new("identity-manager.bank-network.svc", port),
            ssl: ssl("network-map"),
            timeout: None,
        };
        let conf = NetworkMapConf {
            address: HostPort::any(10000),
            database: database("network-map"),
            polling_interval: Duration::from_secs(10),
            check_revocation: true,
            enm_listener: Listener::with_ssl(5050, ssl("network-map")),
            identity_manager: identity_manager(5052),
            revocation: Some(identity_manager(5053)),
            minimum_platform_version: None,
            admin_listener: Listener::with_ssl(6000, ssl("network-map")),
            auth_service: auth_service(),
        };
        let text = conf.to_hocon();
        check(&conf, &text);
        insta::assert_snapshot!(text);
    }
}
