//! The cluster as a run finds it: the objects of the network, and the record of earlier runs.

use std::sync::Arc;

use crate::api::Api;
use crate::error::RolloutError;
use crate::inventory::Inventory;
use crate::kinds::{KINDS, Kind};
use crate::labels;
use crate::observe::{self, Watches};
use crate::rollout::Rollout;
use crate::store::Store;

/// What is known of the cluster, kept true by watches for as long as this lives.
pub(crate) struct Picture {
    pub(crate) store: Arc<Store>,
    pub(crate) before: Option<Inventory>,
    pub(crate) watches: Vec<Watches>,
}

impl Picture {
    /// Asks for everything that a rollout of this network has to do with: a request for each kind, however many
    /// objects there are.
    pub(crate) async fn take(api: &Api, rollout: &Rollout) -> Result<Self, RolloutError> {
        let mut kinds = rollout.kinds()?;
        let before = Inventory::read_patiently(api, &rollout.network).await?;
        // What left the topology may be of kinds that nothing in it has any more.
        let gone = left_behind(before.as_ref(), &kinds);
        kinds.extend(gone);
        let store = Arc::new(Store::default());
        let selector = labels::selector(&rollout.network);
        let awaited = rollout.awaited_kinds();
        let is_watched = |kind: &Kind| kind.lively || awaited.contains(kind);
        let watches = observe::begin(api, &store, &kinds, &selector, is_watched).await?;
        Ok(Self {
            store,
            before,
            watches: vec![watches],
        })
    }

    /// Also watches kinds that do not change on their own, because something of them is about to be deleted and it
    /// has to be seen that it is gone.
    pub(crate) async fn follow(
        &mut self,
        api: &Api,
        network: &str,
        kinds: &[&'static Kind],
    ) -> Result<(), RolloutError> {
        let quiet: Vec<&'static Kind> = kinds.iter().copied().filter(|kind| !kind.lively).collect();
        if !quiet.is_empty() {
            let selector = labels::selector(network);
            let watches = observe::begin(api, &self.store, &quiet, &selector, |_| true).await?;
            self.watches.push(watches);
        }
        Ok(())
    }
}

/// Kinds of the last rollout that are not among these.
fn left_behind(before: Option<&Inventory>, kinds: &[&'static Kind]) -> Vec<&'static Kind> {
    let recorded = |kind: &Kind| {
        before.is_some_and(|inventory| {
            inventory
                .objects
                .iter()
                .any(|one| one.key.kind == kind.kind && one.key.api_version == kind.api_version)
        })
    };
    KINDS
        .iter()
        .copied()
        .filter(|kind| !kinds.contains(kind) && recorded(kind))
        .collect()
}
