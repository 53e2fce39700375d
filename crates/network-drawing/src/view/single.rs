//! The matrix as single connections: where it names a group, as policies do, who is in it.

use indexmap::IndexMap;
use topology::{
    connection::{Connection, ConnectionMatrix, Party},
    model::Namespace,
};

/// Somebody at an end of a connection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Actor {
    pub(super) party: Party,
    /// Whose neighbours they are, for neighbours.
    pub(super) of: Option<Namespace>,
}

/// One connection: who calls, who is called, and the row of the matrix with port and protocol.
pub(super) type Single<'a> = (Actor, Actor, &'a Connection);

impl Actor {
    pub(super) const fn new(party: Party) -> Self {
        Self { party, of: None }
    }

    fn at(party: &Party, other: &Party) -> Self {
        let of = match (party, other) {
            (Party::Neighbours, Party::Component(component)) => Some(component.namespace()),
            _ => None,
        };
        Self {
            party: party.clone(),
            of,
        }
    }
}

/// A matrix has a group's rows beside those of its members, or in their place where everybody calls everybody.
pub(super) fn connections(matrix: &ConnectionMatrix) -> Vec<Single<'_>> {
    let mut rules: IndexMap<&str, Vec<&Connection>> = IndexMap::new();
    for connection in matrix {
        rules.entry(connection.id).or_default().push(connection);
    }
    rules.into_values().flat_map(|rows| of_rule(&rows)).collect()
}

fn of_rule<'a>(rows: &[&'a Connection]) -> Vec<Single<'a>> {
    let single = |client: &Party, server: &Party, row: &'a Connection| {
        (Actor::at(client, server), Actor::at(server, client), row)
    };
    let direct: Vec<Single<'_>> = rows
        .iter()
        .filter(|row| !is_group(&row.client) && !is_group(&row.server))
        .map(|row| single(&row.client, &row.server, row))
        .collect();
    if !direct.is_empty() {
        return direct;
    }
    let opened = rows.iter().filter(|row| !is_group(&row.client));
    opened
        .flat_map(|opened| {
            let accepted = rows.iter().filter(|row| !is_group(&row.server));
            accepted
                .filter(|accepted| accepted.number == opened.number && accepted.server != opened.client)
                .map(|accepted| single(&opened.client, &accepted.server, accepted))
        })
        .collect()
}

const fn is_group(party: &Party) -> bool {
    matches!(party, Party::Peers | Party::Monitored)
}
