//! A `DaemonSet` is current when every node that shall has a ready Pod of the newest revision.

use k8s_openapi::api::apps::v1::DaemonSet;

use super::{Readiness, is_seen, of_pods};

pub(super) fn readiness(set: &DaemonSet) -> Readiness {
    let status = set.status.clone().unwrap_or_default();
    if !is_seen(set.metadata.generation, status.observed_generation) {
        return Readiness::InProgress("its controller has not seen the newest version".to_owned());
    }
    let strategy = set.spec.as_ref().and_then(|spec| spec.update_strategy.as_ref());
    // With OnDelete old Pods stay until somebody deletes them; that is what was asked for.
    let is_rolling = strategy.and_then(|strategy| strategy.type_.as_deref()) != Some("OnDelete");
    let wanted = status.desired_number_scheduled;
    let updated = status.updated_number_scheduled.unwrap_or_default();
    let available = status.number_available.unwrap_or_default();
    if is_rolling && updated < wanted {
        of_pods(updated, wanted, "are of the newest revision")
    } else if available < wanted {
        of_pods(available, wanted, "are ready")
    } else {
        Readiness::Current
    }
}
