//! Carries out a rollout.

mod apply;
mod coordinate;
mod gate;
mod job;
mod outputs;
mod record;
mod restart;
mod step;
mod wait;

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

use crate::api::Api;
use crate::cancellation::Cancellation;
use crate::cluster::Cluster;
use crate::error::RolloutError;
use crate::event::{Action, EventKind, RolloutEvent, Summary};
use crate::inventory::Inventory;
use crate::labels;
use crate::narrator::Narrator;
use crate::observe;
use crate::preflight::{self, Work};
use crate::rollout::{Options, Rollout};
use crate::store::Store;

/// What all steps of a run share.
pub(crate) struct Shared {
    pub(crate) api: Api,
    pub(crate) store: Arc<Store>,
    pub(crate) network: String,
    pub(crate) narrator: Narrator,
    pub(crate) cancellation: Cancellation,
}

/// Rolls a network out and waits until every step is done, has failed, or cannot start because another failed.
///
/// An error means that nothing was begun; how the steps went is in the summary. Running the same again goes
/// on where this run ended, whatever ended it.
pub async fn roll_out(
    cluster: Arc<dyn Cluster>,
    rollout: Rollout,
    options: Options,
    cancellation: Cancellation,
    events: UnboundedSender<RolloutEvent>,
) -> Result<Summary, RolloutError> {
    rollout.check()?;
    let started = Instant::now();
    let api = Api::new(cluster, options.concurrency);
    let kinds = rollout.kinds()?;
    let server = preflight::check(&api, &kinds, Work::RollOut).await?;
    let store = Arc::new(Store::default());
    let selector = labels::selector(&rollout.network);
    let watches = observe::begin(&api, &store, &kinds, &selector, |kind| kind.lively).await?;
    let before = match store.get(&Inventory::key(&rollout.network)) {
        Some(object) => Some(Inventory::of(&object)?),
        None => None,
    };
    let narrator = Narrator::new(events, started);
    narrator.tell(EventKind::RolloutStarted {
        network: rollout.network.clone(),
        server: server.version,
        action: Action::RollOut,
        steps: record::planned(&rollout.graph, before.as_ref()),
    });
    let shared = Arc::new(Shared {
        api,
        store,
        network: rollout.network.clone(),
        narrator,
        cancellation,
    });
    let summary = coordinate::run(&shared, rollout, before, started).await;
    drop(watches);
    Ok(summary)
}
