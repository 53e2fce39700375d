//! `signer.conf`: what is signed with which key, and how often.
//!
//! Precedence: 1. the product's defaults; 2. this file, from the topology. The signer runs without an Angel,
//! so nothing that the Zone holds changes the file.

use std::time::Duration;

use secrecy::SecretString;

use crate::address::HostPort;
use crate::auth_service_config::AuthServiceConfig;
use crate::hocon::{self, Block, Value, milliseconds};
use crate::listener::Listener;
use crate::ssl::{Ssl, Store};

/// The whole file.
#[derive(Clone, Debug)]
pub struct SignerConf {
    /// Keys to sign with.
    pub signing_keys: Vec<LocalSigningKey>,
    /// What is signed.
    pub signers: Vec<Signer>,
    /// Port for the Gateway.
    pub admin_listener: Listener,
    /// How the admin port checks tokens.
    pub auth_service: AuthServiceConfig,
}

/// A key in a Java key store of the signer.
#[derive(Clone, Debug)]
pub struct LocalSigningKey {
    /// Name by which the signers refer to it.
    pub name: String,
    /// Alias in the store.
    pub alias: String,
    /// The store.
    pub key_store: Store,
    /// Password of the key.
    pub password: SecretString,
}

/// One thing that the service signs.
#[derive(Clone, Debug)]
pub struct Signer {
    /// Name, e.g. `CSR`.
    pub name: String,
    /// What it signs.
    pub task: SigningTask,
    /// Name of a key of `signing_keys`.
    pub signing_key: String,
    /// How often; only on command when absent.
    pub schedule: Option<Duration>,
    /// Where the unsigned things are fetched; several only for maps and parameters.
    pub service_locations: Vec<ServiceLocation>,
}

/// What a signer signs.
#[derive(Clone, Debug)]
pub enum SigningTask {
    /// Certificates of nodes.
    Csr {
        /// URL of the list for these certificates, written into them for good.
        crl_distribution_point: Option<String>,
        /// Lifetime of a certificate.
        valid_days: u32,
    },
    /// The list of revoked certificates of nodes.
    Crl {
        /// URL of the list.
        crl_distribution_point: String,
        /// Time until `nextUpdate`; must be much longer than the schedule.
        update_period: Duration,
    },
    /// The network map.
    NetworkMap,
    /// The network parameters.
    NetworkParameters,
}

/// An ENM port of the Identity Manager or of a Network Map.
#[derive(Clone, Debug)]
pub struct ServiceLocation {
    /// Where it is.
    pub address: HostPort,
    /// The signer's own key.
    pub ssl: Ssl,
    /// How long an answer may take.
    pub timeout: Option<Duration>,
    /// The subzone; only for maps and parameters.
    pub sub_zone_id: Option<u32>,
}

impl ServiceLocation {
    fn block(&self) -> Block {
        Block::new()
            .with("host", &self.address.host)
            .with("port", self.address.port)
            .with("ssl", self.ssl.block())
            .with_some("timeout", self.timeout.map(milliseconds))
            .with_some("subZoneId", self.sub_zone_id)
    }
}

impl LocalSigningKey {
    fn block(&self) -> Block {
        Block::new()
            .with("alias", &self.alias)
            .with("type", "LOCAL")
            .with("password", &self.password)
            .with("keyStore", self.key_store.file_block())
    }
}

impl Signer {
    fn block(&self) -> Block {
        let block = |kind: &str| {
            Block::new()
                .with("type", kind)
                .with("signingKeyAlias", &self.signing_key)
        };
        let block = match &self.task {
            SigningTask::Csr {
                crl_distribution_point,
                valid_days,
            } => block("CSR")
                .with("validDays", *valid_days)
                .with_some("crlDistributionPoint", crl_distribution_point.as_ref()),
            SigningTask::Crl {
                crl_distribution_point,
                update_period,
            } => block("CRL")
                .with("updatePeriod", milliseconds(*update_period))
                .with("crlDistributionPoint", crl_distribution_point),
            SigningTask::NetworkMap => block("NETWORK_MAP"),
            SigningTask::NetworkParameters => block("NETWORK_PARAMETERS"),
        };
        let locations = self
            .service_locations
            .iter()
            .map(|location| Value::Block(location.block()));
        block
            .with_some(
                "schedule",
                self.schedule
                    .map(|interval| Block::new().with("interval", interval)),
            )
            .with("serviceLocation", locations.collect::<Vec<_>>())
    }
}

impl SignerConf {
    /// The file's text. It holds secrets.
    pub fn to_hocon(&self) -> String {
        let keys = self
            .signing_keys
            .iter()
            .fold(Block::new(), |keys, key| keys.with(&key.name, key.block()));
        let signers = self.signers.iter().fold(Block::new(), |signers, signer| {
            signers.with(&signer.name, signer.block())
        });
        let file = Block::new()
            .with("signingKeys", keys)
            .with("signers", signers)
            .with("adminListener", self.admin_listener.block())
            .with("authServiceConfig", self.auth_service.block());
        hocon::write(&file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_values::{auth_service, check, secret, ssl};

    fn key(name: &str, alias: &str, file: &str) -> LocalSigningKey {
        LocalSigningKey {
            name: name.into(),
            alias: alias.into(),
            key_store: Store::new(format!("/opt/cenm/signing/{file}"), secret(name)),
            password: secret(name),
        }
    }

    fn signer(name: &str, task: SigningTask, key: &str, host: &str, port: u16) -> Signer {
        Signer {
            name: name.into(),
            task,
            signing_key: key.into(),
            schedule: Some(Duration::from_mins(1)),
            service_locations: vec![ServiceLocation {
                address: HostPort::new(host, port),
                ssl: ssl("signer"),
                timeout: Some(Duration::from_secs(30)),
                sub_zone_id: None,
            }],
        }
    }

    #[test]
    fn the_file_of_the_signing_service() {
        let list = "http://identity-manager.bank.example/certificate-revocation-list/doorman".to_owned();
        let (manager, map) = (
            "identity-manager.bank-network.svc",
            "network-map.bank-network.svc",
        );
        let csr = SigningTask::Csr {
            crl_distribution_point: Some(list.clone()),
            valid_days: 7300,
        };
        let crl = SigningTask::Crl {
            crl_distribution_point: list,
            update_period: Duration::from_hours(7 * 24),
        };
        let conf = SignerConf {
            signing_keys: vec![
                key(
                    "identity-manager",
                    "cordaidentitymanagerca",
                    "identity-manager-key-store.jks",
                ),
                key("network-map", "cordanetworkmap", "network-map-key-store.jks"),
            ],
            signers: vec![
                signer("CSR", csr, "identity-manager", manager, 5052),
                signer("CRL", crl, "identity-manager", manager, 5053),
                signer("NetworkMap", SigningTask::NetworkMap, "network-map", map, 5050),
                signer(
                    "NetworkParameters",
                    SigningTask::NetworkParameters,
                    "network-map",
                    map,
                    5050,
                ),
            ],
            admin_listener: Listener::with_ssl(6000, ssl("signer")),
            auth_service: auth_service(),
        };
        let text = conf.to_hocon();
        check(&conf, &text);
        insta::assert_snapshot!(text);
    }
}
