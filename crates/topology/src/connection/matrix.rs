//! The rules applied to a topology: every single connection that is allowed in it.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
};

use super::{
    Port,
    rule::{End, Need, Presents, Protocol, RULES, Rule},
};
use crate::model::{Component, Endpoint, Topology};

/// An end of a connection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// A component of the network.
    Component(Component),
    /// Every component that speaks P2P: all nodes, bridges as clients, floats as servers.
    Peers,
    /// Every component whose JVM shows metrics.
    Monitored,
    /// Pods of the server's own namespace.
    Neighbours,
    /// The cluster's DNS.
    ClusterDns,
    /// Any Pod of the cluster.
    Cluster,
    /// Whoever comes from outside of the cluster through an exposure.
    Outside,
    /// A server outside of the network: a database, an HSM, an artifact store.
    Endpoint(Endpoint),
    /// Any address outside of the network.
    Anywhere,
}

impl fmt::Display for Party {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Component(component) => component.fmt(formatter),
            Self::Peers => formatter.write_str("every peer"),
            Self::Monitored => formatter.write_str("every JVM"),
            Self::Neighbours => formatter.write_str("Pods of its namespace"),
            Self::ClusterDns => formatter.write_str("cluster DNS"),
            Self::Cluster => formatter.write_str("any Pod of the cluster"),
            Self::Outside => formatter.write_str("outside"),
            Self::Endpoint(endpoint) => endpoint.fmt(formatter),
            Self::Anywhere => formatter.write_str("anywhere"),
        }
    }
}

/// At which ends a connection needs an allow of its own. A group is one party at one end, so that a network of a
/// thousand nodes has thousands of policies and not millions; the connections of its members say no more at that end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allows {
    /// At both.
    Both,
    /// Where the client is.
    Client,
    /// Where the server is.
    Server,
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
    /// Where it needs an allow.
    pub allows: Allows,
}

impl Connection {
    /// The client, if it is a component.
    pub const fn client_component(&self) -> Option<&Component> {
        component(&self.client)
    }

    /// The server, if it is a component.
    pub const fn server_component(&self) -> Option<&Component> {
        component(&self.server)
    }
}

const fn component(party: &Party) -> Option<&Component> {
    match party {
        Party::Component(component) => Some(component),
        _ => None,
    }
}

/// Every allowed connection of a network.
#[derive(Clone, Debug)]
pub struct ConnectionMatrix {
    connections: Vec<Connection>,
    by_client: HashMap<Component, Vec<usize>>,
    by_server: HashMap<Component, Vec<usize>>,
}

impl ConnectionMatrix {
    /// Applies the rules.
    pub fn of(topology: &Topology) -> Self {
        let components = topology.components();
        let connections: Vec<_> = RULES
            .iter()
            .flat_map(|rule| apply(rule, topology, &components))
            .collect();
        let mut by_client: HashMap<Component, Vec<usize>> = HashMap::new();
        let mut by_server: HashMap<Component, Vec<usize>> = HashMap::new();
        for (at, connection) in connections.iter().enumerate() {
            if let Some(client) = connection.client_component() {
                by_client.entry(client.clone()).or_default().push(at);
            }
            if let Some(server) = connection.server_component() {
                by_server.entry(server.clone()).or_default().push(at);
            }
        }
        Self {
            connections,
            by_client,
            by_server,
        }
    }

    /// All, in the order of the rules.
    pub fn iter(&self) -> std::slice::Iter<'_, Connection> {
        self.connections.iter()
    }

    /// Those that a component opens.
    pub fn opened_by<'a>(&'a self, client: &Component) -> impl Iterator<Item = &'a Connection> + use<'a> {
        self.at(self.by_client.get(client))
    }

    /// Those that a component accepts.
    pub fn accepted_by<'a>(&'a self, server: &Component) -> impl Iterator<Item = &'a Connection> + use<'a> {
        self.at(self.by_server.get(server))
    }

    fn at<'a>(&'a self, places: Option<&'a Vec<usize>>) -> impl Iterator<Item = &'a Connection> + use<'a> {
        places
            .into_iter()
            .flatten()
            .filter_map(|place| self.connections.get(*place))
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

    /// The number at which a component listens for calls that the rules know, even if nobody makes one in this topology:
    /// a subzone has its Network Map before it has nodes.
    pub fn own_number(&self, server: &Component, port: Port, topology: &Topology) -> Option<u16> {
        let is_called = self
            .ports_of(server)
            .into_iter()
            .find(|(known, _)| *known == port);
        is_called.map(|(_, number)| number).or_else(|| {
            let all = topology.components();
            let is_server =
                |rule: &&Rule| rule.port == port && rule.server.components(topology, &all).contains(server);
            RULES.iter().find(is_server)?;
            port.number(server, topology)
        })
    }

    /// The port number at which `client` may call `server`, if it may.
    pub fn number(&self, client: &Component, server: &Component, port: Port) -> Option<u16> {
        self.opened_by(client)
            .find(|connection| connection.server_component() == Some(server) && connection.port == port)
            .map(|connection| connection.number)
    }

    /// Whether a component is reached from outside of the cluster.
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

impl Rule {
    fn connection(&self, client: Party, server: Party, number: u16, allows: Allows) -> Connection {
        Connection {
            id: self.id,
            client,
            server,
            port: self.port,
            number,
            protocol: self.protocol,
            presents: self.presents,
            need: self.need,
            purpose: self.purpose,
            allows,
        }
    }

    /// The port at which a server answers; an endpoint says it itself, and whoever is anywhere has any.
    fn number(&self, server: &Party, topology: &Topology) -> Option<u16> {
        match server {
            Party::Component(component) => self.port.number(component, topology),
            Party::Endpoint(endpoint) => Some(endpoint.address.port),
            Party::ClusterDns => Some(topology.platform.kind.dns_port()),
            _ => Some(0),
        }
    }
}

fn apply(rule: &Rule, topology: &Topology, components: &[Component]) -> Vec<Connection> {
    let clients = rule.client.components(topology, components);
    let servers = rule.server.components(topology, components);
    match (clients.is_empty(), servers.is_empty()) {
        (true, true) => Vec::new(),
        (false, true) => seen_from_clients(rule, &clients, topology),
        (true, false) => seen_from_servers(rule, &servers, topology),
        (false, false) => between(rule, &clients, &servers, topology),
    }
}

/// The server is found for each client: its own node, a database, DNS. Clients that are all peers of one server are
/// a group at its end.
fn seen_from_clients(rule: &Rule, clients: &[Component], topology: &Topology) -> Vec<Connection> {
    let mut connections = Vec::new();
    let mut grouped: Vec<(Party, u16)> = Vec::new();
    for client in clients {
        for server in rule.server.of(client, topology) {
            let Some(number) = rule.number(&server, topology) else {
                continue;
            };
            let is_group = rule.client == End::EveryNode && component(&server).is_some();
            let allows = if is_group { Allows::Client } else { Allows::Both };
            if is_group && !grouped.contains(&(server.clone(), number)) {
                grouped.push((server.clone(), number));
            }
            connections.push(rule.connection(Party::Component(client.clone()), server, number, allows));
        }
    }
    connections.extend(
        grouped
            .into_iter()
            .map(|(server, number)| rule.connection(Party::Peers, server, number, Allows::Server)),
    );
    connections
}

/// The client is found for each server: whoever is let in.
fn seen_from_servers(rule: &Rule, servers: &[Component], topology: &Topology) -> Vec<Connection> {
    let mut connections = Vec::new();
    for server in servers {
        for client in rule.client.of(server, topology) {
            let server = Party::Component(server.clone());
            if let Some(number) = rule.number(&server, topology) {
                connections.push(rule.connection(client, server, number, Allows::Both));
            }
        }
    }
    connections
}

/// Components on both sides.
fn between(
    rule: &Rule,
    clients: &[Component],
    servers: &[Component],
    topology: &Topology,
) -> Vec<Connection> {
    if rule.client == End::EverySender && rule.server == End::EveryReceiver {
        return among_peers(rule, clients, servers, topology);
    }
    let mut connections = Vec::new();
    let allows = match (rule.client, rule.server) {
        (End::EveryNode, _) => Allows::Client,
        (_, End::EveryJvm) => Allows::Server,
        _ => Allows::Both,
    };
    for client in clients {
        for server in servers.iter().filter(|server| *server != client) {
            let (client, server) = (Party::Component(client.clone()), Party::Component(server.clone()));
            if let Some(number) = rule.number(&server, topology) {
                connections.push(rule.connection(client, server, number, allows));
            }
        }
    }
    match allows {
        Allows::Client => connections.extend(servers.iter().filter_map(|server| {
            let server = Party::Component(server.clone());
            let number = rule.number(&server, topology)?;
            Some(rule.connection(Party::Peers, server, number, Allows::Server))
        })),
        Allows::Server => connections.extend(clients.iter().filter_map(|client| {
            let number = rule.number(&Party::Component(servers.first()?.clone()), topology)?;
            let client = Party::Component(client.clone());
            Some(rule.connection(client, Party::Monitored, number, Allows::Client))
        })),
        Allows::Both => {}
    }
    connections
}

/// Everybody with everybody: each peer with the group of all.
fn among_peers(
    rule: &Rule,
    senders: &[Component],
    receivers: &[Component],
    topology: &Topology,
) -> Vec<Connection> {
    if senders.len() < 2 && receivers.len() < 2 {
        return Vec::new();
    }
    let number = |receiver: &Component| rule.port.number(receiver, topology);
    let numbers: BTreeSet<u16> = receivers.iter().filter_map(number).collect();
    let opened = senders.iter().flat_map(|sender| {
        numbers.iter().map(|number| {
            let sender = Party::Component(sender.clone());
            rule.connection(sender, Party::Peers, *number, Allows::Client)
        })
    });
    let accepted = receivers.iter().filter_map(|receiver| {
        let number = number(receiver)?;
        let receiver = Party::Component(receiver.clone());
        Some(rule.connection(Party::Peers, receiver, number, Allows::Server))
    });
    opened.chain(accepted).collect()
}
