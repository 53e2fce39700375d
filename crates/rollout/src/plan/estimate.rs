//! How long a rollout will take, by how long its steps took before.

use std::collections::HashMap;
use std::time::Duration;

use dependency_graph::{DependencyGraph, seconds};
use serde::{Deserialize, Serialize};

use super::PlannedStep;

/// A duration, as far as it can be told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// Along the longest chain of the steps that have work to do.
    #[serde(with = "seconds")]
    pub duration: Duration,
    /// The steps of that chain.
    pub chain: Vec<String>,
    /// Steps with work to do that no past run tells about: it takes longer by them.
    pub unknown: Vec<String>,
}

impl Estimate {
    pub(super) fn of(graph: &DependencyGraph, steps: &[PlannedStep]) -> Self {
        let known: HashMap<&str, Duration> = steps
            .iter()
            .filter_map(|step| Some((step.id.as_str(), step.estimate?)))
            .collect();
        let unknown = steps.iter().filter(|step| {
            step.estimate.is_none()
                && !step.waits.is_empty()
                && step.objects.iter().any(|object| object.action.is_pending())
        });
        let path = graph.critical_path(|id| known.get(id).copied().unwrap_or_default());
        Self {
            duration: path.total,
            chain: path
                .steps
                .into_iter()
                .filter(|step| !step.duration.is_zero())
                .map(|step| step.id)
                .collect(),
            unknown: unknown.map(|step| step.id.clone()).collect(),
        }
    }
}
