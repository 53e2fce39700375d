//! The rules applied to a topology: every single connection that is allowed in it.

use super::{
    Port,
    rule::{End, Need, Presents, Protocol, RULES, Rule},
};
use crate::model::{Component, Topology};

/// An end of a connection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// A component of the network.
    Component(Component),
    /// The cluster's DNS.
    ClusterDns,
    /// Whoever comes through the ingress.
    Outside,
}

/// One allowed connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The row of the reference §4, e.g. `C3`.
    pub id: &'static str,
    /// Who opens it.
    pub client: Party,
    /// Who listens.
    pub server: Party,
    /// On which port.
    pub port: Port,
    /// The port's number.
    pub number: u16,
    /// How they talk.
    pub protocol: Protocol,
    /// What the client shows of itself.
    pub presents: Presents,
    /// Whether the client can start without it.
    pub need: Need,
    /// What it is for.
    pub purpose: &'static str,
}

impl Connection {
    /// The client, if it is a component.
    pub const fn client_component(&self) -> Option<&Component> {
        match &self.client {
            Party::Component(component) => Some(component),
            Party::ClusterDns | Party::Outside => None,
        }
    }

    /// The server, if it is a component.
    pub const fn server_component(&self) -> Option<&Component> {
        match &self.server {
            Party::Component(component) => Some(component),
            Party::ClusterDns | Party::Outside => None,
        }
    }
}

/// Every allowed connection of a network.
#[derive(Clone, Debug)]
pub struct ConnectionMatrix {
    connections: Vec<Connection>,
}

impl ConnectionMatrix {
    /// Applies the rules.
    pub fn of(topology: &Topology) -> Self {
        let connections = RULES.iter().flat_map(|rule| apply(rule, topology)).collect();
        Self { connections }
    }

    /// All, in the order of the rules.
    pub fn iter(&self) -> std::slice::Iter<'_, Connection> {
        self.connections.iter()
    }

    /// Those that a component opens.
    pub fn opened_by<'a>(&'a self, client: &'a Component) -> impl Iterator<Item = &'a Connection> {
        self.iter()
            .filter(move |connection| connection.client_component() == Some(client))
    }

    /// Those that a component accepts.
    pub fn accepted_by<'a>(&'a self, server: &'a Component) -> impl Iterator<Item = &'a Connection> {
        self.iter()
            .filter(move |connection| connection.server_component() == Some(server))
    }

    /// The ports that a component is called on, each once, by number.
    pub fn ports_of(&self, server: &Component) -> Vec<(Port, u16)> {
        let mut ports: Vec<_> = self
            .accepted_by(server)
            .map(|connection| (connection.port, connection.number))
            .collect();
        ports.sort_by_key(|(_, number)| *number);
        ports.dedup();
        ports
    }

    /// The port number at which `client` may call `server`, if it may.
    pub fn number(&self, client: &Component, server: &Component, port: Port) -> Option<u16> {
        self.opened_by(client)
            .find(|connection| connection.server_component() == Some(server) && connection.port == port)
            .map(|connection| connection.number)
    }

    /// Whether a component is reached from outside.
    pub fn is_public(&self, server: &Component) -> bool {
        self.accepted_by(server)
            .any(|connection| connection.client == Party::Outside)
    }
}

impl<'a> IntoIterator for &'a ConnectionMatrix {
    type IntoIter = std::slice::Iter<'a, Connection>;
    type Item = &'a Connection;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

fn apply(rule: &Rule, topology: &Topology) -> Vec<Connection> {
    let ends = |end: End| match end {
        End::ClusterDns => vec![Party::ClusterDns],
        End::Outside if topology.ingress.is_some() => vec![Party::Outside],
        end => end
            .components(topology)
            .into_iter()
            .map(Party::Component)
            .collect(),
    };
    let mut connections = Vec::new();
    for client in ends(rule.client) {
        for server in ends(rule.server) {
            if client == server || !belongs(rule, &client, &server) {
                continue;
            }
            let node = match &server {
                Party::Component(component) => topology.node(component),
                Party::ClusterDns | Party::Outside => None,
            };
            connections.push(Connection {
                id: rule.id,
                client: client.clone(),
                server,
                port: rule.port,
                number: rule.port.number(node),
                protocol: rule.protocol,
                presents: rule.presents,
                need: rule.need,
                purpose: rule.purpose,
            });
        }
    }
    connections
}

/// An RPC client calls its own participant only.
fn belongs(rule: &Rule, client: &Party, server: &Party) -> bool {
    if rule.server != End::OwnParticipant {
        return true;
    }
    match (client, server) {
        (
            Party::Component(Component::RpcClient { participant, .. }),
            Party::Component(Component::Participant(server)),
        ) => participant == server,
        _ => false,
    }
}
