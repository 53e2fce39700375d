//! What can end a run before it begins, and what can end a step.

use std::fmt::{self, Write};
use std::time::Duration;

use dependency_graph::GraphError;
use kubernetes_objects::manifest::ObjectKey;

use crate::binding::BindingError;
use crate::cause::{self, Blame, Cause};
use crate::cluster::{ClusterError, Right};
use crate::kinds::UnknownKind;
use crate::plan::Moved;

/// Why a run did not begin. Nothing was changed in the cluster.
#[derive(Debug, thiserror::Error)]
pub enum RolloutError {
    /// The API server does not answer.
    #[error(
        "the cluster at {address} does not answer ({cause}); start it, or choose another one with --context"
    )]
    Unreachable {
        /// Its address.
        address: String,
        /// In the words of the connection.
        cause: String,
    },
    /// The credentials were refused.
    #[error(
        "the cluster at {address} refuses the credentials of the kubeconfig ({cause}); log in again, or choose another context with --context"
    )]
    Unauthorised {
        /// Its address.
        address: String,
        /// In the server's words.
        cause: String,
    },
    /// Rights are missing.
    #[error("the kubeconfig's user may not {} on {address}; ask an administrator of the cluster for a ClusterRole with these rights", rights(.missing))]
    MissingRights {
        /// Its address.
        address: String,
        /// All that are missing.
        missing: Vec<Right>,
    },
    /// A call that every run begins with failed.
    #[error("the cluster at {address} did not {what}: {source}; try again once that is repaired")]
    Call {
        /// Its address.
        address: String,
        /// What was asked.
        what: String,
        /// The failure.
        source: ClusterError,
    },
    /// A step without a node in the graph, a node without a step, or two steps with one id.
    #[error("step `{id}` {problem}; steps and graph of a rollout must match")]
    Mismatch {
        /// The step.
        id: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Two steps apply the same object: each would undo what the other did.
    #[error("{object} is applied by step `{}` and by step `{}`; an object belongs to one step", .steps[0], .steps[1])]
    AppliedTwice {
        /// The object.
        object: Box<ObjectKey>,
        /// The steps.
        steps: [String; 2],
    },
    /// A step waits for an object that no step applies.
    #[error("step `{step}` waits for {object}, which no step applies; correct the step's gates")]
    NeverApplied {
        /// The step.
        step: String,
        /// What it waits for.
        object: ObjectKey,
    },
    /// An object that no rollout can apply.
    #[error(transparent)]
    Kind(#[from] UnknownKind),
    /// The inventory in the cluster cannot be read.
    #[error(
        "ConfigMap {object} is not an inventory that this version can read ({cause}); delete it and deploy again: objects are found by their labels"
    )]
    Inventory {
        /// Where it lies.
        object: ObjectKey,
        /// What is wrong with it.
        cause: String,
    },
    /// The graph in the inventory is broken.
    #[error("the stored graph of the network cannot be used: {0}; delete the inventory and deploy again")]
    Graph(#[from] GraphError),
    /// Another run changes the network.
    #[error(
        "network `{network}` is being changed by {holder} since {since}; wait until that run ends (`cordanetes status {network}` shows how far it is) or stop it where it runs. One that was killed gives way within seconds; {lease} names it"
    )]
    Held {
        /// The network.
        network: String,
        /// Who changes it.
        holder: String,
        /// Since when.
        since: String,
        /// The Lease by which it does.
        lease: Box<ObjectKey>,
    },
    /// Something stands in the way of what would change.
    #[error("nothing was begun, because {} cannot be applied as declared:{}", count(.refused.len()), lines(.refused))]
    Refused {
        /// What, each with what lets it.
        refused: Vec<Refusal>,
    },
    /// A plan no longer says what would happen.
    #[error("the plan of {made} is not what would happen now:{}\n  make a new one with `cordanetes plan`", lines(.moved))]
    Moved {
        /// When it was made.
        made: String,
        /// What is not as it was.
        moved: Vec<Moved>,
    },
    /// Data of something that is still declared was to be removed.
    #[error(
        "`{name}` means {object}, which is still declared, so its data is not removed; take it out of the topology first"
    )]
    StillDeclared {
        /// The name that was given.
        name: String,
        /// What it means.
        object: Box<ObjectKey>,
    },
    /// Nothing to act on.
    #[error("there is no network `{network}` on {address}; `cordanetes deploy` makes one")]
    NoNetwork {
        /// The network.
        network: String,
        /// The cluster's address.
        address: String,
    },
}

/// An object that would not be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The object.
    pub object: ObjectKey,
    /// What stands in the way.
    pub reason: String,
    /// What to do about it.
    pub way_on: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            object,
            reason,
            way_on,
        } = self;
        write!(formatter, "{object}: {reason}; {way_on}")
    }
}

fn lines(items: &[impl fmt::Display]) -> String {
    items.iter().fold(String::new(), |mut text, item| {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n  {item}");
        text
    })
}

fn count(objects: usize) -> String {
    match objects {
        1 => "one object".to_owned(),
        more => format!("{more} objects"),
    }
}

impl RolloutError {
    pub(crate) fn of_call(address: &str, what: &str, source: ClusterError) -> Self {
        let address = address.to_owned();
        match source {
            ClusterError::Unreachable { cause } => Self::Unreachable { address, cause },
            ClusterError::Unauthorised { cause } => Self::Unauthorised { address, cause },
            source => Self::Call {
                address,
                what: what.to_owned(),
                source,
            },
        }
    }
}

/// `create and patch pods, list secrets`, grouped by resource.
fn rights(missing: &[Right]) -> String {
    let mut by_resource: Vec<(String, Vec<&str>)> = Vec::new();
    for right in missing {
        let group = if right.group.is_empty() {
            String::new()
        } else {
            format!(".{}", right.group)
        };
        let resource = format!("{}{group}", right.resource);
        match by_resource.iter_mut().find(|(known, _)| *known == resource) {
            Some((_, verbs)) => verbs.push(right.verb),
            None => by_resource.push((resource, vec![right.verb])),
        }
    }
    let told: Vec<String> = by_resource
        .into_iter()
        .map(|(resource, verbs)| format!("{} {resource}", verbs.join("/")))
        .collect();
    told.join(", ")
}

/// Why a step failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StepFailure {
    #[error("{object} was not {what}: {source}; {}", next_step(.source))]
    Call {
        object: String,
        what: &'static str,
        source: ClusterError,
    },
    #[error("{object} was not applied: {source}; deploy again once that is corrected")]
    Binding { object: String, source: BindingError },
    #[error("{object} is not ready: {account}; deploy again once that is corrected")]
    Hopeless { object: String, account: Box<Account> },
    #[error("{what} made no progress for {}: {}{}{}; deploy again to go on waiting", seconds(*.quiet), .account.told(), moved(.last.as_deref()), log(&.account.last_words))]
    Stalled {
        what: String,
        quiet: Duration,
        last: Option<String>,
        account: Box<Account>,
    },
    #[error("{what} took longer than {}: {}{}{}; deploy again to go on waiting", seconds(*.limit), .account.told(), moved(.last.as_deref()), log(&.account.last_words))]
    Overdue {
        what: String,
        limit: Duration,
        last: Option<String>,
        account: Box<Account>,
    },
    #[error("{object} failed: {account}; deploy again once that is corrected, it is then run again")]
    JobFailed { object: String, account: Box<Account> },
    #[error("{object} handed over {path}, {problem}; correct what it runs and deploy again")]
    Output {
        object: String,
        path: String,
        problem: String,
    },
    #[error("{object} completed without handing over its files; its container must wait for the pipe")]
    NothingHandedOver { object: String },
    #[error("the step's task ended unexpectedly: {0}; deploy again, and report this")]
    Defect(String),
    /// The run was asked to stop; told apart from failures.
    #[error(
        "{object} was left as it was, because {down} is not back after its change; make that right, then deploy again"
    )]
    NotItsTurn { object: String, down: String },
    #[error("the run was interrupted")]
    Interrupted,
}

impl StepFailure {
    /// What is to blame.
    pub(crate) fn blame(&self) -> Blame {
        match self {
            Self::Call { object, source, .. } => of_call(object, source),
            Self::Binding { object, .. } => Blame::new(Cause::Configuration, object),
            Self::Hopeless { account, .. }
            | Self::Stalled { account, .. }
            | Self::Overdue { account, .. }
            | Self::JobFailed { account, .. } => account.blame.clone(),
            Self::Output { object, .. } | Self::NothingHandedOver { object } => {
                Blame::new(Cause::Output, object)
            }
            Self::NotItsTurn { .. } => Blame::new(Cause::Slow, "the restart of another stateful component"),
            Self::Defect(words) => Blame::new(Cause::Defect, words),
            Self::Interrupted => Blame::new(Cause::Slow, "the interrupted run"),
        }
    }
}

fn of_call(object: &str, source: &ClusterError) -> Blame {
    let of_words =
        |words: &str, otherwise| cause::refused(words).unwrap_or_else(|| Blame::new(otherwise, object));
    match source {
        ClusterError::Unreachable { .. } | ClusterError::Unreadable { .. } => {
            Blame::new(Cause::Cluster, "the API server")
        }
        ClusterError::Busy { cause, .. } => {
            cause::refused(cause).unwrap_or_else(|| Blame::new(Cause::Cluster, "the API server"))
        }
        ClusterError::Unauthorised { .. } => Blame::new(Cause::Permission, "the user's credentials"),
        // `… is forbidden: User "x" cannot patch resource …` against `… is forbidden: exceeded quota …`.
        ClusterError::Forbidden { cause } if cause.contains("User \"") && cause.contains(" cannot ") => {
            Blame::new(Cause::Permission, "the user's rights")
        }
        ClusterError::Forbidden { cause } => of_words(cause, Cause::Permission),
        ClusterError::Invalid { cause } => of_words(cause, Cause::Admission),
        ClusterError::Conflict(_) | ClusterError::Overtaken { .. } => Blame::new(Cause::Conflict, object),
        ClusterError::Immutable { .. } => Blame::new(Cause::Immutable, object),
        ClusterError::NotFound { cause } => Blame::new(Cause::Configuration, cause),
        ClusterError::Pod { .. } => Blame::new(Cause::Gate, object),
    }
}

/// What is known about a failure besides the object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    /// What keeps it.
    pub(crate) reason: String,
    /// What the log and the policies say about that; empty if nothing.
    pub(crate) hint: String,
    /// The end of the log; empty if there is none.
    pub(crate) last_words: String,
    /// Who is to blame.
    pub(crate) blame: Blame,
}

impl Account {
    /// All but the log.
    fn told(&self) -> String {
        if self.hint.is_empty() {
            self.reason.clone()
        } else {
            format!("{}; by its log, {}", self.reason, self.hint)
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.told(), log(&self.last_words))
    }
}

const fn next_step(source: &ClusterError) -> &'static str {
    match source {
        ClusterError::Conflict(_) => {
            "let that manager give the field up, or take it over with --take-ownership and the object's name, as KIND/NAMESPACE/NAME"
        }
        ClusterError::Immutable { .. } => {
            "`cordanetes plan` shows the field and what it costs to make the object anew with --recreate"
        }
        ClusterError::Forbidden { .. } => "ask for the right or the quota, then deploy again",
        ClusterError::Invalid { .. } => "correct the topology, then deploy again",
        _ => "deploy again to go on from here",
    }
}

fn seconds(limit: Duration) -> String {
    format!("{} s", limit.as_secs())
}

fn moved(last: Option<&str>) -> String {
    last.map_or_else(String::new, |last| format!("; what moved last: {last}"))
}

fn log(last_words: &str) -> String {
    let mut text = String::new();
    let lines: Vec<&str> = last_words
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect();
    if !lines.is_empty() {
        // Writing to a string cannot fail.
        let _ = write!(text, "; its log ends with:\n  {}\n", lines.join("\n  "));
    }
    text
}
