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
    /// Whether a cluster may not know it: its definition comes with an operator, perhaps in the same rollout.
    pub(crate) brought: bool,
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
        brought: false,
    }
}

/// A kind that an operator brings.
const fn brought(
    api_version: &'static str,
    kind: &'static str,
    plural: &'static str,
    namespaced: bool,
) -> Kind {
    Kind {
        api_version,
        kind,
        plural,
        namespaced,
        lively: true,
        brought: true,
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

static DEFINITION: Kind = kind(
    "apiextensions.k8s.io/v1",
    "CustomResourceDefinition",
    "customresourcedefinitions",
    false,
    true,
);
static EXTENSION: Kind = kind(
    "apiregistration.k8s.io/v1",
    "APIService",
    "apiservices",
    false,
    true,
);
static ENDPOINT_SLICE: Kind = kind(
    "discovery.k8s.io/v1",
    "EndpointSlice",
    "endpointslices",
    true,
    true,
);
static GATEWAY: Kind = brought("gateway.networking.k8s.io/v1", "Gateway", "gateways", true);
static HTTP_ROUTE: Kind = brought("gateway.networking.k8s.io/v1", "HTTPRoute", "httproutes", true);
static TLS_ROUTE: Kind = brought(
    "gateway.networking.k8s.io/v1alpha2",
    "TLSRoute",
    "tlsroutes",
    true,
);
static CERTIFICATE: Kind = brought("cert-manager.io/v1", "Certificate", "certificates", true);
static ISSUER: Kind = brought("cert-manager.io/v1", "Issuer", "issuers", true);
static EXTERNAL_SECRET: Kind = brought(
    "external-secrets.io/v1",
    "ExternalSecret",
    "externalsecrets",
    true,
);
static VERTICAL_AUTOSCALER: Kind = brought(
    "autoscaling.k8s.io/v1",
    "VerticalPodAutoscaler",
    "verticalpodautoscalers",
    true,
);

/// Everything that a rollout can apply.
pub static KINDS: [&Kind; 32] = [
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
    &DEFINITION,
    &EXTENSION,
    &ENDPOINT_SLICE,
    &GATEWAY,
    &HTTP_ROUTE,
    &TLS_ROUTE,
    &CERTIFICATE,
    &ISSUER,
    &EXTERNAL_SECRET,
    &VERTICAL_AUTOSCALER,
];
