//! A Deployment is current when all of its Pods are of the newest revision, available, and alone.

use k8s_openapi::api::apps::v1::Deployment;

use super::{Readiness, is_seen, of_pods};

pub(super) fn readiness(deployment: &Deployment) -> Readiness {
    let status = deployment.status.clone().unwrap_or_default();
    if !is_seen(deployment.metadata.generation, status.observed_generation) {
        return Readiness::InProgress("its controller has not seen the newest version".to_owned());
    }
    let refused = status
        .conditions
        .iter()
        .flatten()
        .find(|condition| condition.type_ == "ReplicaFailure" && condition.status == "True");
    if let Some(refused) = refused {
        return super::pod::refused(refused.message.as_deref().unwrap_or_default());
    }
    let wanted = deployment
        .spec
        .as_ref()
        .and_then(|spec| spec.replicas)
        .unwrap_or(1);
    let updated = status.updated_replicas.unwrap_or_default();
    let all = status.replicas.unwrap_or_default();
    let available = status.available_replicas.unwrap_or_default();
    if updated < wanted {
        of_pods(updated, wanted, "are of the newest revision")
    } else if all > updated {
        of_pods(all - updated, all, "are of an old revision and still leaving")
    } else if available < wanted {
        of_pods(available, wanted, "are ready")
    } else {
        Readiness::Current
    }
}
