//! Starts each step the moment its own prerequisites are done, and keeps account.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use dependency_graph::DependencyGraph;
use futures::future::BoxFuture;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::Instant;
use tracing::{Instrument as _, info_span};

use crate::cause;
use crate::engine::Shared;
use crate::error::StepFailure;
use crate::event::{EventKind, FailedStep, Outcome, StepTime, Summary};
use crate::latency::ReleaseLatency;
use crate::schedule::{Released, Schedule};

/// What a finished step leaves for the record.
pub(crate) struct StepReport {
    pub(crate) changed: bool,
    pub(crate) hash: String,
    /// When the event or answer was received that opened the last gate; the start of a step that waited for nothing.
    pub(crate) opened: Instant,
}

/// What a run does in its steps.
#[async_trait]
pub(crate) trait Work: Send {
    /// The work of one step.
    fn begin(&self, shared: Arc<Shared>, id: &str) -> BoxFuture<'static, Result<StepReport, StepFailure>>;

    /// Notes how a step went.
    fn note(&mut self, shared: &Shared, id: &str, duration: Duration, result: Result<StepReport, String>);

    /// Ends the bookkeeping; at once if the run was aborted.
    async fn end(&mut self, aborted: bool);

    /// Keeps the whole run, which was not aborted, for later reports.
    async fn keep(&mut self, shared: &Shared, summary: &Summary);
}

/// Runs all steps in the order of the schedule.
pub(crate) async fn run<W: Work>(
    shared: &Arc<Shared>,
    graph: &DependencyGraph,
    schedule: Schedule,
    work: W,
    started: Instant,
) -> Summary {
    let mut run = Run {
        shared: Arc::clone(shared),
        work,
        schedule,
        tasks: JoinSet::new(),
        running: HashMap::new(),
        times: HashMap::new(),
        release_latencies: Vec::new(),
        failed: Vec::new(),
        started,
    };
    for (step, on) in run.schedule.waiting() {
        shared.narrator.tell(EventKind::StepWaiting { step, on });
    }
    for id in run.schedule.free() {
        run.start(&id, None);
    }
    let mut stopping = false;
    let aborted = loop {
        tokio::select! {
            biased;
            () = shared.cancellation.aborted() => break true,
            () = shared.cancellation.stopped(), if !stopping => {
                stopping = true;
                run.stopping();
            }
            ended = run.tasks.join_next_with_id() => match ended {
                Some(ended) => run.ended(ended),
                None => break false,
            },
        }
    };
    run.finish(graph, aborted).await
}

struct Run<W> {
    shared: Arc<Shared>,
    work: W,
    schedule: Schedule,
    tasks: JoinSet<Result<StepReport, StepFailure>>,
    running: HashMap<Id, (String, Instant)>,
    times: HashMap<String, StepTime>,
    release_latencies: Vec<(String, Duration)>,
    failed: Vec<FailedStep>,
    started: Instant,
}

impl<W: Work> Run<W> {
    /// Starts a step whose prerequisites hold since `free`.
    fn start(&mut self, id: &str, free: Option<Instant>) {
        if self.shared.cancellation.is_stopped() {
            return;
        }
        let work = self.work.begin(Arc::clone(&self.shared), id);
        let release_latency = free.map(|free| free.elapsed());
        self.release_latencies
            .extend(release_latency.map(|latency| (id.to_owned(), latency)));
        self.tell(EventKind::StepStarted {
            step: id.to_owned(),
            release_latency,
        });
        let task = self.tasks.spawn(work.instrument(info_span!("step", id)));
        self.running.insert(task.id(), (id.to_owned(), Instant::now()));
    }

    fn stopping(&self) {
        let mut running: Vec<String> = self.running.values().map(|(id, _)| id.clone()).collect();
        running.sort();
        self.tell(EventKind::RolloutStopping { running });
    }

    fn ended(&mut self, ended: Result<(Id, Result<StepReport, StepFailure>), JoinError>) {
        let (task, result) = match ended {
            Ok((task, result)) => (task, result),
            Err(error) => (error.id(), Err(StepFailure::Defect(error.to_string()))),
        };
        let Some((id, began)) = self.running.remove(&task) else {
            return;
        };
        let duration = began.elapsed();
        let how = match &result {
            Ok(_) => "done",
            Err(StepFailure::Interrupted) => "interrupted",
            Err(_) => "failed",
        };
        tracing::info!(step = id, seconds = duration.as_secs_f64(), how, "step ended");
        match result {
            Ok(report) => self.done(&id, began, duration, report),
            Err(StepFailure::Interrupted) => self.tell(EventKind::StepInterrupted { step: id }),
            Err(failure) => self.failed(&id, duration, &failure),
        }
    }

    fn done(&mut self, id: &str, began: Instant, duration: Duration, report: StepReport) {
        let changed = report.changed;
        self.tell(EventKind::StepDone {
            step: id.to_owned(),
            duration,
            changed,
        });
        let time = StepTime {
            step: id.to_owned(),
            started: began.saturating_duration_since(self.started),
            duration,
            changed,
        };
        self.times.insert(id.to_owned(), time);
        // Dependents first, the record after: nobody waits for bookkeeping.
        for released in self.schedule.done(id, report.opened) {
            match released {
                Released::Free(step, since) => self.start(&step, Some(since)),
                Released::Waits(step, on) => self.tell(EventKind::StepWaiting { step, on }),
            }
        }
        self.work.note(&self.shared, id, duration, Ok(report));
    }

    fn failed(&mut self, id: &str, duration: Duration, failure: &StepFailure) {
        let message = failure.to_string();
        self.tell(EventKind::StepFailed {
            step: id.to_owned(),
            duration,
            message: message.clone(),
            blame: failure.blame(),
        });
        let not_started = self.schedule.failed(id);
        for lost in &not_started {
            self.tell(EventKind::StepNotStarted {
                step: lost.clone(),
                because: vec![id.to_owned()],
            });
        }
        self.failed.push(FailedStep {
            step: id.to_owned(),
            message: message.clone(),
            blame: failure.blame(),
            not_started,
        });
        self.work.note(&self.shared, id, duration, Err(message));
    }

    fn tell(&self, kind: EventKind) {
        self.shared.narrator.tell(kind);
    }

    async fn finish(mut self, graph: &DependencyGraph, aborted: bool) -> Summary {
        if aborted {
            self.tasks.shutdown().await;
            for (step, _) in std::mem::take(&mut self.running).into_values() {
                self.tell(EventKind::StepInterrupted { step });
            }
        }
        let interrupted = aborted || self.shared.cancellation.is_stopped();
        let not_done: Vec<String> = graph
            .nodes()
            .map(|node| node.id.clone())
            .filter(|id| !self.times.contains_key(id))
            .collect();
        let is_complete = not_done.is_empty();
        let lost_to = self.shared.loss.to();
        let outcome = match (
            is_complete,
            self.failed.is_empty(),
            interrupted && lost_to.is_none(),
        ) {
            (true, _, _) => Outcome::Done,
            (false, true, true) => Outcome::Interrupted,
            (false, _, _) => Outcome::Failed,
        };
        tokio::select! {
            () = self.work.end(aborted) => {}
            () = self.shared.cancellation.aborted(), if !aborted => {}
        }
        let durations = |id: &str| self.times.get(id).map_or(Duration::ZERO, |time| time.duration);
        let failed: HashSet<&str> = self.failed.iter().map(|failed| failed.step.as_str()).collect();
        let critical_path = graph.critical_path(durations);
        let summary = Summary {
            outcome,
            lost_to,
            duration: self.started.elapsed(),
            done: self.times.len(),
            not_done: not_done
                .into_iter()
                .filter(|id| !failed.contains(id.as_str()))
                .collect(),
            roots: cause::roots(&self.failed),
            failed: self.failed,
            objects: self.shared.narrator.counts(),
            requests: self.shared.api.cluster().requests(),
            effort: self.shared.store.effort(),
            release_latency: ReleaseLatency::of(
                self.release_latencies
                    .iter()
                    .map(|(id, latency)| (id.as_str(), *latency)),
            ),
            steps: graph
                .nodes()
                .filter_map(|node| self.times.get(&node.id).cloned())
                .collect(),
            critical_path,
        };
        if !aborted {
            self.work.keep(&self.shared, &summary).await;
        }
        self.shared.narrator.tell(EventKind::RolloutFinished {
            summary: Box::new(summary.clone()),
        });
        summary
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use dependency_graph::Node;
    use tokio::sync::mpsc::unbounded_channel;
    use tokio::time::sleep;

    use super::*;
    use crate::api::Api;
    use crate::cancellation::Cancellation;
    use crate::cluster::simulated::SimulatedCluster;
    use crate::engine::turn::Turn;
    use crate::lease::Loss;
    use crate::narrator::Narrator;
    use crate::plan::Orders;
    use crate::store::Store;

    /// Steps that go on for so many milliseconds after their gates have opened.
    struct Late(Mutex<Vec<u64>>);

    #[async_trait]
    impl Work for Late {
        fn begin(&self, _: Arc<Shared>, _: &str) -> BoxFuture<'static, Result<StepReport, StepFailure>> {
            let milliseconds = self.0.lock().unwrap().pop().unwrap_or_default();
            Box::pin(async move {
                sleep(Duration::from_secs(1)).await;
                let opened = Instant::now();
                sleep(Duration::from_millis(milliseconds)).await;
                let hash = String::new();
                Ok(StepReport {
                    changed: false,
                    hash,
                    opened,
                })
            })
        }

        fn note(&mut self, _: &Shared, _: &str, _: Duration, _: Result<StepReport, String>) {}

        async fn end(&mut self, _: bool) {}

        async fn keep(&mut self, _: &Shared, _: &Summary) {}
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_engine_takes_between_a_gate_and_the_next_start_is_told() {
        let node = |id: &str| Node {
            id: id.into(),
            stage: String::new(),
            title: id.into(),
            group: String::new(),
        };
        let graph = ["a", "b", "c"]
            .map(node)
            .into_iter()
            .fold(DependencyGraph::builder(), dependency_graph::Builder::step);
        let graph = graph
            .edge("a", "b", "it must")
            .edge("b", "c", "it must")
            .edge("a", "c", "it must");
        let graph = graph.build().unwrap();
        let (events, mut told) = unbounded_channel();
        let started = Instant::now();
        let shared = Arc::new(Shared {
            api: Api::new(Arc::new(SimulatedCluster::default()), 1),
            store: Arc::new(Store::default()),
            network: "alpha".into(),
            narrator: Narrator::new(events, started),
            cancellation: Cancellation::default(),
            orders: Orders::default(),
            turn: Turn::default(),
            loss: Loss::default(),
        });
        let late = Late(Mutex::new(vec![0, 30, 250]));
        let summary = run(&shared, &graph, Schedule::forwards(&graph), late, started).await;
        let latency = summary.release_latency.unwrap();
        let milliseconds = [latency.p99, latency.max].map(|time| time.as_millis());
        assert_eq!(
            (latency.steps, latency.slowest.as_str(), milliseconds),
            (2, "b", [250, 250])
        );
        let mut started = Vec::new();
        while let Ok(event) = told.try_recv() {
            if let EventKind::StepStarted { release_latency, .. } = event.kind {
                started.push(release_latency.map(|latency| latency.as_millis()));
            }
        }
        // The last of several prerequisites counts.
        assert_eq!(started, [None, Some(250), Some(30)]);
    }
}
