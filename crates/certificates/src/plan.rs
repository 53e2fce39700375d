//! What a network's keys must be, as data: authorities, leaves, CRLs and stores, and who holds what.

mod algorithm;
mod check;
mod drawing;
mod hierarchy;
mod lifetimes;
mod names;
mod public_host;
mod request;
mod tree;
mod tunnel;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use algorithm::{Algorithms, KeyAlgorithm};
pub use lifetimes::Lifetimes;
pub use names::{aliases, files};
pub use public_host::PublicHost;
pub use request::{MapSigner, PlanError, PlanRequest, SslIdentity};
pub use tree::{Branch, Hierarchy};
pub use tunnel::{Tunnel, TunnelEnd};

use crate::x500_name::X500Name;

/// Everything that a network's keys must be. Made by [`CertificatePlan::new`]; prints as data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificatePlan {
    /// The network's name.
    pub network: String,
    /// Each key with its certificate; an issuer stands before what it issues.
    pub entities: Vec<EntityPlan>,
    /// The static CRLs.
    pub crls: Vec<CrlPlan>,
    /// Where the Identity Manager publishes the CRL of the nodes, which the Signing Service signs.
    pub doorman_crl_url: String,
    /// The Java key stores and trust stores.
    pub stores: Vec<StorePlan>,
    /// Names of generated passwords and tokens.
    pub secrets: Vec<String>,
}

impl CertificatePlan {
    /// The entity of this alias.
    pub fn entity(&self, alias: &str) -> Option<&EntityPlan> {
        self.entities.iter().find(|entity| entity.alias == alias)
    }

    /// The CRL in this file.
    pub fn crl(&self, file: &str) -> Option<&CrlPlan> {
        self.crls.iter().find(|crl| crl.file == file)
    }

    /// The store in this file.
    pub fn store(&self, file: &str) -> Option<&StorePlan> {
        self.stores.iter().find(|store| store.file == file)
    }
}

/// One key with its certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EntityPlan {
    /// Alias in key stores; unique in a plan.
    pub alias: String,
    /// Subject of the certificate.
    pub subject: X500Name,
    /// Kind of key.
    pub key: KeyAlgorithm,
    /// Who signs the certificate.
    pub issued_by: IssuedBy,
    /// What the key is for.
    pub purpose: Purpose,
    /// Corda's role extension.
    pub role: Option<CordaRole>,
    /// Subject alternative names.
    pub dns_names: Vec<String>,
    /// Where the CRL that covers this certificate is published.
    pub crl_url: Option<String>,
    /// Who gets the private key.
    pub holder: Holder,
    /// Life of the certificate in days. One that is made later than its issuer ends with it.
    pub days: u32,
}

/// Who signs a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum IssuedBy {
    /// Its own key.
    Itself,
    /// The entity of this alias.
    Authority(String),
}

/// What a key is for. Decides `KeyUsage`, `ExtendedKeyUsage` and `BasicConstraints`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Purpose {
    /// Issues certificates and signs a CRL of them.
    Authority,
    /// Signs a CRL of certificates that others issued; issues none itself.
    CrlSigner,
    /// Signs network maps or parameters; issues nothing.
    NetworkMap,
    /// Both sides of TLS between CENM's services.
    Tls,
    /// Signs access tokens.
    Tokens,
}

/// Corda's certificate roles that a deployer issues. Nodes refuse a chain whose roles do not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum CordaRole {
    /// `DOORMAN_CA`: the Identity Manager.
    IdentityManager,
    /// `NETWORK_MAP`.
    NetworkMap,
    /// `NETWORK_PARAMETERS`: where parameters have a signing key of their own.
    NetworkParameters,
}

impl CordaRole {
    /// The number in the certificate extension.
    pub const fn number(self) -> u8 {
        match self {
            Self::IdentityManager => 1,
            Self::NetworkMap => 2,
            Self::NetworkParameters => 8,
        }
    }

    /// Corda's own word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::IdentityManager => "DOORMAN_CA",
            Self::NetworkMap => "NETWORK_MAP",
            Self::NetworkParameters => "NETWORK_PARAMETERS",
        }
    }
}

/// Who may hold a private key. It prints as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Holder {
    /// Stays in the custody file and never enters a cluster.
    Operator,
    /// Made in the operator's token of this label, which it never leaves.
    OperatorToken(String),
    /// One component of the network, and no other.
    Component(String),
    /// Made by others in the HSM that this component calls, and never seen here: the certificate is issued on request, see
    /// [`KeyRing::issue`](crate::KeyRing::issue).
    Hsm(String),
    /// Holds no private key: whoever needs to trust may have it.
    Anyone,
}

impl fmt::Display for Holder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operator => formatter.write_str("operator"),
            Self::OperatorToken(label) => write!(formatter, "operator, in token `{label}`"),
            Self::Component(name) => formatter.write_str(name),
            Self::Hsm(name) => write!(formatter, "HSM of {name}"),
            Self::Anyone => formatter.write_str("anyone"),
        }
    }
}

impl Holder {
    /// Whether it is the operator, in whatever way.
    pub const fn is_operator(&self) -> bool {
        match self {
            Self::Operator | Self::OperatorToken(_) => true,
            Self::Component(_) | Self::Hsm(_) | Self::Anyone => false,
        }
    }
}

/// One static CRL. It revokes nothing at first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CrlPlan {
    /// File name.
    pub file: String,
    /// Alias of the entity that signs it.
    pub signer: String,
    /// Where it is published.
    pub url: String,
    /// Issuer of the CRL: the subject of its signer. For the TLS CRL it is what a node's
    /// `tlsCertCrlIssuer` must say.
    pub issuer: X500Name,
    /// Whether it covers certificates that others issued.
    pub indirect: bool,
    /// How long it is valid, in days.
    pub days: u32,
}

/// One Java store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StorePlan {
    /// File name; unique in a plan.
    pub file: String,
    /// What is in it.
    pub entries: Vec<StoreEntry>,
    /// Who may have it.
    pub holder: Holder,
}

/// One entry of a store. Its alias in the store is the entity's alias.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StoreEntry {
    /// Private key with its chain up to the root.
    PrivateKey(String),
    /// Certificate, trusted.
    Trusted(String),
}
