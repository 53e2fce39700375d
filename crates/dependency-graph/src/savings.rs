//! What each step has to spare, and what each edge costs.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

use petgraph::Direction;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::graph::DependencyGraph;
use crate::seconds;

/// What a run would save if one edge were not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Saving {
    /// Id of the step that is waited for.
    pub prerequisite: String,
    /// Id of the step that waits.
    pub dependent: String,
    /// Why it waits.
    pub reason: String,
    /// How much shorter the whole would be, in seconds.
    #[serde(with = "seconds")]
    #[schemars(with = "f64")]
    pub saves: Duration,
}

/// How much longer each step could take without making the whole longer, by its id.
pub type Slack = BTreeMap<String, Duration>;

/// The schedule in which every step starts the moment its prerequisites are done.
struct Schedule {
    order: Vec<NodeIndex>,
    /// When each node is done, by index.
    finish: Vec<Duration>,
    /// How long the longest chain is that begins with each node, by index.
    tail: Vec<Duration>,
}

impl Schedule {
    fn total(&self) -> Duration {
        self.finish.iter().max().copied().unwrap_or_default()
    }
}

impl DependencyGraph {
    fn schedule(&self, duration: impl Fn(&str) -> Duration) -> Schedule {
        let order: Vec<NodeIndex> = self.sorted().into_iter().collect();
        let longest = |times: &[Duration], node, direction| {
            let near = self.inner.neighbors_directed(node, direction);
            near.map(|near| times[near.index()]).max().unwrap_or_default()
        };
        let mut finish = vec![Duration::ZERO; order.len()];
        let mut tail = vec![Duration::ZERO; order.len()];
        for &node in &order {
            let before = longest(&finish, node, Direction::Incoming);
            finish[node.index()] = before + duration(&self.inner[node].id);
        }
        for &node in order.iter().rev() {
            let after = longest(&tail, node, Direction::Outgoing);
            tail[node.index()] = after + duration(&self.inner[node].id);
        }
        Schedule { order, finish, tail }
    }

    /// How much longer each step could take; nothing for the steps of the critical path.
    pub fn slack(&self, duration: impl Fn(&str) -> Duration) -> Slack {
        let schedule = self.schedule(&duration);
        let total = schedule.total();
        let of = |node: &NodeIndex| {
            let id = &self.inner[*node].id;
            let through = schedule.finish[node.index()] + schedule.tail[node.index()];
            (id.clone(), (total + duration(id)).saturating_sub(through))
        };
        schedule.order.iter().map(of).collect()
    }

    /// The edges without which the whole would take less time, those that save most first.
    ///
    /// Every chain crosses the cut behind a node by at most one edge. So the longest chain without a given edge is
    /// the longest that crosses the cut behind the edge's prerequisite by another edge, ends before the cut, or
    /// begins behind it. One sweep over the cuts answers for all edges, in `O(E log E)`.
    pub fn savings(&self, duration: impl Fn(&str) -> Duration) -> Vec<Saving> {
        let schedule = self.schedule(&duration);
        let total = schedule.total();
        let (finish, tail) = (&schedule.finish, &schedule.tail);
        // The longest chain within what lies behind each cut.
        let mut behind = vec![Duration::ZERO; schedule.order.len() + 1];
        for (position, node) in schedule.order.iter().enumerate().rev() {
            behind[position] = behind[position + 1].max(tail[node.index()]);
        }
        let mut before = Duration::ZERO;
        // The edges over the present cut, the longest chain through them first.
        let mut crossing = std::collections::BTreeSet::new();
        let mut savings = Vec::new();
        for (position, &node) in schedule.order.iter().enumerate() {
            before = before.max(finish[node.index()]);
            for edge in self.inner.edges_directed(node, Direction::Incoming) {
                let through = finish[edge.source().index()] + tail[node.index()];
                crossing.remove(&(Reverse(through), edge.id()));
            }
            for edge in self.inner.edges(node) {
                let through = finish[node.index()] + tail[edge.target().index()];
                crossing.insert((Reverse(through), edge.id()));
            }
            for edge in self.inner.edges(node) {
                let through = finish[node.index()] + tail[edge.target().index()];
                if through < total {
                    continue;
                }
                let other = crossing.iter().find(|(_, id)| *id != edge.id());
                let other = other.map_or(Duration::ZERO, |(Reverse(through), _)| *through);
                let without = other.max(before).max(behind[position + 1]);
                if without < total {
                    savings.push(Saving {
                        prerequisite: self.inner[edge.source()].id.clone(),
                        dependent: self.inner[edge.target()].id.clone(),
                        reason: edge.weight().clone(),
                        saves: total.saturating_sub(without),
                    });
                }
            }
        }
        // Equal savings stay in the order of the graph.
        savings.sort_by_key(|saving| Reverse(saving.saves));
        savings
    }
}
