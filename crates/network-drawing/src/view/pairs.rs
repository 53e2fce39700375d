//! A network pair by pair, as a measure for what does without the pairs.

use graph_folding::Vertex;
use topology::connection::{Connection, ConnectionMatrix, Party};

use super::{
    actor::{Actor, Actors},
    call::Call,
    place::Place,
};

/// Client, server, and the row of the matrix with port and protocol.
pub(super) type Pair<'a> = (usize, usize, &'a Connection);

/// Every connection: those of a rule itself, or else of each who opens with each who accepts.
pub(super) fn of_matrix<'a>(matrix: &'a ConnectionMatrix, actors: &Actors) -> Vec<Pair<'a>> {
    let position = |party: &Party, other: &Party| {
        let position = actors.position(&Actor::at(party, other));
        position.expect("every end is an actor")
    };
    let is_group = |party: &Party| matches!(party, Party::Peers | Party::Monitored);
    let mut rules: Vec<&str> = Vec::new();
    let mut pairs = Vec::new();
    for Connection { id, .. } in matrix {
        if rules.contains(id) {
            continue;
        }
        rules.push(id);
        let rows: Vec<&Connection> = matrix.iter().filter(|row| row.id == *id).collect();
        let has_own = rows
            .iter()
            .any(|row| !is_group(&row.client) && !is_group(&row.server));
        for opened in rows.iter().filter(|row| !is_group(&row.client)) {
            for accepted in rows.iter().filter(|row| !is_group(&row.server)) {
                let is_pair = if has_own {
                    std::ptr::eq(*opened, *accepted)
                } else {
                    opened.number == accepted.number && opened.client != accepted.server
                };
                if is_pair {
                    let client = position(&opened.client, &accepted.server);
                    pairs.push((client, position(&accepted.server, &opened.client), *accepted));
                }
            }
        }
    }
    pairs
}

/// As whom each actor is drawn, by the pairs.
pub(super) fn folded(places: &[Place], pairs: &[Pair<'_>]) -> Vec<usize> {
    let vertices: Vec<Vertex<'_>> = places
        .iter()
        .map(|place| Vertex {
            unit: place.unit.as_deref(),
            label: place.kind,
        })
        .collect();
    let edges: Vec<_> = pairs
        .iter()
        .map(|&(client, server, row)| (client, server, (row.id, row.number)))
        .collect();
    graph_folding::fold(&vertices, &edges)
}

/// Calls as they come out where each pair is counted by itself.
pub(super) fn counted(pairs: &[Pair<'_>], places: &[Place], drawn_as: &[usize]) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    for &(client, server, row) in pairs {
        let one = Call {
            rule: row.id,
            client: drawn_as[client],
            server: drawn_as[server],
            port: row.port,
            number: row.number,
            protocol: row.protocol,
            presents: row.presents,
            purpose: row.purpose,
            count: 1,
            within_zone: places[client].zone == places[server].zone,
        };
        let known = calls.iter_mut().find(|call| Call { count: 1, ..**call } == one);
        match known {
            Some(call) => call.count += 1,
            None => calls.push(one),
        }
    }
    calls
}
