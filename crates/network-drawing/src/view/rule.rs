//! The matrix rule by rule: single connections, or everybody with everybody.

use indexmap::IndexMap;
use topology::connection::{Connection, ConnectionMatrix, Party};

use super::{
    actor::{Actor, Actors},
    mesh::Mesh,
};

/// What a rule of the matrix says about a network.
pub(super) enum Rule<'a> {
    /// Each connection by itself.
    Direct(Vec<Single<'a>>),
    /// Each client with each server.
    Mesh(Mesh<'a>),
}

/// One connection: who calls, who is called, and the row of the matrix with port and protocol.
pub(super) struct Single<'a> {
    pub(super) client: usize,
    pub(super) server: usize,
    pub(super) row: &'a Connection,
}

/// A matrix has a group's rows beside those of its members, or in their place where everybody calls everybody.
pub(super) fn rules<'a>(matrix: &'a ConnectionMatrix, actors: &mut Actors) -> Vec<Rule<'a>> {
    let mut rules: IndexMap<&str, Vec<&Connection>> = IndexMap::new();
    for connection in matrix {
        rules.entry(connection.id).or_default().push(connection);
    }
    rules.values().map(|rows| Rule::of(rows, actors)).collect()
}

impl<'a> Rule<'a> {
    fn of(rows: &[&'a Connection], actors: &mut Actors) -> Self {
        let direct: Vec<Single<'_>> = rows
            .iter()
            .filter(|row| !is_group(&row.client) && !is_group(&row.server))
            .map(|row| Single {
                client: actors.client(Actor::at(&row.client, &row.server)),
                server: actors.server(Actor::at(&row.server, &row.client), row.protocol),
                row,
            })
            .collect();
        if !direct.is_empty() {
            return Self::Direct(direct);
        }
        let mut mesh = Mesh::default();
        for row in rows {
            if !is_group(&row.client) {
                mesh.add_client(actors.client(Actor::at(&row.client, &row.server)), row);
            }
            if !is_group(&row.server) {
                let server = Actor::at(&row.server, &row.client);
                mesh.add_server(actors.server(server, row.protocol), row);
            }
        }
        Self::Mesh(mesh)
    }
}

const fn is_group(party: &Party) -> bool {
    matches!(party, Party::Peers | Party::Monitored)
}
