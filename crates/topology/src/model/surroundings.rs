//! What surrounds the network.

use std::time::Duration;

use super::{
    exposure::TlsSource,
    placement::{Placement, Volume},
    secret::SecretReference,
};
use crate::{
    language::choice,
    scalar::{Image, Mebibytes},
};

choice! {
    /// What a network is for.
    pub enum Profile {
        /// Real business: whatever is fit for trials only is refused.
        Production = "production",
        /// Trials: H2, automatic approval, one notary and plain HTTP are accepted.
        Trial = "trial",
    }
}

choice! {
    /// The product that the platform is.
    pub enum PlatformKind {
        /// Any Kubernetes of which nothing is assumed.
        Generic = "generic",
        /// Amazon EKS.
        Eks = "eks",
        /// Azure AKS.
        Aks = "aks",
        /// Google GKE.
        Gke = "gke",
        /// Red Hat OpenShift.
        Openshift = "openshift",
        /// kind, or another cluster on one machine.
        Kind = "kind",
    }
}

impl PlatformKind {
    /// Where the Pods of the cluster's DNS listen. Policies hold for Pods, not for the Service in front of them, and
    /// OpenShift's listen on a port that needs no privilege.
    pub const fn dns_port(self) -> u16 {
        match self {
            Self::Openshift => 5353,
            _ => 53,
        }
    }
}

choice! {
    /// What is known of the encryption of Secrets at rest.
    pub enum EncryptionAtRest {
        /// Whoever runs the control plane has said that Secrets are encrypted in its store.
        Confirmed = "confirmed",
        /// Nobody was asked.
        Unknown = "unknown",
    }
}

choice! {
    /// The algorithm of a key (reference §3.3).
    pub enum KeyAlgorithm {
        /// ECDSA on P-256 with SHA-256.
        EcdsaP256 = "ecdsa-p256",
        /// RSA of 2048 bits with SHA-256.
        Rsa2048 = "rsa-2048",
        /// RSA of 3072 bits with SHA-256.
        Rsa3072 = "rsa-3072",
        /// RSA of 4096 bits with SHA-256.
        Rsa4096 = "rsa-4096",
    }
}

/// The platform with its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Platform {
    /// The product.
    pub kind: PlatformKind,
    /// How many load balancers there may be; no limit when `None`.
    pub load_balancers: Option<u64>,
    /// Whether Pods may mount images as volumes.
    pub image_volumes: bool,
    /// What is known of the encryption of Secrets at rest.
    pub encryption_at_rest: EncryptionAtRest,
}

impl PlatformKind {
    /// Whether its control plane is the provider's, so that the API shows nothing of its API server's flags.
    pub const fn hides_its_control_plane(self) -> bool {
        match self {
            Self::Eks | Self::Aks | Self::Gke | Self::Openshift => true,
            Self::Generic | Self::Kind => false,
        }
    }
}

/// How long certificates and lists live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// Roots.
    pub root: Duration,
    /// The subordinate.
    pub subordinate: Duration,
    /// Signing certificates of Identity Manager and Network Map.
    pub signing: Duration,
    /// SSL certificates of the services.
    pub ssl: Duration,
    /// Revocation lists signed on the operator's side.
    pub revocation_lists: Duration,
}

/// Where the operator's keys are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Custody {
    /// In an encrypted file on the operator's side.
    File,
    /// In a PKCS#11 token on the operator's side.
    Pkcs11(Pkcs11),
}

/// A PKCS#11 token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pkcs11 {
    /// The vendor's library.
    pub module: String,
    /// The token's label.
    pub token: String,
    /// Its serial number, where several have this label.
    pub serial: Option<String>,
    /// The PIN of its user: an environment variable or a file; asked for when `None`.
    pub pin: Option<SecretReference>,
}

/// Monitoring of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitoring {
    /// Image with Prometheus.
    pub image: Image,
    /// Image that carries the JMX exporter agent.
    pub agent_image: Image,
    /// Prometheus' memory.
    pub memory: Mebibytes,
    /// How long samples are kept.
    pub retention: Duration,
    /// Where samples are kept.
    pub storage: Volume,
    /// Where Prometheus runs.
    pub placement: Placement,
}

/// The common settings of Ingress objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ingress {
    /// The `IngressClass`; the cluster's default when `None`.
    pub class_name: Option<String>,
    /// The namespace of its controller; any when `None`.
    pub namespace: Option<String>,
    /// Where certificates come from; plain HTTP when `None`.
    pub tls: Option<TlsSource>,
}
