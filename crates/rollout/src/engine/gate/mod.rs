//! The facts that end a step.

mod completed;
mod http;
mod ready;

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use kubernetes_objects::manifest::ObjectKey;
use kubernetes_objects::step::{Gate, Step};
use serde_json::Value;

pub(super) use self::completed::of_job;
use super::Shared;
use super::wait::{Limit, Look, wait_for};
use crate::error::StepFailure;
use crate::object::Object;
use crate::readiness::{Readiness, pod};
use crate::store::Topic;

/// How long a controller may take to make Pods before its warnings are read, and how often they are read then:
/// nothing else announces that it cannot make them.
const UNTIL_WARNINGS: Duration = Duration::from_secs(3);

/// Waits until the gate is open. `ignored` are Pods, by uid, that this run has already sent away.
pub(super) async fn pass(
    shared: &Shared,
    step: &Step,
    gate: &Gate,
    limit: &Limit,
    ignored: &HashSet<String>,
) -> Result<(), StepFailure> {
    let (Gate::Ready(key) | Gate::Completed(key) | Gate::Http { service: key, .. }) = gate;
    let namespace = key.namespace.as_deref().unwrap_or_default();
    let is_own = step.manifests.iter().any(|manifest| manifest.key() == *key);
    let topic = match gate {
        Gate::Ready(_) | Gate::Completed(_) if is_own => Topic::of_step(namespace, &step.id),
        // The Pods behind a Service may be another step's.
        _ => Topic::all_of(namespace),
    };
    match gate {
        Gate::Ready(key) => {
            let fact = ready::Ready {
                shared,
                key,
                ignored,
                warned: false,
            };
            wait_for(
                shared,
                &step.id,
                topic,
                &limit.with(format!("starting {key}")),
                fact,
            )
            .await
        }
        Gate::Completed(key) => {
            let fact = completed::Completed {
                shared,
                key,
                warned: false,
            };
            wait_for(shared, &step.id, topic, &limit.with(key.to_string()), fact).await
        }
        Gate::Http { service, port, path } => {
            let limit = limit.with(format!("`GET {path}` of {service}"));
            let fact = http::Answers::new(shared, service, *port, path);
            wait_for(shared, &step.id, topic, &limit, fact).await
        }
    }
}

/// Why a controller has made no Pods.
async fn without_pods(shared: &Shared, live: &Object, reason: String) -> Look<()> {
    let warnings = shared.api.warnings(live).await.unwrap_or_else(|error| {
        tracing::debug!(object = %live.key(), %error, "no warnings to show");
        Vec::new()
    });
    match warnings.last().map(|warning| pod::refused(warning)) {
        Some(Readiness::Failed(reason)) => Look::Never(hopeless(&live.key(), reason, String::new())),
        Some(Readiness::InProgress(reason)) => Look::ask_again(reason, UNTIL_WARNINGS),
        Some(Readiness::Current) | None => Look::ask_again(reason, UNTIL_WARNINGS),
    }
}

fn hopeless(object: &ObjectKey, reason: String, last_words: String) -> StepFailure {
    StepFailure::Hopeless {
        object: object.to_string(),
        reason,
        last_words,
    }
}

/// The Pods that a Deployment or `StatefulSet` selects, but those on their way out.
pub(super) fn pods_of_workload(shared: &Shared, workload: &Object) -> Vec<Object> {
    let labels = workload.value().pointer("/spec/selector/matchLabels");
    selected(shared, &Topic::of(workload), labels)
}

fn selected(shared: &Shared, topic: &Topic, labels: Option<&Value>) -> Vec<Object> {
    let wanted: BTreeMap<String, String> = labels
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect();
    shared.store.pods(topic, |pod| {
        !wanted.is_empty() && !pod.is_leaving() && pod.has_labels(&wanted)
    })
}
