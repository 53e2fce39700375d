//! One namespace a trust zone, closed before anything else is put in it.

use k8s_openapi::{
    Resource as _,
    api::{
        core::v1::{Namespace as NamespaceObject, ServiceAccount},
        networking::v1::{NetworkPolicy, NetworkPolicySpec},
        rbac::v1::{PolicyRule, Role, RoleBinding, RoleRef, Subject},
    },
    apimachinery::pkg::apis::meta::v1::LabelSelector,
};
use topology::model::{Component, Namespace, PlatformKind};

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

/// What lets the namespace's Pods run as the user of R3's images. OpenShift's default, the constraints `restricted-v2`,
/// gives each namespace users of its own, whom the images' files do not belong to; `nonroot-v2` differs in that alone.
pub fn own_user_on_openshift(owner: Owner<'_>, namespace: &Namespace) -> Vec<Manifest> {
    const NAME: &str = "nonroot-v2";
    if owner.topology.platform.kind != PlatformKind::Openshift {
        return Vec::new();
    }
    let name = namespace.name(&owner.topology.name);
    let role = Role {
        metadata: owner.plain(Some(name.clone()), NAME),
        rules: Some(vec![PolicyRule {
            api_groups: Some(vec!["security.openshift.io".into()]),
            resources: Some(vec!["securitycontextconstraints".into()]),
            resource_names: Some(vec![NAME.into()]),
            verbs: vec!["use".into()],
            non_resource_urls: None,
        }]),
    };
    let binding = RoleBinding {
        metadata: owner.plain(Some(name.clone()), NAME),
        role_ref: RoleRef {
            api_group: Role::GROUP.into(),
            kind: Role::KIND.into(),
            name: NAME.into(),
        },
        subjects: Some(vec![Subject {
            api_group: Some(Role::GROUP.into()),
            kind: "Group".into(),
            name: format!("system:serviceaccounts:{name}"),
            namespace: None,
        }]),
    };
    vec![Manifest::of(&role), Manifest::of(&binding)]
}

/// The account of a component's Pods. It has no rights and no token is mounted.
pub fn service_account(owner: Owner<'_>, component: &Component) -> Manifest {
    Manifest::of(&ServiceAccount {
        metadata: owner.metadata(component, component.name().as_ref()),
        automount_service_account_token: Some(false),
        ..ServiceAccount::default()
    })
}
