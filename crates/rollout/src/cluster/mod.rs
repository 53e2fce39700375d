//! What the engine asks of a cluster, and the two clusters there are: a real one and a simulated one.

mod error;
pub mod kube;
pub mod simulated;

use std::fmt;

use async_trait::async_trait;
use futures::stream::BoxStream;
use kubernetes_objects::manifest::ObjectKey;
use serde_json::Value;

pub use self::error::{ClusterError, FieldOwner};
use crate::kinds::Kind;
use crate::object::Object;

/// A cluster. Every call is one attempt: retrying is the engine's business.
#[async_trait]
pub trait Cluster: Send + Sync + 'static {
    /// Where it is, for messages, e.g. its URL.
    fn address(&self) -> &str;

    /// Who answers; the first call of a rollout.
    async fn server(&self) -> Result<ServerInfo, ClusterError>;

    /// Which of these rights the caller lacks.
    async fn missing_rights(&self, needed: &[Right]) -> Result<Vec<Right>, ClusterError>;

    /// Server-side apply; creates the object where it does not exist.
    async fn apply(&self, object: &Value, mode: ApplyMode) -> Result<Object, ClusterError>;

    /// Creates an object; [`ClusterError::Overtaken`] if there is one of that name.
    async fn create(&self, object: &Value) -> Result<Object, ClusterError>;

    /// Replaces an object; [`ClusterError::Overtaken`] if it is no longer at the `resourceVersion` given in it.
    async fn replace(&self, object: &Value) -> Result<Object, ClusterError>;

    /// One object, or `None`.
    async fn get(&self, key: &ObjectKey) -> Result<Option<Object>, ClusterError>;

    /// All objects of a kind that carry the labels, in all namespaces.
    async fn list(&self, kind: &'static Kind, selector: &str) -> Result<Vec<Object>, ClusterError>;

    /// The same, and every change from then on. The stream heals itself and does not end.
    fn watch(&self, kind: &'static Kind, selector: &str) -> BoxStream<'static, WatchEvent>;

    /// Deletes the object if it still is the one with this `uid`; that it is gone already is no error.
    async fn delete(&self, key: &ObjectKey, uid: &str, propagation: Propagation) -> Result<(), ClusterError>;

    /// `GET path` on a port of a Pod, through a port-forward.
    async fn http_get(&self, pod: &PodRef, port: u16, path: &str) -> Result<HttpAnswer, ClusterError>;

    /// Runs a command in a container. A command that fails is an error.
    async fn exec(&self, pod: &PodRef, container: &str, command: &[&str]) -> Result<Output, ClusterError>;

    /// The last lines of a container's log.
    async fn log_tail(
        &self,
        pod: &PodRef,
        container: &str,
        lines: u32,
        run: ContainerRun,
    ) -> Result<String, ClusterError>;

    /// What controllers, scheduler and kubelet have recorded about an object, oldest first.
    async fn events(&self, key: &ObjectKey, uid: &str) -> Result<Vec<ObjectEvent>, ClusterError>;

    /// How many requests were sent so far.
    fn requests(&self) -> u64;
}

/// How an object is applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ApplyMode {
    /// Only tell what would become of it: the server goes through defaulting, admission and conflicts, and writes
    /// nothing.
    pub dry_run: bool,
    /// Take fields over that belong to other field managers, instead of refusing.
    pub force: bool,
}

/// A change, as a watch tells it.
#[derive(Clone, Debug)]
pub enum WatchEvent {
    /// These are all there are.
    Replaced(Vec<Object>),
    /// One is new or has changed.
    Applied(Object),
    /// One is gone.
    Deleted(Object),
    /// The watch was interrupted for this reason; it goes on by itself.
    Interrupted(ClusterError),
}

/// What a product answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpAnswer {
    /// Status, e.g. 503.
    pub status: u16,
    /// The beginning of the body, if it is text and the status is not 200.
    pub head: String,
}

impl fmt::Display for HttpAnswer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "answers {} instead of 200", self.status)?;
        if self.head.is_empty() {
            Ok(())
        } else {
            write!(formatter, ": {}", self.head)
        }
    }
}

/// Which run of a container is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContainerRun {
    /// The one that runs now, or ran last.
    Newest,
    /// The one before, if the container has restarted and its log is still there: it tells why it ended.
    BeforeRestart,
}

/// What a part of the cluster has recorded about an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectEvent {
    /// Whether it is a complaint.
    pub warning: bool,
    /// In one word, e.g. `FailedMount`.
    pub reason: String,
    /// In a sentence.
    pub message: String,
}

/// How dependents of a deleted object go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Propagation {
    /// The object stays until its dependents are gone.
    Foreground,
    /// The object goes first.
    Background,
}

/// A Pod by its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PodRef {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
}

impl fmt::Display for PodRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Pod {}/{}", self.namespace, self.name)
    }
}

/// What a command wrote to its standard output. It may be secret, so it is not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Output(pub Vec<u8>);

impl fmt::Debug for Output {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Output({} bytes)", self.0.len())
    }
}

/// A cluster's own words about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerInfo {
    /// Version, e.g. `v1.34.4`.
    pub version: String,
}

/// One thing that the caller must be allowed to do in all namespaces.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Right {
    /// e.g. `patch`.
    pub verb: &'static str,
    /// API group; empty for the core group.
    pub group: &'static str,
    /// Resource, e.g. `pods/exec`.
    pub resource: String,
}
