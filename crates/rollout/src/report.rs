//! What a run says about itself: who ran when, what decided how long it took, what each wait cost, and what it would
//! save if one edge were not there. Pure: from a [`RunRecord`], and so from events.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use dependency_graph::{Saving, seconds};
use jiff::Timestamp;
use serde::Serialize;

use crate::event::{Action, Counts, Outcome};
use crate::history::{Reason, RunRecord, RunState, StepRun, Wait};
use crate::latency::ReleaseLatency;

/// A run, explained. Times count from its start.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The network.
    pub network: String,
    /// What the run did with it.
    pub action: Action,
    /// How it ended; `None` if it still runs.
    pub outcome: Option<Outcome>,
    /// When it began.
    pub began: Timestamp,
    /// How long it took.
    #[serde(with = "seconds")]
    pub duration: Duration,
    /// Objects by what happened to them.
    pub objects: Counts,
    /// Requests sent to the API server.
    pub requests: u64,
    /// How soon steps were released; `None` where none waited for another, or the run was not measured.
    pub release_latency: Option<ReleaseLatency>,
    /// Every step: groups in the order in which they were declared, in each by start; what never started last.
    pub steps: Vec<StepReport>,
    /// The chain of steps that decided the duration, first step first.
    pub critical_path: Vec<Link>,
    /// Every wait, the one that cost the run most first.
    pub waits: Vec<LostTime>,
    /// The edges without which the run would have been shorter, if nothing else had changed; the dearest first.
    pub savings: Vec<Saving>,
}

/// A step of a [`Report`].
#[derive(Clone, Debug, Serialize)]
pub struct StepReport {
    /// Its id.
    pub id: String,
    /// What a person reads.
    pub title: String,
    /// Bootstrap stage; empty where there is none.
    pub stage: String,
    /// The group under which it is told.
    pub group: String,
    /// Whether it is part of the critical path.
    pub critical: bool,
    /// How much longer it could have taken without making the run longer.
    #[serde(with = "seconds")]
    pub slack: Duration,
    /// The prerequisite that was done last, which released it.
    pub released_by: Option<Release>,
    /// How it went.
    #[serde(flatten)]
    pub run: StepRun,
}

/// What a step waited for last before it could start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Release {
    /// The step that was done last.
    pub step: String,
    /// Why it was waited for.
    pub reason: String,
}

/// A step of the critical path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The step.
    pub step: String,
    /// What a person reads.
    pub title: String,
    /// How long it took.
    #[serde(with = "seconds")]
    pub duration: Duration,
    /// Why it had to wait for the link before; empty for the first.
    pub reason: String,
}

/// A wait and its cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LostTime {
    /// The step that waited.
    pub step: String,
    /// For what.
    pub wait: String,
    /// How long.
    #[serde(with = "seconds")]
    pub waited: Duration,
    /// By how much the run would have been shorter had the fact held at once.
    #[serde(with = "seconds")]
    pub cost: Duration,
    /// Why it did not hold.
    pub reasons: Vec<Reason>,
}

impl Report {
    /// Explains a run.
    pub fn of(record: &RunRecord) -> Self {
        let duration = |id: &str| record.steps.get(id).map_or(Duration::ZERO, |run| run.duration);
        let path = record.graph.critical_path(duration);
        let critical: HashSet<&str> = path.steps.iter().map(|step| step.id.as_str()).collect();
        let slack = record.graph.slack(duration);
        let slack = |id: &str| slack.get(id).copied().unwrap_or_default();
        let title = |id: &str| {
            record
                .graph
                .node(id)
                .map_or_else(|| id.to_owned(), |node| node.title.clone())
        };
        let mut steps: Vec<StepReport> = record
            .graph
            .nodes()
            .map(|node| StepReport {
                id: node.id.clone(),
                title: node.title.clone(),
                stage: node.stage.clone(),
                group: node.group.clone(),
                critical: critical.contains(node.id.as_str()),
                slack: slack(&node.id),
                released_by: release(record, &node.id),
                run: record.steps.get(&node.id).cloned().unwrap_or_default(),
            })
            .collect();
        by_group_and_start(&mut steps);
        let chain = path.steps.iter().enumerate().map(|(position, link)| {
            let before = position
                .checked_sub(1)
                .map(|before| path.steps[before].id.as_str());
            Link {
                step: link.id.clone(),
                title: title(&link.id),
                duration: link.duration,
                reason: before
                    .map(|before| reason(record, before, &link.id))
                    .unwrap_or_default(),
            }
        });
        let critical_path = chain.collect();
        Self {
            network: record.network.clone(),
            action: record.action,
            outcome: record.outcome,
            began: record.began,
            duration: record.duration,
            objects: record.objects,
            requests: record.requests,
            release_latency: ReleaseLatency::of(
                record
                    .steps
                    .iter()
                    .filter_map(|(id, run)| Some((id.as_str(), run.release_latency?))),
            ),
            critical_path,
            waits: waits(&steps),
            savings: record.graph.savings(duration),
            steps,
        }
    }

    /// How many steps are in this state.
    pub fn count(&self, state: RunState) -> usize {
        self.steps.iter().filter(|step| step.run.state == state).count()
    }
}

fn by_group_and_start(steps: &mut [StepReport]) {
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    for step in steps.iter() {
        let next = groups.len();
        groups.entry(step.group.clone()).or_insert(next);
    }
    // Stable: steps that start at once stay as declared.
    steps.sort_by_key(|step| (groups[&step.group], step.run.started.unwrap_or(Duration::MAX)));
}

/// The prerequisite that ended last; nothing for a step that never started.
fn release(record: &RunRecord, id: &str) -> Option<Release> {
    record.steps.get(id)?.started?;
    let before = record.graph.prerequisites(id);
    let ended = |step: &str| record.steps.get(step).and_then(StepRun::ended);
    let last = before
        .into_iter()
        .max_by_key(|edge| ended(&edge.prerequisite.id))?;
    Some(Release {
        step: last.prerequisite.id.clone(),
        reason: last.reason.to_owned(),
    })
}

fn reason(record: &RunRecord, before: &str, id: &str) -> String {
    let edges = record.graph.prerequisites(id);
    let edge = edges.iter().find(|edge| edge.prerequisite.id == before);
    edge.map(|edge| edge.reason.to_owned()).unwrap_or_default()
}

fn waits(steps: &[StepReport]) -> Vec<LostTime> {
    let of = |step: &StepReport, wait: &Wait| LostTime {
        step: step.id.clone(),
        wait: wait.wait.clone(),
        waited: wait.waited,
        cost: wait.waited.saturating_sub(step.slack),
        reasons: wait.reasons.clone(),
    };
    let mut waits: Vec<LostTime> = steps
        .iter()
        .flat_map(|step| step.run.waits.iter().map(move |wait| of(step, wait)))
        .collect();
    waits.sort_by_key(|wait| std::cmp::Reverse((wait.cost, wait.waited)));
    waits
}
