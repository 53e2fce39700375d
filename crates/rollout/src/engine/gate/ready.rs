//! That an object has arrived where it should: for workloads, that all Pods of the newest revision are ready.

use std::collections::HashSet;

use async_trait::async_trait;
use k8s_openapi::api::core::v1::Pod;
use kubernetes_objects::manifest::ObjectKey;

use super::{UNTIL_WARNINGS, hopeless, pods_of_workload, without_pods};
use crate::cause::Cause;
use crate::engine::wait::{Fact, Look, Waiting};
use crate::engine::{Shared, account};
use crate::object::Object;
use crate::readiness::pod::{self, Severity};
use crate::readiness::{self, Readiness};
use crate::store::Sight;

pub(super) struct Ready<'run> {
    pub(super) shared: &'run Shared,
    pub(super) key: &'run ObjectKey,
    pub(super) ignored: &'run HashSet<String>,
    pub(super) warned: bool,
}

impl Ready<'_> {
    fn pods(&self, live: &Object) -> Vec<Object> {
        let mut pods = pods_of_workload(self.shared, live);
        pods.retain(|pod| !self.ignored.contains(pod.uid()));
        pods
    }
}

#[async_trait]
impl Fact for Ready<'_> {
    type Found = ();

    fn subjects(&self) -> Vec<Object> {
        let Some(live) = self.shared.store.get(self.key) else {
            return Vec::new();
        };
        let mut subjects = self.pods(&live);
        subjects.push(live);
        subjects
    }

    async fn look(&mut self) -> Look<()> {
        let Self { shared, key, .. } = *self;
        let Some(Sight { object: live, heard }) = shared.store.look(key) else {
            return Look::not_yet(format!("{key} does not exist"));
        };
        let reason = match readiness::of(&live) {
            Readiness::Current => return Look::Found((), heard),
            Readiness::Failed(reason) => {
                let blame = readiness::blame(&live, &reason);
                let account = account::of(shared, reason, blame, None, None).await;
                return Look::Never(hopeless(key, account));
            }
            Readiness::InProgress(reason) => format!("{key}: {reason}"),
        };
        if !readiness::has_pods(key) {
            return Look::not_yet(reason);
        }
        let pods: Vec<Pod> = self.pods(&live).iter().filter_map(Object::typed).collect();
        if pods.is_empty() {
            if self.warned {
                return without_pods(shared, &live, reason).await;
            }
            self.warned = true;
            return Look::ask_again(reason, UNTIL_WARNINGS);
        }
        let Some(found) = pod::worst(&pods) else {
            return Look::not_yet(reason);
        };
        let log_of = found.log_of.map(|container| (found.pod, container));
        if found.severity == Severity::Hopeless {
            let account = account::of(shared, found.reason, found.blame, log_of.as_ref(), None).await;
            return Look::Never(hopeless(key, account));
        }
        Look::NotYet(Waiting {
            reason: found.reason,
            look_again: None,
            log_of,
            blame: (found.blame.cause != Cause::Slow).then_some(found.blame),
        })
    }
}
