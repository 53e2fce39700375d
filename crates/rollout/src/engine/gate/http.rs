//! That a path answers 200 on a ready Pod of a Service. No event tells when it begins to, so it is asked again
//! after pauses that grow, and only while the gate is waited for.

use std::time::Duration;

use async_trait::async_trait;
use k8s_openapi::api::core::v1::Pod;
use kubernetes_objects::manifest::ObjectKey;

use super::selected;
use crate::engine::Shared;
use crate::engine::wait::{Fact, Look, Waiting};
use crate::object::Object;
use crate::readiness::pod;
use crate::store::Topic;

const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

pub(super) struct Answers<'run> {
    shared: &'run Shared,
    service: &'run ObjectKey,
    port: u16,
    path: &'run str,
    pause: Duration,
}

impl<'run> Answers<'run> {
    pub(super) const fn new(
        shared: &'run Shared,
        service: &'run ObjectKey,
        port: u16,
        path: &'run str,
    ) -> Self {
        Self {
            shared,
            service,
            port,
            path,
            pause: FIRST_PAUSE,
        }
    }
}

#[async_trait]
impl Fact for Answers<'_> {
    type Found = ();

    async fn look(&mut self) -> Look<()> {
        let Self {
            shared,
            service,
            port,
            path,
            ..
        } = *self;
        let Some(live) = shared.store.get(service) else {
            return Look::not_yet(format!("{service} does not exist"));
        };
        let pods: Vec<Pod> = selected(
            shared,
            &Topic::all_of(live.namespace()),
            live.value().pointer("/spec/selector"),
        )
        .iter()
        .filter_map(Object::typed)
        .collect();
        let Some(ready) = pods.iter().find(|pod| pod::is_ready(pod)) else {
            let reason = pod::worst(&pods).map(|found| found.reason);
            return Look::not_yet(reason.unwrap_or_else(|| format!("{service} has no ready Pod")));
        };
        let told = match shared.api.http_get(&pod::reference(ready), port, path).await {
            Ok(200) => return Look::Found(()),
            Ok(status) => format!("answers {status} instead of 200"),
            Err(error) => format!("does not answer: {error}"),
        };
        let after = self.pause;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        let container = ready.spec.as_ref().and_then(|spec| spec.containers.first());
        Look::NotYet(Waiting {
            reason: format!("`GET {path}` on port {port} of {service} {told}"),
            look_again: Some(after),
            log_of: container.map(|container| (pod::reference(ready), container.name.clone())),
        })
    }
}
