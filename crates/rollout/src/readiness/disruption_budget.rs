//! A budget is current when its controller counts the Pods that it guards, and enough of them are healthy.

use k8s_openapi::api::policy::v1::PodDisruptionBudget;

use super::{Readiness, is_seen};

pub(super) fn readiness(budget: &PodDisruptionBudget) -> Readiness {
    let status = budget.status.clone().unwrap_or_default();
    if !is_seen(budget.metadata.generation, status.observed_generation) {
        return Readiness::InProgress("its controller has not seen the newest version".to_owned());
    }
    let unsynced = status
        .conditions
        .iter()
        .flatten()
        .find(|condition| condition.reason == "SyncFailed");
    if let Some(condition) = unsynced {
        return Readiness::InProgress(format!("its Pods cannot be counted: {}", condition.message));
    }
    // Before its Pods exist there is nothing to guard: it comes before them.
    if status.current_healthy < status.desired_healthy && status.expected_pods > 0 {
        return Readiness::InProgress(format!(
            "{} of {} guarded Pods are healthy",
            status.current_healthy, status.desired_healthy
        ));
    }
    Readiness::Current
}
