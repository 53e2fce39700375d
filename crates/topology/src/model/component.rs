//! What runs in a network.

use std::{borrow::Cow, fmt};

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
    /// The Network Map of a further subzone.
    NetworkMap(NodeName),
    /// A notary of one node.
    Notary(NodeName),
    /// One worker of a notary.
    NotaryWorker {
        /// The notary service.
        notary: NodeName,
        /// The worker.
        worker: NodeName,
    },
    /// A participant's node.
    Participant(NodeName),
    /// The float of a participant's firewall.
    Float(NodeName),
    /// The bridge of a participant's firewall.
    Bridge(NodeName),
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
    pub fn name(&self) -> Cow<'_, str> {
        Cow::Borrowed(match self {
            Self::Cenm(service) => service.name(),
            Self::NetworkMap(subzone) => return format!("network-map-{subzone}").into(),
            Self::Float(name) => return format!("{name}-float").into(),
            Self::Bridge(name) => return format!("{name}-bridge").into(),
            Self::Notary(name) | Self::Participant(name) | Self::NotaryWorker { worker: name, .. } => {
                name.as_str()
            }
            Self::RpcClient { client, .. } => client.as_str(),
            Self::Bootstrap => "bootstrap",
            Self::Prometheus => "prometheus",
        })
    }

    /// The word in its label `app.kubernetes.io/component`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Cenm(service) => service.name(),
            Self::NetworkMap(_) => Service::NetworkMap.name(),
            Self::Notary(_) | Self::NotaryWorker { .. } => "notary",
            Self::Participant(_) => "participant",
            Self::Float(_) => "float",
            Self::Bridge(_) => "bridge",
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
            | Self::NetworkMap(_)
            | Self::Bootstrap => Namespace::Network,
            Self::Notary(name) | Self::NotaryWorker { notary: name, .. } => Namespace::Notary(name.clone()),
            Self::Float(name) => Namespace::Dmz(name.clone()),
            Self::Participant(name)
            | Self::Bridge(name)
            | Self::RpcClient {
                participant: name, ..
            } => Namespace::Participant(name.clone()),
            Self::Prometheus => Namespace::Monitoring,
        }
    }

    /// Whether it is a Corda node.
    pub const fn is_node(&self) -> bool {
        matches!(
            self,
            Self::Notary(_) | Self::NotaryWorker { .. } | Self::Participant(_)
        )
    }

    /// The CENM service that it is an instance of.
    pub const fn cenm_service(&self) -> Option<Service> {
        match self {
            Self::Cenm(service) => Some(*service),
            Self::NetworkMap(_) => Some(Service::NetworkMap),
            _ => None,
        }
    }
}

impl From<Service> for Component {
    /// The instance that every network has.
    fn from(service: Service) -> Self {
        Self::Cenm(service)
    }
}

impl fmt::Display for Component {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cenm(service) => formatter.write_str(service.title()),
            Self::NetworkMap(subzone) => write!(formatter, "Network Map of {subzone}"),
            Self::Notary(name) | Self::Participant(name) | Self::NotaryWorker { worker: name, .. } => {
                formatter.write_str(name.as_str())
            }
            Self::Float(name) => write!(formatter, "float of {name}"),
            Self::Bridge(name) => write!(formatter, "bridge of {name}"),
            Self::RpcClient { participant, client } => write!(formatter, "{client} of {participant}"),
            Self::Bootstrap => formatter.write_str("bootstrap Jobs"),
            Self::Prometheus => formatter.write_str("Prometheus"),
        }
    }
}
