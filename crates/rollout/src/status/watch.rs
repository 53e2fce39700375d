//! The status, told again whenever it changes.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::{BoxStream, select_all, unfold};
use tokio::time::{Instant, sleep_until, timeout};

use super::{LOOKED_AT, NetworkStatus, judge};
use crate::cluster::{Cluster, ClusterError, WatchEvent};
use crate::error::RolloutError;
use crate::inventory::Inventory;
use crate::kinds::{self, Kind};
use crate::labels;
use crate::store::Store;

/// Changes come in bursts: what follows within this time is told with the first.
const BURST: Duration = Duration::from_millis(200);
/// How often what has no event is asked again: the HTTP gates.
const PAUSE: Duration = Duration::from_secs(5);

struct Watching {
    cluster: Arc<dyn Cluster>,
    network: String,
    events: BoxStream<'static, (&'static Kind, WatchEvent)>,
    store: Store,
    /// Kinds of which no whole list has come yet.
    missing: Vec<&'static Kind>,
    interrupted: Option<ClusterError>,
    told: Option<Result<NetworkStatus, String>>,
}

pub(super) fn watch(
    cluster: Arc<dyn Cluster>,
    network: String,
) -> BoxStream<'static, Result<NetworkStatus, RolloutError>> {
    let selector = labels::selector(&network);
    let kinds: Vec<&'static Kind> = LOOKED_AT.into_iter().chain([&kinds::CONFIG_MAP]).collect();
    let streams = kinds
        .iter()
        .map(|&kind| cluster.watch(kind, &selector).map(move |event| (kind, event)));
    let watching = Watching {
        events: select_all(streams.map(futures::StreamExt::boxed)).boxed(),
        cluster,
        network,
        store: Store::default(),
        missing: kinds,
        interrupted: None,
        told: None,
    };
    unfold(watching, async |mut watching| {
        watching.next().await.map(|told| (told, watching))
    })
    .boxed()
}

impl Watching {
    /// The next status that differs from the one before.
    async fn next(&mut self) -> Option<Result<NetworkStatus, RolloutError>> {
        loop {
            let until = Instant::now() + PAUSE;
            tokio::select! {
                event = self.events.next() => {
                    self.take(event?);
                    self.take_burst().await?;
                }
                () = sleep_until(until), if self.told.is_some() => {}
            }
            if !self.missing.is_empty() && self.interrupted.is_none() {
                continue;
            }
            let status = self.judge().await;
            let comparable = status.as_ref().map(Clone::clone).map_err(ToString::to_string);
            if self.told.as_ref() != Some(&comparable) {
                self.told = Some(comparable);
                return Some(status);
            }
        }
    }

    async fn take_burst(&mut self) -> Option<()> {
        let end = Instant::now() + BURST;
        while let Ok(event) = timeout(end.saturating_duration_since(Instant::now()), self.events.next()).await
        {
            self.take(event?);
        }
        Some(())
    }

    fn take(&mut self, (kind, event): (&'static Kind, WatchEvent)) {
        match &event {
            WatchEvent::Interrupted(error) => self.interrupted = Some(error.clone()),
            WatchEvent::Replaced(_) => {
                self.missing.retain(|missing| *missing != kind);
                self.interrupted = None;
            }
            WatchEvent::Applied(_) | WatchEvent::Deleted(_) => self.interrupted = None,
        }
        self.store.note(kind, event);
    }

    async fn judge(&mut self) -> Result<NetworkStatus, RolloutError> {
        if let (Some(error), false) = (&self.interrupted, self.missing.is_empty()) {
            return Err(RolloutError::of_call(
                self.cluster.address(),
                "list the network's objects",
                error.clone(),
            ));
        }
        let object =
            self.store
                .get(&Inventory::key(&self.network))
                .ok_or_else(|| RolloutError::NoNetwork {
                    network: self.network.clone(),
                    address: self.cluster.address().to_owned(),
                })?;
        let mut status = judge(&*self.cluster, &Inventory::of(&object)?, &self.store).await;
        status.interrupted = self.interrupted.as_ref().map(ToString::to_string);
        Ok(status)
    }
}
