//! What a network consists of and how its last rollout went, kept in the cluster so that nobody needs the
//! topology file to ask or to destroy. Losing it loses times and reasons only: objects carry labels.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use dependency_graph::DependencyGraph;
use kubernetes_objects::manifest::{Manifest, ObjectKey};
use kubernetes_objects::step::Gate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::api::{Api, briefly};
use crate::cluster::{Cluster, ClusterError};
use crate::error::RolloutError;
use crate::kinds;
use crate::object::Object;

const NAME: &str = "cordanetes-inventory";

/// The record of a network.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Inventory {
    /// Its name.
    pub network: String,
    /// Steps and edges of the last rollout.
    pub graph: DependencyGraph,
    /// Steps and edges of the rollouts that made what left the topology and is still there.
    pub former: Option<DependencyGraph>,
    /// How each step went.
    pub steps: BTreeMap<String, StepRecord>,
    /// Everything that was applied, with its step.
    pub objects: Vec<Recorded>,
    /// What must be true of each step, by its id.
    #[serde(default)]
    pub gates: BTreeMap<String, Vec<Gate>>,
}

/// How a step went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRecord {
    /// Where it stands.
    pub state: StepState,
    /// Hash over its objects.
    pub hash: String,
    /// How long it took when it last changed something.
    pub duration: Duration,
    /// When that ended.
    pub finished: String,
    /// Why it failed.
    pub message: Option<String>,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Its gates were open.
    Done,
    /// It failed.
    Failed,
}

/// An object and the step that applied it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The step.
    pub step: String,
    /// The object.
    #[serde(flatten)]
    pub key: ObjectKey,
}

impl Inventory {
    /// The namespace that holds the inventory of a network, and nothing else.
    pub fn namespace(network: &str) -> String {
        format!("{network}-rollout")
    }

    /// Where the inventory of a network lies.
    pub fn key(network: &str) -> ObjectKey {
        kinds::CONFIG_MAP.key(Some(&Self::namespace(network)), NAME)
    }

    /// Reads the inventory of a network; `None` if there is none.
    pub async fn read(cluster: &dyn Cluster, network: &str) -> Result<Option<Self>, RolloutError> {
        let key = Self::key(network);
        let answer = briefly(|| cluster.get(&key)).await;
        Self::found(answer, cluster.address())
    }

    /// Reads it as a run does: a busy or absent API server is asked again.
    pub(crate) async fn read_patiently(api: &Api, network: &str) -> Result<Option<Self>, RolloutError> {
        Self::found(api.get(&Self::key(network)).await, api.cluster().address())
    }

    fn found(
        answer: Result<Option<Object>, ClusterError>,
        address: &str,
    ) -> Result<Option<Self>, RolloutError> {
        let found = answer.map_err(|error| RolloutError::of_call(address, "read the inventory", error))?;
        found.map(|object| Self::of(&object)).transpose()
    }

    pub(crate) fn of(object: &Object) -> Result<Self, RolloutError> {
        let unreadable = |cause: String| RolloutError::Inventory {
            object: object.key(),
            cause,
        };
        let part = |name: &str| {
            let text = object.text(&format!("/data/{name}"));
            text.ok_or_else(|| unreadable(format!("it has no `{name}`")))
        };
        let parsed = |error: serde_json::Error| unreadable(error.to_string());
        Ok(Self {
            network: part("network")?.to_owned(),
            graph: serde_json::from_str(part("graph.json")?).map_err(parsed)?,
            former: match part("former.json") {
                Ok(text) => Some(serde_json::from_str(text).map_err(parsed)?),
                Err(_) => None,
            },
            steps: serde_json::from_str(part("steps.json")?).map_err(parsed)?,
            objects: serde_json::from_str(part("objects.json")?).map_err(parsed)?,
            // An older version kept none.
            gates: part("gates.json")
                .map_or_else(|_| Ok(BTreeMap::new()), serde_json::from_str)
                .map_err(parsed)?,
        })
    }

    /// The `ConfigMap` that holds it.
    pub(crate) fn manifest(&self) -> Manifest {
        let text = |value: Result<String, serde_json::Error>| {
            value.expect("keys of the inventory's maps are strings, so it is always JSON")
        };
        let key = Self::key(&self.network);
        let mut data = json!({
            "network": self.network,
            "graph.json": text(serde_json::to_string(&self.graph)),
            "steps.json": text(serde_json::to_string(&self.steps)),
            "objects.json": text(serde_json::to_string(&self.objects)),
            "gates.json": text(serde_json::to_string(&self.gates)),
        });
        if let Some(former) = &self.former {
            data["former.json"] = text(serde_json::to_string(former)).into();
        }
        Manifest::from(json!({
            "apiVersion": key.api_version,
            "kind": key.kind,
            "metadata": { "name": key.name, "namespace": key.namespace },
            "data": data,
        }))
    }

    /// The graph that knows the steps of everything that is there, as far as there is one: of a run that was
    /// interrupted between two topologies, that of both.
    pub(crate) fn made_by(&self) -> Cow<'_, DependencyGraph> {
        let Some(former) = &self.former else {
            return Cow::Borrowed(&self.graph);
        };
        let mut builder = DependencyGraph::builder();
        for node in self.graph.nodes() {
            builder = builder.step(node.clone());
        }
        for node in former.nodes().filter(|node| self.graph.node(&node.id).is_none()) {
            builder = builder.step(node.clone());
        }
        let mut seen = HashSet::new();
        for edge in self.graph.edges().chain(former.edges()) {
            if seen.insert((edge.prerequisite.id.as_str(), edge.dependent.id.as_str())) {
                builder = builder.edge(&edge.prerequisite.id, &edge.dependent.id, edge.reason);
            }
        }
        // Two topologies may contradict each other; then the former one's order is what its objects need.
        builder.build().map_or(Cow::Borrowed(former), Cow::Owned)
    }

    /// What must exist before it: a namespace that lets nothing in or out.
    pub(crate) fn home(network: &str) -> [Manifest; 2] {
        let namespace = Self::namespace(network);
        let labels: Value = json!({
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/enforce-version": "latest",
        });
        [
            json!({
                "apiVersion": "v1",
                "kind": "Namespace",
                "metadata": { "name": namespace, "labels": labels },
            }),
            json!({
                "apiVersion": "networking.k8s.io/v1",
                "kind": "NetworkPolicy",
                "metadata": { "name": "default-deny", "namespace": namespace },
                "spec": { "podSelector": {}, "policyTypes": ["Ingress", "Egress"] },
            }),
        ]
        .map(Manifest::from)
    }
}
