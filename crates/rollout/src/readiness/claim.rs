//! A claim that waits for its first consumer would wait for ever if a step waited for it: until a Pod was given a node,
//! a claim is current as soon as it exists. A Pod that cannot get its volume says so in the scheduler's words.

use k8s_openapi::api::core::v1::PersistentVolumeClaim;

use super::Readiness;

/// What the scheduler writes on a claim when a Pod that uses it was given a node.
const SELECTED_NODE: &str = "volume.kubernetes.io/selected-node";

pub(super) fn readiness(claim: &PersistentVolumeClaim) -> Readiness {
    let phase = claim.status.as_ref().and_then(|status| status.phase.as_deref());
    let volume = claim.spec.as_ref().and_then(|spec| spec.volume_name.as_deref());
    let annotations = claim.metadata.annotations.as_ref();
    let has_consumer = annotations.is_some_and(|annotations| annotations.contains_key(SELECTED_NODE));
    match (phase, volume) {
        (Some("Lost"), _) => Readiness::Failed("its volume is lost".to_owned()),
        (Some("Bound"), _) => Readiness::Current,
        (_, Some(volume)) => Readiness::InProgress(format!("it is being bound to volume `{volume}`")),
        (_, None) if has_consumer => Readiness::InProgress("its volume is being provisioned".to_owned()),
        (_, None) => Readiness::Current,
    }
}
