//! Volumes whose storage class waits for the first consumer: a claim stays pending until a Pod that mounts it was given
//! a node, and the Pod does not start before its claims are bound.

use std::time::Duration;

use kubernetes_objects::manifest::ObjectKey;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::SimulatedCluster;
use super::state::{State, pod_key};
use crate::cluster::PodRef;
use crate::kinds::CLAIM;
use crate::object::Object;

/// What a provisioner takes for a volume.
const PROVISIONING: Duration = Duration::from_millis(500);

impl SimulatedCluster {
    /// Lets the volumes of a storage class wait for their first consumer, as `WaitForFirstConsumer` says.
    pub fn bind_late(&self, storage_class: &str) {
        self.state().late_classes.insert(storage_class.to_owned());
    }

    /// What happens after a claim was made: nothing, until somebody needs it.
    pub(super) fn hold_back(&self, claim: &Object) {
        let mut state = self.state();
        if is_late(&state, claim.value()) && claim.value().get("status").is_none() {
            state.change(&claim.key(), |value| {
                value["status"] = json!({ "phase": "Pending" });
            });
        }
    }

    /// Gives a Pod its volumes.
    pub(super) async fn bind(&self, pod: &PodRef) {
        let claims = {
            let mut state = self.state();
            let claims = pending_claims(&state, pod);
            for claim in &claims {
                state.change(claim, |value| {
                    value["metadata"]["annotations"]["volume.kubernetes.io/selected-node"] = "node-1".into();
                });
            }
            claims
        };
        if claims.is_empty() {
            return;
        }
        sleep(PROVISIONING).await;
        let mut state = self.state();
        for claim in &claims {
            state.change(claim, |value| value["status"]["phase"] = "Bound".into());
        }
    }
}

fn is_late(state: &State, claim: &Value) -> bool {
    claim["kind"] == CLAIM.kind
        && claim["spec"]["storageClassName"]
            .as_str()
            .is_some_and(|class| state.late_classes.contains(class))
}

fn pending_claims(state: &State, pod: &PodRef) -> Vec<ObjectKey> {
    let volumes = state
        .objects
        .get(&pod_key(pod))
        .map(|pod| pod["spec"]["volumes"].clone());
    let volumes = volumes.as_ref().and_then(Value::as_array).into_iter().flatten();
    volumes
        .filter_map(|volume| volume["persistentVolumeClaim"]["claimName"].as_str())
        .map(|name| CLAIM.key(Some(&pod.namespace), name))
        .filter(|key| {
            let claim = state.objects.get(key);
            claim.is_some_and(|claim| is_late(state, claim) && claim["status"]["phase"] == "Pending")
        })
        .collect()
}
