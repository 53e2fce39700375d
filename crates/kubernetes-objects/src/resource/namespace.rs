//! One namespace a trust zone, closed before anything else is put in it.

use k8s_openapi::{
    api::{
        core::v1::{Namespace as NamespaceObject, ServiceAccount},
        networking::v1::{NetworkPolicy, NetworkPolicySpec},
    },
    apimachinery::pkg::apis::meta::v1::LabelSelector,
};
use topology::model::{Component, Namespace};

use crate::{manifest::Manifest, metadata::Owner};

/// The namespace with Pod Security `restricted`, and the policy that denies everything in both directions.
pub fn closed_namespace(owner: Owner<'_>, namespace: &Namespace) -> Vec<Manifest> {
    let name = namespace.name(&owner.topology.name);
    let mut metadata = owner.plain(None, name.clone());
    for mode in ["enforce", "warn", "audit"] {
        metadata
            .labels
            .get_or_insert_default()
            .insert(format!("pod-security.kubernetes.io/{mode}"), "restricted".into());
    }
    let deny = NetworkPolicy {
        metadata: owner.plain(Some(name), "default-deny"),
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(LabelSelector::default()),
            policy_types: Some(vec!["Ingress".into(), "Egress".into()]),
            ..NetworkPolicySpec::default()
        }),
    };
    vec![
        Manifest::of(&NamespaceObject {
            metadata,
            ..NamespaceObject::default()
        }),
        Manifest::of(&deny),
    ]
}

/// The account of a component's Pods. It has no rights and no token is mounted.
pub fn service_account(owner: Owner<'_>, component: &Component) -> Manifest {
    Manifest::of(&ServiceAccount {
        metadata: owner.metadata(component, component.name().as_ref()),
        automount_service_account_token: Some(false),
        ..ServiceAccount::default()
    })
}
