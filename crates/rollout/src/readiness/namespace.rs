//! A namespace is current while it is active; one that goes says what it still holds.

use k8s_openapi::api::core::v1::Namespace;

use super::Readiness;

pub(super) fn readiness(namespace: &Namespace) -> Readiness {
    let status = namespace.status.clone().unwrap_or_default();
    if namespace.metadata.deletion_timestamp.is_none() && status.phase.as_deref() != Some("Terminating") {
        return Readiness::Current;
    }
    let held: Vec<String> = status
        .conditions
        .into_iter()
        .flatten()
        .filter(|condition| condition.status == "True")
        .filter_map(|condition| condition.message)
        .collect();
    Readiness::InProgress(if held.is_empty() {
        "it is being deleted".to_owned()
    } else {
        format!("it is being deleted: {}", held.join("; "))
    })
}
