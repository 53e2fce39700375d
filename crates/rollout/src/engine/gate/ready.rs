//! That a Deployment or `StatefulSet` has all Pods of its newest revision ready.

use std::collections::HashSet;

use async_trait::async_trait;
use k8s_openapi::api::core::v1::Pod;
use kubernetes_objects::manifest::ObjectKey;

use super::{UNTIL_WARNINGS, hopeless, pods_of_workload, without_pods};
use crate::engine::Shared;
use crate::engine::wait::{Fact, Look, Waiting, last_words};
use crate::readiness::pod::{self, Severity};
use crate::readiness::{self, Readiness};

pub(super) struct Ready<'run> {
    pub(super) shared: &'run Shared,
    pub(super) key: &'run ObjectKey,
    pub(super) ignored: &'run HashSet<String>,
    pub(super) warned: bool,
}

#[async_trait]
impl Fact for Ready<'_> {
    type Found = ();

    async fn look(&mut self) -> Look<()> {
        let Self { shared, key, .. } = *self;
        let Some(live) = shared.store.get(key) else {
            return Look::not_yet(format!("{key} does not exist"));
        };
        let reason = match readiness::of(&live) {
            Readiness::Current => return Look::Found(()),
            Readiness::Failed(reason) => return Look::Never(hopeless(key, reason, String::new())),
            Readiness::InProgress(reason) => format!("{key}: {reason}"),
        };
        let pods: Vec<Pod> = pods_of_workload(shared, &live)
            .into_iter()
            .filter(|pod| !self.ignored.contains(pod.uid()))
            .filter_map(|pod| pod.typed())
            .collect();
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
            let log = match &log_of {
                Some((pod, container)) => last_words(shared, pod, container).await,
                None => String::new(),
            };
            return Look::Never(hopeless(key, found.reason, log));
        }
        Look::NotYet(Waiting {
            reason: found.reason,
            look_again: None,
            log_of,
        })
    }
}
