//! A step of a rollout: objects to apply and the product fact that says they work.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::manifest::{Manifest, ObjectKey};

/// One node of the rollout graph with what it does. Its edges live in `dependency_graph`, by `id`.
#[derive(Clone, Debug)]
pub struct Step {
    /// Unique in a rollout, e.g. `identity-manager`; the same id as in the graph.
    pub id: String,
    /// The bootstrap step that it carries out, e.g. `B11` (reference §5.1); empty for steps of ours.
    pub stage: &'static str,
    /// What a person reads, e.g. `Identity Manager runs`.
    pub title: String,
    /// The objects, in the order in which they are applied.
    pub manifests: Vec<Manifest>,
    /// What must be true before the step counts as done; all of them, in order.
    pub gates: Vec<Gate>,
    /// Files that a Job of this step hands over, to be kept as a Secret or ConfigMap.
    pub outputs: Option<Outputs>,
    /// How long the gates may take before the step fails.
    pub deadline: Duration,
}

/// A fact that ends a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// The Deployment or StatefulSet has all replicas of its newest revision ready.
    Ready(ObjectKey),
    /// The Job has completed.
    Completed(ObjectKey),
    /// `GET path` on a ready Pod of this Service's selector answers 200. Asked through a port-forward of the
    /// API server, so that no policy has to be opened for it.
    Http {
        /// The Service whose selector finds the Pod.
        service: ObjectKey,
        /// The Pod's port.
        port: u16,
        /// Path with its leading slash.
        path: String,
    },
}

/// Files that the Pod of a Job holds until they are fetched. The container `container` writes them, then
/// waits for one line in the named pipe `release`; so nothing is lost when the deployer is killed in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outputs {
    /// The Job.
    pub job: ObjectKey,
    /// Its container.
    pub container: String,
    /// A file that exists once all others are complete.
    pub complete: String,
    /// The named pipe that ends the container.
    pub release: String,
    /// The files.
    pub files: Vec<OutputFile>,
}

/// One file of [`Outputs`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Where it lies in the container.
    pub path: String,
    /// The Secret or ConfigMap (`binaryData`) that keeps it.
    pub target: ObjectKey,
    /// Key in the target.
    pub key: String,
    /// What it must look like.
    pub shape: OutputShape,
}

/// The key of an object in a namespace.
pub fn object_key(api_version: &str, kind: &str, namespace: String, name: String) -> ObjectKey {
    ObjectKey {
        api_version: api_version.to_owned(),
        kind: kind.to_owned(),
        namespace: Some(namespace),
        name,
    }
}

/// What an output must look like before it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputShape {
    /// A UUID in its usual form: a zone token.
    Uuid,
    /// A decimal number: a subzone id.
    Number,
    /// A key store in Java's own format.
    JavaKeyStore,
    /// A serialised blob of Corda: begins with `corda` and a version byte.
    CordaBlob,
}
