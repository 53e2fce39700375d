//! Which step may start when: pure bookkeeping over the graph, for rolling out and, turned round, for destroying.

use std::collections::{BTreeSet, HashMap, HashSet};

use dependency_graph::DependencyGraph;
use tokio::time::Instant;

/// What is left to do, and who waits for whom.
pub(crate) struct Schedule {
    order: Vec<String>,
    rank: HashMap<String, usize>,
    waiting_for: HashMap<String, BTreeSet<String>>,
    releases: HashMap<String, Vec<String>>,
    impossible: HashSet<String>,
    /// When the last of the prerequisites that are done had its gates open.
    opened: HashMap<String, Instant>,
    /// How many steps each was last said to wait for.
    told: HashMap<String, usize>,
}

/// A list of at most so many steps is told again at every change, a longer one when half of it is left: a step that
/// waits for thousands would otherwise name millions.
const SHORT: usize = 8;

/// What the end of one step means for another.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Released {
    /// It may start, since this moment.
    Free(String, Instant),
    /// It waits for these only.
    Waits(String, Vec<String>),
}

impl Schedule {
    /// Prerequisites first.
    pub(crate) fn forwards(graph: &DependencyGraph) -> Self {
        Self::new(graph, |edge| {
            (edge.prerequisite.id.clone(), edge.dependent.id.clone())
        })
    }

    /// Dependents first.
    pub(crate) fn backwards(graph: &DependencyGraph) -> Self {
        Self::new(graph, |edge| {
            (edge.dependent.id.clone(), edge.prerequisite.id.clone())
        })
    }

    fn new(graph: &DependencyGraph, turn: impl Fn(dependency_graph::Edge<'_>) -> (String, String)) -> Self {
        let order: Vec<String> = graph.order().into_iter().map(|node| node.id.clone()).collect();
        let mut waiting_for: HashMap<String, BTreeSet<String>> =
            order.iter().map(|id| (id.clone(), BTreeSet::new())).collect();
        let mut releases: HashMap<String, Vec<String>> = HashMap::new();
        for edge in graph.edges() {
            let (first, then) = turn(edge);
            waiting_for.entry(then.clone()).or_default().insert(first.clone());
            releases.entry(first).or_default().push(then);
        }
        let rank = order
            .iter()
            .enumerate()
            .map(|(rank, id)| (id.clone(), rank))
            .collect();
        Self {
            order,
            rank,
            told: waiting_for
                .iter()
                .map(|(id, on)| (id.clone(), on.len()))
                .collect(),
            waiting_for,
            releases,
            impossible: HashSet::new(),
            opened: HashMap::new(),
        }
    }

    /// What may start at once.
    pub(crate) fn free(&self) -> Vec<String> {
        self.order
            .iter()
            .filter(|id| self.waiting_for[*id].is_empty())
            .cloned()
            .collect()
    }

    /// What still waits, and for what.
    pub(crate) fn waiting(&self) -> Vec<(String, Vec<String>)> {
        self.order
            .iter()
            .filter(|id| !self.waiting_for[*id].is_empty())
            .map(|id| (id.clone(), self.waits(id)))
            .collect()
    }

    fn waits(&self, id: &str) -> Vec<String> {
        self.waiting_for.get(id).into_iter().flatten().cloned().collect()
    }

    /// A step is done, whose gates were `opened` then: who may start now, and who waits for so much less that it is
    /// worth telling.
    pub(crate) fn done(&mut self, id: &str, opened: Instant) -> Vec<Released> {
        let mut released = Vec::new();
        for dependent in self.releases.remove(id).unwrap_or_default() {
            let Some(waits) = self.waiting_for.get_mut(&dependent) else {
                continue;
            };
            waits.remove(id);
            let left = waits.len();
            let before = self.opened.get(&dependent).copied();
            let last = before.map_or(opened, |before| before.max(opened));
            self.opened.insert(dependent.clone(), last);
            if self.impossible.contains(&dependent) {
                continue;
            }
            if left == 0 {
                released.push(Released::Free(dependent, last));
            } else if left <= SHORT || self.told.get(&dependent).is_some_and(|told| left * 2 <= *told) {
                self.told.insert(dependent.clone(), left);
                let waits = self.waits(&dependent);
                released.push(Released::Waits(dependent, waits));
            }
        }
        released
    }

    /// A step failed: everything behind it that has become impossible by that.
    pub(crate) fn failed(&mut self, id: &str) -> Vec<String> {
        let mut lost = Vec::new();
        let mut queue = self.releases.remove(id).unwrap_or_default();
        while let Some(next) = queue.pop() {
            if self.impossible.insert(next.clone()) {
                queue.extend(self.releases.remove(&next).unwrap_or_default());
                lost.push(next);
            }
        }
        lost.sort_by_key(|id| self.rank.get(id).copied());
        lost
    }
}
