//! Where a network stands now: each component, its gate, since when, and why not. It needs no topology: what there
//! should be is in the inventory.

mod component;
mod drift;
mod watch;

use std::sync::Arc;

use futures::future::{join_all, try_join_all};
use futures::stream::BoxStream;
use jiff::Timestamp;
use kubernetes_objects::manifest::ObjectKey;
use kubernetes_objects::step::Gate;
use schemars::JsonSchema;
use serde::Serialize;

use self::component::Asked;
pub use self::drift::{Drift, drift};
use crate::api::briefly;
use crate::cluster::{Cluster, ClusterError, WatchEvent};
use crate::error::RolloutError;
use crate::inventory::{Inventory, StepState};
use crate::kinds::{self, Kind};
use crate::labels;
use crate::store::Store;

/// The kinds from which a status is read. One list for each, however many objects there are.
static LOOKED_AT: [&Kind; 4] = [
    &kinds::DEPLOYMENT,
    &kinds::STATEFUL_SET,
    &kinds::POD,
    &kinds::SERVICE,
];

/// Where a network stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NetworkStatus {
    /// The network.
    pub network: String,
    /// What runs for as long as the network does, by namespace and name.
    pub components: Vec<ComponentStatus>,
    /// Steps of the last rollout that failed.
    pub failed_steps: Vec<StepStatus>,
    /// Steps that no rollout has finished yet.
    pub open_steps: Vec<StepStatus>,
    /// Why the cluster does not say more; what is told is from before. Only while it is watched.
    pub interrupted: Option<String>,
    /// What others have changed; only if that was asked for, see [`drift()`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift: Option<Vec<Drift>>,
}

/// Where a component stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComponentStatus {
    /// Its namespace.
    pub namespace: String,
    /// `Deployment` or `StatefulSet`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The step that applied it.
    pub step: String,
    /// Whether all of its gates are open.
    pub ready: bool,
    /// The gate that is not open, or the last one, e.g. `GET /status answers 200 on port 10000`.
    pub gate: String,
    /// Since when it is ready, or is not; absent where the cluster does not tell.
    #[schemars(with = "Option<String>")]
    pub since: Option<Timestamp>,
    /// Why it is not ready; empty when it is.
    pub reason: String,
}

/// A step that is not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepStatus {
    /// Its id.
    pub step: String,
    /// What a person reads.
    pub title: String,
    /// Why it failed; empty when it did not.
    pub message: String,
}

impl NetworkStatus {
    /// Whether every component is ready and every step done.
    pub fn is_well(&self) -> bool {
        self.components.iter().all(|component| component.ready)
            && self.failed_steps.is_empty()
            && self.open_steps.is_empty()
    }
}

/// Asks the cluster once. A busy API server is asked again for 10 s; one that is not there is told at once.
pub async fn status(cluster: &dyn Cluster, network: &str) -> Result<NetworkStatus, RolloutError> {
    let selector = labels::selector(network);
    let lists = LOOKED_AT.map(async |kind| {
        let found = briefly(|| cluster.list(kind, &selector)).await;
        found
            .map(|objects| (kind, objects))
            .map_err(|error| failed(cluster, &format!("list {}", kind.plural), error))
    });
    let (inventory, lists) = futures::try_join!(inventory(cluster, network), try_join_all(lists))?;
    let store = Store::default();
    for (kind, objects) in lists {
        store.note(kind, WatchEvent::Replaced(objects));
    }
    Ok(judge(cluster, &inventory, &store).await)
}

async fn inventory(cluster: &dyn Cluster, network: &str) -> Result<Inventory, RolloutError> {
    Inventory::read(cluster, network)
        .await?
        .ok_or_else(|| RolloutError::NoNetwork {
            network: network.to_owned(),
            address: cluster.address().to_owned(),
        })
}

fn failed(cluster: &dyn Cluster, what: &str, error: ClusterError) -> RolloutError {
    RolloutError::of_call(cluster.address(), what, error)
}

/// Tells the status whenever it has changed, until the stream is dropped. A network that is not there yet, or any
/// more, is told by an error, and looked for again.
pub fn watch(
    cluster: Arc<dyn Cluster>,
    network: &str,
) -> BoxStream<'static, Result<NetworkStatus, RolloutError>> {
    watch::watch(cluster, network.to_owned())
}

/// Judges every component by what the store knows and by what its HTTP gates answer.
async fn judge(cluster: &dyn Cluster, inventory: &Inventory, store: &Store) -> NetworkStatus {
    let workloads = inventory
        .objects
        .iter()
        .filter(|recorded| is_workload(&recorded.key));
    let judged = workloads.map(async |recorded| {
        let fallback = [Gate::Ready(recorded.key.clone())];
        let gates = inventory
            .gates
            .get(&recorded.step)
            .map_or(&fallback[..], Vec::as_slice);
        let was_there = inventory
            .steps
            .get(&recorded.step)
            .is_some_and(|step| step.state == StepState::Done);
        let asked = Asked {
            key: &recorded.key,
            step: &recorded.step,
            gates,
            was_there,
        };
        component::judge(cluster, store, asked).await
    });
    let mut components: Vec<ComponentStatus> = join_all(judged).await;
    components.sort_by(|left, right| {
        (&left.namespace, &left.name, &left.kind).cmp(&(&right.namespace, &right.name, &right.kind))
    });
    let (mut failed_steps, mut open_steps) = (Vec::new(), Vec::new());
    for node in inventory.graph.order() {
        let told = |message: &str| StepStatus {
            step: node.id.clone(),
            title: node.title.clone(),
            message: message.to_owned(),
        };
        match inventory.steps.get(&node.id) {
            Some(record) if record.state == StepState::Done => {}
            Some(record) => failed_steps.push(told(record.message.as_deref().unwrap_or_default())),
            None => open_steps.push(told("")),
        }
    }
    NetworkStatus {
        network: inventory.network.clone(),
        components,
        failed_steps,
        open_steps,
        interrupted: None,
        drift: None,
    }
}

/// Whether an object runs for as long as the network does.
fn is_workload(key: &ObjectKey) -> bool {
    matches!(key.kind.as_str(), "Deployment" | "StatefulSet")
}
