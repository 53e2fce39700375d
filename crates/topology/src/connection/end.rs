//! Which parties an end of a rule means in a topology.

use super::{matrix::Party, rule::End};
use crate::model::{
    Approval, Component, CordappSource, Database, Endpoint, ExposureKind, Node, Service, SigningKeys,
    Topology,
};

impl End {
    /// The components that it means on their own, whoever is at the other end.
    pub(super) fn components(self, topology: &Topology, all: &[Component]) -> Vec<Component> {
        let select = |keep: &dyn Fn(&Component) -> bool| all.iter().filter(|it| keep(it)).cloned().collect();
        let has_wall = |component: &Component| {
            topology
                .node(component)
                .is_some_and(|node| node.firewall.is_some())
        };
        match self {
            Self::Cenm(service) => select(&|it| it.cenm_service() == Some(service)),
            Self::EveryNode => select(&Component::is_node),
            Self::EverySender | Self::EveryPublicSender => {
                select(&|it| matches!(it, Component::Bridge(_)) || (it.is_node() && !has_wall(it)))
                    .into_iter()
                    .filter(|it| self == Self::EverySender || is_public_sender(it, topology))
                    .collect()
            }
            Self::EveryReceiver | Self::EveryPublicReceiver => {
                select(&|it| matches!(it, Component::Float(_)) || (it.is_node() && !has_wall(it)))
            }
            Self::EveryBridge => select(&|it| matches!(it, Component::Bridge(_))),
            Self::EveryRpcClient => select(&|it| matches!(it, Component::RpcClient { .. })),
            Self::EveryShell => select(&|it| topology.node(it).is_some_and(|node| node.ssh_port.is_some())),
            Self::Bootstrap => vec![Component::Bootstrap],
            Self::Prometheus => select(&|it| *it == Component::Prometheus),
            Self::EveryJvm => select(&|it| topology.is_monitored(it)),
            Self::EveryVaultClient => select(&|it| topology.vault_of(it).is_some()),
            Self::EveryoneWithDns => select(&|it| *it != Component::Cenm(Service::SigningService)),
            Self::OwnFloat
            | Self::OwnNode
            | Self::OwnNetworkMap
            | Self::ClusterDns
            | Self::OwnDatabase
            | Self::Hsm
            | Self::Approver
            | Self::OwnCordapps
            | Self::Vault
            | Self::Neighbours
            | Self::LetIn
            | Self::Anywhere => Vec::new(),
        }
    }

    /// The parties that it means for the component at the other end.
    pub(super) fn of(self, other: &Component, topology: &Topology) -> Vec<Party> {
        let of_participant = |make: fn(crate::names::NodeName) -> Component| match other {
            Component::Bridge(name)
            | Component::RpcClient {
                participant: name, ..
            } => vec![Party::Component(make(name.clone()))],
            _ => Vec::new(),
        };
        match self {
            Self::OwnFloat => of_participant(Component::Float),
            Self::OwnNode => of_participant(Component::Participant),
            Self::OwnNetworkMap => topology
                .node(other)
                .map(|node| Party::Component(node.subzone.network_map()))
                .into_iter()
                .collect(),
            Self::ClusterDns => vec![Party::ClusterDns],
            Self::OwnDatabase => databases(other, topology)
                .into_iter()
                .map(Party::Endpoint)
                .collect(),
            Self::Hsm => match &topology.cenm.signing_keys {
                SigningKeys::Local => Vec::new(),
                SigningKeys::Hsm(hsm) => hsm.endpoints().into_iter().map(Party::Endpoint).collect(),
            },
            Self::Approver => match &topology.cenm.approval {
                Approval::Jira { endpoint, .. }
                | Approval::Plugin {
                    endpoint: Some(endpoint),
                    ..
                } => vec![Party::Endpoint(endpoint.clone())],
                Approval::Automatic | Approval::Plugin { endpoint: None, .. } => Vec::new(),
            },
            Self::OwnCordapps => {
                let endpoints = topology.node(other).map(downloads).unwrap_or_default();
                endpoints.into_iter().map(Party::Endpoint).collect()
            }
            Self::Neighbours => vec![Party::Neighbours],
            Self::LetIn => match topology.exposure(other).kind {
                ExposureKind::None => Vec::new(),
                ExposureKind::ClusterIp => vec![Party::Cluster],
                _ => vec![Party::Outside],
            },
            Self::Vault => {
                let vault = topology.vault_of(other);
                vault
                    .map(|vault| Party::Endpoint(vault.endpoint.clone()))
                    .into_iter()
                    .collect()
            }
            Self::Anywhere => vec![Party::Anywhere],
            _ => Vec::new(),
        }
    }
}

/// Whether a sender's peers may be outside of the cluster: those whom outsiders reach must answer them, and each side
/// opens its own connection (reference §4.3, N1).
fn is_public_sender(sender: &Component, topology: &Topology) -> bool {
    let receiver = match sender {
        Component::Bridge(name) => Component::Float(name.clone()),
        other => other.clone(),
    };
    topology.exposure(&receiver).is_public()
}

fn databases(component: &Component, topology: &Topology) -> Vec<Endpoint> {
    let endpoint = |database: &Database| database.server().map(|server| server.endpoint.clone());
    let own = topology
        .node(component)
        .map(|node| &node.database)
        .or_else(|| topology.cenm_service(component).map(|service| &service.database))
        .and_then(endpoint);
    let shared = match component {
        Component::NotaryWorker { notary, .. } => topology
            .notary_services
            .iter()
            .find(|service| service.name == *notary)
            .and_then(|service| service.high_availability.as_ref())
            .and_then(|shared| endpoint(&shared.database)),
        _ => None,
    };
    once_each(own.into_iter().chain(shared))
}

fn downloads(node: &Node) -> Vec<Endpoint> {
    once_each(node.cordapps.iter().filter_map(|source| match source {
        CordappSource::Url { endpoint, .. } => Some(endpoint.clone()),
        CordappSource::Image(_) => None,
    }))
}

/// Each address once, wherever it may be.
fn once_each(endpoints: impl Iterator<Item = Endpoint>) -> Vec<Endpoint> {
    let mut all: Vec<Endpoint> = Vec::new();
    for endpoint in endpoints {
        match all.iter_mut().find(|known| known.address == endpoint.address) {
            Some(known) => {
                for range in endpoint.ranges {
                    if !known.ranges.contains(&range) {
                        known.ranges.push(range);
                    }
                }
            }
            None => all.push(endpoint),
        }
    }
    all
}
