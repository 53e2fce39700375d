//! Pods that an earlier run left in a back-off of minutes are sent away, so that what was corrected since is
//! tried at once. Their controllers make new ones.

use std::collections::HashSet;

use k8s_openapi::api::core::v1::Pod;
use kubernetes_objects::step::{Gate, Step};

use super::Shared;
use super::gate::pods_of_workload;
use crate::cluster::Propagation;
use crate::error::StepFailure;
use crate::object::Object;
use crate::readiness::pod::is_stuck;
use crate::store::Topic;

/// The step's stuck Pods, by uid: what an earlier run left.
pub(super) fn stuck_pods(shared: &Shared, step: &Step) -> Vec<String> {
    let namespaces: HashSet<String> = step
        .manifests
        .iter()
        .filter_map(|manifest| manifest.key().namespace)
        .collect();
    let is_stuck_pod = |object: &Object| object.typed::<Pod>().is_some_and(|pod| is_stuck(&pod));
    namespaces
        .iter()
        .flat_map(|namespace| {
            shared
                .store
                .pods(&Topic::of_step(namespace, &step.id), is_stuck_pod)
        })
        .map(|pod| pod.uid().to_owned())
        .collect()
}

/// Sends away the stuck Pods of the step's Deployments and `StatefulSets`; a `StatefulSet` would otherwise wait
/// for a broken Pod for ever, even with a corrected template. Gives back whom to ignore until they are gone.
pub(super) async fn send_away(
    shared: &Shared,
    step: &Step,
    stuck_before: &[String],
) -> Result<HashSet<String>, StepFailure> {
    let mut sent = HashSet::new();
    for gate in &step.gates {
        let Gate::Ready(key) = gate else { continue };
        let Some(workload) = shared.store.get(key) else {
            continue;
        };
        for pod in pods_of_workload(shared, &workload) {
            if stuck_before.iter().any(|uid| uid == pod.uid()) {
                shared
                    .api
                    .delete(&pod, Propagation::Background)
                    .await
                    .map_err(|source| StepFailure::Call {
                        object: pod.key().to_string(),
                        what: "restarted",
                        source,
                    })?;
                sent.insert(pod.uid().to_owned());
            }
        }
    }
    Ok(sent)
}
