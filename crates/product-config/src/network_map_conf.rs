//! `networkmap.conf`: the signed map and parameters of one subzone.
//!
//! Precedence: 1. the product's defaults; 2. profile; 3. topology: this file, uploaded with `create-subzone`. The
//! Zone then replaces `authServiceConfig` and adds `authObjectId`, the id of the subzone. No key can be
//! overridden.

use std::time::Duration;

use crate::{
    address::HostPort,
    administration::Administration,
    conf_error::{CenmFile, ConfError, ConfProblem},
    database::Database,
    hocon::{Block, milliseconds},
    listener::Listener,
    local_signer::LocalSigner,
    ssl::Ssl,
    version::CenmVersion,
};

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
    /// Refuses nodes that know no certificate chains of arbitrary length; the product's default is no.
    pub new_pki_only: Option<bool>,
    /// How the service is administered.
    pub administration: Administration,
    /// Id of the subzone. The Zone sets it; needed only by a Network Map that no Zone configures.
    pub auth_object_id: Option<u32>,
    /// Signs by itself, for tests; a Signing Service does when absent.
    pub local_signer: Option<LocalSigner>,
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
    /// The file's text for a release. It holds secrets.
    pub fn to_hocon(&self, version: CenmVersion) -> Result<String, ConfError> {
        let versions = Block::new().with_some("minimumPlatformVersion", self.minimum_platform_version);
        let file = Block::new()
            .with("address", &self.address)
            .with("pollingInterval", milliseconds(self.polling_interval))
            .with("checkRevocation", self.check_revocation)
            .with_block("versionInfoValidation", versions)
            .with_some("newPKIOnly", self.new_pki_only)
            .with("database", self.database.block())
            .with("enmListener", self.enm_listener.block())
            .with("identityManager", self.identity_manager.block())
            .with_some("revocation", self.revocation.as_ref().map(EnmClient::block))
            .with_some("localSigner", self.local_signer.as_ref().map(LocalSigner::block))
            .with_some("authObjectId", self.auth_object_id);
        let revocation = (self.check_revocation && self.revocation.is_none())
            .then(|| ConfProblem::contradiction("checkRevocation", "needs `revocation`"));
        CenmFile::new("networkmap.conf", version)
            .problems(self.database.contradictions())
            .problems(revocation)
            .write(&self.administration.add_to(file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_values::{auth_service, check, database, each_version, ssl};

    #[test]
    fn every_key() {
        let mut conf = conf();
        conf.database = crate::test_values::postgresql("network-map");
        conf.minimum_platform_version = Some(12);
        conf.new_pki_only = Some(true);
        conf.identity_manager.timeout = Some(Duration::from_secs(30));
        conf.local_signer = Some(crate::test_values::local_signer());
        conf.auth_object_id = Some(2);
        let text = each_version(|version| conf.to_hocon(version));
        check(&conf, &text);
        insta::assert_snapshot!(text);
        conf.revocation = None;
        let error = conf
            .to_hocon(CenmVersion::V1_7)
            .expect_err("it contradicts itself");
        insta::assert_snapshot!(error);
    }

    #[test]
    fn the_file_of_the_network_map() {
        let conf = conf();
        let text = each_version(|version| conf.to_hocon(version));
        check(&conf, &text);
        insta::assert_snapshot!(text);
    }

    fn conf() -> NetworkMapConf {
        let identity_manager = |port| EnmClient {
            address: HostPort::new("identity-manager.bank-network.svc", port),
            ssl: ssl("network-map"),
            timeout: None,
        };
        NetworkMapConf {
            address: HostPort::any(10000),
            database: database("network-map"),
            polling_interval: Duration::from_secs(10),
            check_revocation: true,
            enm_listener: Listener::with_ssl(5050, ssl("network-map")),
            identity_manager: identity_manager(5052),
            revocation: Some(identity_manager(5053)),
            minimum_platform_version: None,
            new_pki_only: None,
            administration: Administration::gateway(
                Listener::with_ssl(6000, ssl("network-map")),
                auth_service(),
            ),
            auth_object_id: None,
            local_signer: None,
        }
    }
}
