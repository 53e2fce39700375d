//! Takes a network away: dependents first, policies and namespaces last, and without the topology file.

pub(crate) mod order;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::BoxFuture;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

use self::order::{Takedown, plan};
use crate::api::Api;
use crate::cancellation::Cancellation;
use crate::cluster::Cluster;
use crate::coordinate::{self, StepReport, Work};
use crate::engine::turn::Turn;
use crate::engine::{Shared, record, remove};
use crate::error::{RolloutError, StepFailure};
use crate::event::{self, Action, Change, EventKind, RolloutEvent, Summary};
use crate::inventory::Inventory;
use crate::kinds::{self, KINDS, Kind};
use crate::labels;
use crate::lease::{self, Keeper};
use crate::narrator::Narrator;
use crate::object::Object;
use crate::observe;
use crate::plan::Orders;
use crate::preflight::{self, Purpose};
use crate::rollout::Options;
use crate::schedule::Schedule;
use crate::store::Store;

/// What goes, and what stays.
#[derive(Clone, Debug, Default)]
pub struct DestroyOptions {
    /// Also delete what cannot be made again: volumes, keys, what was handed over, and the namespaces.
    pub delete_data: bool,
    /// Who runs this, as another run would tell it.
    pub holder: Option<String>,
}

/// Deletes everything of a network, in the reverse of the order in which it was made, and waits until it is gone.
///
/// Volumes, keys and other objects marked to be kept stay, with their namespaces, unless the options say
/// otherwise. An error means that nothing was begun.
#[tracing::instrument(name = "destroy", skip_all, fields(network))]
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
    let inventory = Inventory::read_patiently(&api, network)
        .await
        .unwrap_or_else(|error| {
            tracing::warn!(%error, "going by labels alone");
            None
        });
    let kinds = kinds_of(inventory.as_ref());
    preflight::check(&api, &kinds, Purpose::Destroy).await?;
    let options_of_all = Options::default();
    let holder = options.holder.unwrap_or(options_of_all.holder);
    let selector = labels::selector(network);
    let (store, watches, lease) = loop {
        let vacancy = lease::vacancy(&api, network).await?;
        let store = Arc::new(Store::default());
        let watches = observe::begin(&api, &store, &kinds, &selector, |_| true).await?;
        let objects = store.all();
        if objects.is_empty() {
            return Err(RolloutError::NoNetwork {
                network: network.to_owned(),
                address,
            });
        }
        if !needs_lease(network, &objects, options.delete_data) {
            break (store, watches, None);
        }
        record::make_home(&api, &store, network).await.map_err(|error| {
            RolloutError::of_call(&address, "make a place for the record of this run", error)
        })?;
        let lease = vacancy.take(&api, &holder, &cancellation).await?;
        // Else somebody else was faster: what was seen may have changed since.
        if let Some(lease) = lease {
            break (store, watches, Some(lease.until_deleted()));
        }
    };
    let objects = store.all();
    let keeping = Arc::new(namespaces_with_data(&objects));
    let graph = inventory.as_ref().map(Inventory::made_by);
    let Takedown { graph, objects } = plan(network, graph.as_deref(), objects)?;
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
        orders: Orders::default(),
        turn: Turn::default(),
        loss: lease.as_ref().map(Keeper::loss).unwrap_or_default(),
    });
    let work = Destroy {
        objects,
        keeping,
        delete_data: options.delete_data,
    };
    let summary = coordinate::run(&shared, &graph, Schedule::backwards(&graph), work, started).await;
    if let Some(lease) = lease {
        lease.release(&shared.cancellation).await;
    }
    drop(watches);
    Ok(summary)
}

/// Whether anything goes, in a network whose record is not on its way out already: nobody can take a Lease there.
fn needs_lease(network: &str, objects: &[Object], delete_data: bool) -> bool {
    let keeping = namespaces_with_data(objects);
    let home = Inventory::namespace(network);
    let is_home_leaving = objects.iter().any(|object| {
        object.text("/kind") == Some("Namespace") && object.name() == home && object.is_leaving()
    });
    !is_home_leaving
        && objects
            .iter()
            .any(|object| delete_data || !is_kept(object, &keeping))
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
            remove::run(&shared, &id, going).await
        })
    }

    fn note(&mut self, _: &Shared, _: &str, _: Duration, _: Result<StepReport, String>) {}

    async fn end(&mut self, _: bool) {}

    // What would keep it goes away with the network.
    async fn keep(&mut self, _: &Shared, _: &Summary) {}
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
