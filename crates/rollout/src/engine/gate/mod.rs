//! The facts that end a step.

mod completed;
mod http;
mod ready;

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use kubernetes_objects::manifest::{Manifest, ObjectKey};
use kubernetes_objects::step::{Gate, Step};
use serde_json::Value;
use tokio::time::Instant;

pub(super) use self::completed::of_job;
use super::pulse::last_warning;
use super::wait::{Limit, Look, Waiting, wait_for};
use super::{Shared, account};
use crate::cause::{self, Blame, Cause};
use crate::error::{Account, StepFailure};
use crate::object::Object;
use crate::readiness::{Readiness, pod};
use crate::store::Topic;

/// How long a controller may take to make Pods before its warnings are read, and how often they are read then:
/// nothing else announces that it cannot make them.
const UNTIL_WARNINGS: Duration = Duration::from_secs(3);

/// Waits until the gate is open; gives when what opened it was received. `ignored` are Pods, by uid, that this run has
/// already sent away.
pub(super) async fn pass(
    shared: &Shared,
    step: &Step,
    gate: &Gate,
    limit: &Limit,
    ignored: &HashSet<String>,
) -> Result<Instant, StepFailure> {
    let (Gate::Ready(key) | Gate::Completed(key) | Gate::Http { service: key, .. }) = gate;
    let namespace = key.namespace.as_deref().unwrap_or_default();
    let is_own = step.manifests.iter().any(|manifest| manifest.key() == *key);
    let topic = match gate {
        Gate::Ready(_) | Gate::Completed(_) if is_own => Topic::of_step(namespace, &step.id),
        Gate::Http { .. } if is_own && applies_the_pods_of(step, key) => Topic::of_step(namespace, &step.id),
        // The Pods behind a Service may be another step's.
        _ => Topic::all_of(namespace),
    };
    let ((), heard) = match gate {
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
            let fact = http::Answers::new(shared, service, *port, path, topic.clone());
            wait_for(shared, &step.id, topic, &limit, fact).await
        }
    }?;
    Ok(heard)
}

/// Whether the Pods that a Service of the step selects are the step's own, so that nobody else's need be looked at.
fn applies_the_pods_of(step: &Step, service: &ObjectKey) -> bool {
    let of = |manifest: &Manifest, pointer: &str| manifest.value().pointer(pointer).cloned();
    let selector = step
        .manifests
        .iter()
        .find(|manifest| manifest.key() == *service)
        .and_then(|manifest| of(manifest, "/spec/selector"));
    let Some(Value::Object(wanted)) = selector else {
        return false;
    };
    step.manifests
        .iter()
        .filter(|manifest| manifest.key().namespace == service.namespace)
        .filter_map(|manifest| of(manifest, "/spec/template/metadata/labels"))
        .any(|labels| wanted.iter().all(|(name, value)| labels.get(name) == Some(value)))
}

/// Why a controller has made no Pods.
async fn without_pods(shared: &Shared, live: &Object, reason: String) -> Look<()> {
    let Some(warning) = last_warning(shared, live).await else {
        // A Deployment tells in a condition what keeps its Pods from being made, without an event of its own.
        return Look::NotYet(Waiting {
            blame: cause::refused(&reason),
            reason,
            look_again: Some(UNTIL_WARNINGS),
            log_of: None,
        });
    };
    let blame = warning.blame.clone();
    match pod::refused(&warning.text) {
        Readiness::Failed(reason) => {
            let blame = blame.unwrap_or_else(|| Blame::new(Cause::Admission, live.key().to_string()));
            let account = account::of(shared, reason, blame, None, None).await;
            Look::Never(hopeless(&live.key(), account))
        }
        Readiness::InProgress(reason) => Look::NotYet(Waiting {
            reason,
            look_again: Some(UNTIL_WARNINGS),
            log_of: None,
            blame,
        }),
        Readiness::Current => Look::ask_again(reason, UNTIL_WARNINGS),
    }
}

fn hopeless(object: &ObjectKey, account: Account) -> StepFailure {
    StepFailure::Hopeless {
        object: object.to_string(),
        account: Box::new(account),
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
