//! The network as it will be: names checked, references resolved, everything defaulted. The single input of
//! all later stages.

mod component;
mod namespace;

use std::time::Duration;

pub use component::{Component, Service};
pub use namespace::Namespace;

use crate::names::{DnsName, NetworkName, NodeName, X500Name};

/// A whole network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topology {
    /// Its name.
    pub name: NetworkName,
    /// The domain of its public host names.
    pub domain: DnsName,
    /// Who operates it.
    pub operator: X500Name,
    /// The CENM services.
    pub cenm: Cenm,
    /// The notaries, in the order of the file.
    pub notaries: Vec<Node>,
    /// The participants, in the order of the file.
    pub participants: Vec<Node>,
    /// Prometheus, if wanted.
    pub monitoring: Option<Monitoring>,
    /// Ingress objects, if wanted.
    pub ingress: Option<Ingress>,
    /// The `StorageClass` of all volumes; the cluster's default when `None`.
    pub storage_class: Option<String>,
}

/// The CENM services of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cenm {
    /// Release.
    pub version: CenmVersion,
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
    /// The Network Map.
    pub network_map: CenmService,
    /// The Identity Manager's public host: in every certificate, as the host of the CRLs.
    pub identity_manager_host: DnsName,
    /// The Network Map's public host.
    pub network_map_host: DnsName,
    /// The Gateway's public host.
    pub gateway_host: DnsName,
    /// The subzone.
    pub subzone: Subzone,
    /// When the Signing Service signs without being asked.
    pub schedule: SigningSchedule,
}

/// A CENM release that is supported (reference §8.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CenmVersion {
    /// 1.7: Java 17, `zone.conf` and `angel.conf` files.
    V1_7,
}

/// One CENM service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CenmService {
    /// Its image.
    pub image: Image,
    /// Its memory limit.
    pub memory: Mebibytes,
}

/// A container image with its tag or digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image(pub(crate) String);

impl Image {
    /// The whole reference.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An amount of memory in MiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mebibytes(pub u32);

/// One Network Map with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subzone {
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

/// A Corda node: a notary or a participant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: NodeName,
    /// Its legal name.
    pub legal_name: X500Name,
    /// What it is.
    pub role: NodeRole,
    /// Its image.
    pub image: Image,
    /// Java heap.
    pub heap: Mebibytes,
    /// Arguments of its JVM beside the heap.
    pub jvm_arguments: Vec<String>,
    /// Where peers call.
    pub p2p_port: u16,
    /// Where RPC clients call.
    pub rpc_port: u16,
    /// Whether `CorDapps` signed with R3's development key are accepted.
    pub development_cordapps: bool,
    /// Programs that call its RPC.
    pub rpc_clients: Vec<RpcClient>,
}

/// What a node does in the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeRole {
    /// It notarises.
    Notary {
        /// The legal name of the service, which differs from the node's.
        service_legal_name: X500Name,
        /// Whether it checks transactions.
        validating: bool,
    },
    /// It is a member.
    Participant,
}

impl Node {
    /// Whether it is a notary.
    pub const fn is_notary(&self) -> bool {
        matches!(self.role, NodeRole::Notary { .. })
    }

    /// The node as a component.
    pub fn component(&self) -> Component {
        if self.is_notary() {
            Component::Notary(self.name.clone())
        } else {
            Component::Participant(self.name.clone())
        }
    }
}

/// A program that calls a participant's RPC from a Pod of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RpcClient {
    /// Its name, which is also the name of its RPC user.
    pub name: NodeName,
    /// Its image.
    pub image: Image,
    /// What it is called with.
    pub arguments: Vec<String>,
    /// What its RPC user may do.
    pub permissions: Vec<String>,
    /// Nodes that must run before it does.
    pub counterparties: Vec<Component>,
}

/// Monitoring of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitoring {
    /// Image with Prometheus.
    pub image: Image,
    /// Image that carries the JMX exporter agent.
    pub agent_image: Image,
}

/// Ingress objects of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ingress {
    /// The `IngressClass`; the cluster's default when `None`.
    pub class_name: Option<String>,
}

impl Topology {
    /// Notaries, then participants.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.notaries.iter().chain(&self.participants)
    }

    /// The node that a component is.
    pub fn node(&self, component: &Component) -> Option<&Node> {
        self.nodes().find(|node| node.component() == *component)
    }

    /// Every component that has Pods of its own, in the order of the rollout's story.
    pub fn components(&self) -> Vec<Component> {
        let mut components: Vec<Component> = Service::ALL.into_iter().map(Component::Cenm).collect();
        components.extend(self.nodes().map(Node::component));
        for participant in &self.participants {
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
        for component in self.components() {
            let namespace = component.namespace();
            if !namespaces.contains(&namespace) {
                namespaces.push(namespace);
            }
        }
        namespaces
    }

    /// What the configs of a CENM service's Pod need to know.
    pub const fn cenm_service(&self, service: Service) -> &CenmService {
        match service {
            Service::Auth => &self.cenm.auth,
            Service::Gateway => &self.cenm.gateway,
            Service::Zone => &self.cenm.zone,
            Service::IdentityManager => &self.cenm.identity_manager,
            Service::SigningService => &self.cenm.signing_service,
            Service::NetworkMap => &self.cenm.network_map,
        }
    }
}
