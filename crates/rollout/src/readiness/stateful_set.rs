//! A `StatefulSet` is current when all of its Pods are ready and of the update revision.

use k8s_openapi::api::apps::v1::StatefulSet;

use super::{Readiness, is_seen, of_pods};

pub(super) fn readiness(set: &StatefulSet) -> Readiness {
    let status = set.status.clone().unwrap_or_default();
    if !is_seen(set.metadata.generation, status.observed_generation) {
        return Readiness::InProgress("its controller has not seen the newest version".to_owned());
    }
    let spec = set.spec.clone().unwrap_or_default();
    let wanted = spec.replicas.unwrap_or(1);
    let strategy = spec.update_strategy.unwrap_or_default();
    let ready = status.ready_replicas.unwrap_or_default();
    if strategy.type_.as_deref() == Some("OnDelete") {
        // Old Pods stay until somebody deletes them; that is what was asked for.
        return if ready < wanted {
            of_pods(ready, wanted, "are ready")
        } else {
            Readiness::Current
        };
    }
    // Pods below the partition keep their revision on purpose.
    let partition = strategy
        .rolling_update
        .and_then(|rolling| rolling.partition)
        .unwrap_or_default();
    let to_update = (wanted - partition).max(0);
    let updated = status.updated_replicas.unwrap_or_default();
    let moving = status.current_revision != status.update_revision;
    if moving && updated < to_update {
        of_pods(updated, to_update, "are of the newest revision")
    } else if ready < wanted {
        of_pods(ready, wanted, "are ready")
    } else if status.replicas > wanted {
        of_pods(
            status.replicas - wanted,
            status.replicas,
            "are too many and still leaving",
        )
    } else {
        Readiness::Current
    }
}
