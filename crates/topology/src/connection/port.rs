//! The ports of all components (reference, appendix B).

use crate::model::{Component, Node, Service};

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
    /// The cluster's DNS: 53.
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
            Self::Dns => "dns",
        }
    }

    /// Its number on a server; nodes choose theirs.
    pub(super) const fn number(self, node: Option<&Node>) -> u16 {
        match (self, node) {
            (Self::P2p, Some(node)) => node.p2p_port,
            (Self::Rpc, Some(node)) => node.rpc_port,
            (Self::P2p, None) => 10200,
            (Self::Rpc, None) => 10201,
            (Self::Gateway, _) => 8080,
            (Self::Auth, _) => 8081,
            (Self::ZoneEnm, _) => 25000,
            (Self::ZoneAdmin, _) => 12345,
            (Self::Http, _) => 10000,
            (Self::Issuance, _) => 5052,
            (Self::Revocation, _) => 5053,
            (Self::NetworkMapEnm, _) => 5050,
            (Self::Admin, _) => 6000,
            (Self::Metrics, _) => METRICS_PORT,
            (Self::Prometheus, _) => 9090,
            (Self::Dns, _) => 53,
        }
    }

    /// The port that says that a component is up: where its probes knock.
    pub const fn main_of(component: &Component) -> Option<Self> {
        Some(match component {
            Component::Cenm(Service::Auth) => Self::Auth,
            Component::Cenm(Service::Gateway) => Self::Gateway,
            Component::Cenm(Service::Zone) => Self::ZoneAdmin,
            Component::Cenm(Service::IdentityManager | Service::NetworkMap) => Self::Http,
            Component::Cenm(Service::SigningService) => Self::Admin,
            Component::Notary(_) | Component::Participant(_) => Self::P2p,
            Component::Prometheus => Self::Prometheus,
            Component::RpcClient { .. } | Component::Bootstrap => return None,
        })
    }
}
