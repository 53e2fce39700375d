//! Applies one object, if it is not already as it should be.

use std::time::Duration;

use async_trait::async_trait;
use kubernetes_objects::manifest::{Manifest, ObjectKey};
use kubernetes_objects::step::Step;
use tokio::time::Instant;

use super::turn::{self, TurnGuard};
use super::wait::{Fact, Limit, Look, wait_for};
use super::{Shared, job, recreate};
use crate::binding;
use crate::cluster::{ApplyMode, ClusterError, Propagation};
use crate::error::StepFailure;
use crate::event::Change;
use crate::labels;
use crate::object::Object;
use crate::prepare::{Prepared, prepare};
use crate::store::Topic;

/// How long an object that is being deleted may take to go.
const LEAVING_TIME: Duration = Duration::from_mins(3);

/// What became of an object.
pub(super) struct Applied {
    pub(super) prepared: Prepared,
    pub(super) change: Change,
    /// Whether the cluster was asked or changed for it.
    pub(super) asked: bool,
}

/// Fills the manifest in, brings the cluster's object in line with it, and tells what that took.
#[tracing::instrument(name = "object", level = "debug", skip_all, fields(object = %manifest.key()))]
pub(super) async fn apply(
    shared: &Shared,
    step: &Step,
    manifest: &Manifest,
    stuck_before: &[String],
    turn: &mut Option<TurnGuard>,
) -> Result<Applied, StepFailure> {
    let (prepared, asked) = fill_in(shared, &step.id, manifest).await?;
    let live = awake(shared, &step.id, &prepared.key).await?;
    let change = if prepared.key.kind == "Job" {
        job::bring_in_line(shared, step, &prepared, live, stuck_before).await?
    } else if is_as_applied(live.as_ref(), &prepared) && !shared.orders.rewrite.contains(&prepared.key) {
        Change::Unchanged
    } else if let Some(live) = &live {
        if turn.is_none() && turn::stops_something(live, &prepared.value) {
            *turn = Some(shared.turn.take(shared, &step.id, &prepared.key).await?);
        }
        match send(shared, &prepared).await {
            Err(StepFailure::Call {
                source: ClusterError::Immutable { .. },
                ..
            }) if shared.orders.recreate.contains(&prepared.key) => {
                recreate::recreate(shared, &step.id, live, &prepared).await?;
                Change::Recreated
            }
            sent => sent.map(|()| Change::Configured)?,
        }
    } else {
        send(shared, &prepared).await?;
        // Something of that name was there, made by somebody else, and is ours now.
        if shared.orders.force.contains(&prepared.key) {
            Change::Configured
        } else {
            Change::Created
        }
    };
    shared.narrator.applied(&step.id, prepared.key.clone(), change);
    let asked = asked || change != Change::Unchanged;
    Ok(Applied {
        prepared,
        change,
        asked,
    })
}

fn is_as_applied(live: Option<&Object>, prepared: &Prepared) -> bool {
    live.is_some_and(|live| live.annotation(labels::CONTENT_HASH) == Some(&prepared.hash))
}

/// Writes the object.
pub(super) async fn send(shared: &Shared, prepared: &Prepared) -> Result<(), StepFailure> {
    let mode = ApplyMode {
        dry_run: false,
        force: shared.orders.force.contains(&prepared.key),
    };
    let sent = shared
        .api
        .apply(&prepared.value, mode)
        .await
        .map_err(|source| StepFailure::Call {
            object: prepared.key.to_string(),
            what: "applied",
            source,
        })?;
    shared.store.put(sent);
    Ok(())
}

/// Deletes the object with its dependents and waits until it is gone; gives when that was heard.
pub(crate) async fn delete(shared: &Shared, step: &str, object: &Object) -> Result<Instant, StepFailure> {
    let key = object.key();
    let failed = |source| StepFailure::Call {
        object: key.to_string(),
        what: "deleted",
        source,
    };
    let propagation = if has_pods(&key) {
        Propagation::Foreground
    } else {
        Propagation::Background
    };
    shared.api.delete(object, propagation).await.map_err(failed)?;
    until_gone(shared, step, object).await
}

fn has_pods(key: &ObjectKey) -> bool {
    matches!(
        key.kind.as_str(),
        "Deployment" | "StatefulSet" | "DaemonSet" | "Job" | "CronJob"
    )
}

async fn until_gone(shared: &Shared, step: &str, object: &Object) -> Result<Instant, StepFailure> {
    let limit = Limit::new(format!("deleting {}", object.key()), LEAVING_TIME);
    let ((), heard) = wait_for(shared, step, Topic::of(object), &limit, Gone { shared, object }).await?;
    Ok(heard)
}

/// That no object of this identity exists any more.
struct Gone<'run> {
    shared: &'run Shared,
    object: &'run Object,
}

#[async_trait]
impl Fact for Gone<'_> {
    type Found = ();

    fn subjects(&self) -> Vec<Object> {
        self.shared.store.get(&self.object.key()).into_iter().collect()
    }

    async fn look(&mut self) -> Look<()> {
        let key = self.object.key();
        match self.shared.store.get(&key) {
            Some(live) if live.uid() == self.object.uid() => {
                // That its Pods go first is what was asked for.
                let mut finalizers = live.finalizers();
                finalizers.retain(|finalizer| *finalizer != "foregroundDeletion");
                Look::not_yet(if finalizers.is_empty() {
                    format!("{key} is being deleted")
                } else {
                    format!("{key} is being deleted and waits for {}", finalizers.join(", "))
                })
            }
            _ => Look::Found(
                (),
                self.shared.store.gone_since(&key).unwrap_or_else(Instant::now),
            ),
        }
    }
}

/// The object as it is to be, and whether the cluster was asked for what goes into it.
async fn fill_in(shared: &Shared, step: &str, manifest: &Manifest) -> Result<(Prepared, bool), StepFailure> {
    let object = manifest.key();
    let unbound = |source| StepFailure::Binding {
        object: object.to_string(),
        source,
    };
    let mut asked = false;
    for source in binding::sources(manifest.value()).map_err(unbound)? {
        let key = source.object();
        if shared.store.get(&key).is_some() {
            continue;
        }
        asked = true;
        let found = shared.api.get(&key).await.map_err(|source| StepFailure::Call {
            object: key.to_string(),
            what: "read",
            source,
        })?;
        if let Some(found) = found {
            shared.store.put(found);
        }
    }
    let prepared = prepare(manifest, &shared.network, step, &|key| shared.store.get(key)).map_err(unbound)?;
    Ok((prepared, asked))
}

/// The live object, once none of that name is on its way out.
async fn awake(shared: &Shared, step: &str, key: &ObjectKey) -> Result<Option<Object>, StepFailure> {
    match shared.store.get(key) {
        Some(live) if live.is_leaving() => {
            until_gone(shared, step, &live).await?;
            Ok(shared.store.get(key))
        }
        live => Ok(live),
    }
}
