//! One run at a time: the right to change a network is a Lease in the cluster, taken before the first change,
//! renewed while the run lasts, and given back at its end. Every write of it names the version that it replaces,
//! so that of two runs only one gets it, whatever their clocks say.

mod keeper;
mod record;

use std::time::Duration;

use futures::StreamExt;
use kubernetes_objects::manifest::ObjectKey;
use tokio::time::{Instant, timeout_at};

pub(crate) use self::keeper::{Keeper, Loss};
pub(crate) use self::record::key;
use self::record::{HELD_FOR, Holder, held, identity, selector};
use crate::api::Api;
use crate::cancellation::Cancellation;
use crate::cluster::{ClusterError, WatchEvent};
use crate::error::RolloutError;
use crate::kinds::LEASE;
use crate::object::Object;

/// How often a holder tells that it is still there.
const RENEWED_EVERY: Duration = Duration::from_secs(3);

/// The right to change a network, as nobody holds it.
#[derive(Clone)]
pub(crate) struct Vacancy {
    network: String,
    lease: Option<Object>,
}

/// Finds the Lease free. One whose holder is not heard of for as long as it may be silent counts as free: that run
/// was killed. Of a holder that is there it tells who it is.
pub(crate) async fn vacancy(api: &Api, network: &str) -> Result<Vacancy, RolloutError> {
    let key = key(network);
    let mut lease = read(api, &key).await?;
    while let Some((found, holder)) = lease.as_ref().and_then(|found| Some((found, Holder::of(found)?))) {
        match contest(api, network, found, &holder).await {
            Contest::Silent => break,
            Contest::Changed => lease = read(api, &key).await?,
            Contest::Alive => {
                return Err(RolloutError::Held {
                    network: network.to_owned(),
                    holder: holder.words().to_owned(),
                    since: holder.since,
                    lease: Box::new(key),
                });
            }
        }
    }
    Ok(Vacancy {
        network: network.to_owned(),
        lease,
    })
}

async fn read(api: &Api, key: &ObjectKey) -> Result<Option<Object>, RolloutError> {
    let address = api.cluster().address();
    api.get(key)
        .await
        .map_err(|error| RolloutError::of_call(address, "tell who changes the network now", error))
}

enum Contest {
    /// The holder was heard of.
    Alive,
    /// It was not, for as long as it may be silent.
    Silent,
    /// It has given the Lease back, or somebody else has it.
    Changed,
}

/// Watches a Lease that somebody holds. Only what is seen here counts, not the times written in it: clocks differ.
async fn contest(api: &Api, network: &str, lease: &Object, holder: &Holder) -> Contest {
    tracing::info!(
        holder = holder.words(),
        since = holder.since,
        "another run holds the network; waiting for a sign of it"
    );
    let until = Instant::now() + HELD_FOR;
    let mut changes = api.cluster().watch(&LEASE, &selector(network));
    loop {
        let Ok(Some(event)) = timeout_at(until, changes.next()).await else {
            return Contest::Silent;
        };
        let now = match event {
            WatchEvent::Applied(object) => Some(object),
            WatchEvent::Replaced(all) => all.into_iter().next(),
            WatchEvent::Deleted(_) => None,
            WatchEvent::Interrupted(error) => {
                tracing::debug!(%error, "watch of the Lease interrupted, going on");
                continue;
            }
        };
        match now.as_ref().and_then(Holder::of) {
            Some(now) if now == *holder => {}
            Some(now) if now.identity == holder.identity => return Contest::Alive,
            _ => return Contest::Changed,
        }
        // Even a write that leaves the holder as it is makes what was read too old to be replaced.
        if now.is_some_and(|now| lease.is_older_than(&now)) {
            return Contest::Changed;
        }
    }
}

impl Vacancy {
    /// Takes the Lease, whose namespace exists, and keeps it from then on; `None` if somebody else was faster.
    /// Losing it later stops the run.
    pub(crate) async fn take(
        self,
        api: &Api,
        holder: &str,
        cancellation: &Cancellation,
    ) -> Result<Option<Keeper>, RolloutError> {
        let Self { network, lease } = self;
        let address = api.cluster().address().to_owned();
        let failed = |error| RolloutError::of_call(&address, "give the right to change the network", error);
        let identity = identity(holder).map_err(|error| {
            failed(ClusterError::Unreadable {
                cause: error.to_string(),
            })
        })?;
        let wanted = held(&network, lease.as_ref(), Some(&identity));
        let written = match &lease {
            Some(_) => api.replace(&wanted).await,
            None => api.create(&wanted).await,
        };
        let lease = match written {
            Ok(lease) => lease,
            // Deleted, or overtaken; by this very run, perhaps, whose first answer was lost.
            Err(ClusterError::Overtaken { .. } | ClusterError::NotFound { .. }) => {
                let found = read(api, &key(&network)).await?;
                match found.filter(|found| Holder::of(found).is_some_and(|one| one.identity == identity)) {
                    Some(found) => found,
                    None => return Ok(None),
                }
            }
            Err(error) => return Err(failed(error)),
        };
        Ok(Some(Keeper::start(
            api.clone(),
            network,
            identity,
            lease,
            cancellation.clone(),
        )))
    }
}
