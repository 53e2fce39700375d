//! Whether an object has arrived where it should: pure functions of the object, so that the engine only has to
//! watch and ask.

mod claim;
mod deployment;
mod job;
pub mod pod;
mod stateful_set;

use crate::object::Object;

/// How far an object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// As it should be.
    Current,
    /// On its way; why it is not there yet.
    InProgress(String),
    /// It will not get there without help; why.
    Failed(String),
}

/// Judges an object by the rules of its kind; kinds without rules are current as soon as they exist.
pub fn of(object: &Object) -> Readiness {
    if object.is_leaving() {
        return Readiness::InProgress(format!("{} is being deleted", object.key()));
    }
    let judged = match object.text("/kind").unwrap_or_default() {
        "Deployment" => object
            .typed()
            .map(|deployment| deployment::readiness(&deployment)),
        "StatefulSet" => object.typed().map(|set| stateful_set::readiness(&set)),
        "Job" => object.typed().map(|job| job::readiness(&job)),
        "PersistentVolumeClaim" => object.typed().map(|claim| claim::readiness(&claim)),
        _ => Some(Readiness::Current),
    };
    judged.unwrap_or_else(|| Readiness::InProgress(format!("{} has an unreadable state", object.key())))
}

/// Whether a controller has acted on the newest generation of its object.
fn is_seen(generation: Option<i64>, observed: Option<i64>) -> bool {
    observed.unwrap_or_default() >= generation.unwrap_or_default()
}

fn of_pods(count: i32, wanted: i32, what: &str) -> Readiness {
    Readiness::InProgress(format!("{count} of {wanted} Pods {what}"))
}
