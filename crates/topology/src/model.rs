//! The network as it will be: names checked, references resolved, everything defaulted. The single input of
//! all later stages.

mod cenm;
mod component;
mod corda;
mod database;
mod delivery;
mod endpoint;
mod exposure;
mod hsm;
mod namespace;
mod placement;
mod places;
mod secret;
mod surroundings;

pub use cenm::{
    ActiveSchedule, Approval, ApprovalKind, Cenm, CenmService, PackageKeyAlgorithm, PackageOwner,
    SigningKeys, SigningSchedule, Subzone, SubzoneId,
};
pub use component::{Component, Service};
pub use corda::{
    CordappSource, Edition, Firewall, FirewallProcess, HighAvailability, Node, NodeRole, NotaryJoins,
    NotaryService, RpcClient, RpcUser,
};
pub use database::{Database, DatabaseKind, DatabaseServer};
pub use delivery::{Delivery, DeliveryStore, StoreLayout, VaultAgent};
pub use endpoint::Endpoint;
pub use exposure::{Exposure, ExposureKind, GatewayReference, IssuerKind, TlsSource};
pub use hsm::{CloudHsmDaemon, Hsm, HsmKind};
pub use namespace::Namespace;
pub use placement::{
    Placement, Spread, Toleration, TolerationEffect, VerticalScaling, VerticalScalingMode, Volume,
};
pub(crate) use places::Places;
pub use secret::{ExternalStoreKind, ImageVolume, SecretReference};
pub use surroundings::{
    Custody, EncryptionAtRest, Ingress, KeyAlgorithm, Lifetimes, Monitoring, Pkcs11, Platform, PlatformKind,
    Profile,
};

use crate::names::{DnsName, NetworkName, NodeName, X500Name};
pub use crate::scalar::{CenmVersion, CordaVersion, Image, Mebibytes, Millicores, StorageSize};

static NOT_EXPOSED: Exposure = Exposure::NONE;

/// A whole network.
#[derive(Clone, Debug, PartialEq)]
pub struct Topology {
    /// Its name.
    pub name: NetworkName,
    /// The domain of its public host names.
    pub domain: DnsName,
    /// Who operates it.
    pub operator: X500Name,
    /// What it is for.
    pub profile: Profile,
    /// What is underneath.
    pub platform: Platform,
    /// The algorithm of the keys that are made.
    pub key_algorithm: KeyAlgorithm,
    /// How long certificates live.
    pub lifetimes: Lifetimes,
    /// Where the root and subordinate keys are.
    pub custody: Custody,
    /// How what is made comes to the Pods.
    pub delivery: Delivery,
    /// The CENM services.
    pub cenm: Cenm,
    /// The notary services, in the order of the file.
    pub notary_services: Vec<NotaryService>,
    /// The notaries' nodes: one a service, or its workers; in the order of the file.
    pub notaries: Vec<Node>,
    /// The participants, in the order of the file.
    pub participants: Vec<Node>,
    /// Prometheus, if wanted.
    pub monitoring: Option<Monitoring>,
    /// The common settings of Ingress objects, if there are any.
    pub ingress: Option<Ingress>,
    /// Where the nodes are in the two lists.
    pub(crate) places: Places,
}

impl Topology {
    /// Notaries, then participants.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.notaries.iter().chain(&self.participants)
    }

    /// The node that a component is.
    pub fn node(&self, component: &Component) -> Option<&Node> {
        self.places.find(component, &self.notaries, &self.participants)
    }

    /// Every component that has Pods of its own, in the order of the rollout's story.
    pub fn components(&self) -> Vec<Component> {
        let mut components: Vec<Component> = Service::ALL.into_iter().map(Component::Cenm).collect();
        components.extend(self.cenm.further_subzones.iter().map(Subzone::component));
        components.extend(self.nodes().map(Node::component));
        for participant in &self.participants {
            if participant.firewall.is_some() {
                components.push(Component::Float(participant.name.clone()));
                components.push(Component::Bridge(participant.name.clone()));
            }
            components.extend(participant.rpc_clients.iter().map(|client| Component::RpcClient {
                participant: participant.name.clone(),
                client: client.name.clone(),
            }));
        }
        components.push(Component::Bootstrap);
        if self.monitoring.is_some() {
            components.push(Component::Prometheus);
        }
        components
    }

    /// Every namespace, each once.
    pub fn namespaces(&self) -> Vec<Namespace> {
        let mut namespaces: Vec<Namespace> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for component in self.components() {
            let namespace = component.namespace();
            if seen.insert(namespace.clone()) {
                namespaces.push(namespace);
            }
        }
        namespaces
    }

    /// The settings of a CENM component's Pod.
    pub fn cenm_service(&self, component: &Component) -> Option<&CenmService> {
        match component {
            Component::Cenm(Service::Auth) => Some(&self.cenm.auth),
            Component::Cenm(Service::Gateway) => Some(&self.cenm.gateway),
            Component::Cenm(Service::Zone) => Some(&self.cenm.zone),
            Component::Cenm(Service::IdentityManager) => Some(&self.cenm.identity_manager),
            Component::Cenm(Service::SigningService) => Some(&self.cenm.signing_service),
            Component::Cenm(Service::NetworkMap) | Component::NetworkMap(_) => {
                self.cenm.subzone_of(component).map(|subzone| &subzone.service)
            }
            _ => None,
        }
    }

    /// The image that a component runs.
    pub fn image(&self, component: &Component) -> Option<&Image> {
        match component {
            Component::Prometheus => self.monitoring.as_ref().map(|monitoring| &monitoring.image),
            Component::Bootstrap => Some(&self.cenm.command_line_image),
            Component::Float(name) | Component::Bridge(name) => self
                .node(&Component::Participant(name.clone()))
                .and_then(|node| node.firewall.as_ref())
                .map(|firewall| &firewall.image),
            Component::RpcClient { participant, client } => self
                .node(&Component::Participant(participant.clone()))?
                .rpc_clients
                .iter()
                .find(|known| known.name == *client)
                .map(|client| &client.image),
            _ => self
                .node(component)
                .map(|node| &node.image)
                .or_else(|| self.cenm_service(component).map(|service| &service.image)),
        }
    }

    /// How a component is reached from outside of the network.
    pub fn exposure(&self, component: &Component) -> &Exposure {
        let exposure = match component {
            Component::Float(name) => self
                .node(&Component::Participant(name.clone()))
                .and_then(|node| node.firewall.as_ref())
                .map(|firewall| &firewall.exposure),
            _ => self
                .node(component)
                .map(|node| &node.exposure)
                .or_else(|| self.cenm_service(component).map(|service| &service.exposure)),
        };
        exposure.unwrap_or(&NOT_EXPOSED)
    }

    /// The public host of a component, if it has one: of a receiver of P2P, or of a service that speaks HTTP.
    pub fn public_host(&self, component: &Component) -> Option<&DnsName> {
        match component {
            Component::Cenm(Service::IdentityManager) => Some(&self.cenm.identity_manager_host),
            Component::Cenm(Service::Gateway) => Some(&self.cenm.gateway_host),
            Component::Cenm(Service::NetworkMap) | Component::NetworkMap(_) => {
                self.cenm.subzone_of(component).map(|subzone| &subzone.host)
            }
            _ => self.p2p_host(component),
        }
    }

    /// The public host under which peers call a receiver of P2P, if it has one.
    pub fn p2p_host(&self, component: &Component) -> Option<&DnsName> {
        match component {
            Component::Float(name) => self
                .node(&Component::Participant(name.clone()))
                .and_then(|node| node.firewall.as_ref())
                .map(|firewall| &firewall.host),
            _ => self.node(component).and_then(|node| node.host.as_ref()),
        }
    }

    /// Where a component's Pods may run.
    pub fn placement(&self, component: &Component) -> Option<&Placement> {
        match component {
            Component::Float(name) | Component::Bridge(name) => self
                .node(&Component::Participant(name.clone()))
                .and_then(|node| node.firewall.as_ref())
                .map(|firewall| match component {
                    Component::Float(_) => &firewall.float.placement,
                    _ => &firewall.bridge.placement,
                }),
            Component::RpcClient { participant, .. } => self
                .node(&Component::Participant(participant.clone()))
                .map(|node| &node.placement),
            Component::Bootstrap => Some(&self.cenm.gateway.placement),
            Component::Prometheus => self.monitoring.as_ref().map(|monitoring| &monitoring.placement),
            _ => self
                .node(component)
                .map(|node| &node.placement)
                .or_else(|| self.cenm_service(component).map(|service| &service.placement)),
        }
    }

    /// The processors that a component's Pods ask for; a small part of one when `None`.
    pub fn cpu(&self, component: &Component) -> Option<Millicores> {
        match component {
            Component::Float(name) | Component::Bridge(name) => self
                .node(&Component::Participant(name.clone()))
                .and_then(|node| node.firewall.as_ref())
                .and_then(|firewall| match component {
                    Component::Float(_) => firewall.float.cpu,
                    _ => firewall.bridge.cpu,
                }),
            _ => self
                .node(component)
                .map(|node| node.cpu)
                .or_else(|| self.cenm_service(component).map(|service| service.cpu))
                .flatten(),
        }
    }

    /// The vertical scaling of a component, if it is wanted.
    pub fn vertical_scaling(&self, component: &Component) -> Option<&VerticalScaling> {
        self.node(component)
            .map(|node| node.vertical_scaling.as_ref())
            .or_else(|| {
                self.cenm_service(component)
                    .map(|service| service.vertical_scaling.as_ref())
            })
            .flatten()
    }

    /// The notary service of a name.
    pub fn notary_service(&self, name: &NodeName) -> Option<&NotaryService> {
        self.notary_services.iter().find(|service| service.name == *name)
    }

    /// The workers of a notary service, in the order of the file.
    pub fn workers_of<'a>(&'a self, notary: &'a NodeName) -> impl Iterator<Item = &'a Node> {
        self.notaries.iter().filter(
            move |node| matches!(&node.role, NodeRole::NotaryWorker { service, .. } if service == notary),
        )
    }

    /// Whether a component's JVM shows its metrics.
    pub fn is_monitored(&self, component: &Component) -> bool {
        self.monitoring.is_some()
            && self
                .node(component)
                .map(|node| node.monitored)
                .or_else(|| self.cenm_service(component).map(|service| service.monitored))
                .unwrap_or(false)
    }
}
