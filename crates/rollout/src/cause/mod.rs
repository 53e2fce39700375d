//! What stopped a step, as a kind that programs can act on, and the few things behind many failures.

mod connection;
mod log;
mod warning;

use std::collections::{HashMap, HashSet};
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use self::connection::{Refusal, verdict};
pub(crate) use self::log::{Trouble, recognise};
pub(crate) use self::warning::{missing, of_scheduler, of_warning, refused};
use crate::event::FailedStep;

/// The kinds of things that stop a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// An image cannot be pulled.
    ImagePull,
    /// A container ends with an error.
    Crash,
    /// A container used more memory than its limit.
    OutOfMemory,
    /// No node takes a Pod.
    Unschedulable,
    /// A quota of the namespace is used up.
    Quota,
    /// The API server or one of its webhooks does not admit an object.
    Admission,
    /// No policy lets a connection through.
    Policy,
    /// A connection that the policies allow is not answered.
    Connection,
    /// A certificate or key store is not accepted.
    Certificate,
    /// A product does not answer as it should.
    Gate,
    /// A volume is not provisioned, attached or mounted.
    Volume,
    /// A container's Secret, `ConfigMap` or key is missing, or its settings cannot be used.
    Configuration,
    /// Another field manager owns a field.
    Conflict,
    /// A field would have to change that cannot.
    Immutable,
    /// The user may not do it.
    Permission,
    /// The API server does not answer or answers nonsense.
    Cluster,
    /// What a Job handed over is not what it should be.
    Output,
    /// It is on its way, and nothing says why it does not arrive.
    Slow,
    /// A fault of the engine.
    Defect,
}

impl Cause {
    /// A word or two for a person, e.g. `image pull`.
    pub const fn title(self) -> &'static str {
        match self {
            Self::ImagePull => "image pull",
            Self::Crash => "crash",
            Self::OutOfMemory => "out of memory",
            Self::Unschedulable => "unschedulable",
            Self::Quota => "quota",
            Self::Admission => "admission",
            Self::Policy => "network policy",
            Self::Connection => "connection",
            Self::Certificate => "certificate",
            Self::Gate => "gate",
            Self::Volume => "volume",
            Self::Configuration => "configuration",
            Self::Conflict => "field conflict",
            Self::Immutable => "immutable field",
            Self::Permission => "permission",
            Self::Cluster => "cluster",
            Self::Output => "output",
            Self::Slow => "no progress",
            Self::Defect => "defect",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.title())
    }
}

/// A cause and the thing that it is about: two steps with the same blame fail for one reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Blame {
    /// The kind.
    pub cause: Cause,
    /// E.g. the image, the quota, the Secret; the object where nothing smaller is known.
    pub subject: String,
}

impl Blame {
    pub(crate) fn new(cause: Cause, subject: impl Into<String>) -> Self {
        Self {
            cause,
            subject: subject.into(),
        }
    }
}

/// One thing to repair, and what hangs on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Root {
    /// What is wrong.
    #[serde(flatten)]
    pub blame: Blame,
    /// The steps that failed by it.
    pub steps: Vec<String>,
    /// The steps that were not started because of it.
    pub not_started: Vec<String>,
}

/// The smallest set of things to repair: failures with one blame are one. A step that was not started because of
/// another counts there only.
pub fn roots(failed: &[FailedStep]) -> Vec<Root> {
    let mut roots: Vec<Root> = Vec::new();
    let mut places: HashMap<&Blame, usize> = HashMap::new();
    let mut known: HashSet<(usize, &str)> = HashSet::new();
    for step in failed {
        let place = *places.entry(&step.blame).or_insert_with(|| {
            roots.push(Root {
                blame: step.blame.clone(),
                steps: Vec::new(),
                not_started: Vec::new(),
            });
            roots.len() - 1
        });
        roots[place].steps.push(step.step.clone());
        let more = step
            .not_started
            .iter()
            .filter(|id| known.insert((place, id.as_str())));
        roots[place].not_started.extend(more.cloned());
    }
    roots
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(step: &str, cause: Cause, subject: &str, not_started: &[&str]) -> FailedStep {
        FailedStep {
            step: step.into(),
            message: String::new(),
            blame: Blame::new(cause, subject),
            not_started: not_started.iter().map(|&id| id.to_owned()).collect(),
        }
    }

    #[test]
    fn one_missing_image_is_one_thing_to_repair() {
        let found = roots(&[
            failed("auth", Cause::ImagePull, "r3/cenm:1.7", &["zone", "map"]),
            failed("node", Cause::Quota, "small", &["payment"]),
            failed("signer", Cause::ImagePull, "r3/cenm:1.7", &["map", "crl"]),
        ]);
        let told: Vec<String> = found
            .iter()
            .map(|root| {
                format!(
                    "{} {}: {} stop {}",
                    root.blame.cause,
                    root.blame.subject,
                    root.steps.join("+"),
                    root.not_started.join("+")
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                "image pull r3/cenm:1.7: auth+signer stop zone+map+crl",
                "quota small: node stop payment"
            ]
        );
    }
}
