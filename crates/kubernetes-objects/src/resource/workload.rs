//! What keeps one Pod running. Every component is a singleton: two at once would corrupt its state (reference
//! §8.4), so the old Pod goes before the new one comes.

use k8s_openapi::api::{
    apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy, StatefulSet, StatefulSetSpec},
    core::v1::PodTemplateSpec,
};
use topology::model::Component;

use super::service::SERVING;
use crate::{
    manifest::Manifest,
    metadata::{Owner, selector, workload_labels},
};

/// A Deployment that never runs two.
pub fn deployment(owner: Owner<'_>, component: &Component, template: PodTemplateSpec) -> Manifest {
    Manifest::of(&Deployment {
        metadata: owner.metadata(component, component.name().as_ref()),
        spec: Some(DeploymentSpec {
            replicas: Some(1),
            revision_history_limit: Some(2),
            selector: selector(workload_labels(component, SERVING)),
            strategy: Some(DeploymentStrategy {
                type_: Some("Recreate".into()),
                rolling_update: None,
            }),
            template,
            ..DeploymentSpec::default()
        }),
        status: None,
    })
}

/// A StatefulSet of one: a node is exactly one running instance (reference §6.7).
pub fn stateful_set(owner: Owner<'_>, component: &Component, template: PodTemplateSpec) -> Manifest {
    Manifest::of(&StatefulSet {
        metadata: owner.metadata(component, component.name().as_ref()),
        spec: Some(StatefulSetSpec {
            replicas: Some(1),
            service_name: Some(component.name().into_owned()),
            selector: selector(workload_labels(component, SERVING)),
            template,
            ..StatefulSetSpec::default()
        }),
        status: None,
    })
}
