//! Everybody with everybody, without the pairs: a thousand nodes have a million of them.

use indexmap::IndexMap;
use topology::connection::Connection;

use super::fold::Edge;

/// Each client calls each server that listens on its number, but not itself.
#[derive(Default)]
pub(super) struct Mesh<'a> {
    clients: Vec<End<'a>>,
    /// By the numbers on which they listen.
    servers: IndexMap<u16, Vec<End<'a>>>,
}

/// An actor, and the row of the matrix that lets it call a group, or a group call it.
#[derive(Clone, Copy)]
pub(super) struct End<'a> {
    pub(super) actor: usize,
    pub(super) row: &'a Connection,
}

impl End<'_> {
    const fn label(&self) -> (&'static str, u16) {
        (self.row.id, self.row.number)
    }
}

/// Clients that are drawn as one and call the same number.
pub(super) struct Equals {
    /// The first of them.
    pub(super) client: usize,
    pub(super) number: u16,
    /// How many they are.
    pub(super) count: usize,
}

impl<'a> Mesh<'a> {
    pub(super) fn add_client(&mut self, actor: usize, row: &'a Connection) {
        self.clients.push(End { actor, row });
    }

    pub(super) fn add_server(&mut self, actor: usize, row: &'a Connection) {
        self.servers
            .entry(row.number)
            .or_default()
            .push(End { actor, row });
    }

    /// Whom a client calls at a number.
    pub(super) fn called(&self, client: usize, number: u16) -> impl Iterator<Item = End<'a>> {
        let listening = self.servers.get(&number).into_iter().flatten();
        listening.filter(move |server| server.actor != client).copied()
    }

    /// Clients by whom they are drawn as: the calls of one tell those of all, since equal clients call as many of each
    /// group of equal servers. So they do within their own zone: members' zones are the units of the folding, and
    /// equal units have the same equals in them.
    pub(super) fn equals(&self, drawn_as: &[usize]) -> Vec<Equals> {
        let mut equals: IndexMap<(usize, u16), Equals> = IndexMap::new();
        for &End { actor, row } in &self.clients {
            let known = equals
                .entry((drawn_as[actor], row.number))
                .or_insert_with(|| Equals {
                    client: actor,
                    number: row.number,
                    count: 0,
                });
            known.count += 1;
        }
        equals.into_values().collect()
    }

    /// The mesh as a graph: each client has an edge to a hub, and the hub one to each server. They say as much as an
    /// edge for each pair: who has the same as another calls the same others, and is called by the same.
    pub(super) fn edges(&self, hub: usize) -> impl Iterator<Item = Edge> {
        let calling = self
            .clients
            .iter()
            .map(move |client| (client.actor, hub, client.label()));
        let listening = self.servers.values().flatten();
        calling.chain(listening.map(move |server| (hub, server.actor, server.label())))
    }
}
