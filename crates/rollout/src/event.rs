//! What a rollout tells while it works. Every reporter is a reader of these events.
//!
//! As JSON they are a contract: [`VERSION`] counts changes that an older reader would misread. New fields and new
//! types of events are no such change, so a reader ignores what it does not know. Durations are numbers of seconds.

use std::time::Duration;

use dependency_graph::{CriticalPath, Node, seconds};
use jiff::Timestamp;
use kubernetes_objects::manifest::ObjectKey;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Version of the events as JSON; the first event of a run carries it.
pub const VERSION: u32 = 1;

use crate::cause::{Blame, Root};
use crate::latency::ReleaseLatency;

/// One thing that happened.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RolloutEvent {
    /// When, by this machine's clock.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub at: Timestamp,
    /// How long after the start, in seconds.
    #[serde(with = "seconds")]
    #[schemars(with = "f64")]
    pub elapsed: Duration,
    /// What.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// The things that can happen.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EventKind {
    /// The first event: everything that will be done, by declaration.
    RolloutStarted {
        /// [`VERSION`] of these events.
        version: u32,
        /// The network.
        network: String,
        /// The server's version.
        server: String,
        /// What is about to happen.
        action: Action,
        /// The steps.
        steps: Vec<Planned>,
    },
    /// A step cannot start yet; told again when the list gets shorter.
    StepWaiting {
        /// The step.
        step: String,
        /// Prerequisites that are not done.
        on: Vec<String>,
    },
    /// A step's prerequisites hold; its work begins.
    StepStarted {
        /// The step.
        step: String,
        /// How long its prerequisites held before, in seconds: from the receipt of the event or answer that opened the
        /// last of their gates. Absent where it had none.
        #[serde(with = "seconds::option", default, skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<f64>")]
        release_latency: Option<Duration>,
    },
    /// An object was applied, or found as it should be.
    ObjectApplied {
        /// The step.
        step: String,
        /// The object.
        object: ObjectKey,
        /// What that took.
        change: Change,
    },
    /// A step waits, and this is why; told when the reason changes.
    StepProgress {
        /// The step.
        step: String,
        /// The reason.
        reason: String,
    },
    /// A step begins to wait for a fact that does not hold yet.
    WaitStarted {
        /// The step.
        step: String,
        /// The fact, e.g. `starting Deployment bank-network/auth`.
        wait: String,
    },
    /// The fact holds.
    WaitEnded {
        /// The step.
        step: String,
        /// The fact.
        wait: String,
        /// How long that took, in seconds.
        #[serde(with = "seconds")]
        #[schemars(with = "f64")]
        waited: Duration,
    },
    /// A step's gates are open.
    StepDone {
        /// The step.
        step: String,
        /// From its start, in seconds.
        #[serde(with = "seconds")]
        #[schemars(with = "f64")]
        duration: Duration,
        /// Whether it changed anything in the cluster.
        changed: bool,
    },
    /// A step failed. What depends on it will not start; the rest goes on.
    StepFailed {
        /// The step.
        step: String,
        /// From its start, in seconds.
        #[serde(with = "seconds")]
        #[schemars(with = "f64")]
        duration: Duration,
        /// One sentence: object, cause, next step.
        message: String,
        /// What is to blame.
        blame: Blame,
    },
    /// The run was asked to stop: nothing more is started, what waits is left, and requests under way are finished.
    RolloutStopping {
        /// The steps that have begun.
        running: Vec<String>,
    },
    /// A step was begun and then left because the run was interrupted.
    StepInterrupted {
        /// The step.
        step: String,
    },
    /// A step will not start in this run.
    StepNotStarted {
        /// The step.
        step: String,
        /// The failed steps that it depends on; empty when the run was interrupted.
        because: Vec<String>,
    },
    /// The end.
    RolloutFinished {
        /// The result.
        summary: Box<Summary>,
    },
}

/// What a run does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Roll out.
    RollOut,
    /// Take away.
    Destroy,
}

/// A step as announced at the start.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Planned {
    /// Id, stage, title and group.
    #[serde(flatten)]
    pub node: Node,
    /// What it depends on, with the reason each.
    pub prerequisites: Vec<Prerequisite>,
    /// How long it took last time, in seconds, if it is known.
    #[serde(with = "seconds::option", default)]
    #[schemars(with = "Option<f64>")]
    pub last_duration: Option<Duration>,
}

/// A prerequisite of a [`Planned`] step.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Prerequisite {
    /// The step that must be done.
    pub step: String,
    /// Why.
    pub reason: String,
}

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is new.
    Created,
    /// It existed and was changed.
    Configured,
    /// It was deleted and made again, because it cannot be changed or had failed.
    Recreated,
    /// It was as it should be; nothing was written.
    Unchanged,
    /// It is gone.
    Deleted,
    /// It was left although the rest is taken away.
    Kept,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every step is done.
    Done,
    /// At least one step failed.
    Failed,
    /// The run was asked to stop.
    Interrupted,
}

/// The result of a run.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// How it ended.
    pub outcome: Outcome,
    /// Who has taken the network over in the middle, which ended this run.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub lost_to: Option<String>,
    /// How long it took, in seconds.
    #[serde(with = "seconds")]
    #[schemars(with = "f64")]
    pub duration: Duration,
    /// Steps that are done.
    pub done: usize,
    /// Steps that failed, with the message each.
    pub failed: Vec<FailedStep>,
    /// The fewest things to repair: the failed steps by what is to blame.
    pub roots: Vec<Root>,
    /// Steps that were not started or not finished.
    pub not_done: Vec<String>,
    /// Objects by what happened to them.
    pub objects: Counts,
    /// Requests sent to the API server.
    pub requests: u64,
    /// What the engine did to find out how far the steps are.
    pub effort: Effort,
    /// How soon steps were released; absent where no step waited for another.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub release_latency: Option<ReleaseLatency>,
    /// How long each finished step took, by declaration.
    pub steps: Vec<StepTime>,
    /// The chain of steps that decided how long it took.
    pub critical_path: CriticalPath,
}

/// What the engine did to find out how far the steps are. Both grow with the number of steps and their changes, and
/// with nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Effort {
    /// How often it looked whether something that a step waits for is true.
    pub looks: u64,
    /// How many objects it went through for that.
    pub visited: u64,
}

/// A step that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FailedStep {
    /// The step.
    pub step: String,
    /// One sentence: object, cause, next step.
    pub message: String,
    /// What is to blame.
    pub blame: Blame,
    /// The steps that were not started because of it; what an earlier failure stopped already is told there.
    pub not_started: Vec<String>,
}

/// When a step ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepTime {
    /// The step.
    pub step: String,
    /// After the start of the run, in seconds.
    #[serde(with = "seconds")]
    #[schemars(with = "f64")]
    pub started: Duration,
    /// From its own start, in seconds.
    #[serde(with = "seconds")]
    #[schemars(with = "f64")]
    pub duration: Duration,
    /// Whether it changed anything.
    pub changed: bool,
}

/// Objects by what happened to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// New ones.
    pub created: usize,
    /// Changed ones.
    pub configured: usize,
    /// Deleted and made again.
    pub recreated: usize,
    /// As they should be.
    pub unchanged: usize,
    /// Taken away.
    pub deleted: usize,
    /// Left.
    pub kept: usize,
}

impl Counts {
    pub(crate) const fn add(&mut self, change: Change) {
        match change {
            Change::Created => self.created += 1,
            Change::Configured => self.configured += 1,
            Change::Recreated => self.recreated += 1,
            Change::Unchanged => self.unchanged += 1,
            Change::Deleted => self.deleted += 1,
            Change::Kept => self.kept += 1,
        }
    }

    /// How many objects were written or deleted.
    pub const fn written(&self) -> usize {
        self.created + self.configured + self.recreated + self.deleted
    }
}
