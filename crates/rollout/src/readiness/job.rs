//! A Job is current when it has completed; that it has started means nothing.

use k8s_openapi::api::batch::v1::Job;

use super::Readiness;

pub(super) fn readiness(job: &Job) -> Readiness {
    let status = job.status.clone().unwrap_or_default();
    let condition = |wanted: &str| {
        status
            .conditions
            .iter()
            .flatten()
            .find(|condition| condition.type_ == wanted && condition.status == "True")
    };
    if condition("Complete").is_some() {
        return Readiness::Current;
    }
    if let Some(failed) = condition("Failed") {
        let reason = failed.reason.as_deref().unwrap_or("Failed");
        let message = failed.message.as_deref().unwrap_or("the Job has failed");
        return Readiness::Failed(match reason {
            "BackoffLimitExceeded" => "it failed and was tried often enough".to_owned(),
            "DeadlineExceeded" => "it took longer than its own deadline".to_owned(),
            _ => format!("{reason}: {message}"),
        });
    }
    if job.spec.as_ref().and_then(|spec| spec.suspend) == Some(true) {
        return Readiness::InProgress("it is suspended".to_owned());
    }
    let attempts = status.failed.unwrap_or_default();
    Readiness::InProgress(match (status.active.unwrap_or_default(), attempts) {
        (0, 0) if status.start_time.is_some() => "it has no Pod at the moment".to_owned(),
        (0, 0) => "it has not started".to_owned(),
        (0, attempts) => format!("{attempts} attempts failed, the next one is to come"),
        (_, 0) => "it runs".to_owned(),
        (_, attempts) => format!("it runs again after {attempts} failed attempts"),
    })
}
