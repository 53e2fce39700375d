//! The rules of the matrix, one row each, with the ids of the reference §4; `M` rows are monitoring's (§7).

use super::Port;
use crate::model::{Component, Service, Topology};

/// How two components talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Plain HTTP.
    Http,
    /// HTTPS, the server's certificate of the SSL hierarchy.
    Https,
    /// CENM's internal protocol over mutual TLS of the SSL hierarchy.
    Enm,
    /// CENM's admin RPC over mutual TLS of the SSL hierarchy.
    AdminRpc,
    /// AMQP 1.0 over mutual TLS of the network hierarchy.
    AmqpTls,
    /// Corda RPC.
    Rpc,
    /// DNS, UDP and TCP.
    Dns,
}

impl Protocol {
    /// Whether the server shows a certificate of the SSL hierarchy.
    pub const fn uses_ssl_hierarchy(self) -> bool {
        matches!(self, Self::Https | Self::Enm | Self::AdminRpc)
    }
}

/// What the client shows of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presents {
    /// Nothing.
    Nothing,
    /// A user's name and password, then a token.
    Password,
    /// Its key of the SSL hierarchy.
    SslKey,
    /// Its key of the SSL hierarchy and a zone token.
    SslKeyAndZoneToken,
    /// Its TLS key of the network hierarchy.
    NodeTlsKey,
}

/// Whether the client can start without the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The server must be ready before the client is started: an edge of the rollout graph.
    ToStart,
    /// The client waits or retries by itself.
    ToWork,
}

/// One end of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// One CENM service.
    Cenm(Service),
    /// Every notary and participant.
    EveryNode,
    /// The participant that an RPC client belongs to.
    OwnParticipant,
    /// Every RPC client.
    EveryRpcClient,
    /// The bootstrap Jobs.
    Bootstrap,
    /// Prometheus.
    Prometheus,
    /// Every component with a JVM of its own that stays up.
    EveryJvm,
    /// Every component but the isolated Signing Service.
    EveryoneButSigner,
    /// The cluster's DNS.
    ClusterDns,
    /// Whoever comes through the ingress.
    Outside,
}

/// A row.
pub(super) struct Rule {
    pub(super) id: &'static str,
    pub(super) client: End,
    pub(super) server: End,
    pub(super) port: Port,
    pub(super) protocol: Protocol,
    pub(super) presents: Presents,
    pub(super) need: Need,
    pub(super) purpose: &'static str,
}

const fn rule(
    id: &'static str,
    ends: (End, End),
    port: Port,
    (protocol, presents): (Protocol, Presents),
    need: Need,
    purpose: &'static str,
) -> Rule {
    Rule {
        id,
        client: ends.0,
        server: ends.1,
        port,
        protocol,
        presents,
        need,
        purpose,
    }
}

const AUTH: End = End::Cenm(Service::Auth);
const GATEWAY: End = End::Cenm(Service::Gateway);
const ZONE: End = End::Cenm(Service::Zone);
const IDENTITY_MANAGER: End = End::Cenm(Service::IdentityManager);
const SIGNING_SERVICE: End = End::Cenm(Service::SigningService);
const NETWORK_MAP: End = End::Cenm(Service::NetworkMap);

const ADMIN_RPC: (Protocol, Presents) = (Protocol::AdminRpc, Presents::SslKey);
const ENM: (Protocol, Presents) = (Protocol::Enm, Presents::SslKey);
const ENM_WITH_TOKEN: (Protocol, Presents) = (Protocol::Enm, Presents::SslKeyAndZoneToken);
const HTTPS: (Protocol, Presents) = (Protocol::Https, Presents::Nothing);
const HTTP: (Protocol, Presents) = (Protocol::Http, Presents::Nothing);
const LOGIN: (Protocol, Presents) = (Protocol::Http, Presents::Password);

/// The whole matrix. C14 is missing because the Signing Service is not managed by an Angel, C20 to C22 because
/// nothing in a topology names a database server, an HSM or Jira yet, C24 and N6 because they stay in one Pod.
pub(super) const RULES: &[Rule] = &[
    rule(
        "C1",
        (End::Outside, GATEWAY),
        Port::Gateway,
        LOGIN,
        Need::ToWork,
        "operators manage the network",
    ),
    rule(
        "C2",
        (End::Bootstrap, GATEWAY),
        Port::Gateway,
        LOGIN,
        Need::ToStart,
        "call the command line",
    ),
    rule(
        "C3",
        (GATEWAY, AUTH),
        Port::Auth,
        HTTPS,
        Need::ToStart,
        "logs users in",
    ),
    rule(
        "C4",
        (GATEWAY, ZONE),
        Port::ZoneAdmin,
        ADMIN_RPC,
        Need::ToWork,
        "manages configs and subzones",
    ),
    rule(
        "C5",
        (GATEWAY, IDENTITY_MANAGER),
        Port::Admin,
        ADMIN_RPC,
        Need::ToWork,
        "manages requests",
    ),
    rule(
        "C6",
        (GATEWAY, NETWORK_MAP),
        Port::Admin,
        ADMIN_RPC,
        Need::ToWork,
        "manages the map",
    ),
    rule(
        "C7",
        (GATEWAY, SIGNING_SERVICE),
        Port::Admin,
        ADMIN_RPC,
        Need::ToWork,
        "asks for signatures",
    ),
    rule(
        "C8",
        (ZONE, AUTH),
        Port::Auth,
        HTTPS,
        Need::ToStart,
        "verifies tokens",
    ),
    rule(
        "C9",
        (IDENTITY_MANAGER, AUTH),
        Port::Auth,
        HTTPS,
        Need::ToStart,
        "verifies tokens",
    ),
    rule(
        "C10",
        (NETWORK_MAP, AUTH),
        Port::Auth,
        HTTPS,
        Need::ToStart,
        "verifies tokens",
    ),
    rule(
        "C11",
        (SIGNING_SERVICE, AUTH),
        Port::Auth,
        HTTPS,
        Need::ToStart,
        "verifies tokens",
    ),
    rule(
        "C12",
        (IDENTITY_MANAGER, ZONE),
        Port::ZoneEnm,
        ENM_WITH_TOKEN,
        Need::ToStart,
        "fetches its config through its Angel",
    ),
    rule(
        "C13",
        (NETWORK_MAP, ZONE),
        Port::ZoneEnm,
        ENM_WITH_TOKEN,
        Need::ToStart,
        "fetches its config through its Angel",
    ),
    rule(
        "C15",
        (NETWORK_MAP, IDENTITY_MANAGER),
        Port::Issuance,
        ENM,
        Need::ToStart,
        "checks nodes' certificates",
    ),
    rule(
        "C16",
        (NETWORK_MAP, IDENTITY_MANAGER),
        Port::Revocation,
        ENM,
        Need::ToStart,
        "checks revocations",
    ),
    rule(
        "C17",
        (SIGNING_SERVICE, IDENTITY_MANAGER),
        Port::Issuance,
        ENM,
        Need::ToWork,
        "signs requests",
    ),
    rule(
        "C18",
        (SIGNING_SERVICE, IDENTITY_MANAGER),
        Port::Revocation,
        ENM,
        Need::ToWork,
        "signs the CRL",
    ),
    rule(
        "C19",
        (SIGNING_SERVICE, NETWORK_MAP),
        Port::NetworkMapEnm,
        ENM,
        Need::ToWork,
        "signs map and parameters",
    ),
    rule(
        "C23",
        (End::EveryoneButSigner, End::ClusterDns),
        Port::Dns,
        (Protocol::Dns, Presents::Nothing),
        Need::ToWork,
        "resolves names",
    ),
    rule(
        "P1",
        (End::EveryNode, IDENTITY_MANAGER),
        Port::Http,
        HTTP,
        Need::ToStart,
        "registers and reads CRLs",
    ),
    rule(
        "P3",
        (End::EveryNode, NETWORK_MAP),
        Port::Http,
        HTTP,
        Need::ToStart,
        "publishes itself and reads the map",
    ),
    rule(
        "P4",
        (End::Outside, IDENTITY_MANAGER),
        Port::Http,
        HTTP,
        Need::ToWork,
        "nodes outside of the cluster register",
    ),
    rule(
        "P5",
        (End::Outside, NETWORK_MAP),
        Port::Http,
        HTTP,
        Need::ToWork,
        "nodes outside of the cluster read the map",
    ),
    rule(
        "N1",
        (End::EveryNode, End::EveryNode),
        Port::P2p,
        (Protocol::AmqpTls, Presents::NodeTlsKey),
        Need::ToWork,
        "flows between nodes",
    ),
    rule(
        "N4",
        (End::EveryRpcClient, End::OwnParticipant),
        Port::Rpc,
        (Protocol::Rpc, Presents::Password),
        Need::ToStart,
        "calls its participant",
    ),
    rule(
        "M1",
        (End::Prometheus, End::EveryJvm),
        Port::Metrics,
        HTTP,
        Need::ToWork,
        "scrapes metrics",
    ),
];

impl End {
    /// The components that it means in a topology.
    pub(super) fn components(self, topology: &Topology) -> Vec<Component> {
        let select = |keep: fn(&Component) -> bool| topology.components().into_iter().filter(keep).collect();
        match self {
            Self::Cenm(service) => vec![Component::Cenm(service)],
            Self::EveryNode => select(Component::is_node),
            Self::EveryRpcClient => select(|component| matches!(component, Component::RpcClient { .. })),
            Self::OwnParticipant => select(|component| matches!(component, Component::Participant(_))),
            Self::Bootstrap => vec![Component::Bootstrap],
            Self::Prometheus => select(|component| *component == Component::Prometheus),
            Self::EveryJvm => {
                select(|component| matches!(component, Component::Cenm(_)) || component.is_node())
            }
            Self::EveryoneButSigner => {
                select(|component| *component != Component::Cenm(Service::SigningService))
            }
            Self::ClusterDns | Self::Outside => Vec::new(),
        }
    }
}
