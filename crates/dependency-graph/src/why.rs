//! Why one step waits for another.

use std::collections::{HashMap, VecDeque};

use petgraph::Direction;
use petgraph::graph::NodeIndex;

use crate::graph::{DependencyGraph, Edge};

impl DependencyGraph {
    /// The shortest chain of reasons by which `dependent` waits for `prerequisite`, beginning at `dependent`;
    /// `None` when it does not wait for it, or when either is unknown.
    pub fn why(&self, dependent: &str, prerequisite: &str) -> Option<Vec<Edge<'_>>> {
        let &goal = self.index.get(prerequisite)?;
        let &start = self.index.get(dependent)?;
        let mut came_from: HashMap<NodeIndex, NodeIndex> = HashMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(current) = queue.pop_front() {
            if current == goal {
                break;
            }
            let mut before: Vec<_> = self
                .inner
                .neighbors_directed(current, Direction::Incoming)
                .collect();
            before.sort();
            for next in before {
                if next != start && !came_from.contains_key(&next) {
                    came_from.insert(next, current);
                    queue.push_back(next);
                }
            }
        }
        let mut chain = Vec::new();
        let mut current = goal;
        while let Some(&waiting) = came_from.get(&current) {
            let edge = self.inner.find_edge(current, waiting)?;
            chain.push(Edge {
                prerequisite: &self.inner[current],
                dependent: &self.inner[waiting],
                reason: &self.inner[edge],
            });
            current = waiting;
        }
        chain.reverse();
        (!chain.is_empty()).then_some(chain)
    }
}
