//! Keeps the inventory in the cluster up to date: written when something changed, at most once a second, and
//! never by a run that changes nothing.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dependency_graph::DependencyGraph;
use kubernetes_objects::manifest::{Manifest, ObjectKey};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::Shared;
use crate::api::Api;
use crate::cluster::{ApplyMode, ClusterError};
use crate::event::{Planned, Prerequisite, Summary};
use crate::history::{self, History};
use crate::inventory::{Inventory, Recorded, StepRecord, StepState};
use crate::labels;
use crate::object::Object;
use crate::prepare::prepare;
use crate::rollout::Rollout;
use crate::store::Store;

const PAUSE: Duration = Duration::from_secs(1);
/// Nobody waits longer than this for the history to be written.
const HISTORY_TIME: Duration = Duration::from_secs(15);
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
    inventory: Arc<Mutex<Inventory>>,
    /// Counts what was noted, so that the writer knows that there is something to write.
    noted: Option<watch::Sender<u64>>,
    /// One task; it ends with the run, however that ends.
    writer: JoinSet<Option<ClusterError>>,
}

impl Recorder {
    pub(super) fn new(shared: &Arc<Shared>, rollout: &Rollout, before: Option<Inventory>) -> Self {
        let inventory = Arc::new(Mutex::new(merged(&shared.store, rollout, before)));
        let (noted, updates) = watch::channel(0);
        let mut writer = JoinSet::new();
        writer.spawn(write(Arc::clone(shared), Arc::clone(&inventory), updates));
        Self {
            inventory,
            noted: Some(noted),
            writer,
        }
    }

    /// Notes how a step went. A step that changed nothing keeps its old times.
    pub(super) fn note(&self, step: &str, record: StepRecord, changed: bool) {
        {
            let mut inventory = self.inventory.lock().unwrap_or_else(PoisonError::into_inner);
            let known = inventory.steps.get(step);
            let same = known.is_some_and(|known| known.state == record.state && known.hash == record.hash);
            if changed || !same {
                inventory.steps.insert(step.to_owned(), record);
            }
        }
        if let Some(noted) = &self.noted {
            noted.send_modify(|count| *count += 1);
        }
    }

    /// Notes that objects are gone.
    pub(super) fn forget(&self, gone: &[Object]) {
        if gone.is_empty() {
            return;
        }
        let gone: HashSet<ObjectKey> = gone.iter().map(Object::key).collect();
        self.inventory
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .objects
            .retain(|one| !gone.contains(&one.key));
        if let Some(noted) = &self.noted {
            noted.send_modify(|count| *count += 1);
        }
    }

    /// Writes what is left to write, unless the run was aborted. The record is a help, not a need: failing to
    /// write it fails no step.
    pub(super) async fn end(&mut self, aborted: bool) {
        if aborted {
            self.writer.abort_all();
            return;
        }
        self.noted = None;
        match self.writer.join_next().await {
            None | Some(Ok(None)) => {}
            Some(Ok(Some(error))) => tracing::warn!(%error, "the inventory could not be written"),
            Some(Err(error)) => tracing::warn!(%error, "the inventory's writer ended unexpectedly"),
        }
    }
}

/// Appends a run that did something to the history. Like the inventory it is a help, not a need.
pub(super) async fn keep(shared: &Shared, summary: &Summary) {
    if !history::is_worth_keeping(summary) {
        return;
    }
    let Some(record) = shared.narrator.record(summary) else {
        return;
    };
    let before = shared.store.get(&History::key(&shared.network));
    let mut history = before.as_ref().map(History::of).unwrap_or_default();
    if let Err(error) = history.push(&record) {
        tracing::warn!(%error, "the run is not kept in the history");
        return;
    }
    match tokio::time::timeout(
        HISTORY_TIME,
        write_own(
            &shared.api,
            &shared.store,
            &shared.network,
            &history.manifest(&shared.network),
        ),
    )
    .await
    {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the history could not be written"),
        Err(_) => tracing::warn!("the cluster took too long to write the history"),
    }
}

/// The present rollout's objects and steps, and what earlier ones left behind as far as it still exists.
fn merged(store: &Store, rollout: &Rollout, before: Option<Inventory>) -> Inventory {
    let mut objects: Vec<Recorded> = Vec::new();
    for step in &rollout.steps {
        let targets = step
            .outputs
            .iter()
            .flat_map(|outputs| &outputs.files)
            .map(|file| file.target.clone());
        let mut keys: Vec<_> = step.manifests.iter().map(Manifest::key).collect();
        keys.extend(targets);
        keys.dedup();
        objects.extend(keys.into_iter().map(|key| Recorded {
            step: step.id.clone(),
            key,
        }));
    }
    let mut inventory = Inventory {
        network: rollout.network.clone(),
        graph: rollout.graph.clone(),
        former: None,
        steps: BTreeMap::new(),
        objects,
        gates: rollout
            .steps
            .iter()
            .filter(|step| !step.gates.is_empty())
            .map(|step| (step.id.clone(), step.gates.clone()))
            .collect(),
    };
    if let Some(before) = before {
        let present: HashSet<ObjectKey> = inventory.objects.iter().map(|one| one.key.clone()).collect();
        let former = before.made_by().into_owned();
        let left = before
            .objects
            .into_iter()
            .filter(|one| !present.contains(&one.key) && store.get(&one.key).is_some());
        inventory.objects.extend(left);
        inventory.steps = before.steps;
        inventory.steps.retain(|id, _| rollout.graph.node(id).is_some());
        inventory.former = (inventory.objects.len() > present.len()).then_some(former);
    }
    inventory
}

/// Writes the newest state until there will be no newer one. Gives back the last failure.
async fn write(
    shared: Arc<Shared>,
    inventory: Arc<Mutex<Inventory>>,
    mut updates: watch::Receiver<u64>,
) -> Option<ClusterError> {
    let mut failure = None;
    while updates.changed().await.is_ok() {
        updates.mark_unchanged();
        let manifest = inventory
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .manifest();
        failure = write_own(&shared.api, &shared.store, &shared.network, &manifest)
            .await
            .err();
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            // The sender's end cuts the pause short.
            () = closed(&updates) => {}
        }
    }
    failure
}

async fn closed(updates: &watch::Receiver<u64>) {
    let mut updates = updates.clone();
    while updates.changed().await.is_ok() {}
}

/// Makes the namespace of the record, if it is not there; it holds the Lease of a run as well.
pub(crate) async fn make_home(api: &Api, store: &Store, network: &str) -> Result<(), ClusterError> {
    for manifest in Inventory::home(network) {
        write_own(api, store, network, &manifest).await?;
    }
    Ok(())
}

/// Writes an object of the record, unless it is as it should be.
async fn write_own(api: &Api, store: &Store, network: &str, manifest: &Manifest) -> Result<(), ClusterError> {
    let prepared =
        prepare(manifest, network, OWN_STEP, &|_| None).map_err(|error| ClusterError::Invalid {
            cause: error.to_string(),
        })?;
    let live = store.get(&prepared.key).filter(|live| !live.is_leaving());
    if live
        .as_ref()
        .and_then(|live| live.annotation(labels::CONTENT_HASH))
        != Some(&prepared.hash)
    {
        store.put(api.apply(&prepared.value, ApplyMode::default()).await?);
    }
    Ok(())
}
