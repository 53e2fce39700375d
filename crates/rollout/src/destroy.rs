//! Takes a network away: dependents first, policies and namespaces last, and without the topology file.

mod order;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::{BoxFuture, join_all};
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

use self::order::{Takedown, plan};
use crate::api::Api;
use crate::cancellation::Cancellation;
use crate::cluster::Cluster;
use crate::coordinate::{self, StepReport, Work};
use crate::engine::{Shared, apply, record};
use crate::error::{RolloutError, StepFailure};
use crate::event::{self, Action, Change, EventKind, RolloutEvent, Summary};
use crate::inventory::Inventory;
use crate::kinds::{self, KINDS, Kind};
use crate::labels;
use crate::narrator::Narrator;
use crate::object::Object;
use crate::observe;
use crate::preflight::{self, Purpose};
use crate::rollout::Options;
use crate::schedule::Schedule;
use crate::store::Store;

/// What goes, and what stays.
#[derive(Clone, Copy, Debug, Default)]
pub struct DestroyOptions {
    /// Also delete what cannot be made again: volumes, keys, what was handed over, and the namespaces.
    pub delete_data: bool,
}

/// Deletes everything of a network, in the reverse of the order in which it was made, and waits until it is gone.
///
/// Volumes, keys and other objects marked to be kept stay, with their namespaces, unless the options say
/// otherwise. An error means that nothing was begun.
pub async fn destroy(
    cluster: Arc<dyn Cluster>,
    network: &str,
    options: DestroyOptions,
    cancellation: Cancellation,
    events: UnboundedSender<RolloutEvent>,
) -> Result<Summary, RolloutError> {
    let started = Instant::now();
    let address = cluster.address().to_owned();
    let api = Api::new(cluster, Options::default().concurrency);
    // A broken inventory costs the order, not the destruction.
    let server = preflight::check(&api, &[&kinds::CONFIG_MAP], Purpose::Destroy).await?;
    let inventory = Inventory::read(api.cluster(), network)
        .await
        .unwrap_or_else(|error| {
            tracing::warn!(%error, "going by labels alone");
            None
        });
    let kinds = kinds_of(inventory.as_ref());
    preflight::check(&api, &kinds, Purpose::Destroy).await?;
    let store = Arc::new(Store::default());
    let watches = observe::begin(&api, &store, &kinds, &labels::selector(network), |_| true).await?;
    let objects = store.all();
    if objects.is_empty() {
        return Err(RolloutError::NoNetwork {
            network: network.to_owned(),
            address,
        });
    }
    let keeping = Arc::new(namespaces_with_data(&objects));
    let Takedown { graph, objects } = plan(network, inventory.as_ref().map(|found| &found.graph), objects)?;
    let narrator = Narrator::new(events, started);
    narrator.tell(EventKind::RolloutStarted {
        version: event::VERSION,
        network: network.to_owned(),
        server: server.version,
        action: Action::Destroy,
        steps: record::planned(&graph, None),
    });
    let shared = Arc::new(Shared {
        api,
        store,
        network: network.to_owned(),
        narrator,
        cancellation,
    });
    let work = Destroy {
        objects,
        keeping,
        delete_data: options.delete_data,
    };
    let summary = coordinate::run(&shared, &graph, Schedule::backwards(&graph), work, started).await;
    drop(watches);
    Ok(summary)
}

/// The kinds that the inventory names, or all there are; and those that controllers make.
fn kinds_of(inventory: Option<&Inventory>) -> Vec<&'static Kind> {
    let always = [
        &kinds::NAMESPACE,
        &kinds::POD,
        &kinds::CLAIM,
        &kinds::CONFIG_MAP,
        &kinds::NETWORK_POLICY,
    ];
    let Some(inventory) = inventory else {
        return KINDS.to_vec();
    };
    KINDS
        .iter()
        .copied()
        .filter(|kind| {
            always.contains(kind)
                || inventory
                    .objects
                    .iter()
                    .any(|one| one.key.kind == kind.kind && one.key.api_version == kind.api_version)
        })
        .collect()
}

struct Destroy {
    objects: HashMap<String, Vec<Object>>,
    keeping: Arc<HashSet<String>>,
    delete_data: bool,
}

#[async_trait]
impl Work for Destroy {
    fn begin(&self, shared: Arc<Shared>, id: &str) -> BoxFuture<'static, Result<StepReport, StepFailure>> {
        let objects = self.objects.get(id).cloned().unwrap_or_default();
        let (id, delete_data, keeping) = (id.to_owned(), self.delete_data, self.keeping.clone());
        Box::pin(async move {
            let (kept, going): (Vec<_>, Vec<_>) = objects
                .into_iter()
                .partition(|object| !delete_data && is_kept(object, &keeping));
            for object in &kept {
                shared.narrator.applied(&id, object.key(), Change::Kept);
            }
            let results = join_all(going.iter().map(|object| delete(&shared, &id, object))).await;
            results.into_iter().collect::<Result<(), _>>()?;
            Ok(StepReport {
                changed: !going.is_empty(),
                hash: String::new(),
            })
        })
    }

    fn note(&mut self, _: &Shared, _: &str, _: Duration, _: Result<StepReport, String>) {}

    async fn end(&mut self, _: bool) {}

    // What would keep it goes away with the network.
    async fn keep(&mut self, _: &Shared, _: &Summary) {}
}

async fn delete(shared: &Shared, step: &str, object: &Object) -> Result<(), StepFailure> {
    apply::delete(shared, step, object).await?;
    shared.narrator.applied(step, object.key(), Change::Deleted);
    Ok(())
}

/// What cannot be made again, and the namespaces that hold it.
fn is_kept(object: &Object, keeping: &HashSet<String>) -> bool {
    if object.text("/kind") == Some("Namespace") {
        return keeping.contains(object.name());
    }
    is_data(object)
}

fn is_data(object: &Object) -> bool {
    object.text("/kind") == Some("PersistentVolumeClaim")
        || object.label(labels::KEEP) == Some(labels::KEEP_DATA)
}

fn namespaces_with_data(objects: &[Object]) -> HashSet<String> {
    objects
        .iter()
        .filter(|object| is_data(object))
        .filter_map(|object| object.key().namespace)
        .collect()
}
