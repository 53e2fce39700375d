//! What happens to the cluster itself: its API server restarts, watches break, nodes lose their Pods.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;

use super::SimulatedCluster;
use super::state::pod_key;
use crate::cluster::{ClusterError, PodRef, WatchEvent};
use crate::kinds::{JOB, POD};
use crate::object::Object;

impl SimulatedCluster {
    /// Stops the API server for a while: calls are refused and watches break; they go on with whole lists.
    pub fn restart_api_server(&self, away: Duration) {
        self.faults.set_down(true);
        self.state().mute(Some(&ClusterError::Unreachable {
            cause: "connection refused".to_owned(),
        }));
        let cluster = self.clone();
        self.spawn(async move {
            sleep(away).await;
            cluster.faults.set_down(false);
            cluster.state().unmute();
        });
    }

    /// Lets all watches expire, as an API server does when what they ask for is compacted: `410 Gone`.
    pub fn expire_watches(&self) {
        let mut state = self.state();
        state.mute(Some(&ClusterError::Busy {
            cause: "410: too old resource version".to_owned(),
            retry_after: None,
        }));
        if !self.faults.is_down() {
            state.unmute();
        }
    }

    /// Lets all watches fall silent without a word, as a connection does that a firewall forgot.
    pub fn silence_watches(&self, lasting: Duration) {
        self.state().mute(None);
        let cluster = self.clone();
        self.spawn(async move {
            sleep(lasting).await;
            if !cluster.faults.is_down() {
                cluster.state().unmute();
            }
        });
    }

    /// Sets the clock of the API server, in seconds from the true time.
    pub fn set_clock(&self, skew: i64) {
        self.state().skew = skew;
    }

    /// The Pods that an eviction may hit: not those that are done or hold files of a Job.
    pub fn running_pods(&self) -> Vec<PodRef> {
        let state = self.state();
        state
            .objects
            .iter()
            .filter(|(key, value)| key.kind == POD.kind && is_movable(value))
            .map(|(key, _)| PodRef {
                namespace: key.namespace.clone().unwrap_or_default(),
                name: key.name.clone(),
            })
            .collect()
    }

    /// Evicts a Pod, as the kubelet of a node without memory does: the Pod stays as a failed one, another is made.
    pub fn evict(&self, pod: &PodRef) {
        let owner = {
            let mut state = self.state();
            let evicted = json!({
                "phase": "Failed", "reason": "Evicted", "message": "The node was low on resource: memory.",
            });
            state.change(&pod_key(pod), |value| value["status"] = evicted);
            state.ready_since.remove(pod);
            let owner = state.owner(pod).map(|(_, value)| Object::new(value.clone()));
            // A StatefulSet's controller deletes the failed Pod to use its name again.
            if owner
                .as_ref()
                .is_some_and(|owner| owner.text("/kind") == Some("StatefulSet"))
            {
                state.remove(&pod_key(pod));
            }
            owner
        };
        if let Some(owner) = owner {
            self.replace(&owner);
        }
    }

    /// Drains the node: its Pods are deleted and made anew.
    pub fn drain(&self) {
        for pod in self.running_pods() {
            let owner = {
                let mut state = self.state();
                let owner = state.owner(&pod).map(|(_, value)| Object::new(value.clone()));
                state.change(&pod_key(&pod), |value| {
                    value["metadata"]["deletionTimestamp"] = "2026-11-23T00:00:00Z".into();
                });
                state.remove(&pod_key(&pod));
                state.ready_since.remove(&pod);
                owner
            };
            if let Some(owner) = owner {
                self.replace(&owner);
            }
        }
    }
}

fn is_movable(pod: &Value) -> bool {
    let owner = &pod["metadata"]["ownerReferences"][0]["kind"];
    let phase = pod["status"]["phase"].as_str().unwrap_or_default();
    let is_busy_job = *owner == JOB.kind && phase == "Running";
    pod["metadata"].get("deletionTimestamp").is_none()
        && matches!(phase, "Pending" | "Running")
        && !is_busy_job
}

impl super::state::State {
    /// Breaks all watches, with a reason or without a word.
    fn mute(&mut self, reason: Option<&ClusterError>) {
        for watcher in &mut self.watchers {
            watcher.is_muted = true;
            if let Some(reason) = reason {
                watcher.send(WatchEvent::Interrupted(reason.clone()));
            }
        }
    }

    /// Heals all broken watches: each begins with all there is.
    fn unmute(&mut self) {
        let healed: Vec<(usize, Vec<Object>)> = self
            .watchers
            .iter()
            .enumerate()
            .filter(|(_, watcher)| watcher.is_muted)
            .map(|(at, watcher)| (at, self.list(watcher.kind, &watcher.selector)))
            .collect();
        for (at, all) in healed {
            self.watchers[at].is_muted = false;
            self.watchers[at].send(WatchEvent::Replaced(all));
        }
    }
}
