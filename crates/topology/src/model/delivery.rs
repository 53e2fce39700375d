//! How what is made comes to the Pods.

use super::{Component, Endpoint, ExternalStoreKind, Service, Topology};
use crate::{language::choice, scalar::Url};

choice! {
    /// How names in a store are put together.
    pub enum StoreLayout {
        /// `PREFIX/NAMESPACE/SECRET/CONTENT`: Vault, AWS Secrets Manager and others that know paths.
        Paths = "paths",
        /// `PREFIX-NAMESPACE-SECRET-CONTENT`: Azure Key Vault and Google Secret Manager, whose names have no `/`.
        Names = "names",
    }
}

/// How the stores and passwords that are made come to the Pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// As Secrets.
    Secrets,
    /// As Secrets that External Secrets makes of a store's content.
    ExternalSecrets(DeliveryStore),
    /// As files that Vault's agent writes in each Pod.
    VaultAgent(VaultAgent),
}

/// A store that External Secrets reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryStore {
    /// The store's object.
    pub store: String,
    /// Its kind.
    pub kind: ExternalStoreKind,
    /// What all names in it begin with.
    pub prefix: String,
    /// How names are put together.
    pub layout: StoreLayout,
}

/// A Vault whose agent is injected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultAgent {
    /// Where it answers.
    pub address: Url,
    /// What a policy lets the agents call.
    pub endpoint: Endpoint,
    /// The key-value engine, version 2.
    pub mount: String,
    /// What all paths begin with.
    pub prefix: String,
    /// Where Kubernetes authentication is mounted, e.g. `auth/kubernetes`.
    pub auth_path: String,
    /// The audience of the Pods' tokens.
    pub audience: String,
    /// The namespace of Vault Enterprise.
    pub namespace: Option<String>,
    /// The authority of its certificate, as PEM; those of the agent's image when `None`.
    pub certificate_authority: Option<String>,
    /// Whether the Signing Service calls it.
    pub signing_service: bool,
}

impl Topology {
    /// The Vault that a component's files come from. Prometheus has no secrets, and the Signing Service calls nobody
    /// that it was not told to.
    pub fn vault_of(&self, component: &Component) -> Option<&VaultAgent> {
        let Delivery::VaultAgent(vault) = &self.delivery else {
            return None;
        };
        let calls = match component {
            Component::Prometheus => false,
            Component::Cenm(Service::SigningService) => vault.signing_service,
            _ => true,
        };
        calls.then_some(vault)
    }
}
