//! Jobs cannot be changed, and one that has failed never runs again: both are made anew. One that has completed
//! with the same content is never run a second time.

use k8s_openapi::api::core::v1::Pod;
use kubernetes_objects::manifest::ObjectKey;
use kubernetes_objects::step::Step;
use serde_json::Value;
use tokio::time::Instant;

use super::apply::{delete, send};
use super::{Shared, outputs};
use crate::error::StepFailure;
use crate::event::Change;
use crate::labels;
use crate::object::Object;
use crate::prepare::Prepared;
use crate::readiness::{self, Readiness};
use crate::store::Topic;

/// Creates the Job, leaves it, or makes it anew.
pub(super) async fn bring_in_line(
    shared: &Shared,
    step: &Step,
    prepared: &Prepared,
    live: Option<Object>,
    stuck_before: &[String],
) -> Result<Change, StepFailure> {
    let handed_over = step
        .outputs
        .as_ref()
        .filter(|outputs| outputs.job == prepared.key)
        .map(|outputs| outputs::are_in_place(&shared.store, outputs, &prepared.hash));
    let Some(live) = live else {
        if handed_over == Some(true) {
            // It did its work in an earlier run and was cleared away since.
            return Ok(Change::Unchanged);
        }
        send(shared, prepared).await?;
        return Ok(Change::Created);
    };
    let keep = live.annotation(labels::CONTENT_HASH) == Some(&prepared.hash)
        && match readiness::of(&live) {
            Readiness::Current => handed_over != Some(false),
            Readiness::Failed(_) => false,
            Readiness::InProgress(_) => !pods_of(shared, &live)
                .iter()
                .any(|pod| stuck_before.iter().any(|uid| uid == pod.uid())),
        };
    if keep {
        return Ok(Change::Unchanged);
    }
    delete(shared, &step.id, &live).await?;
    send(shared, prepared).await?;
    Ok(Change::Recreated)
}

/// The Pods of a Job that are not on their way out.
pub(super) fn pods_of(shared: &Shared, job: &Object) -> Vec<Object> {
    let is_owned = |pod: &Object| {
        let owners = pod
            .value()
            .pointer("/metadata/ownerReferences")
            .and_then(Value::as_array);
        owners.is_some_and(|owners| owners.iter().any(|owner| owner["uid"] == job.uid()))
    };
    shared
        .store
        .pods(&Topic::of(job), |pod| !pod.is_leaving() && is_owned(pod))
}

/// Where a Job stands, with what its Pods say.
pub(super) struct JobState {
    pub(super) live: Option<Object>,
    /// When what it shows was received.
    pub(super) heard: Instant,
    pub(super) readiness: Readiness,
    pub(super) diagnosis: Option<readiness::pod::Diagnosis>,
    pub(super) pods: Vec<Pod>,
}

pub(super) fn state(shared: &Shared, key: &ObjectKey) -> JobState {
    let sight = shared.store.look(key);
    let heard = sight.as_ref().map_or_else(Instant::now, |sight| sight.heard);
    let live = sight.map(|sight| sight.object);
    let pods: Vec<Pod> = live
        .iter()
        .flat_map(|job| pods_of(shared, job))
        .filter_map(|pod| pod.typed())
        .collect();
    let readiness = live.as_ref().map_or_else(
        || Readiness::InProgress(format!("{key} does not exist")),
        readiness::of,
    );
    let diagnosis = readiness::pod::worst(&pods);
    JobState {
        live,
        heard,
        readiness,
        diagnosis,
        pods,
    }
}

/// The Job and its Pods: what has to move.
pub(super) fn subjects(shared: &Shared, key: &ObjectKey) -> Vec<Object> {
    let Some(job) = shared.store.get(key) else {
        return Vec::new();
    };
    let mut subjects = pods_of(shared, &job);
    subjects.push(job);
    subjects
}

/// The container whose log tells why a Job failed: the last one that ended badly.
pub(super) fn culprit(state: &JobState) -> Option<(crate::cluster::PodRef, String)> {
    let diagnosed = state
        .diagnosis
        .as_ref()
        .and_then(|found| Some((found.pod.clone(), found.log_of.clone()?)));
    diagnosed.or_else(|| {
        let pod = state
            .pods
            .iter()
            .max_by_key(|pod| pod.metadata.creation_timestamp.as_ref().map(|at| at.0))?;
        let container = pod.spec.as_ref()?.containers.first()?.name.clone();
        Some((readiness::pod::reference(pod), container))
    })
}
