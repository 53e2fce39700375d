//! Waiting for a fact: look, and look again whenever something in the namespace changes. When nothing changes for a
//! while, the cluster is asked what goes on; a wait that gets nowhere is given up, one that does is not.

use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{Instant, sleep_until};

use super::progress::{self, Mark, Patience, Progress};
use super::pulse::{self, Pulse, Warning};
use super::{Shared, account};
use crate::cause::{Blame, Cause};
use crate::cluster::PodRef;
use crate::error::StepFailure;
use crate::event::EventKind;
use crate::object::Object;
use crate::store::Topic;

/// After so long without any movement the cluster is asked.
const QUIET: Duration = Duration::from_secs(15);

/// Something that becomes true in the cluster.
#[async_trait]
pub(super) trait Fact: Send {
    /// What is known once it is true.
    type Found: Send;

    /// Whether a look only looks, so that it may be left in the middle.
    fn only_looks(&self) -> bool {
        true
    }

    /// Looks at the cluster as it is now.
    async fn look(&mut self) -> Look<Self::Found>;

    /// The objects that have to move for the fact to become true.
    fn subjects(&self) -> Vec<Object>;
}

/// What a look at the cluster found.
pub(super) enum Look<T> {
    /// The fact, and when what proves it was received: an event of a watch, or an answer.
    Found(T, Instant),
    /// Not yet, and why.
    NotYet(Waiting),
    /// Never.
    Never(StepFailure),
}

/// Why a fact is not there yet.
#[derive(Default)]
pub(super) struct Waiting {
    pub(super) reason: String,
    /// When to look again although no event may come: only for facts that the API server cannot announce.
    pub(super) look_again: Option<Duration>,
    /// The container whose log says more if time runs out.
    pub(super) log_of: Option<(PodRef, String)>,
    /// Who is to blame if time runs out; nobody yet while it only takes its time.
    pub(super) blame: Option<Blame>,
}

impl<T> Look<T> {
    pub(super) fn not_yet(reason: impl Into<String>) -> Self {
        Self::NotYet(Waiting {
            reason: reason.into(),
            ..Waiting::default()
        })
    }

    pub(super) fn ask_again(reason: impl Into<String>, after: Duration) -> Self {
        Self::NotYet(Waiting {
            reason: reason.into(),
            look_again: Some(after),
            ..Waiting::default()
        })
    }
}

/// How long to wait, and for what in words.
pub(super) struct Limit {
    pub(super) what: String,
    pub(super) patience: Patience,
    pub(super) started: Instant,
}

impl Limit {
    pub(super) fn new(what: impl Into<String>, allowed: Duration) -> Self {
        Self {
            what: what.into(),
            patience: Patience::of(allowed),
            started: Instant::now(),
        }
    }

    /// The same end for another fact.
    pub(super) fn with(&self, what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            patience: self.patience,
            started: self.started,
        }
    }
}

/// Looks until the fact is found, hope is gone, or the run is stopped. Reasons are told as they change. Gives the fact,
/// and when what proves it was received.
#[tracing::instrument(name = "wait", level = "debug", skip_all, fields(wait = limit.what))]
pub(super) async fn wait_for<F: Fact>(
    shared: &Shared,
    step: &str,
    topic: Topic,
    limit: &Limit,
    mut fact: F,
) -> Result<(F::Found, Instant), StepFailure> {
    let mut bell = shared.store.bell(topic);
    let mut progress = Progress::new(limit.patience, limit.started);
    let mut told = String::new();
    let mut since: Option<Instant> = None;
    let mut line = None;
    let mut warning: Option<Warning> = None;
    let mut asked = Instant::now();
    let mut ask_at = asked + QUIET;
    loop {
        bell.mark_unchanged();
        shared.store.note_look();
        let may_leave = fact.only_looks();
        let seen = tokio::select! {
            seen = fact.look() => seen,
            () = shared.cancellation.stopped(), if may_leave => return Err(StepFailure::Interrupted),
        };
        let waiting = match seen {
            Look::Found(fact, heard) => {
                if let Some(since) = since {
                    shared.narrator.tell(EventKind::WaitEnded {
                        step: step.to_owned(),
                        wait: limit.what.clone(),
                        waited: since.elapsed(),
                    });
                }
                return Ok((fact, heard));
            }
            Look::Never(failure) => return Err(failure),
            Look::NotYet(waiting) => waiting,
        };
        if since.is_none() {
            since = Some(Instant::now());
            shared.narrator.tell(EventKind::WaitStarted {
                step: step.to_owned(),
                wait: limit.what.clone(),
            });
        }
        let subjects = fact.subjects();
        let marks = subjects.iter().flat_map(progress::marks);
        if progress.note(marks.chain([Mark::words(waiting.reason.clone())])) {
            ask_at = Instant::now() + QUIET;
            warning = None;
        }
        tell(shared, step, &mut told, &waiting.reason, warning.as_ref());
        if Instant::now() >= progress.end() {
            return Err(given_up(shared, limit, &progress, waiting, warning).await);
        }
        if Instant::now() >= ask_at {
            let pulse = tokio::select! {
                pulse = pulse::take(shared, step, &subjects, waiting.log_of.as_ref()) => pulse,
                // What was waited for may be there: that comes first.
                _ = bell.changed() => continue,
                () = shared.cancellation.stopped() => return Err(StepFailure::Interrupted),
            };
            let since = asked.elapsed();
            asked = Instant::now();
            let Pulse {
                marks,
                alive,
                blind,
                warning: newest,
                line: logged,
            } = pulse;
            progress.note(marks);
            if blind {
                // At most what has passed since somebody answered last.
                progress.was_blind(since.min(QUIET * 2));
            }
            if alive || (logged.is_some() && logged != line) {
                progress.is_alive();
            }
            (line, warning) = (logged, newest);
            ask_at = Instant::now() + QUIET;
            tell(shared, step, &mut told, &waiting.reason, warning.as_ref());
        }
        let end = progress.end().min(ask_at);
        let again = waiting
            .look_again
            .map_or(end, |after| (Instant::now() + after).min(end));
        tokio::select! {
            // The store outlives the wait, so the bell cannot vanish.
            _ = bell.changed() => {}
            () = sleep_until(again) => {}
            () = shared.cancellation.stopped() => return Err(StepFailure::Interrupted),
        }
    }
}

fn tell(shared: &Shared, step: &str, told: &mut String, reason: &str, warning: Option<&Warning>) {
    let reason = match warning {
        Some(warning) if !reason.contains(&warning.text) => format!("{reason} ({})", warning.text),
        _ => reason.to_owned(),
    };
    if reason != *told {
        told.clone_from(&reason);
        shared.narrator.tell(EventKind::StepProgress {
            step: step.to_owned(),
            reason,
        });
    }
}

async fn given_up(
    shared: &Shared,
    limit: &Limit,
    progress: &Progress,
    waiting: Waiting,
    warning: Option<Warning>,
) -> StepFailure {
    let what = limit.what.clone();
    let blame = waiting
        .blame
        .unwrap_or_else(|| Blame::new(Cause::Slow, what.clone()));
    let account =
        Box::new(account::of(shared, waiting.reason, blame, waiting.log_of.as_ref(), warning).await);
    let (last, quiet) = progress.last();
    let last = last.map(|last| format!("{last}, {} s ago", quiet.as_secs()));
    if progress.is_capped() || limit.started.elapsed() >= limit.patience.deadline {
        StepFailure::Overdue {
            what,
            limit: limit.started.elapsed(),
            last,
            account,
        }
    } else {
        StepFailure::Stalled {
            what,
            quiet,
            last,
            account,
        }
    }
}
