//! Which actors are drawn as one.

use std::iter;

use graph_folding::Vertex;

use super::{
    place::Place,
    rule::{Rule, Single},
};

/// Client, server, and what tells one connection from another: the rule and the port's number.
pub(super) type Edge = (usize, usize, (&'static str, u16));

/// As whom each actor is drawn.
pub(super) fn folded(places: &[Place], rules: &[Rule<'_>]) -> Vec<usize> {
    let actors = places.iter().map(|place| Vertex {
        unit: place.unit.as_deref(),
        label: place.kind,
    });
    // It has no unit, so that no actor is equal to it.
    let hub = Vertex {
        unit: None,
        label: "hub",
    };
    let vertices: Vec<Vertex<'_>> = actors.chain(iter::once(hub)).collect();
    let mut drawn_as = graph_folding::fold(&vertices, &edges(rules, places.len()));
    drawn_as.truncate(places.len());
    drawn_as
}

/// The connections as edges. One hub does for every mesh, since an edge's label tells the rule and the number.
pub(super) fn edges(rules: &[Rule<'_>], hub: usize) -> Vec<Edge> {
    let mut edges = Vec::new();
    for rule in rules {
        match rule {
            Rule::Direct(singles) => {
                let edge = |it: &Single<'_>| (it.client, it.server, (it.row.id, it.row.number));
                edges.extend(singles.iter().map(edge));
            }
            Rule::Mesh(mesh) => edges.extend(mesh.edges(hub)),
        }
    }
    edges
}
