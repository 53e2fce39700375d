//! Errors of the simulated cluster, as an API server tells them.

use hyper::StatusCode;
use rollout::cluster::ClusterError;
use serde_json::{Value, json};

use super::Answer;
use super::answer::whole;

/// An error as the API server words it: a `Status` with the code of its reason.
pub(super) fn refused(error: &ClusterError) -> Answer {
    let (code, reason) = match error {
        ClusterError::NotFound { .. } => (404, "NotFound"),
        ClusterError::Overtaken { .. } | ClusterError::Conflict(_) => (409, "Conflict"),
        ClusterError::Forbidden { .. } => (403, "Forbidden"),
        ClusterError::Unauthorised { .. } => (401, "Unauthorized"),
        ClusterError::Immutable { .. } | ClusterError::Invalid { .. } => (422, "Invalid"),
        _ => (503, "ServiceUnavailable"),
    };
    let causes: Vec<Value> = match error {
        ClusterError::Conflict(owners) => owners
            .iter()
            .map(|owner| {
                let message = format!("conflict with \"{}\" using apps/v1", owner.manager);
                json!({ "reason": "FieldManagerConflict", "field": owner.field, "message": message })
            })
            .collect(),
        _ => Vec::new(),
    };
    let message = match error {
        ClusterError::Immutable { cause, .. }
        | ClusterError::NotFound { cause }
        | ClusterError::Invalid { cause } => cause.clone(),
        other => other.to_string(),
    };
    let mut answer = whole(&json!({
        "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason, "message": message,
        "details": { "causes": causes },
    }));
    *answer.status_mut() = StatusCode::from_u16(code).expect("it is one");
    answer
}
