//! Carries out a rollout.

pub(crate) mod apply;
mod gate;
mod job;
mod outputs;
pub(crate) mod record;
mod restart;
mod step;
pub(crate) mod wait;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::BoxFuture;
use kubernetes_objects::step::Step;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

use self::record::Recorder;
use crate::api::Api;
use crate::cancellation::Cancellation;
use crate::cluster::Cluster;
use crate::coordinate::{self, StepReport, Work};
use crate::error::{RolloutError, StepFailure};
use crate::event::{self, Action, EventKind, RolloutEvent, Summary};
use crate::inventory::{Inventory, StepRecord, StepState};
use crate::labels;
use crate::narrator::Narrator;
use crate::observe;
use crate::preflight::{self, Purpose};
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
    let server = preflight::check(&api, &kinds, Purpose::RollOut).await?;
    let store = Arc::new(Store::default());
    let selector = labels::selector(&rollout.network);
    let watches = observe::begin(&api, &store, &kinds, &selector, |kind| kind.lively).await?;
    let before = match store.get(&Inventory::key(&rollout.network)) {
        Some(object) => Some(Inventory::of(&object)?),
        None => None,
    };
    let narrator = Narrator::new(events, started);
    narrator.tell(EventKind::RolloutStarted {
        version: event::VERSION,
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
    let recorder = Recorder::new(&shared, &rollout, before);
    let schedule = Schedule::forwards(&rollout.graph);
    let steps = rollout
        .steps
        .into_iter()
        .map(|step| (step.id.clone(), Arc::new(step)))
        .collect();
    let work = RollOut { steps, recorder };
    let summary = coordinate::run(&shared, &rollout.graph, schedule, work, started).await;
    drop(watches);
    Ok(summary)
}

struct RollOut {
    steps: HashMap<String, Arc<Step>>,
    recorder: Recorder,
}

#[async_trait]
impl Work for RollOut {
    fn begin(&self, shared: Arc<Shared>, id: &str) -> BoxFuture<'static, Result<StepReport, StepFailure>> {
        let step = self.steps.get(id).cloned();
        Box::pin(async move {
            match step {
                Some(step) => step::run(&shared, &step).await,
                // Checked before the run: steps and graph match.
                None => Err(StepFailure::Defect(
                    "the graph names a step that is not there".to_owned(),
                )),
            }
        })
    }

    fn note(&mut self, shared: &Shared, id: &str, duration: Duration, result: Result<StepReport, String>) {
        let finished = shared.narrator.now();
        let (record, changed) = match result {
            Ok(StepReport { changed, hash }) => (
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
