//! Collects nodes and edges, then checks the whole.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use petgraph::graph::DiGraph;

use crate::error::GraphError;
use crate::graph::{DependencyGraph, Node};
use crate::order;

/// Collects nodes and edges in any order; [`Builder::build`] checks them.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    nodes: Vec<Node>,
    edges: Vec<(String, String, String)>,
}

impl Builder {
    /// Adds a step.
    #[must_use]
    pub fn step(mut self, node: Node) -> Self {
        self.nodes.push(node);
        self
    }

    /// Says that `dependent` waits for `prerequisite`, and why. A second edge between the same two adds its
    /// reason to the first.
    #[must_use]
    pub fn edge(
        mut self,
        prerequisite: impl Into<String>,
        dependent: impl Into<String>,
        reason: impl Into<String>,
    ) -> Self {
        self.edges
            .push((prerequisite.into(), dependent.into(), reason.into()));
        self
    }

    /// Checks the whole and makes the graph.
    pub fn build(self) -> Result<DependencyGraph, GraphError> {
        let mut inner = DiGraph::with_capacity(self.nodes.len(), self.edges.len());
        let mut index = HashMap::with_capacity(self.nodes.len());
        for node in self.nodes {
            let id = node.id.clone();
            if index.contains_key(&id) {
                return Err(GraphError::DuplicateStep { id });
            }
            index.insert(id, inner.add_node(node));
        }
        // Not `find_edge`, which walks all edges of an end: most steps hang on a few.
        let mut known = HashMap::with_capacity(self.edges.len());
        for (prerequisite, dependent, reason) in self.edges {
            let end = |id: &str| {
                index.get(id).copied().ok_or_else(|| GraphError::UnknownStep {
                    id: id.to_owned(),
                    prerequisite: prerequisite.clone(),
                    dependent: dependent.clone(),
                    reason: reason.clone(),
                })
            };
            let (from, to) = (end(&prerequisite)?, end(&dependent)?);
            if from == to {
                return Err(GraphError::SelfDependency {
                    id: dependent,
                    reason,
                });
            }
            match known.entry((from, to)) {
                Entry::Vacant(vacant) => {
                    vacant.insert(inner.add_edge(from, to, reason));
                }
                Entry::Occupied(edge) => {
                    let reasons: &mut String = &mut inner[*edge.get()];
                    if !reasons.split("; ").any(|one| one == reason) {
                        reasons.push_str("; ");
                        reasons.push_str(&reason);
                    }
                }
            }
        }
        let graph = DependencyGraph { inner, index };
        match order::cycle(&graph) {
            Some(links) => Err(GraphError::Cycle { links }),
            None => Ok(graph),
        }
    }
}
