//! Waiting for a fact: look, and look again whenever something in the namespace changes.

use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{Instant, sleep_until};

use super::Shared;
use crate::cluster::PodRef;
use crate::error::StepFailure;
use crate::event::EventKind;
use crate::kinds;
use crate::store::Topic;

const LONGEST_WARNING: usize = 300;

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
}

/// What a look at the cluster found.
pub(super) enum Look<T> {
    /// The fact.
    Found(T),
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
    pub(super) allowed: Duration,
    pub(super) until: Instant,
}

impl Limit {
    pub(super) fn new(what: impl Into<String>, allowed: Duration) -> Self {
        Self {
            what: what.into(),
            allowed,
            until: Instant::now() + allowed,
        }
    }

    /// The same end for another fact.
    pub(super) fn with(&self, what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            allowed: self.allowed,
            until: self.until,
        }
    }
}

/// Looks until the fact is found, time is up, or the run is stopped. Reasons are told as they change.
pub(super) async fn wait_for<F: Fact>(
    shared: &Shared,
    step: &str,
    topic: Topic,
    limit: &Limit,
    mut fact: F,
) -> Result<F::Found, StepFailure> {
    let mut bell = shared.store.bell(topic);
    let mut told = String::new();
    let mut since: Option<Instant> = None;
    loop {
        bell.mark_unchanged();
        let may_leave = fact.only_looks();
        let seen = tokio::select! {
            seen = fact.look() => seen,
            () = shared.cancellation.stopped(), if may_leave => return Err(StepFailure::Interrupted),
        };
        let waiting = match seen {
            Look::Found(fact) => {
                if let Some(since) = since {
                    shared.narrator.tell(EventKind::WaitEnded {
                        step: step.to_owned(),
                        wait: limit.what.clone(),
                        waited: since.elapsed(),
                    });
                }
                return Ok(fact);
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
        if waiting.reason != told {
            told.clone_from(&waiting.reason);
            shared.narrator.tell(EventKind::StepProgress {
                step: step.to_owned(),
                reason: told.clone(),
            });
        }
        let again = waiting
            .look_again
            .map_or(limit.until, |after| Instant::now() + after)
            .min(limit.until);
        tokio::select! {
            // The store outlives the wait, so the bell cannot vanish.
            _ = bell.changed() => {}
            () = sleep_until(again) => {
                if Instant::now() >= limit.until {
                    return Err(overdue(shared, limit, waiting).await);
                }
            }
            () = shared.cancellation.stopped() => return Err(StepFailure::Interrupted),
        }
    }
}

async fn overdue(shared: &Shared, limit: &Limit, waiting: Waiting) -> StepFailure {
    let mut reason = waiting.reason;
    let mut words = String::new();
    if let Some((pod, container)) = &waiting.log_of {
        words = last_words(shared, pod, container).await;
        if let Some(warning) = last_warning(shared, pod).await {
            reason = format!("{reason} ({warning})");
        }
    }
    StepFailure::Overdue {
        what: limit.what.clone(),
        limit: limit.allowed,
        reason,
        last_words: words,
    }
}

/// What the kubelet or the scheduler complained about last, e.g. a probe that fails.
async fn last_warning(shared: &Shared, pod: &PodRef) -> Option<String> {
    let live = shared
        .store
        .get(&kinds::POD.key(Some(&pod.namespace), &pod.name))?;
    let warnings = shared.api.warnings(&live).await.unwrap_or_else(|error| {
        tracing::debug!(%pod, %error, "no warnings to show");
        Vec::new()
    });
    let last = warnings.into_iter().next_back()?;
    Some(if last.chars().count() > LONGEST_WARNING {
        last.chars().take(LONGEST_WARNING).chain(['…']).collect()
    } else {
        last
    })
}

/// The end of a container's log. A message without it is better than none.
pub(super) async fn last_words(shared: &Shared, pod: &PodRef, container: &str) -> String {
    shared.api.log_tail(pod, container).await.unwrap_or_else(|error| {
        tracing::debug!(%pod, container, %error, "no log to show");
        String::new()
    })
}
