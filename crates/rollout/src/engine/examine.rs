//! Everything that a run does before its first write: it asks, compares, and refuses.

use std::collections::HashSet;
use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

use super::{Shared, record, run};
use crate::api::Api;
use crate::cancellation::Cancellation;
use crate::cluster::{Cluster, ServerInfo};
use crate::error::{Refusal, RolloutError};
use crate::event::{RolloutEvent, Summary};
use crate::inventory::Inventory;
use crate::kinds::{self, Kind};
use crate::lease::{self, Keeper, Vacancy};
use crate::narrator::Narrator;
use crate::picture::Picture;
use crate::plan::{Action, Comparison, Depth, Plan, compare};
use crate::preflight::{self, Purpose};
use crate::rollout::{Options, Rollout};

/// A rollout that the cluster would accept: rights are there, nobody else changes the network, and nothing stands in
/// the way of what changes. Nothing was written yet.
pub struct Examined {
    pub(super) api: Api,
    pub(super) started: Instant,
    pub(super) rollout: Rollout,
    options: Options,
    server: ServerInfo,
    seen: Seen,
}

/// The cluster at one moment.
struct Seen {
    vacancy: Vacancy,
    picture: Picture,
    comparison: Comparison,
}

/// Looks at the cluster and compares; an error says why a rollout would not begin.
pub async fn examine(
    cluster: Arc<dyn Cluster>,
    rollout: Rollout,
    options: Options,
) -> Result<Examined, RolloutError> {
    rollout.check()?;
    let started = Instant::now();
    let api = Api::new(cluster, options.concurrency);
    let server = preflight::check(&api, &rollout.kinds()?, Purpose::RollOut).await?;
    let seen = see(&api, &rollout, &options).await?;
    Ok(Examined {
        api,
        started,
        rollout,
        options,
        server,
        seen,
    })
}

async fn see(api: &Api, rollout: &Rollout, options: &Options) -> Result<Seen, RolloutError> {
    let vacancy = lease::vacancy(api, &rollout.network).await?;
    let mut picture = Picture::take(api, rollout).await?;
    let depth = if options.plan.is_some() {
        Depth::Thorough
    } else {
        Depth::Quick
    };
    let comparison = compare(api, &picture, rollout, options.choices(), depth).await?;
    if let Some(file) = &options.plan {
        let moved = file.moved(&comparison, rollout);
        if !moved.is_empty() {
            return Err(RolloutError::Moved {
                made: file.made.clone(),
                moved,
            });
        }
    }
    let refused: Vec<Refusal> = comparison
        .plan
        .blocked()
        .map(|(object, blocked)| Refusal {
            object: object.clone(),
            reason: blocked.reason.clone(),
            way_on: blocked.way_on.clone(),
        })
        .collect();
    if !refused.is_empty() {
        return Err(RolloutError::Refused { refused });
    }
    let deleted = deleted_kinds(&comparison);
    preflight::may_delete(api, &deleted).await?;
    picture.follow(api, &rollout.network, &deleted).await?;
    Ok(Seen {
        vacancy,
        picture,
        comparison,
    })
}

/// Kinds of which something is deleted, other than those of every rollout.
fn deleted_kinds(comparison: &Comparison) -> Vec<&'static Kind> {
    let deleted: HashSet<(&str, &str)> = comparison
        .plan
        .objects()
        .filter(|(_, object)| matches!(object.action, Action::Delete | Action::Recreate))
        .map(|(_, object)| (object.key.api_version.as_str(), object.key.kind.as_str()))
        .collect();
    kinds::KINDS
        .iter()
        .copied()
        .filter(|kind| *kind != &kinds::JOB && deleted.contains(&(kind.api_version, kind.kind)))
        .collect()
}

impl Examined {
    /// What it would do.
    pub fn plan(&self) -> &Plan {
        &self.seen.comparison.plan
    }

    /// Rolls out, and waits until every step is done, has failed, or cannot start because another failed. An error
    /// means that nothing was begun; how the steps went is in the summary.
    pub async fn roll_out(
        mut self,
        cancellation: Cancellation,
        events: UnboundedSender<RolloutEvent>,
    ) -> Result<Summary, RolloutError> {
        let lease = loop {
            record::make_home(&self.api, &self.seen.picture.store, &self.rollout.network)
                .await
                .map_err(|error| {
                    let address = self.api.cluster().address();
                    let namespace = Inventory::namespace(&self.rollout.network);
                    RolloutError::of_call(address, &format!("make the namespace {namespace}"), error)
                })?;
            let vacancy = self.seen.vacancy.clone();
            match vacancy
                .take(&self.api, &self.options.holder, &cancellation)
                .await?
            {
                Some(lease) => break lease,
                // Somebody else was faster: what was seen may have changed since.
                None => self.seen = see(&self.api, &self.rollout, &self.options).await?,
            }
        };
        self.carry_out(lease, cancellation, events).await
    }

    async fn carry_out(
        self,
        lease: Keeper,
        cancellation: Cancellation,
        events: UnboundedSender<RolloutEvent>,
    ) -> Result<Summary, RolloutError> {
        let Seen {
            picture, comparison, ..
        } = self.seen;
        let shared = Arc::new(Shared {
            api: self.api,
            store: Arc::clone(&picture.store),
            network: self.rollout.network.clone(),
            narrator: Narrator::new(events, self.started),
            cancellation,
            orders: comparison.orders,
            turn: super::turn::Turn::default(),
            loss: lease.loss(),
        });
        let summary = run(
            &shared,
            self.rollout,
            self.server,
            picture.before,
            comparison.removal,
            self.started,
        )
        .await;
        lease.release(&shared.cancellation).await;
        drop(picture.watches);
        summary
    }
}
