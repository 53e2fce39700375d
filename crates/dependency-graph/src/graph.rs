//! The graph itself and its plain look-ups.

use std::collections::HashMap;

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::builder::Builder;
use crate::stored::Stored;

/// A step as the graph sees it: what it is called, not what it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Node {
    /// Unique in the graph, e.g. `identity-manager`.
    pub id: String,
    /// Bootstrap stage, e.g. `B11`; empty where there is none.
    pub stage: String,
    /// What a person reads, e.g. `Identity Manager runs`.
    pub title: String,
    /// Namespace or component; nodes of one group share a colour in drawings.
    pub group: String,
}

/// One dependency: `dependent` may start once `prerequisite` is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge<'graph> {
    /// What must be done first.
    pub prerequisite: &'graph Node,
    /// What waits for it.
    pub dependent: &'graph Node,
    /// Why, as the second half of "it waits because …".
    pub reason: &'graph str,
}

/// Steps and their dependencies, free of cycles.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct DependencyGraph {
    pub(crate) inner: DiGraph<Node, String>,
    pub(crate) index: HashMap<String, NodeIndex>,
}

impl DependencyGraph {
    /// Starts a new graph.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.inner.node_count()
    }

    /// Whether there are no nodes at all.
    pub fn is_empty(&self) -> bool {
        self.inner.node_count() == 0
    }

    /// The node with this id.
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.index.get(id).map(|&index| &self.inner[index])
    }

    /// All nodes, in the order in which they were declared.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.inner.node_weights()
    }

    /// All edges, in the order in which they were declared.
    pub fn edges(&self) -> impl Iterator<Item = Edge<'_>> {
        self.inner.edge_references().map(|edge| Edge {
            prerequisite: &self.inner[edge.source()],
            dependent: &self.inner[edge.target()],
            reason: edge.weight(),
        })
    }

    /// What must be done before `id`, by declaration; nothing for an unknown id.
    pub fn prerequisites(&self, id: &str) -> Vec<Edge<'_>> {
        self.neighbours(id, Direction::Incoming)
    }

    /// What waits for `id`, by declaration; nothing for an unknown id.
    pub fn dependents(&self, id: &str) -> Vec<Edge<'_>> {
        self.neighbours(id, Direction::Outgoing)
    }

    fn neighbours(&self, id: &str, direction: Direction) -> Vec<Edge<'_>> {
        let Some(&index) = self.index.get(id) else {
            return Vec::new();
        };
        let mut found: Vec<_> = self.inner.edges_directed(index, direction).collect();
        found.sort_by_key(|edge| match direction {
            Direction::Incoming => edge.source(),
            Direction::Outgoing => edge.target(),
        });
        found
            .into_iter()
            .map(|edge| Edge {
                prerequisite: &self.inner[edge.source()],
                dependent: &self.inner[edge.target()],
                reason: edge.weight(),
            })
            .collect()
    }
}
