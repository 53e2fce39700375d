//! When calls fail, and when they never come back: what a broken connection or a killed process looks like.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::cluster::ClusterError;

/// Kinds of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// Logs and warnings.
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
    failing: Vec<(Operation, usize, ClusterError)>,
    hang: Option<Hang>,
}

#[derive(Clone, Copy)]
struct Hang {
    call: u64,
    before: bool,
}

impl Faults {
    pub(super) fn add(&self, operation: Operation, count: usize, error: ClusterError) {
        self.plan().failing.push((operation, count, error));
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

    /// The beginning of every call.
    pub(super) async fn enter(&self, operation: Operation) -> Result<(), ClusterError> {
        let hangs = {
            let mut plan = self.plan();
            plan.calls += 1;
            let failing = plan
                .failing
                .iter_mut()
                .find(|(of, left, _)| *of == operation && *left > 0);
            if let Some((_, left, error)) = failing {
                *left -= 1;
                return Err(error.clone());
            }
            plan.hang
                .is_some_and(|hang| hang.before && plan.calls == hang.call)
        };
        self.hang_if(hangs).await;
        Ok(())
    }

    /// The end of every call that changes something.
    pub(super) async fn leave(&self) {
        let hangs = {
            let plan = self.plan();
            plan.hang
                .is_some_and(|hang| !hang.before && plan.calls >= hang.call)
        };
        self.hang_if(hangs).await;
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
