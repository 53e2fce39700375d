//! The chain of steps that decides how long the whole takes.

use std::time::Duration;

use petgraph::Direction;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::graph::DependencyGraph;
use crate::seconds;

/// The longest chain of a graph whose nodes take time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CriticalPath {
    /// The chain, first step first.
    pub steps: Vec<TimedNode>,
    /// Sum of the chain.
    #[serde(with = "seconds")]
    #[schemars(with = "f64")]
    pub total: Duration,
}

/// A step of a [`CriticalPath`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TimedNode {
    /// The node's id.
    pub id: String,
    /// How long it takes.
    #[serde(with = "seconds")]
    #[schemars(with = "f64")]
    pub duration: Duration,
}

impl DependencyGraph {
    /// The chain that takes longest if every step starts the moment its prerequisites are done.
    pub fn critical_path(&self, duration: impl Fn(&str) -> Duration) -> CriticalPath {
        let mut finish = vec![Duration::ZERO; self.inner.node_count()];
        let mut decided_by = vec![None; self.inner.node_count()];
        let mut last = None;
        for index in self.sorted() {
            let slowest = self
                .inner
                .neighbors_directed(index, Direction::Incoming)
                .max_by_key(|before| (finish[before.index()], std::cmp::Reverse(before.index())));
            let start = slowest.map_or(Duration::ZERO, |before| finish[before.index()]);
            decided_by[index.index()] = slowest;
            finish[index.index()] = start + duration(&self.inner[index].id);
            if last
                .is_none_or(|best: petgraph::graph::NodeIndex| finish[index.index()] > finish[best.index()])
            {
                last = Some(index);
            }
        }
        let total = last.map_or(Duration::ZERO, |index| finish[index.index()]);
        let mut steps = Vec::new();
        while let Some(index) = last {
            let id = self.inner[index].id.clone();
            let duration = duration(&id);
            steps.push(TimedNode { id, duration });
            last = decided_by[index.index()];
        }
        steps.reverse();
        CriticalPath { steps, total }
    }
}
