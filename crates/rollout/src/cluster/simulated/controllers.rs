//! Just enough controllers and kubelets: Pods appear, get ready, fail, complete and go.

use std::time::Duration;

use kubernetes_objects::manifest::ObjectKey;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::state::{State, pod_key};
use super::{Behaviour, Fate, SimulatedCluster};
use crate::cluster::PodRef;
use crate::kinds::JOB;
use crate::object::Object;

/// What a controller takes to notice something.
const REACTION: Duration = Duration::from_millis(20);

impl SimulatedCluster {
    /// What happens after a workload was created or changed.
    pub(super) fn bring_up(&self, workload: &Object) {
        let (key, generation) = (workload.key(), workload.value()["metadata"]["generation"].clone());
        if !matches!(key.kind.as_str(), "Deployment" | "StatefulSet" | "Job") {
            return;
        }
        let (cluster, uid) = (self.clone(), workload.uid().to_owned());
        self.spawn(async move {
            sleep(REACTION).await;
            let behaviour = {
                let mut state = cluster.state();
                let behaviour = state.behaviour(&key.name);
                if !is_current(&state, &key, &uid, &generation) {
                    return;
                }
                for old in state.dependents(&uid) {
                    state.remove(&old);
                }
                state.change(&key, |value| value["status"] = starting(&key, &generation));
                if matches!(behaviour.fate, Fate::NotAdmitted(_)) {
                    return;
                }
                start_pod(&mut state, &key, &uid);
                behaviour
            };
            sleep(behaviour.after).await;
            let mut state = cluster.state();
            if is_current(&state, &key, &uid, &generation) {
                arrive(&mut state, &key, &generation, &behaviour);
            }
        });
    }

    /// A Job's container was told to end.
    pub(super) fn release(&self, pod: &PodRef) {
        let (cluster, pod) = (self.clone(), pod.clone());
        self.spawn(async move {
            sleep(REACTION).await;
            let mut state = cluster.state();
            let owner = state.owner(&pod).map(|(key, _)| key.clone());
            if let Some(job) = owner.filter(|key| key.kind == JOB.kind) {
                complete(&mut state, &job);
            }
        });
    }

    /// What happens after a deletion: dependents first, then the object; a namespace with all that is in it.
    pub(super) fn take_down(&self, key: &ObjectKey, uid: &str) {
        let mut state = self.state();
        let Some(value) = state.objects.get(key) else {
            return;
        };
        if value["metadata"]["uid"] != uid {
            return;
        }
        state.writes += 1;
        state.change(key, |value| {
            value["metadata"]["deletionTimestamp"] = "2026-11-23T00:00:00Z".into();
        });
        drop(state);
        let (cluster, key, uid) = (self.clone(), key.clone(), uid.to_owned());
        self.spawn(async move {
            sleep(REACTION).await;
            let mut state = cluster.state();
            let finalizers = state
                .objects
                .get(&key)
                .map(|value| value["metadata"]["finalizers"].clone());
            if finalizers.is_some_and(|held| held.as_array().is_some_and(|held| !held.is_empty())) {
                return;
            }
            let inside: Vec<ObjectKey> = state
                .objects
                .keys()
                .filter(|one| key.kind == "Namespace" && one.namespace.as_deref() == Some(&key.name))
                .cloned()
                .collect();
            for dependent in inside.into_iter().chain(state.dependents(&uid)) {
                state.remove(&dependent);
            }
            let owner = state.objects.get(&key).and_then(|value| {
                Some(
                    value["metadata"]["ownerReferences"][0]["uid"]
                        .as_str()?
                        .to_owned(),
                )
            });
            state.remove(&key);
            // A Pod that is sent away is made anew.
            let workload = owner.and_then(|uid| {
                let found = state
                    .objects
                    .values()
                    .find(|value| value["metadata"]["uid"] == uid.as_str());
                found.map(|value| Object::new(value.clone()))
            });
            drop(state);
            if let Some(workload) = workload.filter(|workload| key.kind == "Pod" && !workload.is_leaving()) {
                cluster.bring_up(&workload);
            }
        });
    }
}

fn is_current(state: &State, key: &ObjectKey, uid: &str, generation: &Value) -> bool {
    state.objects.get(key).is_some_and(|value| {
        value["metadata"]["uid"] == uid
            && value["metadata"]["generation"] == *generation
            && value["metadata"].get("deletionTimestamp").is_none()
    })
}

fn starting(key: &ObjectKey, generation: &Value) -> Value {
    match key.kind.as_str() {
        "Job" => json!({ "active": 1 }),
        "StatefulSet" => json!({
            "observedGeneration": generation, "replicas": 1, "readyReplicas": 0, "updatedReplicas": 1,
            "currentRevision": generation.to_string(), "updateRevision": generation.to_string(),
        }),
        _ => json!({ "observedGeneration": generation, "replicas": 1, "updatedReplicas": 1 }),
    }
}

fn pod_of(key: &ObjectKey) -> PodRef {
    PodRef {
        namespace: key.namespace.clone().unwrap_or_default(),
        name: format!("{}-0", key.name),
    }
}

fn start_pod(state: &mut State, key: &ObjectKey, uid: &str) {
    let template = state.objects[key]["spec"]["template"].clone();
    let pod = pod_of(key);
    state.ready_since.remove(&pod);
    state.put_pod(
        &pod,
        json!({
            "metadata": {
                "labels": template["metadata"]["labels"],
                "ownerReferences": [{ "apiVersion": key.api_version, "kind": key.kind, "name": key.name, "uid": uid }],
            },
            "spec": template["spec"],
            "status": { "phase": "Pending" },
        }),
    );
}

fn arrive(state: &mut State, key: &ObjectKey, generation: &Value, behaviour: &Behaviour) {
    let pod = pod_of(key);
    let is_job = key.kind == JOB.kind;
    match &behaviour.fate {
        Fate::Works if is_job => {
            *state.runs.entry(key.name.clone()).or_default() += 1;
            if behaviour.waits {
                state.change(&pod_key(&pod), |value| value["status"] = running(true));
            } else {
                complete(state, key);
            }
        }
        Fate::Works => {
            state.ready_since.insert(pod.clone(), Instant::now());
            state.change(&pod_key(&pod), |value| value["status"] = running(true));
            state.change(key, |value| {
                value["status"]["readyReplicas"] = 1.into();
                value["status"]["availableReplicas"] = 1.into();
                value["status"]["observedGeneration"] = generation.clone();
            });
        }
        Fate::NoImage(reason) => {
            let waiting = json!({ "waiting": { "reason": "ErrImagePull", "message": reason } });
            state.change(&pod_key(&pod), |value| {
                value["status"] = status("Pending", &waiting, 0);
            });
        }
        Fate::Crashes(_) if is_job => {
            let ended = json!({ "terminated": { "exitCode": 3, "reason": "Error" } });
            state.change(&pod_key(&pod), |value| {
                value["status"] = status("Failed", &ended, 0);
            });
            state.change(key, |value| {
                value["status"] = json!({ "failed": 1, "conditions": [{
                    "type": "Failed", "status": "True", "reason": "BackoffLimitExceeded",
                    "message": "Job has reached the specified backoff limit",
                }]});
            });
        }
        Fate::Crashes(_) => {
            let waiting = json!({ "waiting": { "reason": "CrashLoopBackOff" } });
            state.change(&pod_key(&pod), |value| {
                value["status"] = status("Running", &waiting, 5);
            });
        }
        Fate::Hangs => state.change(&pod_key(&pod), |value| value["status"] = running(false)),
        Fate::NotAdmitted(_) => {}
    }
}

fn running(ready: bool) -> Value {
    json!({
        "phase": "Running",
        "conditions": [{ "type": "Ready", "status": if ready { "True" } else { "False" } }],
        "containerStatuses": [container(ready, &json!({ "running": {} }), 0)],
    })
}

fn status(phase: &str, container_state: &Value, restarts: u32) -> Value {
    json!({ "phase": phase, "containerStatuses": [container(false, container_state, restarts)] })
}

fn container(ready: bool, state: &Value, restarts: u32) -> Value {
    json!({
        "name": "main", "image": "example", "imageID": "", "ready": ready, "restartCount": restarts, "state": state,
        "lastState": { "terminated": { "exitCode": 3 } },
    })
}

fn complete(state: &mut State, job: &ObjectKey) {
    state.change(&pod_key(&pod_of(job)), |value| {
        value["status"] = json!({ "phase": "Succeeded" });
    });
    state.change(job, |value| {
        value["status"] = json!({ "succeeded": 1, "conditions": [{ "type": "Complete", "status": "True" }] });
    });
}
