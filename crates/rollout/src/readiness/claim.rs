//! A claim that waits for its first consumer would wait for ever if a step waited for it: a claim is current as
//! soon as it exists, and a Pod that cannot get its volume says so in the scheduler's words.

use k8s_openapi::api::core::v1::PersistentVolumeClaim;

use super::Readiness;

pub(super) fn readiness(claim: &PersistentVolumeClaim) -> Readiness {
    let phase = claim.status.as_ref().and_then(|status| status.phase.as_deref());
    if phase == Some("Lost") {
        return Readiness::Failed("its volume is lost".to_owned());
    }
    Readiness::Current
}
