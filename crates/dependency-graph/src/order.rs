//! The order in which steps may run, and the ring that prevents one.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};

use petgraph::Direction;
use petgraph::algo::tarjan_scc;
use petgraph::graph::NodeIndex;

use crate::error::Link;
use crate::graph::{DependencyGraph, Node};

impl DependencyGraph {
    /// Every node after all of its prerequisites; among those that are free, the first declared comes first.
    pub fn order(&self) -> Vec<&Node> {
        self.sorted()
            .into_iter()
            .map(|index| &self.inner[index])
            .collect()
    }

    /// Every node after all of its dependents: the order in which things are taken down.
    pub fn reverse_order(&self) -> Vec<&Node> {
        let mut order = self.order();
        order.reverse();
        order
    }

    pub(crate) fn sorted(&self) -> Vec<NodeIndex> {
        let mut missing: Vec<usize> = self
            .inner
            .node_indices()
            .map(|index| self.inner.neighbors_directed(index, Direction::Incoming).count())
            .collect();
        let mut free: BinaryHeap<Reverse<NodeIndex>> = self
            .inner
            .node_indices()
            .filter(|index| missing[index.index()] == 0)
            .map(Reverse)
            .collect();
        let mut sorted = Vec::with_capacity(missing.len());
        while let Some(Reverse(index)) = free.pop() {
            sorted.push(index);
            for dependent in self.inner.neighbors_directed(index, Direction::Outgoing) {
                missing[dependent.index()] -= 1;
                if missing[dependent.index()] == 0 {
                    free.push(Reverse(dependent));
                }
            }
        }
        sorted
    }
}

/// A shortest ring through the first declared node that lies on one.
pub(crate) fn cycle(graph: &DependencyGraph) -> Option<Vec<Link>> {
    let start = tarjan_scc(&graph.inner)
        .into_iter()
        .filter(|component| component.len() > 1)
        .flatten()
        .min()?;
    // Breadth first against the edges, until the way leads back.
    let mut came_from: HashMap<NodeIndex, NodeIndex> = HashMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(current) = queue.pop_front() {
        let mut before: Vec<_> = graph
            .inner
            .neighbors_directed(current, Direction::Incoming)
            .collect();
        before.sort();
        for prerequisite in before {
            if prerequisite == start {
                return Some(unroll(graph, start, current, &came_from));
            }
            if let std::collections::hash_map::Entry::Vacant(entry) = came_from.entry(prerequisite) {
                entry.insert(current);
                queue.push_back(prerequisite);
            }
        }
    }
    None
}

fn unroll(
    graph: &DependencyGraph,
    start: NodeIndex,
    last: NodeIndex,
    came_from: &HashMap<NodeIndex, NodeIndex>,
) -> Vec<Link> {
    let mut path = vec![start, last];
    let mut current = last;
    while current != start {
        current = came_from[&current];
        path.push(current);
    }
    path.reverse();
    path.windows(2)
        .filter_map(|pair| link(graph, pair[0], pair[1]))
        .collect()
}

fn link(graph: &DependencyGraph, dependent: NodeIndex, prerequisite: NodeIndex) -> Option<Link> {
    let edge = graph.inner.find_edge(prerequisite, dependent)?;
    Some(Link {
        dependent: graph.inner[dependent].id.clone(),
        prerequisite: graph.inner[prerequisite].id.clone(),
        reason: graph.inner[edge].clone(),
    })
}
