//! One object as it will be sent to the API server, and the key that names it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What names an object in a cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct ObjectKey {
    /// Group and version as in the object, e.g. `apps/v1`.
    pub api_version: String,
    /// Kind, e.g. `StatefulSet`.
    pub kind: String,
    /// Namespace; `None` for cluster-wide kinds.
    pub namespace: Option<String>,
    /// Name.
    pub name: String,
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(formatter, "{} {namespace}/{}", self.kind, self.name),
            None => write!(formatter, "{} {}", self.kind, self.name),
        }
    }
}

/// A whole object. Strings in it may hold bindings (`@{service-ip:NAMESPACE/NAME}`,
/// `@{secret:NAMESPACE/NAME/KEY}`) that the rollout fills in once their source exists.
#[derive(Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Manifest(Value);

impl Manifest {
    /// Takes a typed object of `k8s-openapi`, with its kind and version.
    ///
    /// # Panics
    /// Never for `k8s-openapi` types: they always serialise to a JSON object.
    pub fn of<K: k8s_openapi::Resource + Serialize>(object: &K) -> Self {
        let mut value = serde_json::to_value(object).expect("k8s-openapi types serialise to JSON");
        if let Some(map) = value.as_object_mut() {
            map.insert("apiVersion".into(), K::API_VERSION.into());
            map.insert("kind".into(), K::KIND.into());
        }
        Self(value)
    }

    /// The object as JSON.
    pub const fn value(&self) -> &Value {
        &self.0
    }

    /// What names it.
    pub fn key(&self) -> ObjectKey {
        let text = |pointer: &str| self.0.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        ObjectKey {
            api_version: text("/apiVersion").unwrap_or_default(),
            kind: text("/kind").unwrap_or_default(),
            namespace: text("/metadata/namespace"),
            name: text("/metadata/name").unwrap_or_default(),
        }
    }
}

impl From<Value> for Manifest {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

/// Secrets are never printed: the debug form names the object only.
impl fmt::Debug for Manifest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Manifest({})", self.key())
    }
}
