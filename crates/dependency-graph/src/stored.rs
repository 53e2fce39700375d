//! The form in which a graph is kept, e.g. in a cluster; reading it back checks it again.

use serde::{Deserialize, Serialize};

use crate::builder::Builder;
use crate::error::GraphError;
use crate::graph::{DependencyGraph, Node};

#[derive(Serialize, Deserialize)]
pub(crate) struct Stored {
    steps: Vec<Node>,
    edges: Vec<StoredEdge>,
}

#[derive(Serialize, Deserialize)]
struct StoredEdge {
    prerequisite: String,
    dependent: String,
    reason: String,
}

impl From<DependencyGraph> for Stored {
    fn from(graph: DependencyGraph) -> Self {
        let edges = graph
            .edges()
            .map(|edge| StoredEdge {
                prerequisite: edge.prerequisite.id.clone(),
                dependent: edge.dependent.id.clone(),
                reason: edge.reason.to_owned(),
            })
            .collect();
        Self {
            steps: graph.nodes().cloned().collect(),
            edges,
        }
    }
}

impl TryFrom<Stored> for DependencyGraph {
    type Error = GraphError;

    fn try_from(stored: Stored) -> Result<Self, GraphError> {
        let builder = stored.steps.into_iter().fold(Builder::default(), Builder::step);
        stored
            .edges
            .into_iter()
            .fold(builder, |builder, edge| {
                builder.edge(edge.prerequisite, edge.dependent, edge.reason)
            })
            .build()
    }
}
