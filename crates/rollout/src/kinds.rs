//! The kinds that a rollout deals with. A table instead of discovery saves a round trip for each API group and
//! gives destroy something to look for when the inventory is lost.

use kubernetes_objects::manifest::ObjectKey;

/// A kind as the API server serves it.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Kind {
    /// Group and version, e.g. `apps/v1`.
    pub api_version: &'static str,
    /// Kind, e.g. `StatefulSet`.
    pub kind: &'static str,
    /// Resource name in paths, e.g. `statefulsets`.
    pub plural: &'static str,
    /// Whether its objects live in a namespace.
    pub namespaced: bool,
    /// Whether it changes on its own, so that a rollout must watch it.
    pub(crate) lively: bool,
}

impl Kind {
    /// Group without the version; empty for the core group.
    pub fn group(&self) -> &'static str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// The kind of an object.
    pub fn of(key: &ObjectKey) -> Result<&'static Self, UnknownKind> {
        KINDS
            .iter()
            .copied()
            .find(|kind| kind.api_version == key.api_version && kind.kind == key.kind)
            .ok_or_else(|| UnknownKind { object: key.clone() })
    }

    /// The key of one of its objects.
    pub fn key(&self, namespace: Option<&str>, name: &str) -> ObjectKey {
        ObjectKey {
            api_version: self.api_version.to_owned(),
            kind: self.kind.to_owned(),
            namespace: namespace.map(str::to_owned),
            name: name.to_owned(),
        }
    }
}

/// A manifest of a kind that is not in the table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{object} has the kind {}/{}, which a rollout cannot apply; see the table of kinds of the rollout crate",
    .object.api_version, .object.kind)]
pub struct UnknownKind {
    /// The object.
    pub object: ObjectKey,
}

const fn kind(
    api_version: &'static str,
    kind: &'static str,
    plural: &'static str,
    namespaced: bool,
    lively: bool,
) -> Kind {
    Kind {
        api_version,
        kind,
        plural,
        namespaced,
        lively,
    }
}

pub(crate) static NAMESPACE: Kind = kind("v1", "Namespace", "namespaces", false, true);
pub(crate) static POD: Kind = kind("v1", "Pod", "pods", true, true);
pub(crate) static SECRET: Kind = kind("v1", "Secret", "secrets", true, false);
pub(crate) static CONFIG_MAP: Kind = kind("v1", "ConfigMap", "configmaps", true, false);
pub(crate) static SERVICE: Kind = kind("v1", "Service", "services", true, false);
pub(crate) static CLAIM: Kind = kind(
    "v1",
    "PersistentVolumeClaim",
    "persistentvolumeclaims",
    true,
    true,
);
pub(crate) static DEPLOYMENT: Kind = kind("apps/v1", "Deployment", "deployments", true, true);
pub(crate) static STATEFUL_SET: Kind = kind("apps/v1", "StatefulSet", "statefulsets", true, true);
pub(crate) static JOB: Kind = kind("batch/v1", "Job", "jobs", true, true);
pub(crate) static NETWORK_POLICY: Kind = kind(
    "networking.k8s.io/v1",
    "NetworkPolicy",
    "networkpolicies",
    true,
    false,
);
pub(crate) static LEASE: Kind = kind("coordination.k8s.io/v1", "Lease", "leases", true, false);
static SERVICE_ACCOUNT: Kind = kind("v1", "ServiceAccount", "serviceaccounts", true, false);
static RESOURCE_QUOTA: Kind = kind("v1", "ResourceQuota", "resourcequotas", true, false);
static LIMIT_RANGE: Kind = kind("v1", "LimitRange", "limitranges", true, false);
static DAEMON_SET: Kind = kind("apps/v1", "DaemonSet", "daemonsets", true, true);
static CRON_JOB: Kind = kind("batch/v1", "CronJob", "cronjobs", true, false);
static INGRESS: Kind = kind("networking.k8s.io/v1", "Ingress", "ingresses", true, false);
static DISRUPTION_BUDGET: Kind = kind(
    "policy/v1",
    "PodDisruptionBudget",
    "poddisruptionbudgets",
    true,
    false,
);
static ROLE: Kind = kind("rbac.authorization.k8s.io/v1", "Role", "roles", true, false);
static ROLE_BINDING: Kind = kind(
    "rbac.authorization.k8s.io/v1",
    "RoleBinding",
    "rolebindings",
    true,
    false,
);
static CLUSTER_ROLE: Kind = kind(
    "rbac.authorization.k8s.io/v1",
    "ClusterRole",
    "clusterroles",
    false,
    false,
);
static CLUSTER_ROLE_BINDING: Kind = kind(
    "rbac.authorization.k8s.io/v1",
    "ClusterRoleBinding",
    "clusterrolebindings",
    false,
    false,
);

/// Everything that a rollout can apply.
pub(crate) static KINDS: [&Kind; 22] = [
    &NAMESPACE,
    &POD,
    &SECRET,
    &CONFIG_MAP,
    &SERVICE,
    &CLAIM,
    &DEPLOYMENT,
    &STATEFUL_SET,
    &JOB,
    &NETWORK_POLICY,
    &LEASE,
    &SERVICE_ACCOUNT,
    &RESOURCE_QUOTA,
    &LIMIT_RANGE,
    &DAEMON_SET,
    &CRON_JOB,
    &INGRESS,
    &DISRUPTION_BUDGET,
    &ROLE,
    &ROLE_BINDING,
    &CLUSTER_ROLE,
    &CLUSTER_ROLE_BINDING,
];
