//! That a path answers 200 on a ready Pod of a Service. No event tells when it begins to, so it is asked again
//! after pauses that grow, and only while the gate is waited for.

use std::time::Duration;

use async_trait::async_trait;
use k8s_openapi::api::core::v1::Pod;
use kubernetes_objects::manifest::ObjectKey;
use tokio::time::Instant;

use super::selected;
use crate::cause::{Blame, Cause};
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
    topic: Topic,
    pause: Duration,
}

impl<'run> Answers<'run> {
    pub(super) const fn new(
        shared: &'run Shared,
        service: &'run ObjectKey,
        port: u16,
        path: &'run str,
        topic: Topic,
    ) -> Self {
        Self {
            shared,
            service,
            port,
            path,
            topic,
            pause: FIRST_PAUSE,
        }
    }

    fn pods(&self) -> Vec<Object> {
        let Some(live) = self.shared.store.get(self.service) else {
            return Vec::new();
        };
        selected(self.shared, &self.topic, live.value().pointer("/spec/selector"))
    }
}

#[async_trait]
impl Fact for Answers<'_> {
    type Found = ();

    fn subjects(&self) -> Vec<Object> {
        self.pods()
    }

    async fn look(&mut self) -> Look<()> {
        let Self {
            shared,
            service,
            port,
            path,
            ..
        } = *self;
        if shared.store.get(service).is_none() {
            return Look::not_yet(format!("{service} does not exist"));
        }
        let pods: Vec<Pod> = self.pods().iter().filter_map(Object::typed).collect();
        let Some(ready) = pods.iter().find(|pod| pod::is_ready(pod)) else {
            return match pod::worst(&pods) {
                None => Look::not_yet(format!("{service} has no ready Pod")),
                Some(found) => Look::NotYet(Waiting {
                    reason: found.reason,
                    look_again: None,
                    log_of: found.log_of.map(|container| (found.pod, container)),
                    blame: (found.blame.cause != Cause::Slow).then_some(found.blame),
                }),
            };
        };
        let told = match shared.api.http_get(&pod::reference(ready), port, path).await {
            Ok(answer) if answer.status == 200 => return Look::Found((), Instant::now()),
            Ok(answer) => answer.to_string(),
            Err(error) => format!("does not answer: {error}"),
        };
        let after = self.pause;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        let container = ready.spec.as_ref().and_then(|spec| spec.containers.first());
        let asked = format!("`GET {path}` on port {port} of {service}");
        Look::NotYet(Waiting {
            reason: format!("{asked} {told}"),
            look_again: Some(after),
            log_of: container.map(|container| (pod::reference(ready), container.name.clone())),
            blame: Some(Blame::new(Cause::Gate, asked)),
        })
    }
}
