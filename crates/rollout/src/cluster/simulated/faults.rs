//! When calls fail, take long, or never come back: what a broken connection, a busy server or a killed process
//! looks like.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;

use super::chaos::{Chaos, Mishap};
use crate::cluster::ClusterError;

/// Kinds of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Version and rights.
    Server,
    /// Server-side apply.
    Apply,
    /// A write that only the first of several may make: a Lease.
    Write,
    /// One object.
    Get,
    /// Objects by label.
    List,
    /// Deletion.
    Delete,
    /// HTTP through a port-forward.
    Http,
    /// A command in a container.
    Exec,
    /// Logs and events.
    Log,
}

#[derive(Default)]
pub(super) struct Faults {
    plan: Mutex<Plan>,
    hung: Notify,
}

#[derive(Default)]
struct Plan {
    calls: u64,
    at_once: usize,
    most_at_once: usize,
    failing: Vec<(Operation, usize, ClusterError)>,
    slow: Vec<(Operation, usize, Duration)>,
    unanswered: Vec<(Operation, usize)>,
    is_down: bool,
    hang: Option<Hang>,
    chaos: Option<Chaos>,
}

#[derive(Clone, Copy)]
struct Hang {
    call: u64,
    before: bool,
}

/// A call that is under way.
pub(super) struct Call<'faults> {
    faults: &'faults Faults,
    operation: Operation,
    lost: bool,
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.faults.plan().at_once -= 1;
    }
}

impl Faults {
    pub(super) fn add(&self, operation: Operation, count: usize, error: ClusterError) {
        self.plan().failing.push((operation, count, error));
    }

    pub(super) fn slow_down(&self, operation: Operation, count: usize, by: Duration) {
        self.plan().slow.push((operation, count, by));
    }

    pub(super) fn lose_answers(&self, operation: Operation, count: usize) {
        self.plan().unanswered.push((operation, count));
    }

    pub(super) fn set_down(&self, is_down: bool) {
        self.plan().is_down = is_down;
    }

    pub(super) fn is_down(&self) -> bool {
        self.plan().is_down
    }

    pub(super) fn mishaps(&self) -> u64 {
        self.plan().chaos.as_ref().map_or(0, |chaos| chaos.mishaps)
    }

    pub(super) fn unleash(&self, chaos: Chaos) {
        self.plan().chaos = Some(chaos);
    }

    pub(super) fn hang_at(&self, call: u64, before: bool) {
        let mut plan = self.plan();
        plan.hang = Some(Hang {
            call: plan.calls + call,
            before,
        });
    }

    pub(super) async fn hung(&self) {
        self.hung.notified().await;
    }

    pub(super) fn calls(&self) -> u64 {
        self.plan().calls
    }

    pub(super) fn most_at_once(&self) -> usize {
        self.plan().most_at_once
    }

    /// The beginning of every call; `about` says what it is about, so that chaos does not depend on its turn.
    pub(super) async fn enter(&self, operation: Operation, about: &str) -> Result<Call<'_>, ClusterError> {
        let (mishap, hangs) = {
            let mut plan = self.plan();
            plan.calls += 1;
            plan.at_once += 1;
            plan.most_at_once = plan.most_at_once.max(plan.at_once);
            let hangs = plan
                .hang
                .is_some_and(|hang| hang.before && plan.calls == hang.call);
            (plan.mishap(operation, about), hangs)
        };
        let mut call = Call {
            faults: self,
            operation,
            lost: false,
        };
        self.hang_if(hangs).await;
        match mishap {
            Some(Mishap::Refused(error)) => return Err(error),
            Some(Mishap::Slow(by)) => sleep(by).await,
            Some(Mishap::Unanswered) => call.lost = true,
            None => {}
        }
        Ok(call)
    }

    async fn hang_if(&self, hangs: bool) {
        if hangs {
            self.plan().hang = None;
            self.hung.notify_one();
            std::future::pending::<()>().await;
        }
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Call<'_> {
    /// The end of a call that has taken effect.
    pub(super) async fn leave(self) -> Result<(), ClusterError> {
        let (hangs, lost) = {
            let mut plan = self.faults.plan();
            let hangs = plan
                .hang
                .is_some_and(|hang| !hang.before && plan.calls >= hang.call);
            let scripted = plan
                .unanswered
                .iter_mut()
                .find(|(of, left)| *of == self.operation && *left > 0);
            let scripted = scripted.map(|(_, left)| *left -= 1).is_some();
            (hangs, scripted || self.lost)
        };
        self.faults.hang_if(hangs).await;
        if lost {
            return Err(ClusterError::Unreachable {
                cause: "connection closed before the answer came".to_owned(),
            });
        }
        Ok(())
    }
}

impl Plan {
    fn mishap(&mut self, operation: Operation, about: &str) -> Option<Mishap> {
        if self.is_down {
            let cause = "connection refused".to_owned();
            return Some(Mishap::Refused(ClusterError::Unreachable { cause }));
        }
        let failing = self
            .failing
            .iter_mut()
            .find(|(of, left, _)| *of == operation && *left > 0);
        if let Some((_, left, error)) = failing {
            *left -= 1;
            return Some(Mishap::Refused(error.clone()));
        }
        let slow = self
            .slow
            .iter_mut()
            .find(|(of, left, _)| *of == operation && *left > 0);
        if let Some((_, left, by)) = slow {
            *left -= 1;
            return Some(Mishap::Slow(*by));
        }
        self.chaos.as_mut()?.of_call(operation, about)
    }
}
