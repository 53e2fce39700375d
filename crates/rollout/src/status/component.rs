//! One component: whether its gates are open, since when, and why not.

use std::collections::BTreeMap;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Pod;
use kubernetes_objects::manifest::ObjectKey;
use kubernetes_objects::step::Gate;
use serde_json::Value;

use super::ComponentStatus;
use crate::cluster::Cluster;
use crate::object::Object;
use crate::readiness::{self, Readiness, pod};
use crate::store::{Store, Topic};

/// What is asked about a component.
pub(super) struct Asked<'run> {
    pub(super) key: &'run ObjectKey,
    pub(super) step: &'run str,
    /// The gates of its step.
    pub(super) gates: &'run [Gate],
    /// Whether a rollout has seen it ready.
    pub(super) was_there: bool,
}

pub(super) async fn judge(cluster: &dyn Cluster, store: &Store, asked: Asked<'_>) -> ComponentStatus {
    let Asked {
        key,
        step,
        gates,
        was_there,
    } = asked;
    let live = store.get(key);
    let pods = live.as_ref().map(|live| pods_of(store, live)).unwrap_or_default();
    let replicas = "all replicas of the newest revision are ready".to_owned();
    let (mut gate, mut reason) = match &live {
        Some(live) => (replicas, why_not(live, &pods)),
        None if was_there => (replicas, Some("it is gone".to_owned())),
        None => (replicas, Some("not there yet".to_owned())),
    };
    let http = gates.iter().filter_map(|gate| match gate {
        Gate::Http { service, port, path } => Some((service, *port, path.as_str())),
        Gate::Ready(_) | Gate::Completed(_) => None,
    });
    for (service, port, path) in http {
        if reason.is_some() {
            break;
        }
        if live.as_ref().is_some_and(|live| serves(store, service, live)) {
            gate = format!("`GET {path}` answers 200 on port {port}");
            reason = silence(cluster, &pods, port, path).await;
        }
    }
    ComponentStatus {
        namespace: key.namespace.clone().unwrap_or_default(),
        kind: key.kind.clone(),
        name: key.name.clone(),
        step: step.to_owned(),
        ready: reason.is_none(),
        gate,
        since: live.and_then(|live| since(&live, &pods)),
        reason: reason.unwrap_or_default(),
    }
}

/// Why a workload is not ready: what its Pods say is nearer to the cause than what it says itself.
fn why_not(live: &Object, pods: &[Pod]) -> Option<String> {
    match readiness::of(live) {
        Readiness::Current => None,
        Readiness::InProgress(reason) | Readiness::Failed(reason) => {
            Some(pod::worst(pods).map_or(reason, |found| found.reason))
        }
    }
}

/// Why the path does not answer as it should.
async fn silence(cluster: &dyn Cluster, pods: &[Pod], port: u16, path: &str) -> Option<String> {
    let Some(ready) = pods.iter().find(|pod| pod::is_ready(pod)) else {
        return Some("no Pod is ready".to_owned());
    };
    match cluster.http_get(&pod::reference(ready), port, path).await {
        Ok(answer) if answer.status == 200 => None,
        Ok(answer) => Some(format!("`GET {path}` on port {port} {answer}")),
        Err(error) => Some(format!("`GET {path}` on port {port} does not answer: {error}")),
    }
}

/// Whether the Service leads to the Pods of the workload.
fn serves(store: &Store, service: &ObjectKey, live: &Object) -> bool {
    let Some(service) = store.get(service) else {
        return false;
    };
    let selector = labels(service.value().pointer("/spec/selector"));
    let carried = labels(live.value().pointer("/spec/template/metadata/labels"));
    !selector.is_empty()
        && selector
            .iter()
            .all(|(name, value)| carried.get(name) == Some(value))
}

fn pods_of(store: &Store, live: &Object) -> Vec<Pod> {
    let wanted = labels(live.value().pointer("/spec/selector/matchLabels"));
    let pods = store.pods(&Topic::of(live), |pod| {
        !wanted.is_empty() && !pod.is_leaving() && pod.has_labels(&wanted)
    });
    pods.iter().filter_map(Object::typed).collect()
}

fn labels(value: Option<&Value>) -> BTreeMap<String, String> {
    let entries = value.and_then(Value::as_object).into_iter().flatten();
    entries
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}

/// When the last of its Pods became ready, or the first of those that are not ready stopped being so; without Pods,
/// when the workload itself last changed.
fn since(live: &Object, pods: &[Pod]) -> Option<Timestamp> {
    let ready_condition = |pod: &Pod| {
        let conditions = pod.status.as_ref()?.conditions.as_ref()?;
        let ready = conditions.iter().find(|condition| condition.type_ == "Ready")?;
        Some(ready.last_transition_time.as_ref()?.0)
    };
    let unready = pods
        .iter()
        .filter(|pod| !pod::is_ready(pod))
        .filter_map(ready_condition)
        .min();
    let ready = pods.iter().filter_map(ready_condition).max();
    let own = || {
        let conditions = live
            .value()
            .pointer("/status/conditions")
            .and_then(Value::as_array);
        let times = conditions
            .into_iter()
            .flatten()
            .filter_map(|condition| condition["lastTransitionTime"].as_str());
        let created = live
            .value()
            .pointer("/metadata/creationTimestamp")
            .and_then(Value::as_str);
        times.chain(created).filter_map(|time| time.parse().ok()).max()
    };
    unready.or(ready).or_else(own)
}
