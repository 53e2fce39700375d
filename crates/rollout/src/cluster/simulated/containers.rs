//! What a kubelet says of the containers of a Pod: each by the name that it has in the Pod's spec.

use serde_json::{Value, json};

/// The names of a Pod's containers, which share one fate.
pub(super) struct Containers(Vec<Value>);

impl Containers {
    /// Those of a Pod; none if it has gone.
    pub(super) fn of(pod: Option<&Value>) -> Self {
        let containers = pod.and_then(|pod| pod["spec"]["containers"].as_array());
        Self(
            containers
                .into_iter()
                .flatten()
                .map(|one| one["name"].clone())
                .collect(),
        )
    }

    pub(super) fn running(&self, ready: bool) -> Value {
        let mut status = self.status("Running", &json!({ "ready": ready, "state": { "running": {} } }));
        let word = if ready { "True" } else { "False" };
        status["conditions"] = json!([{ "type": "Ready", "status": word }]);
        status
    }

    /// None has started yet.
    pub(super) fn waiting(&self, reason: &str, words: &str) -> Value {
        let waiting = json!({ "reason": reason, "message": words });
        self.status("Pending", &json!({ "state": { "waiting": waiting } }))
    }

    /// They ended and are started again, more and more rarely.
    pub(super) fn crashing(&self, last: &Value) -> Value {
        let waiting = json!({ "reason": "CrashLoopBackOff", "message": "" });
        self.status(
            "Running",
            &json!({ "state": { "waiting": waiting }, "restartCount": 5, "lastState": { "terminated": last } }),
        )
    }

    /// They ended and stay so.
    pub(super) fn failed(&self, exit_code: u8) -> Value {
        let terminated = json!({ "exitCode": exit_code, "reason": "Error" });
        self.status("Failed", &json!({ "state": { "terminated": terminated } }))
    }

    fn status(&self, phase: &str, told: &Value) -> Value {
        let of_each = self.0.iter().map(|name| {
            let mut status = json!({
                "name": name, "image": "example", "imageID": "", "ready": false, "restartCount": 0, "lastState": {},
            });
            for (key, value) in told.as_object().into_iter().flatten() {
                status[key] = value.clone();
            }
            status
        });
        json!({ "phase": phase, "containerStatuses": of_each.collect::<Vec<_>>() })
    }
}
