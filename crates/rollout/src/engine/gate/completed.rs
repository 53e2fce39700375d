//! That a Job has completed.

use async_trait::async_trait;
use kubernetes_objects::manifest::ObjectKey;

use super::{UNTIL_WARNINGS, hopeless, without_pods};
use crate::cause::Cause;
use crate::engine::job::{self, JobState};
use crate::engine::wait::{Fact, Look, Waiting};
use crate::engine::{Shared, account, outputs};
use crate::object::Object;
use crate::readiness::Readiness;
use crate::readiness::pod::Severity;

pub(super) struct Completed<'run> {
    pub(super) shared: &'run Shared,
    pub(super) key: &'run ObjectKey,
    pub(super) warned: bool,
}

#[async_trait]
impl Fact for Completed<'_> {
    type Found = ();

    fn subjects(&self) -> Vec<Object> {
        job::subjects(self.shared, self.key)
    }

    async fn look(&mut self) -> Look<()> {
        let Self { shared, key, .. } = *self;
        let state = job::state(shared, key);
        match (&state.readiness, &state.live) {
            (Readiness::Current, _) => Look::Found((), state.heard),
            (Readiness::Failed(reason), _) => Look::Never(outputs::failed(shared, key, reason, &state).await),
            (Readiness::InProgress(reason), Some(live)) if state.pods.is_empty() => {
                let reason = format!("{key}: {reason}");
                if self.warned {
                    return without_pods(shared, live, reason).await;
                }
                self.warned = true;
                Look::ask_again(reason, UNTIL_WARNINGS)
            }
            (Readiness::InProgress(_), _) => of_job(shared, key, &state).await,
        }
    }
}

/// Why a Job that has neither completed nor failed is where it is.
pub(in crate::engine) async fn of_job<T>(shared: &Shared, key: &ObjectKey, state: &JobState) -> Look<T> {
    let reason = match &state.readiness {
        Readiness::InProgress(reason) | Readiness::Failed(reason) => format!("{key}: {reason}"),
        Readiness::Current => format!("{key} has completed"),
    };
    let Some(found) = &state.diagnosis else {
        return Look::not_yet(reason);
    };
    // Running and not ready is what a Job does all the time.
    let waiting = |reason: String| {
        Look::NotYet(Waiting {
            reason,
            look_again: None,
            log_of: job::culprit(state),
            blame: (found.blame.cause != Cause::Slow).then(|| found.blame.clone()),
        })
    };
    match found.severity {
        Severity::Starting => waiting(reason),
        Severity::Troubled => waiting(found.reason.clone()),
        Severity::Hopeless => {
            let log_of = job::culprit(state);
            let account = account::of(
                shared,
                found.reason.clone(),
                found.blame.clone(),
                log_of.as_ref().filter(|_| found.log_of.is_some()),
                None,
            )
            .await;
            Look::Never(hopeless(key, account))
        }
    }
}
