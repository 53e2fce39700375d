//! The rules of the matrix, one row each, with the ids of the reference §4; `M` rows are monitoring's (§7).

use super::Port;
use crate::model::Service;

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
    /// A database's own protocol, inside of TLS unless a topology says otherwise.
    Jdbc,
    /// The protocol of an HSM's vendor.
    Hsm,
    /// The Corda Firewall's tunnel: mutual TLS with keys of its own.
    Tunnel,
    /// SSH.
    Ssh,
    /// DNS, UDP and TCP.
    Dns,
    /// Whatever a peer outside of the network listens with: AMQP 1.0 over mutual TLS, on a port of its choice.
    AnyPort,
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
    /// A token of its Kubernetes account.
    AccountToken,
    /// A key of the firewall's tunnel.
    TunnelKey,
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
    /// Every instance of a CENM service: one, but for the Network Map one a subzone.
    Cenm(Service),
    /// Every notary and participant.
    EveryNode,
    /// Whoever opens P2P connections: nodes, and bridges in the place of nodes behind a firewall.
    EverySender,
    /// Whoever accepts P2P connections: nodes, and floats in the place of nodes behind a firewall.
    EveryReceiver,
    /// Every receiver that outsiders reach.
    EveryPublicReceiver,
    /// Every sender whose peers are outside as well.
    EveryPublicSender,
    /// Every bridge.
    EveryBridge,
    /// The float of the same participant.
    OwnFloat,
    /// The node behind a bridge, or of an RPC client.
    OwnNode,
    /// The Network Map of a node's subzone.
    OwnNetworkMap,
    /// Every RPC client.
    EveryRpcClient,
    /// Every node with an SSH shell.
    EveryShell,
    /// The bootstrap Jobs.
    Bootstrap,
    /// Prometheus.
    Prometheus,
    /// Every component whose JVM shows metrics.
    EveryJvm,
    /// Every component that finds others by name: all but the Signing Service.
    EveryoneWithDns,
    /// The cluster's DNS.
    ClusterDns,
    /// The database of a component.
    OwnDatabase,
    /// The HSM.
    Hsm,
    /// Where requests are approved: Jira, or what a plugin of the operator's own calls.
    Approver,
    /// Where a node fetches `CorDapps`.
    OwnCordapps,
    /// Every component whose files come from Vault.
    EveryVaultClient,
    /// The Vault.
    Vault,
    /// Pods of the same namespace.
    Neighbours,
    /// Whoever is let in by an exposure: outsiders, or other Pods of the cluster.
    LetIn,
    /// Any address outside of the network.
    Anywhere,
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

const JDBC: (Protocol, Presents) = (Protocol::Jdbc, Presents::Password);
const P2P: (Protocol, Presents) = (Protocol::AmqpTls, Presents::NodeTlsKey);

/// The whole matrix. C14 is missing because the Signing Service is not managed by an Angel, C24 and N6 because they stay in one Pod, N7 and N8 because metrics are scraped from the agent (M1), F6
/// because a topology has no `ZooKeeper`. `D1` fetches `CorDapps`, `V1` keys and passwords.
pub(super) const RULES: &[Rule] = &[
    rule(
        "C1",
        (End::LetIn, GATEWAY),
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
        "C20",
        (AUTH, End::OwnDatabase),
        Port::Endpoint,
        JDBC,
        Need::ToStart,
        "keeps its state",
    ),
    rule(
        "C20",
        (ZONE, End::OwnDatabase),
        Port::Endpoint,
        JDBC,
        Need::ToStart,
        "keeps its state",
    ),
    rule(
        "C20",
        (IDENTITY_MANAGER, End::OwnDatabase),
        Port::Endpoint,
        JDBC,
        Need::ToStart,
        "keeps its state",
    ),
    rule(
        "C20",
        (NETWORK_MAP, End::OwnDatabase),
        Port::Endpoint,
        JDBC,
        Need::ToStart,
        "keeps its state",
    ),
    rule(
        "C22",
        (IDENTITY_MANAGER, End::Approver),
        Port::Endpoint,
        HTTPS,
        Need::ToWork,
        "has requests approved",
    ),
    rule(
        "C21",
        (SIGNING_SERVICE, End::Hsm),
        Port::Endpoint,
        (Protocol::Hsm, Presents::Password),
        Need::ToStart,
        "signs with keys that it never has",
    ),
    rule(
        "C23",
        (End::EveryoneWithDns, End::ClusterDns),
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
        (End::EveryNode, End::OwnNetworkMap),
        Port::Http,
        HTTP,
        Need::ToStart,
        "publishes itself and reads the map",
    ),
    rule(
        "P4",
        (End::LetIn, IDENTITY_MANAGER),
        Port::Http,
        HTTP,
        Need::ToWork,
        "nodes outside of the network register",
    ),
    rule(
        "P5",
        (End::LetIn, NETWORK_MAP),
        Port::Http,
        HTTP,
        Need::ToWork,
        "nodes outside of the network read the map",
    ),
    rule(
        "P2",
        (End::EveryBridge, IDENTITY_MANAGER),
        Port::Http,
        HTTP,
        Need::ToWork,
        "reads CRLs",
    ),
    rule(
        "N1",
        (End::EverySender, End::EveryReceiver),
        Port::P2p,
        P2P,
        Need::ToWork,
        "flows between nodes",
    ),
    rule(
        "F3",
        (End::LetIn, End::EveryPublicReceiver),
        Port::P2p,
        P2P,
        Need::ToWork,
        "flows from nodes outside of the network",
    ),
    rule(
        "F4",
        (End::EveryPublicSender, End::Anywhere),
        Port::P2p,
        (Protocol::AnyPort, Presents::NodeTlsKey),
        Need::ToWork,
        "flows to nodes outside of the network",
    ),
    rule(
        "F1",
        (End::EveryBridge, End::OwnNode),
        Port::P2p,
        P2P,
        Need::ToStart,
        "carries its node's messages",
    ),
    rule(
        "F2",
        (End::EveryBridge, End::OwnFloat),
        Port::Tunnel,
        (Protocol::Tunnel, Presents::TunnelKey),
        Need::ToStart,
        "opens the tunnel to its float",
    ),
    rule(
        "N3",
        (End::EveryNode, End::OwnDatabase),
        Port::Endpoint,
        JDBC,
        Need::ToStart,
        "keeps its ledger",
    ),
    rule(
        "D1",
        (End::EveryNode, End::OwnCordapps),
        Port::Endpoint,
        HTTPS,
        Need::ToStart,
        "fetches CorDapps",
    ),
    rule(
        "V1",
        (End::EveryVaultClient, End::Vault),
        Port::Endpoint,
        (Protocol::Https, Presents::AccountToken),
        Need::ToStart,
        "fetches its stores and passwords",
    ),
    rule(
        "N5",
        (End::Neighbours, End::EveryShell),
        Port::Ssh,
        (Protocol::Ssh, Presents::Password),
        Need::ToWork,
        "administrators use the node's shell",
    ),
    rule(
        "N4",
        (End::EveryRpcClient, End::OwnNode),
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
