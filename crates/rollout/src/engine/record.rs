//! Keeps the inventory in the cluster up to date: written when something changed, at most once a second, and
//! never by a run that changes nothing.

use std::sync::Arc;
use std::time::Duration;

use dependency_graph::DependencyGraph;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::Shared;
use crate::cluster::ClusterError;
use crate::event::{Planned, Prerequisite};
use crate::inventory::{Inventory, Recorded, StepRecord, StepState};
use crate::labels;
use crate::prepare::prepare;
use crate::rollout::Rollout;

const PAUSE: Duration = Duration::from_secs(1);
/// The step name on the inventory's own objects.
pub(crate) const OWN_STEP: &str = "inventory";

/// Announces the steps, with what the last run knows about them.
pub(crate) fn planned(graph: &DependencyGraph, before: Option<&Inventory>) -> Vec<Planned> {
    graph
        .nodes()
        .map(|node| Planned {
            node: node.clone(),
            prerequisites: graph
                .prerequisites(&node.id)
                .into_iter()
                .map(|edge| Prerequisite {
                    step: edge.prerequisite.id.clone(),
                    reason: edge.reason.to_owned(),
                })
                .collect(),
            last_duration: before
                .and_then(|inventory| inventory.steps.get(&node.id))
                .filter(|record| record.state == StepState::Done)
                .map(|record| record.duration),
        })
        .collect()
}

/// The inventory as it should be, and the task that writes it.
pub(super) struct Recorder {
    inventory: Inventory,
    latest: watch::Sender<Option<Inventory>>,
    /// One task; it ends with the run, however that ends.
    writer: JoinSet<Option<ClusterError>>,
}

impl Recorder {
    pub(super) fn new(shared: &Arc<Shared>, rollout: &Rollout, before: Option<Inventory>) -> Self {
        let inventory = merged(rollout, before);
        let (latest, updates) = watch::channel(None);
        let mut writer = JoinSet::new();
        writer.spawn(write(Arc::clone(shared), updates));
        Self {
            inventory,
            latest,
            writer,
        }
    }

    /// Notes how a step went. A step that changed nothing keeps its old times.
    pub(super) fn note(&mut self, step: &str, record: StepRecord, changed: bool) {
        let known = self.inventory.steps.get(step);
        let same = known.is_some_and(|known| known.state == record.state && known.hash == record.hash);
        if changed || !same {
            self.inventory.steps.insert(step.to_owned(), record);
        }
        self.latest.send_replace(Some(self.inventory.clone()));
    }

    /// Writes what is left to write, unless the run was aborted. The record is a help, not a need: failing to
    /// write it fails no step.
    pub(super) async fn end(mut self, aborted: bool) {
        if aborted {
            return;
        }
        drop(self.latest);
        match self.writer.join_next().await {
            None | Some(Ok(None)) => {}
            Some(Ok(Some(error))) => tracing::warn!(%error, "the inventory could not be written"),
            Some(Err(error)) => tracing::warn!(%error, "the inventory's writer ended unexpectedly"),
        }
    }
}

/// The present rollout's objects and steps, and whatever earlier ones left behind.
fn merged(rollout: &Rollout, before: Option<Inventory>) -> Inventory {
    let mut objects: Vec<Recorded> = Vec::new();
    for step in &rollout.steps {
        let targets = step
            .outputs
            .iter()
            .flat_map(|outputs| &outputs.files)
            .map(|file| file.target.clone());
        let mut keys: Vec<_> = step
            .manifests
            .iter()
            .map(kubernetes_objects::manifest::Manifest::key)
            .collect();
        keys.extend(targets);
        keys.dedup();
        objects.extend(keys.into_iter().map(|key| Recorded {
            step: step.id.clone(),
            key,
        }));
    }
    let mut steps = std::collections::BTreeMap::new();
    if let Some(before) = before {
        let present: std::collections::HashSet<_> = objects.iter().map(|one| one.key.clone()).collect();
        objects.extend(
            before
                .objects
                .into_iter()
                .filter(|one| !present.contains(&one.key)),
        );
        steps = before.steps;
        steps.retain(|id, _| rollout.graph.node(id).is_some());
    }
    Inventory {
        network: rollout.network.clone(),
        graph: rollout.graph.clone(),
        steps,
        objects,
    }
}

/// Writes the newest state until there will be no newer one. Gives back the last failure.
async fn write(shared: Arc<Shared>, mut updates: watch::Receiver<Option<Inventory>>) -> Option<ClusterError> {
    let mut failure = None;
    while updates.changed().await.is_ok() {
        let newest = updates.borrow_and_update().clone();
        if let Some(inventory) = newest {
            failure = write_once(&shared, &inventory).await.err();
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            // The sender's end cuts the pause short.
            () = closed(&updates) => {}
        }
    }
    failure
}

async fn closed(updates: &watch::Receiver<Option<Inventory>>) {
    let mut updates = updates.clone();
    while updates.changed().await.is_ok() {}
}

async fn write_once(shared: &Shared, inventory: &Inventory) -> Result<(), ClusterError> {
    let [namespace, policy] = Inventory::home(&inventory.network);
    for manifest in [namespace, policy, inventory.manifest()] {
        let prepared = prepare(&manifest, &shared.network, OWN_STEP, &|_| None).map_err(|error| {
            ClusterError::Invalid {
                cause: error.to_string(),
            }
        })?;
        let live = shared.store.get(&prepared.key);
        if live
            .as_ref()
            .and_then(|live| live.annotation(labels::CONTENT_HASH))
            != Some(&prepared.hash)
        {
            shared.store.put(shared.api.apply(&prepared.value).await?);
        }
    }
    Ok(())
}
