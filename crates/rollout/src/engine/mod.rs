//! Carries out a rollout.

mod account;
pub(crate) mod apply;
mod examine;
mod gate;
mod job;
pub(crate) mod outputs;
mod progress;
mod pulse;
pub(crate) mod record;
mod recreate;
pub(crate) mod remove;
mod restart;
mod step;
pub(crate) mod turn;
pub(crate) mod wait;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::BoxFuture;
use kubernetes_objects::step::Step;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

pub use self::examine::{Examined, examine};
use self::record::Recorder;
use self::turn::Turn;
use crate::api::Api;
use crate::cancellation::Cancellation;
use crate::cluster::{Cluster, ServerInfo};
use crate::coordinate::{self, StepReport, Work};
use crate::error::{RolloutError, StepFailure};
use crate::event::{self, Action, EventKind, RolloutEvent, Summary};
use crate::inventory::{Inventory, StepRecord, StepState};
use crate::lease::Loss;
use crate::narrator::Narrator;
use crate::plan::Orders;
use crate::prune::Removal;
use crate::rollout::{Options, Rollout};
use crate::schedule::Schedule;
use crate::store::Store;

/// What all steps of a run share.
pub(crate) struct Shared {
    pub(crate) api: Api,
    pub(crate) store: Arc<Store>,
    pub(crate) network: String,
    pub(crate) narrator: Narrator,
    pub(crate) cancellation: Cancellation,
    /// What may be done beyond a plain apply.
    pub(crate) orders: Orders,
    pub(crate) turn: Turn,
    /// Whether another run has taken over.
    pub(crate) loss: Loss,
}

/// Rolls a network out and waits until every step is done, has failed, or cannot start because another failed.
///
/// An error means that nothing was begun; how the steps went is in the summary. Running the same again goes
/// on where this run ended, whatever ended it.
#[tracing::instrument(name = "rollout", skip_all, fields(network = rollout.network))]
pub async fn roll_out(
    cluster: Arc<dyn Cluster>,
    rollout: Rollout,
    options: Options,
    cancellation: Cancellation,
    events: UnboundedSender<RolloutEvent>,
) -> Result<Summary, RolloutError> {
    let examined = examine(cluster, rollout, options).await?;
    examined.roll_out(cancellation, events).await
}

async fn run(
    shared: &Arc<Shared>,
    rollout: Rollout,
    server: ServerInfo,
    before: Option<Inventory>,
    removal: Removal,
    started: Instant,
) -> Result<Summary, RolloutError> {
    let graph = removal.behind(&rollout.graph)?;
    shared.narrator.tell(EventKind::RolloutStarted {
        version: event::VERSION,
        network: rollout.network.clone(),
        server: server.version,
        action: Action::RollOut,
        steps: record::planned(&graph, before.as_ref()),
    });
    let recorder = Recorder::new(shared, &rollout, before);
    let schedule = Schedule::forwards(&graph);
    let steps = rollout
        .steps
        .into_iter()
        .map(|step| (step.id.clone(), Arc::new(step)))
        .collect();
    let work = RollOut {
        steps,
        removal,
        recorder,
    };
    Ok(coordinate::run(shared, &graph, schedule, work, started).await)
}

struct RollOut {
    steps: HashMap<String, Arc<Step>>,
    removal: Removal,
    recorder: Recorder,
}

#[async_trait]
impl Work for RollOut {
    fn begin(&self, shared: Arc<Shared>, id: &str) -> BoxFuture<'static, Result<StepReport, StepFailure>> {
        let step = self.steps.get(id).cloned();
        let removed = self.removal.of_step(id);
        let id = id.to_owned();
        Box::pin(async move {
            match (step, removed) {
                (Some(step), _) => step::run(&shared, &step).await,
                (None, Some(objects)) => remove::run(&shared, &id, objects).await,
                // Checked before the run: steps and graph match.
                (None, None) => Err(StepFailure::Defect(
                    "the graph names a step that is not there".to_owned(),
                )),
            }
        })
    }

    fn note(&mut self, shared: &Shared, id: &str, duration: Duration, result: Result<StepReport, String>) {
        if let Some(objects) = self.removal.of_step(id) {
            if result.is_ok() {
                self.recorder.forget(&objects);
            }
            return;
        }
        let finished = shared.narrator.now();
        let (record, changed) = match result {
            Ok(StepReport { changed, hash, .. }) => (
                StepRecord {
                    state: StepState::Done,
                    hash,
                    duration,
                    finished,
                    message: None,
                },
                changed,
            ),
            Err(message) => {
                let state = StepState::Failed;
                let message = Some(message);
                (
                    StepRecord {
                        state,
                        hash: String::new(),
                        duration,
                        finished,
                        message,
                    },
                    true,
                )
            }
        };
        self.recorder.note(id, record, changed);
    }

    async fn end(&mut self, aborted: bool) {
        self.recorder.end(aborted).await;
    }

    async fn keep(&mut self, shared: &Shared, summary: &Summary) {
        record::keep(shared, summary).await;
    }
}
