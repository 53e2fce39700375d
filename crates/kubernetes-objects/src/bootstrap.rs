//! The bootstrap of a network as a graph: the steps B0 to B24 of the reference §5.1, with the edges that the
//! product demands and those that follow from the connection matrix.

mod edges;
mod kind;

use dependency_graph::{DependencyGraph, GraphError, Node};
pub use kind::StepKind;
use topology::{Topology, connection::ConnectionMatrix};

/// The graph of a network's rollout. It needs no keys and no cluster.
///
/// # Errors
/// The table of edges contradicts itself, which no topology should bring about.
pub fn graph(topology: &Topology) -> Result<DependencyGraph, GraphError> {
    let kinds = StepKind::all(topology);
    let matrix = ConnectionMatrix::of(topology);
    let mut builder = DependencyGraph::builder();
    for kind in &kinds {
        builder = builder.step(Node {
            id: kind.id(),
            stage: kind.stage().to_owned(),
            title: kind.title(),
            group: kind.namespace().map_or_else(
                || "operator".to_owned(),
                |namespace| namespace.name(&topology.name),
            ),
        });
    }
    for edge in edges::all(&kinds, topology, &matrix) {
        builder = builder.edge(edge.prerequisite.id(), edge.dependent.id(), edge.reason);
    }
    builder.build()
}
