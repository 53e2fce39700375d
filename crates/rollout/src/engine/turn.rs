//! One at a time: what keeps data is not stopped for a change while another such thing is down for its own. A first
//! rollout stops nothing, so it is not held up.

use std::sync::{Arc, Mutex, PoisonError};

use kubernetes_objects::manifest::ObjectKey;
use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Shared;
use crate::error::StepFailure;
use crate::event::EventKind;
use crate::object::Object;
use crate::plan::unmet;

/// Whose turn it is.
pub(crate) struct Turn {
    permit: Arc<Semaphore>,
    /// What was stopped and did not come back: nothing else is stopped after it.
    down: Arc<Mutex<Option<String>>>,
}

impl Default for Turn {
    fn default() -> Self {
        Self {
            permit: Arc::new(Semaphore::new(1)),
            down: Arc::default(),
        }
    }
}

/// The right to have one thing down.
#[derive(Debug)]
pub(super) struct TurnGuard {
    object: String,
    down: Arc<Mutex<Option<String>>>,
    came_back: bool,
    _permit: OwnedSemaphorePermit,
}

impl Turn {
    /// Waits for the turn of a step to stop an object.
    pub(super) async fn take(
        &self,
        shared: &Shared,
        step: &str,
        object: &ObjectKey,
    ) -> Result<TurnGuard, StepFailure> {
        if self.permit.available_permits() == 0 {
            shared.narrator.tell(EventKind::StepProgress {
                step: step.to_owned(),
                reason: format!(
                    "{object} is restarted when its turn comes: one at a time of what keeps data"
                ),
            });
        }
        let permit = tokio::select! {
            permit = Arc::clone(&self.permit).acquire_owned() => permit,
            () = shared.cancellation.stopped() => return Err(StepFailure::Interrupted),
        };
        let permit = permit.map_err(|closed| StepFailure::Defect(closed.to_string()))?;
        let down = self.down.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(down) = down {
            return Err(StepFailure::NotItsTurn {
                object: object.to_string(),
                down,
            });
        }
        Ok(TurnGuard {
            object: object.to_string(),
            down: Arc::clone(&self.down),
            came_back: false,
            _permit: permit,
        })
    }
}

impl TurnGuard {
    /// What was stopped is there again.
    pub(super) fn give_back(mut self) {
        self.came_back = true;
    }
}

impl Drop for TurnGuard {
    fn drop(&mut self) {
        if !self.came_back {
            *self.down.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.object.clone());
        }
    }
}

/// Whether bringing an object in line stops something that keeps data.
pub(super) fn stops_something(live: &Object, wanted: &Value) -> bool {
    keeps_data(live) && !unmet(&live.value()["spec"]["template"], &wanted["spec"]["template"]).is_empty()
}

fn keeps_data(workload: &Object) -> bool {
    match workload.text("/kind") {
        Some("StatefulSet") => true,
        Some("Deployment") => workload
            .value()
            .pointer("/spec/template/spec/volumes")
            .and_then(Value::as_array)
            .is_some_and(|volumes| {
                volumes
                    .iter()
                    .any(|volume| volume.get("persistentVolumeClaim").is_some())
            }),
        _ => false,
    }
}
