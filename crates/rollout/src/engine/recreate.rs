//! Deletes an object and makes it again, where that was asked for by its name.

use serde_json::Value;

use super::Shared;
use super::apply::{delete, send};
use crate::error::StepFailure;
use crate::kinds::{CLAIM, DEPLOYMENT, STATEFUL_SET};
use crate::object::Object;
use crate::prepare::Prepared;

/// Deletes the live object, waits until it is gone, and sends the new one. A claim stays for as long as a Pod uses
/// it, so what mounts it goes first; its own step, which comes later, makes it again.
pub(super) async fn recreate(
    shared: &Shared,
    step: &str,
    live: &Object,
    prepared: &Prepared,
) -> Result<(), StepFailure> {
    if prepared.key.kind == CLAIM.kind {
        for user in shared.store.all().iter().filter(|one| mounts(one, live)) {
            delete(shared, step, user).await?;
        }
    }
    delete(shared, step, live).await?;
    send(shared, prepared).await
}

fn mounts(workload: &Object, claim: &Object) -> bool {
    let is_workload = [DEPLOYMENT.kind, STATEFUL_SET.kind]
        .into_iter()
        .any(|kind| workload.text("/kind") == Some(kind));
    is_workload
        && workload.namespace() == claim.namespace()
        && workload
            .value()
            .pointer("/spec/template/spec/volumes")
            .and_then(Value::as_array)
            .is_some_and(|volumes| {
                volumes
                    .iter()
                    .any(|volume| volume["persistentVolumeClaim"]["claimName"] == claim.name())
            })
}
