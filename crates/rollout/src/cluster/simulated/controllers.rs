//! Just enough controllers and kubelets: Pods appear, get ready, fail, complete, go, and are made anew.

use std::time::Duration;

use kubernetes_objects::manifest::ObjectKey;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::containers::Containers;
use super::state::{State, pod_key, pod_ref};
use super::{Behaviour, Fate, SimulatedCluster};
use crate::cluster::PodRef;
use crate::kinds::{JOB, POD};
use crate::object::Object;

/// What a controller takes to notice something.
const REACTION: Duration = Duration::from_millis(20);
/// What it takes until it tries again to make a Pod that was not admitted.
const NEXT_ATTEMPT: Duration = Duration::from_secs(1);

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
            {
                let mut state = cluster.state();
                if !is_current(&state, &key, &uid, &generation) {
                    return;
                }
                for old in state.dependents(&uid) {
                    state.remove(&old);
                }
                state.change(&key, |value| value["status"] = starting(&key, &generation));
            }
            cluster.run_pod(&key, &uid, &generation).await;
        });
    }

    /// What happens after a Pod was lost: the workload is not ready any more, and makes another one.
    pub(super) fn replace(&self, workload: &Object) {
        let (key, generation) = (workload.key(), workload.value()["metadata"]["generation"].clone());
        let (cluster, uid) = (self.clone(), workload.uid().to_owned());
        if workload.is_leaving() {
            return;
        }
        self.state().change(&key, |value| lose_pod(&key, value));
        self.spawn(async move {
            sleep(REACTION).await;
            cluster.run_pod(&key, &uid, &generation).await;
        });
    }

    /// The life of one Pod until it is ready, has completed, or goes wrong.
    async fn run_pod(&self, key: &ObjectKey, uid: &str, generation: &Value) {
        let (behaviour, pod) = loop {
            {
                let mut state = self.state();
                let behaviour = state.behaviour(key);
                if !is_current(&state, key, uid, generation) {
                    return;
                }
                if !matches!(behaviour.fate, Fate::NotAdmitted(_)) {
                    break (behaviour, start_pod(&mut state, key, uid));
                }
            }
            sleep(NEXT_ATTEMPT).await;
        };
        self.bind(&pod.0).await;
        sleep(behaviour.after).await;
        let mut state = self.state();
        let is_there = state
            .get(&pod_key(&pod.0))
            .is_some_and(|live| live.uid() == pod.1 && is_pending(&live));
        if is_there && is_current(&state, key, uid, generation) {
            arrive(&mut state, key, &pod.0, generation, &behaviour);
        }
    }

    /// A Job's container was told to end.
    pub(super) fn release(&self, pod: &PodRef) {
        let (cluster, pod) = (self.clone(), pod.clone());
        self.spawn(async move {
            sleep(REACTION).await;
            let mut state = cluster.state();
            let owner = state.owner(&pod).map(|(key, _)| key.clone());
            if let Some(job) = owner.filter(|key| key.kind == JOB.kind) {
                complete(&mut state, &job, &pod);
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
        let (cluster, key) = (self.clone(), key.clone());
        self.spawn(async move {
            sleep(REACTION).await;
            cluster.let_go(&key);
        });
    }

    /// Removes an object that is being deleted and that no finalizer holds.
    pub(super) fn let_go(&self, key: &ObjectKey) {
        let mut state = self.state();
        let Some(going) = state.get(key).filter(Object::is_leaving) else {
            return;
        };
        if !going.finalizers().is_empty() {
            return;
        }
        let inside: Vec<ObjectKey> = if key.kind == "Namespace" {
            let is_inside = |one: &&ObjectKey| one.namespace.as_deref() == Some(&key.name);
            state.objects.keys().filter(is_inside).cloned().collect()
        } else {
            Vec::new()
        };
        for dependent in inside.into_iter().chain(state.dependents(going.uid())) {
            state.remove(&dependent);
        }
        let owner = (key.kind == POD.kind)
            .then(|| {
                state
                    .owner(&pod_ref(key))
                    .map(|(_, value)| Object::new(value.clone()))
            })
            .flatten();
        state.remove(key);
        drop(state);
        // A Pod that is sent away is made anew.
        if let Some(workload) = owner {
            self.replace(&workload);
        }
    }
}

fn is_current(state: &State, key: &ObjectKey, uid: &str, generation: &Value) -> bool {
    state.objects.get(key).is_some_and(|value| {
        value["metadata"]["uid"] == uid
            && value["metadata"]["generation"] == *generation
            && value["metadata"].get("deletionTimestamp").is_none()
    })
}

fn is_pending(pod: &Object) -> bool {
    pod.text("/status/phase") == Some("Pending") && !pod.is_leaving()
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

fn lose_pod(key: &ObjectKey, workload: &mut Value) {
    if key.kind != JOB.kind {
        workload["status"]["readyReplicas"] = 0.into();
        workload["status"]["availableReplicas"] = 0.into();
    }
}

/// Makes a Pod; gives its uid too.
fn start_pod(state: &mut State, key: &ObjectKey, uid: &str) -> (PodRef, String) {
    let template = state.objects[key]["spec"]["template"].clone();
    let namespace = key.namespace.clone().unwrap_or_default();
    // Only a StatefulSet uses a name again; whoever else has a failed Pod left takes the next one.
    let free = (0..).map(|number| PodRef {
        namespace: namespace.clone(),
        name: format!("{}-{number}", key.name),
    });
    let is_taken = |pod: &PodRef| state.objects.contains_key(&pod_key(pod));
    let pod = free
        .into_iter()
        .find(|pod| key.kind == "StatefulSet" || !is_taken(pod))
        .unwrap_or_else(|| PodRef {
            namespace,
            name: key.name.clone(),
        });
    state.ready_since.remove(&pod);
    state.started.insert(pod.clone(), Instant::now());
    let made = state.put_pod(
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
    (pod, made)
}

fn arrive(state: &mut State, key: &ObjectKey, pod: &PodRef, generation: &Value, behaviour: &Behaviour) {
    let is_job = key.kind == JOB.kind;
    let set =
        |state: &mut State, status: Value| state.change(&pod_key(pod), |value| value["status"] = status);
    let containers = Containers::of(state.objects.get(&pod_key(pod)));
    match &behaviour.fate {
        Fate::Works if is_job => {
            *state.runs.entry(key.name.clone()).or_default() += 1;
            if behaviour.waits {
                set(state, containers.running(true));
            } else {
                complete(state, key, pod);
            }
        }
        Fate::Works => {
            state.ready_since.insert(pod.clone(), Instant::now());
            set(state, containers.running(true));
            state.change(key, |value| {
                value["status"]["readyReplicas"] = 1.into();
                value["status"]["availableReplicas"] = 1.into();
                value["status"]["observedGeneration"] = generation.clone();
            });
        }
        Fate::NoImage(reason) => set(state, containers.waiting("ErrImagePull", reason)),
        Fate::Misconfigured(reason) => set(state, containers.waiting("CreateContainerConfigError", reason)),
        Fate::NotMounted(_) => set(state, containers.waiting("ContainerCreating", "")),
        Fate::NotScheduled(reason) => {
            let condition = json!({
                "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": reason,
            });
            set(state, json!({ "phase": "Pending", "conditions": [condition] }));
        }
        Fate::Crashes(_) if is_job => {
            set(state, containers.failed(3));
            state.change(key, |value| {
                value["status"] = json!({ "failed": 1, "conditions": [{
                    "type": "Failed", "status": "True", "reason": "BackoffLimitExceeded",
                    "message": "Job has reached the specified backoff limit",
                }]});
            });
        }
        Fate::Crashes(_) => set(state, containers.crashing(&json!({ "exitCode": 3 }))),
        Fate::OutOfMemory => {
            let last = json!({ "exitCode": 137, "reason": "OOMKilled" });
            set(state, containers.crashing(&last));
        }
        Fate::Hangs => set(state, containers.running(false)),
        Fate::NotAdmitted(_) => {}
    }
}

fn complete(state: &mut State, job: &ObjectKey, pod: &PodRef) {
    state.change(&pod_key(pod), |value| {
        value["status"] = json!({ "phase": "Succeeded" });
    });
    state.change(job, |value| {
        value["status"] = json!({ "succeeded": 1, "conditions": [{ "type": "Complete", "status": "True" }] });
    });
}
