//! An object as it lives in the cluster.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use kubernetes_objects::manifest::ObjectKey;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::foreign::{self, ForeignField};

/// An object as the API server gave it, cheap to clone.
#[derive(Clone, PartialEq)]
pub struct Object(Arc<Kept>);

#[derive(PartialEq)]
struct Kept {
    value: Value,
    foreign: Vec<ForeignField>,
}

impl Object {
    /// Takes what the API server sent; what no reader needs is dropped.
    pub fn new(mut value: Value) -> Self {
        let metadata = value.get_mut("metadata").and_then(Value::as_object_mut);
        let managed = metadata.and_then(|metadata| metadata.remove("managedFields"));
        let foreign = managed.as_ref().map(foreign::foreign).unwrap_or_default();
        Self(Arc::new(Kept { value, foreign }))
    }

    /// What others have set since we applied it.
    pub(crate) fn foreign(&self) -> &[ForeignField] {
        &self.0.foreign
    }

    /// The whole object.
    pub fn value(&self) -> &Value {
        &self.0.value
    }

    /// What names it.
    pub fn key(&self) -> ObjectKey {
        ObjectKey {
            api_version: self.text("/apiVersion").unwrap_or_default().to_owned(),
            kind: self.text("/kind").unwrap_or_default().to_owned(),
            namespace: self.text("/metadata/namespace").map(str::to_owned),
            name: self.name().to_owned(),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.text("/metadata/name").unwrap_or_default()
    }

    /// Its namespace; empty for cluster-wide kinds.
    pub fn namespace(&self) -> &str {
        self.text("/metadata/namespace").unwrap_or_default()
    }

    /// Its identity: another object of the same name has another one.
    pub fn uid(&self) -> &str {
        self.text("/metadata/uid").unwrap_or_default()
    }

    /// A label.
    pub fn label(&self, name: &str) -> Option<&str> {
        self.value().get("metadata")?.get("labels")?.get(name)?.as_str()
    }

    /// An annotation.
    pub fn annotation(&self, name: &str) -> Option<&str> {
        self.value()
            .get("metadata")?
            .get("annotations")?
            .get(name)?
            .as_str()
    }

    /// Whether it is being deleted.
    pub fn is_leaving(&self) -> bool {
        self.text("/metadata/deletionTimestamp").is_some()
    }

    /// What must happen before its deletion is complete.
    pub fn finalizers(&self) -> Vec<&str> {
        let listed = self
            .value()
            .pointer("/metadata/finalizers")
            .and_then(Value::as_array);
        listed.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// Whether all of these labels are on it.
    pub fn has_labels(&self, wanted: &BTreeMap<String, String>) -> bool {
        wanted.iter().all(|(name, value)| self.label(name) == Some(value))
    }

    /// Whether `other` is a later state of the same object. Resource versions of one object count up.
    pub(crate) fn is_older_than(&self, other: &Self) -> bool {
        self.uid() == other.uid() && self.version() < other.version()
    }

    /// Whether both are one state of one object.
    pub(crate) fn is_same_state(&self, other: &Self) -> bool {
        self.uid() == other.uid() && self.version() == other.version() && self.version() > 0
    }

    fn version(&self) -> u64 {
        self.text("/metadata/resourceVersion")
            .and_then(|text| text.parse().ok())
            .unwrap_or_default()
    }

    /// As a type of `k8s-openapi`; `None` if it does not fit, which an API server's answer always does.
    pub fn typed<K: DeserializeOwned>(&self) -> Option<K> {
        K::deserialize(self.value()).ok()
    }

    pub(crate) fn text(&self, pointer: &str) -> Option<&str> {
        self.value().pointer(pointer).and_then(Value::as_str)
    }
}

/// Secrets are never printed: the debug form names the object only.
impl fmt::Debug for Object {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Object({})", self.key())
    }
}
