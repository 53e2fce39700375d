//! `signer.conf`: what is signed with which key, and how often.
//!
//! Precedence: 1. the product's defaults; 2. profile; 3. topology: this file. The signer runs without an Angel, so
//! nothing that the Zone holds changes the file. No key can be overridden.

mod check;

use std::time::Duration;

use secrecy::SecretString;

use crate::{
    address::HostPort,
    administration::Administration,
    conf_error::{CenmFile, ConfError},
    hocon::{Block, Value, milliseconds},
    hsm::{HsmKey, HsmLibrary},
    ssl::{Ssl, Store},
    version::CenmVersion,
};

/// The whole file.
#[derive(Clone, Debug)]
pub struct SignerConf {
    /// The vendors' libraries, one for each make of HSM in use.
    pub hsm_libraries: Vec<HsmLibrary>,
    /// Store with the whole certificate chains of keys in HSMs, for keys without one of their own. Not read
    /// for AWS.
    pub global_certificate_store: Option<Store>,
    /// Keys to sign with.
    pub signing_keys: Vec<SigningKey>,
    /// What is signed.
    pub signers: Vec<Signer>,
    /// How the service is administered.
    pub administration: Administration,
}

/// A key to sign with.
#[derive(Clone, Debug)]
pub struct SigningKey {
    /// Name by which the signers refer to it.
    pub name: String,
    /// Alias in the store or HSM.
    pub alias: String,
    /// Where it is.
    pub location: KeyLocation,
    /// Store with the whole chain of its certificate; the global one when absent.
    pub certificate_store: Option<Store>,
}

/// Where a key to sign with is.
#[derive(Clone, Debug)]
pub enum KeyLocation {
    /// In a Java key store of the signer.
    Local {
        /// The store.
        key_store: Store,
        /// Password of the key.
        password: SecretString,
    },
    /// In an HSM.
    Hsm(HsmKey),
}

/// One thing that the service signs.
#[derive(Clone, Debug)]
pub struct Signer {
    /// Name, e.g. `CSR`; people call it by that.
    pub name: String,
    /// What it signs.
    pub task: SigningTask,
    /// By what.
    pub signed_by: SignedBy,
    /// How often; only on command when absent.
    pub schedule: Option<Duration>,
    /// Where the unsigned things are fetched; several only for maps and parameters, one for each subzone.
    pub service_locations: Vec<ServiceLocation>,
}

/// What signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignedBy {
    /// A key of `signing_keys`, by its name.
    Key(String),
    /// A class of the operator's own.
    Plugin {
        /// Path of its jar.
        jar: String,
        /// Class name.
        class: String,
    },
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
    /// Whether a dropped connection is made again; the product's default is yes.
    pub reconnect: Option<bool>,
    /// Logs what goes over the socket; the product's default is no.
    pub verbose: Option<bool>,
}

impl ServiceLocation {
    /// A port, with the product's defaults for the rest.
    pub const fn new(address: HostPort, ssl: Ssl) -> Self {
        Self {
            address,
            ssl,
            timeout: None,
            sub_zone_id: None,
            reconnect: None,
            verbose: None,
        }
    }

    fn block(&self) -> Block {
        Block::new()
            .with("host", &self.address.host)
            .with("port", self.address.port)
            .with_some("verbose", self.verbose)
            .with_some("reconnect", self.reconnect)
            .with("ssl", self.ssl.block())
            .with_some("timeout", self.timeout.map(milliseconds))
            .with_some("subZoneId", self.sub_zone_id)
    }
}

impl SigningKey {
    /// A key in a Java key store, with the store's password.
    pub fn local(name: impl Into<String>, alias: impl Into<String>, key_store: Store) -> Self {
        let password = key_store.password.clone();
        Self {
            name: name.into(),
            alias: alias.into(),
            location: KeyLocation::Local { key_store, password },
            certificate_store: None,
        }
    }

    /// A key in an HSM, its certificates in the global store.
    pub fn in_hsm(name: impl Into<String>, alias: impl Into<String>, key: HsmKey) -> Self {
        Self {
            name: name.into(),
            alias: alias.into(),
            location: KeyLocation::Hsm(key),
            certificate_store: None,
        }
    }

    fn block(&self) -> Block {
        let block = Block::new().with("alias", &self.alias);
        let block = match &self.location {
            KeyLocation::Local { key_store, password } => block
                .with("type", "LOCAL")
                .with("password", password)
                .with("keyStore", key_store.file_block()),
            KeyLocation::Hsm(key) => key.add_to(block),
        };
        block.with_some(
            "certificateStore",
            self.certificate_store.as_ref().map(Store::file_block),
        )
    }
}

impl Signer {
    fn block(&self) -> Block {
        let block = |kind: &str| match &self.signed_by {
            SignedBy::Key(name) => Block::new().with("type", kind).with("signingKeyAlias", name),
            SignedBy::Plugin { jar, class } => Block::new().with("type", kind).with(
                "plugin",
                Block::new().with("pluginJar", jar).with("pluginClass", class),
            ),
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
    /// The file's text for a release. It holds secrets.
    pub fn to_hocon(&self, version: CenmVersion) -> Result<String, ConfError> {
        let keys: Block = self
            .signing_keys
            .iter()
            .map(|key| (key.name.as_str(), key.block()))
            .collect();
        let signers: Block = self
            .signers
            .iter()
            .map(|signer| (signer.name.as_str(), signer.block()))
            .collect();
        let file = Block::new()
            .with_list("hsmLibraries", self.hsm_libraries.iter().map(HsmLibrary::block))
            .with_some(
                "globalCertificateStore",
                self.global_certificate_store.as_ref().map(Store::file_block),
            )
            .with_block("signingKeys", keys)
            .with("signers", signers);
        CenmFile::new("signer.conf", version)
            .problems(self.contradictions())
            .write(&self.administration.add_to(file))
    }
}

#[cfg(test)]
mod tests;
