//! The ports of all components (reference, appendix B).

use crate::{
    model::{Component, Firewall, Service, Topology},
    names::NodeName,
};

/// Where the JMX exporter agent answers in every JVM, and nothing else may listen.
pub const METRICS_PORT: u16 = 9404;

/// Where a node's RPC broker takes orders from its own process, on loopback (reference §4.3, N6).
pub const RPC_ADMIN_PORT: u16 = 10770;

/// A port that a component listens on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Port {
    /// HTTP of the Gateway: 8080.
    Gateway,
    /// HTTPS of Auth: 8081.
    Auth,
    /// ENM of Zone, for Angels: 25000.
    ZoneEnm,
    /// Admin RPC of Zone: 12345.
    ZoneAdmin,
    /// Public HTTP of Identity Manager and Network Map: 10000.
    Http,
    /// ENM of the Identity Manager for issuance: 5052.
    Issuance,
    /// ENM of the Identity Manager for revocation: 5053.
    Revocation,
    /// ENM of the Network Map: 5050.
    NetworkMapEnm,
    /// Admin RPC of Identity Manager, Network Map and Signing Service: 6000.
    Admin,
    /// AMQP over TLS between nodes.
    P2p,
    /// RPC of a node.
    Rpc,
    /// Prometheus metrics: 9404.
    Metrics,
    /// The query API of Prometheus: 9090.
    Prometheus,
    /// The SSH shell of a node.
    Ssh,
    /// Where a bridge calls its float.
    Tunnel,
    /// Where a server outside of the network answers.
    Endpoint,
    /// The cluster's DNS: 53, on OpenShift 5353.
    Dns,
}

impl Port {
    /// Its name in Services and containers; at most 15 characters (RFC 6335).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gateway | Self::Http => "http",
            Self::Auth => "https",
            Self::ZoneEnm | Self::NetworkMapEnm => "enm",
            Self::ZoneAdmin | Self::Admin => "admin",
            Self::Issuance => "issuance",
            Self::Revocation => "revocation",
            Self::P2p => "p2p",
            Self::Rpc => "rpc",
            Self::Metrics => "metrics",
            Self::Prometheus => "web",
            Self::Ssh => "ssh",
            Self::Tunnel => "tunnel",
            Self::Endpoint => "endpoint",
            Self::Dns => "dns",
        }
    }

    /// Its number on a server; nodes and firewalls choose theirs. `None` if the server has no such port.
    pub(super) fn number(self, server: &Component, topology: &Topology) -> Option<u16> {
        Some(match self {
            Self::Gateway => 8080,
            Self::Auth => 8081,
            Self::ZoneEnm => 25000,
            Self::ZoneAdmin => 12345,
            Self::Http => 10000,
            Self::Issuance => 5052,
            Self::Revocation => 5053,
            Self::NetworkMapEnm => 5050,
            Self::Admin => 6000,
            Self::Metrics => METRICS_PORT,
            Self::Prometheus => 9090,
            Self::Dns => topology.platform.kind.dns_port(),
            Self::P2p => match server {
                Component::Float(name) => firewall(name, topology)?.port,
                _ => topology.node(server)?.p2p_port,
            },
            Self::Rpc => topology.node(server)?.rpc_port,
            Self::Ssh => topology.node(server)?.ssh_port?,
            Self::Tunnel => match server {
                Component::Float(name) => firewall(name, topology)?.tunnel_port,
                _ => return None,
            },
            Self::Endpoint => return None,
        })
    }

    /// The port that says that a component is up: where its probes knock.
    pub const fn main_of(component: &Component) -> Option<Self> {
        Some(match component {
            Component::Cenm(Service::Auth) => Self::Auth,
            Component::Cenm(Service::Gateway) => Self::Gateway,
            Component::Cenm(Service::Zone) => Self::ZoneAdmin,
            Component::Cenm(Service::IdentityManager | Service::NetworkMap) | Component::NetworkMap(_) => {
                Self::Http
            }
            Component::Cenm(Service::SigningService) => Self::Admin,
            Component::Notary(_)
            | Component::NotaryWorker { .. }
            | Component::Participant(_)
            | Component::Float(_) => Self::P2p,
            Component::Prometheus => Self::Prometheus,
            Component::RpcClient { .. } | Component::Bootstrap | Component::Bridge(_) => return None,
        })
    }
}

fn firewall<'a>(participant: &NodeName, topology: &'a Topology) -> Option<&'a Firewall> {
    topology
        .node(&Component::Participant(participant.clone()))?
        .firewall
        .as_ref()
}
