//! What a rollout would do, before it does it: a comparison with the cluster by the API server's own rules.

mod compare;
mod difference;
mod dry_run;
mod estimate;
mod file;
mod immutable;
mod mask;

use std::sync::Arc;
use std::time::Duration;

use dependency_graph::seconds;
use kubernetes_objects::manifest::ObjectKey;
use serde::{Deserialize, Serialize};

pub(crate) use self::compare::{Comparison, Depth, Orders, compare};
pub(crate) use self::difference::unmet;
pub use self::difference::{Difference, differences};
pub use self::estimate::Estimate;
pub use self::file::{FORMAT, Moved, PlanFile, UnreadablePlan};
pub use self::mask::FieldChange;
use crate::api::Api;
use crate::choice::Choices;
use crate::cluster::Cluster;
use crate::error::RolloutError;
use crate::picture::Picture;
use crate::preflight::{self, Purpose};
use crate::rollout::{Options, Rollout};

/// What a rollout would do, in the order in which it would.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The network.
    pub network: String,
    /// Where the cluster is.
    pub cluster: String,
    /// What was allowed when the plan was made.
    pub choices: Choices,
    /// Every step, each after those that it waits for; removals last.
    pub steps: Vec<PlannedStep>,
    /// How long it will take.
    pub estimate: Estimate,
}

/// A step and what it would do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedStep {
    /// Its id.
    pub id: String,
    /// What a person reads.
    pub title: String,
    /// The steps that it waits for.
    pub after: Vec<String>,
    /// What must be true before it counts as done.
    pub waits: Vec<String>,
    /// How long it took in the past, if it has work to do and did that before.
    #[serde(with = "seconds::option", skip_serializing_if = "Option::is_none", default)]
    pub estimate: Option<Duration>,
    /// Its objects, in the order in which they are applied.
    pub objects: Vec<PlannedObject>,
}

/// An object and what would become of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedObject {
    /// Which.
    #[serde(flatten)]
    pub key: ObjectKey,
    /// What happens to it.
    pub action: Action,
    /// The fields that change.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub changes: Vec<FieldChange>,
    /// The fields that cannot be changed in place.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub forced_by: Vec<String>,
    /// What is lost by it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cost: Option<String>,
    /// Why this happens, where the fields do not say it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub because: Option<String>,
    /// Whether Pods are started anew by it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub restarts: bool,
    /// Values in it that exist only once a step is done.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub known_after: Vec<KnownAfter>,
    /// Why a rollout would not do it, and what lets it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub blocked: Option<Blocked>,
}

/// What happens to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// Nothing.
    Unchanged,
    /// It is made.
    Create,
    /// It exists, made by somebody else, and is taken over.
    Adopt,
    /// Fields of it change.
    Change,
    /// It is deleted and made again.
    Recreate,
    /// That is known only when another step is done.
    Open,
    /// It left the topology and is deleted.
    Delete,
    /// It left the topology and stays, because it holds data or nothing is to be removed.
    Keep,
}

impl Action {
    /// Whether a rollout would write or delete it, or may.
    pub const fn is_pending(self) -> bool {
        !matches!(self, Self::Unchanged | Self::Keep)
    }
}

/// A value that exists only once a step is done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct KnownAfter {
    /// The binding, e.g. `@{service-ip:NAMESPACE/NAME}`.
    pub binding: String,
    /// The step.
    pub step: String,
}

/// Why a rollout would refuse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocked {
    /// What stands in the way.
    pub reason: String,
    /// What to do about it.
    pub way_on: String,
}

impl Plan {
    /// Every object with its step.
    pub fn objects(&self) -> impl Iterator<Item = (&PlannedStep, &PlannedObject)> {
        self.steps
            .iter()
            .flat_map(|step| step.objects.iter().map(move |object| (step, object)))
    }

    /// How many objects have this before them.
    pub fn count(&self, action: Action) -> usize {
        self.objects()
            .filter(|(_, object)| object.action == action)
            .count()
    }

    /// Whether a rollout would write or delete anything.
    pub fn is_pending(&self) -> bool {
        self.objects().any(|(_, object)| object.action.is_pending())
    }

    /// What a rollout would refuse to do.
    pub fn blocked(&self) -> impl Iterator<Item = (&ObjectKey, &Blocked)> {
        self.objects()
            .filter_map(|(_, object)| Some((&object.key, object.blocked.as_ref()?)))
    }
}

/// Compares a rollout with the cluster and writes nothing: changes go through the API server's dry run, so that
/// defaulting, admission, field owners and immutable fields are its own.
pub async fn plan(
    cluster: Arc<dyn Cluster>,
    rollout: &Rollout,
    options: &Options,
) -> Result<PlanFile, RolloutError> {
    rollout.check()?;
    let api = Api::new(cluster, options.concurrency);
    preflight::check(&api, &rollout.kinds()?, Purpose::Plan).await?;
    let picture = Picture::take(&api, rollout).await?;
    let comparison = compare(&api, &picture, rollout, options.choices(), Depth::Thorough).await?;
    Ok(PlanFile::of(comparison, rollout))
}
