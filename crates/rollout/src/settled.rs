//! Whether a cluster is as a rollout would leave it. What must not begin before a rollout has arrived everywhere asks
//! this: the record of an earlier run says nothing about one that was killed before it came to the same step.

use std::collections::HashSet;
use std::sync::Arc;

use kubernetes_objects::manifest::{Manifest, ObjectKey};

use crate::cluster::Cluster;
use crate::error::RolloutError;
use crate::kinds;
use crate::labels;
use crate::plan::{Action, plan};
use crate::readiness::{self, Readiness};
use crate::rollout::{Options, Rollout};
use crate::status::status;

/// What is still missing, in words for people; `None` when a run would change nothing, every component is ready, no Job
/// is under way and no step of the last run is open. What left the topology does not count, whether removed yet or not.
pub async fn unsettled(
    cluster: Arc<dyn Cluster>,
    rollout: &Rollout,
    options: &Options,
) -> Result<Option<String>, RolloutError> {
    let found = plan(Arc::clone(&cluster), rollout, options).await?;
    let pending = found
        .plan
        .objects()
        .find(|(_, object)| object.action.is_pending() && object.action != Action::Delete);
    if let Some((step, object)) = pending {
        return Ok(Some(format!(
            "{} of step `{}` is not as it should be",
            object.key, step.id
        )));
    }
    let jobs = cluster
        .list(&kinds::JOB, &labels::selector(&rollout.network))
        .await
        .map_err(|error| RolloutError::of_call(cluster.address(), "list jobs", error))?;
    let declared: HashSet<ObjectKey> = rollout
        .steps
        .iter()
        .flat_map(|step| &step.manifests)
        .map(Manifest::key)
        .collect();
    let under_way =
        jobs.iter()
            .filter(|job| declared.contains(&job.key()))
            .find_map(|job| match readiness::of(job) {
                Readiness::Current => None,
                Readiness::InProgress(reason) | Readiness::Failed(reason) => {
                    Some(format!("{} is not done: {reason}", job.key()))
                }
            });
    if under_way.is_some() {
        return Ok(under_way);
    }
    let status = status(&*cluster, &rollout.network).await?;
    let waiting = status
        .components
        .iter()
        .find(|component| !component.ready)
        .map(|component| {
            format!(
                "{} {}/{} is not ready: {}",
                component.kind, component.namespace, component.name, component.reason
            )
        });
    let open = status
        .failed_steps
        .iter()
        .chain(&status.open_steps)
        .next()
        .map(|step| format!("step `{}` of the last rollout is not done", step.step));
    Ok(waiting.or(open))
}
