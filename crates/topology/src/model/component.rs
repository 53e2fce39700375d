//! What runs in a network.

use std::fmt;

use super::Namespace;
use crate::names::NodeName;

/// A CENM service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// Users, roles and tokens.
    Auth,
    /// The only door for operators.
    Gateway,
    /// Configs, tokens and subzones.
    Zone,
    /// Certificate signing requests and revocation.
    IdentityManager,
    /// Signs for Identity Manager and Network Map; isolated.
    SigningService,
    /// Node infos, parameters and the map.
    NetworkMap,
}

impl Service {
    /// All six.
    pub const ALL: [Self; 6] = [
        Self::Auth,
        Self::Gateway,
        Self::Zone,
        Self::IdentityManager,
        Self::SigningService,
        Self::NetworkMap,
    ];

    /// Name of its objects.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Gateway => "gateway",
            Self::Zone => "zone",
            Self::IdentityManager => "identity-manager",
            Self::SigningService => "signing-service",
            Self::NetworkMap => "network-map",
        }
    }

    /// What a person calls it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Auth => "Auth Service",
            Self::Gateway => "Gateway Service",
            Self::Zone => "Zone Service",
            Self::IdentityManager => "Identity Manager",
            Self::SigningService => "Signing Service",
            Self::NetworkMap => "Network Map",
        }
    }
}

/// Something with Pods of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Component {
    /// A CENM service.
    Cenm(Service),
    /// A notary.
    Notary(NodeName),
    /// A participant's node.
    Participant(NodeName),
    /// A program that calls a participant's RPC.
    RpcClient {
        /// Whose RPC.
        participant: NodeName,
        /// Its name.
        client: NodeName,
    },
    /// The Jobs that call the CENM command line.
    Bootstrap,
    /// Prometheus.
    Prometheus,
}

impl Component {
    /// Name of its objects; unique in its namespace.
    pub fn name(&self) -> &str {
        match self {
            Self::Cenm(service) => service.name(),
            Self::Notary(name) | Self::Participant(name) => name.as_str(),
            Self::RpcClient { client, .. } => client.as_str(),
            Self::Bootstrap => "bootstrap",
            Self::Prometheus => "prometheus",
        }
    }

    /// The word in its label `app.kubernetes.io/component`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Cenm(service) => service.name(),
            Self::Notary(_) => "notary",
            Self::Participant(_) => "participant",
            Self::RpcClient { .. } => "rpc-client",
            Self::Bootstrap => "bootstrap",
            Self::Prometheus => "prometheus",
        }
    }

    /// The trust zone that it lives in (design: one namespace each).
    pub fn namespace(&self) -> Namespace {
        match self {
            Self::Cenm(Service::SigningService) => Namespace::Signing,
            Self::Cenm(Service::Gateway) => Namespace::Gateway,
            Self::Cenm(Service::Auth | Service::Zone | Service::IdentityManager | Service::NetworkMap)
            | Self::Bootstrap => Namespace::Network,
            Self::Notary(name) => Namespace::Notary(name.clone()),
            Self::Participant(name)
            | Self::RpcClient {
                participant: name, ..
            } => Namespace::Participant(name.clone()),
            Self::Prometheus => Namespace::Monitoring,
        }
    }

    /// Whether it is a Corda node.
    pub const fn is_node(&self) -> bool {
        matches!(self, Self::Notary(_) | Self::Participant(_))
    }
}

impl fmt::Display for Component {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cenm(service) => formatter.write_str(service.title()),
            Self::Notary(name) | Self::Participant(name) => formatter.write_str(name.as_str()),
            Self::RpcClient { participant, client } => write!(formatter, "{client} of {participant}"),
            Self::Bootstrap => formatter.write_str("bootstrap Jobs"),
            Self::Prometheus => formatter.write_str("Prometheus"),
        }
    }
}
