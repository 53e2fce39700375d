//! Labels and annotations that every object of a network carries.

use std::{collections::BTreeMap, fmt::Write as _};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use sha2::{Digest, Sha256};
use topology::{Topology, model::Component};

/// Says which tool made an object.
pub const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
/// The network that an object belongs to.
pub const NETWORK: &str = "cordanetes.dev/network";
/// The step that applied it.
pub const STEP: &str = "cordanetes.dev/step";
/// The component's name.
pub const NAME: &str = "app.kubernetes.io/name";
/// What kind of component it is.
pub const COMPONENT: &str = "app.kubernetes.io/component";
/// Which of a component's workloads a Pod is of: its service, its registration or a bootstrap Job.
pub const WORKLOAD: &str = "cordanetes.dev/workload";
/// A digest of the configuration that a Pod was started with: another one restarts it.
pub const CONFIG_CHECKSUM: &str = "cordanetes.dev/config-checksum";

/// Labels as Kubernetes takes them.
pub type Labels = BTreeMap<String, String>;

/// Where an object belongs: its network and the step that applies it.
#[derive(Clone, Copy)]
pub struct Owner<'a> {
    /// The network.
    pub topology: &'a Topology,
    /// The step.
    pub step: &'a str,
}

impl Owner<'_> {
    /// Labels of any object.
    pub fn labels(&self) -> Labels {
        labels([
            (MANAGED_BY, "cordanetes"),
            (NETWORK, self.topology.name.as_str()),
            (STEP, self.step),
        ])
    }

    /// Metadata of an object that belongs to no component.
    pub fn plain(&self, namespace: Option<String>, name: impl Into<String>) -> ObjectMeta {
        ObjectMeta {
            namespace,
            name: Some(name.into()),
            labels: Some(self.labels()),
            ..ObjectMeta::default()
        }
    }

    /// Metadata of an object of a component, in its namespace.
    pub fn metadata(&self, component: &Component, name: impl Into<String>) -> ObjectMeta {
        let mut all = self.labels();
        all.extend(component_labels(component));
        ObjectMeta {
            namespace: Some(component.namespace().name(&self.topology.name)),
            name: Some(name.into()),
            labels: Some(all),
            ..ObjectMeta::default()
        }
    }
}

/// What policies select a component's Pods by.
pub fn component_labels(component: &Component) -> Labels {
    labels([(NAME, component.name().as_ref()), (COMPONENT, component.kind())])
}

/// What Services and controllers select one workload's Pods by.
pub fn workload_labels(component: &Component, workload: &str) -> Labels {
    let mut all = component_labels(component);
    all.insert(WORKLOAD.to_owned(), workload.to_owned());
    all
}

/// A selector of exactly these labels.
pub fn selector(labels: Labels) -> LabelSelector {
    LabelSelector {
        match_labels: Some(labels),
        ..LabelSelector::default()
    }
}

/// SHA-256 of several texts, as hexadecimal digits.
pub fn checksum<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        // The length keeps two parts from being taken for one.
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    let mut text = String::with_capacity(64);
    for byte in digest.finalize() {
        // Writing to a string cannot fail.
        let _infallible = write!(text, "{byte:02x}");
    }
    text
}

fn labels<const COUNT: usize>(pairs: [(&str, &str); COUNT]) -> Labels {
    pairs
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}
