//! One namespace a trust zone (design §6).

use crate::names::{NetworkName, NodeName};

/// A namespace of a network.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Namespace {
    /// The Signing Service, alone.
    Signing,
    /// Zone, Auth, Identity Manager and Network Map, with the bootstrap Jobs.
    Network,
    /// The Gateway.
    Gateway,
    /// One notary.
    Notary(NodeName),
    /// One participant with its RPC clients.
    Participant(NodeName),
    /// The float of one participant, alone.
    Dmz(NodeName),
    /// Prometheus.
    Monitoring,
}

impl Namespace {
    /// Its name in the cluster.
    pub fn name(&self, network: &NetworkName) -> String {
        match self {
            Self::Signing => format!("{network}-signing"),
            Self::Network => format!("{network}-network"),
            Self::Gateway => format!("{network}-gateway"),
            Self::Notary(name) => format!("{network}-notary-{name}"),
            Self::Participant(name) => format!("{network}-participant-{name}"),
            Self::Dmz(name) => format!("{network}-dmz-{name}"),
            Self::Monitoring => format!("{network}-monitoring"),
        }
    }
}
