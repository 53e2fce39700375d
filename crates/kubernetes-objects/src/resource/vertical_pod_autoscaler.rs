//! Vertical scaling of what must never run twice: memory follows use, within bounds.

use serde_json::json;
use topology::model::{Component, VerticalScaling, VerticalScalingMode};

use crate::{manifest::Manifest, metadata::Owner};

/// The autoscaler of a component's Deployment or `StatefulSet`. It never evicts: a node is restarted by its operator.
pub fn vertical_pod_autoscaler(
    owner: Owner<'_>,
    component: &Component,
    workload: &Manifest,
    scaling: &VerticalScaling,
) -> Manifest {
    let target = workload.key();
    let mode = match scaling.mode {
        VerticalScalingMode::Off | VerticalScalingMode::Recommend => "Off",
        VerticalScalingMode::Initial => "Initial",
    };
    Manifest::from(json!({
        "apiVersion": "autoscaling.k8s.io/v1",
        "kind": "VerticalPodAutoscaler",
        "metadata": owner.metadata(component, component.name().as_ref()),
        "spec": {
            "targetRef": { "apiVersion": target.api_version, "kind": target.kind, "name": target.name },
            "updatePolicy": { "updateMode": mode },
            "resourcePolicy": { "containerPolicies": [{
                "containerName": "*",
                "controlledResources": ["memory"],
                "minAllowed": { "memory": format!("{}Mi", scaling.least_memory.0) },
                "maxAllowed": { "memory": format!("{}Mi", scaling.most_memory.0) },
            }] },
        },
    }))
}
