//! The CENM services.

use std::time::Duration;

use super::{
    component::{Component, Service},
    database::Database,
    endpoint::Endpoint,
    exposure::Exposure,
    hsm::Hsm,
    placement::{Placement, VerticalScaling, Volume},
    secret::{ImageVolume, SecretReference},
};
use crate::{
    language::choice,
    names::{DnsName, NodeName},
    scalar::{CenmVersion, Image, Mebibytes, Millicores},
};

choice! {
    /// Who approves requests.
    pub enum ApprovalKind {
        /// People, in Jira.
        Jira = "jira",
        /// A workflow plugin of the operator's own.
        Plugin = "plugin",
        /// Nobody: all are approved unseen; for trials only.
        Automatic = "automatic",
    }
}

choice! {
    /// Which signing schedule holds.
    pub enum ActiveSchedule {
        /// That of production.
        Production = "production",
        /// That of the bootstrap.
        Bootstrap = "bootstrap",
    }
}

choice! {
    /// The algorithm of a package owner's key.
    pub enum PackageKeyAlgorithm {
        /// RSA.
        Rsa = "RSA",
        /// Elliptic curves.
        Ec = "EC",
    }
}

/// The CENM services of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cenm {
    /// Image with the `cenm` command line.
    pub command_line_image: Image,
    /// The Auth Service.
    pub auth: CenmService,
    /// The Gateway Service.
    pub gateway: CenmService,
    /// The Zone Service.
    pub zone: CenmService,
    /// The Identity Manager.
    pub identity_manager: CenmService,
    /// The Signing Service.
    pub signing_service: CenmService,
    /// The Identity Manager's public host: in every certificate, as the host of the CRLs.
    pub identity_manager_host: DnsName,
    /// The Gateway's public host.
    pub gateway_host: DnsName,
    /// Who approves certificate signing and revocation requests.
    pub approval: Approval,
    /// Where the signing keys are.
    pub signing_keys: SigningKeys,
    /// When the Signing Service signs without being asked, now.
    pub schedule: SigningSchedule,
    /// The subzone that every network has.
    pub main_subzone: Subzone,
    /// Further ones.
    pub further_subzones: Vec<Subzone>,
}

/// Who approves requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Approval {
    /// Nobody: all are approved unseen.
    Automatic,
    /// People, in a Jira project.
    Jira {
        /// Its URL.
        address: crate::scalar::Url,
        /// Where that is.
        endpoint: Endpoint,
        /// The project.
        project: String,
        /// The user.
        user: String,
        /// Its password.
        password: SecretReference,
    },
    /// A workflow plugin of the operator's own.
    Plugin {
        /// The class that is asked about certificates.
        class: String,
        /// The class that is asked about revocations.
        revocation_class: String,
        /// The jar; its path is there and names it.
        jar: ImageVolume,
        /// The server that it calls.
        endpoint: Option<Endpoint>,
    },
}

/// Where the signing keys are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SigningKeys {
    /// In key stores that only the Signing Service has.
    Local,
    /// In an HSM.
    Hsm(Box<Hsm>),
}

/// One CENM service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CenmService {
    /// Its release.
    pub version: CenmVersion,
    /// Its image.
    pub image: Image,
    /// Its memory limit.
    pub memory: Mebibytes,
    /// The processors that it asks for.
    pub cpu: Option<Millicores>,
    /// Its database; H2 for services without one.
    pub database: Database,
    /// The volume of its H2 database.
    pub storage: Volume,
    /// Where it runs.
    pub placement: Placement,
    /// Whether its JVM's metrics are shown, if the network is monitored.
    pub monitored: bool,
    /// Vertical scaling, if wanted.
    pub vertical_scaling: Option<VerticalScaling>,
    /// How it is reached from outside.
    pub exposure: Exposure,
}

/// Which subzone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubzoneId {
    /// The one that every network has.
    Main,
    /// A further one.
    Named(NodeName),
}

impl SubzoneId {
    /// Its Network Map.
    pub fn network_map(&self) -> Component {
        match self {
            Self::Main => Component::Cenm(Service::NetworkMap),
            Self::Named(name) => Component::NetworkMap(name.clone()),
        }
    }
}

/// One Network Map with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subzone {
    /// Which.
    pub id: SubzoneId,
    /// Its Network Map.
    pub service: CenmService,
    /// The Network Map's public host.
    pub host: DnsName,
    /// By which it is found again: `create-subzone` is not idempotent (reference §5.1, B16).
    pub label: String,
    /// How often nodes poll the map.
    pub polling_interval: Duration,
    /// Nodes below it are refused.
    pub minimum_platform_version: u64,
    /// Bytes.
    pub max_message_size: u64,
    /// Bytes.
    pub max_transaction_size: u64,
    /// Days after which an unseen node is dropped.
    pub event_horizon_days: u64,
    /// Who owns Java packages.
    pub package_ownership: Vec<PackageOwner>,
}

impl Subzone {
    /// Its Network Map as a component.
    pub fn component(&self) -> Component {
        self.id.network_map()
    }
}

/// The owner of a Java package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageOwner {
    /// The package.
    pub package: String,
    /// The owner's public key, a PEM block.
    pub public_key: String,
    /// The key's algorithm.
    pub algorithm: PackageKeyAlgorithm,
}

/// Intervals at which the Signing Service signs; `None` means by hand only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SigningSchedule {
    /// Certificate signing requests.
    pub certificate_signing_requests: Option<Duration>,
    /// The certificate revocation list.
    pub revocation_list: Option<Duration>,
    /// The network map.
    pub network_map: Option<Duration>,
    /// Network parameters.
    pub network_parameters: Option<Duration>,
}

impl Cenm {
    /// The main one, then the further ones.
    pub fn subzones(&self) -> impl Iterator<Item = &Subzone> {
        std::iter::once(&self.main_subzone).chain(&self.further_subzones)
    }

    /// The subzone whose Network Map a component is.
    pub fn subzone_of(&self, component: &Component) -> Option<&Subzone> {
        self.subzones().find(|subzone| subzone.component() == *component)
    }

    /// The subzone with an id.
    pub fn subzone(&self, id: &SubzoneId) -> Option<&Subzone> {
        self.subzones().find(|subzone| subzone.id == *id)
    }
}
