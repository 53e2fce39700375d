//! One run, folded from its events: when each step ran, what it waited for and why, how it ended. Pure.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use dependency_graph::{DependencyGraph, seconds};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::event::{Action, Change, Counts, EventKind, Outcome, Planned, RolloutEvent, Summary};

/// Reasons that are kept of one wait: those that lasted longest.
const MOST_REASONS: usize = 8;
/// Characters that are kept of a reason or message.
const LONGEST_TEXT: usize = 600;

/// What a run did, and when. Times count from its start.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunRecord {
    /// The network.
    pub network: String,
    /// What the run did with it.
    pub action: Action,
    /// The server's version.
    pub server: String,
    /// When it began, by the clock of the machine that ran it.
    pub began: Timestamp,
    /// How long it took, or takes so far.
    #[serde(with = "seconds")]
    pub duration: Duration,
    /// How it ended; `None` while it runs.
    pub outcome: Option<Outcome>,
    /// Objects by what happened to them.
    pub objects: Counts,
    /// Requests sent to the API server.
    pub requests: u64,
    /// The order in which steps were released: that of the rollout, turned round for a destruction.
    pub graph: DependencyGraph,
    /// The steps by id.
    pub steps: BTreeMap<String, StepRun>,
}

/// How a step of a run went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRun {
    /// Where it stands, or stood at the end.
    pub state: RunState,
    /// When it started.
    #[serde(with = "seconds::option", default, skip_serializing_if = "Option::is_none")]
    pub started: Option<Duration>,
    /// How long its prerequisites held before it started; `None` if it had none, or was not started.
    #[serde(with = "seconds::option", default, skip_serializing_if = "Option::is_none")]
    pub release_latency: Option<Duration>,
    /// How long it took.
    #[serde(with = "seconds")]
    pub duration: Duration,
    /// Whether it changed anything.
    pub changed: bool,
    /// Objects that it wrote or deleted.
    pub written: usize,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The failed steps because of which it was not started.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<String>,
    /// What it waited for, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waits: Vec<Wait>,
}

impl StepRun {
    /// When it ended; `None` if it never started.
    pub fn ended(&self) -> Option<Duration> {
        self.started.map(|started| started + self.duration)
    }
}

/// Where a step of a run stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Its prerequisites are not done.
    #[default]
    Waiting,
    /// It works.
    Running,
    /// Its gates are open.
    Done,
    /// It failed.
    Failed,
    /// It was begun and left.
    Interrupted,
    /// It was not begun, because a prerequisite failed or the run was stopped.
    NotStarted,
}

/// A fact that a step waited for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// The fact, e.g. `starting Deployment bank-network/auth`.
    pub wait: String,
    /// When the wait began.
    #[serde(with = "seconds")]
    pub started: Duration,
    /// How long it lasted.
    #[serde(with = "seconds")]
    pub waited: Duration,
    /// Why the fact did not hold, in the order in which the reasons were first told.
    pub reasons: Vec<Reason>,
}

/// A reason why a fact did not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// In the cluster's words.
    pub reason: String,
    /// How long it was the reason, all times together.
    #[serde(with = "seconds")]
    pub lasted: Duration,
}

/// Folds the events of one run into its record.
#[derive(Debug, Default)]
pub struct Recording {
    record: Option<RunRecord>,
    /// The reason that each step told last, and since when it holds.
    told: HashMap<String, (String, Duration)>,
}

impl Recording {
    /// What is known by now; `None` before the first event.
    pub const fn record(&self) -> Option<&RunRecord> {
        self.record.as_ref()
    }

    /// Takes in an event.
    pub fn event(&mut self, event: &RolloutEvent) {
        let now = event.elapsed;
        if let EventKind::RolloutStarted {
            network,
            server,
            action,
            steps,
            ..
        } = &event.kind
        {
            // A graph that was announced has no ring, unless somebody made the event up.
            self.record = graph(steps, *action).map(|graph| RunRecord {
                network: network.clone(),
                action: *action,
                server: server.clone(),
                began: event.at,
                duration: now,
                outcome: None,
                objects: Counts::default(),
                requests: 0,
                steps: graph
                    .nodes()
                    .map(|node| (node.id.clone(), StepRun::default()))
                    .collect(),
                graph,
            });
            return;
        }
        if let Some(record) = &mut self.record {
            record.duration = record.duration.max(now);
        }
        match &event.kind {
            EventKind::RolloutStarted { .. }
            | EventKind::RolloutStopping { .. }
            | EventKind::StepWaiting { .. } => {}
            EventKind::StepStarted {
                step,
                release_latency,
            } => self.change(step, |run| {
                run.state = RunState::Running;
                run.started = Some(now);
                run.release_latency = *release_latency;
            }),
            EventKind::ObjectApplied {
                step,
                object: _,
                change,
            } => self.change(step, |run| {
                run.written += usize::from(!matches!(change, Change::Unchanged | Change::Kept));
            }),
            EventKind::WaitStarted { step, wait } => {
                let wait = Wait {
                    wait: short(wait),
                    started: now,
                    waited: Duration::ZERO,
                    reasons: Vec::new(),
                };
                self.change(step, |run| run.waits.push(wait));
            }
            EventKind::StepProgress { step, reason } => {
                self.close_reason(step, now);
                self.told.insert(step.clone(), (short(reason), now));
            }
            EventKind::WaitEnded { step, wait, waited } => {
                self.close_reason(step, now);
                let wait = short(wait);
                self.change(step, |run| {
                    if let Some(open) = run.waits.iter_mut().rev().find(|open| open.wait == wait) {
                        open.waited = *waited;
                    }
                });
            }
            EventKind::StepDone {
                step,
                duration,
                changed,
            } => {
                self.end(step, now, RunState::Done, |run| {
                    run.duration = *duration;
                    run.changed = *changed;
                });
            }
            EventKind::StepFailed {
                step,
                duration,
                message,
                ..
            } => {
                self.end(step, now, RunState::Failed, |run| {
                    run.duration = *duration;
                    run.message = Some(short(message));
                });
            }
            EventKind::StepInterrupted { step } => self.end(step, now, RunState::Interrupted, |_| {}),
            EventKind::StepNotStarted { step, because } => self.change(step, |run| {
                run.state = RunState::NotStarted;
                run.because.extend(because.iter().cloned());
            }),
            EventKind::RolloutFinished { summary } => self.finish(summary),
        }
    }

    /// Takes in the result, which the last event repeats.
    pub(crate) fn finish(&mut self, summary: &Summary) {
        if let Some(record) = &mut self.record {
            record.outcome = Some(summary.outcome);
            record.duration = summary.duration;
            record.objects = summary.objects;
            record.requests = summary.requests;
        }
    }

    fn change(&mut self, step: &str, change: impl FnOnce(&mut StepRun)) {
        if let Some(run) = self.record.as_mut().and_then(|record| record.steps.get_mut(step)) {
            change(run);
        }
    }

    fn end(&mut self, step: &str, now: Duration, state: RunState, change: impl FnOnce(&mut StepRun)) {
        self.close_reason(step, now);
        self.change(step, |run| {
            run.state = state;
            run.duration = now.saturating_sub(run.started.unwrap_or(now));
            // What never came true was waited for until now.
            for open in run.waits.iter_mut().filter(|wait| wait.waited.is_zero()) {
                open.waited = now.saturating_sub(open.started);
            }
            change(run);
        });
    }

    /// Books the time for which the last reason held, on the wait that began last.
    fn close_reason(&mut self, step: &str, now: Duration) {
        let Some((reason, since)) = self.told.remove(step) else {
            return;
        };
        let lasted = now.saturating_sub(since);
        self.change(step, |run| {
            let Some(wait) = run.waits.last_mut() else { return };
            match wait.reasons.iter_mut().find(|known| known.reason == reason) {
                Some(known) => known.lasted += lasted,
                None => wait.reasons.push(Reason { reason, lasted }),
            }
            if wait.reasons.len() > MOST_REASONS
                && let Some(shortest) = (0..wait.reasons.len()).min_by_key(|at| wait.reasons[*at].lasted)
            {
                wait.reasons.remove(shortest);
            }
        });
    }
}

fn graph(steps: &[Planned], action: Action) -> Option<DependencyGraph> {
    let builder = steps.iter().fold(DependencyGraph::builder(), |builder, planned| {
        builder.step(planned.node.clone())
    });
    let edges = steps
        .iter()
        .flat_map(|planned| planned.prerequisites.iter().map(move |before| (planned, before)));
    let builder = edges.fold(builder, |builder, (planned, before)| match action {
        Action::RollOut => builder.edge(&before.step, &planned.node.id, &before.reason),
        Action::Destroy => builder.edge(&planned.node.id, &before.step, &before.reason),
    });
    builder.build().ok()
}

fn short(text: &str) -> String {
    if text.chars().count() > LONGEST_TEXT {
        text.chars().take(LONGEST_TEXT).chain(['…']).collect()
    } else {
        text.to_owned()
    }
}
