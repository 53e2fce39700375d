//! kube's errors in our words.

use std::error::Error;
use std::time::Duration;

use kube::core::Status;
use kube::runtime::watcher;

use crate::cluster::{ClusterError, FieldOwner};

pub(super) fn explained(error: &kube::Error) -> ClusterError {
    match error {
        kube::Error::Api(status) => of_status(status),
        kube::Error::Auth(_) => ClusterError::Unauthorised { cause: chain(error) },
        kube::Error::SerdeError(_) | kube::Error::FromUtf8(_) | kube::Error::BuildRequest(_) => {
            ClusterError::Unreadable { cause: chain(error) }
        }
        kube::Error::UpgradeConnection(refused) => ClusterError::Pod {
            cause: chain(refused),
        },
        // "Service error" means nothing to anybody.
        kube::Error::Service(inner) => ClusterError::Unreachable {
            cause: chain(inner.as_ref()),
        },
        _ => ClusterError::Unreachable { cause: chain(error) },
    }
}

pub(super) fn of_watch(error: &watcher::Error) -> ClusterError {
    match error {
        watcher::Error::InitialListFailed(error)
        | watcher::Error::WatchStartFailed(error)
        | watcher::Error::WatchFailed(error) => explained(error),
        watcher::Error::WatchError(status) => of_status(status),
        watcher::Error::NoResourceVersion => ClusterError::Unreadable {
            cause: error.to_string(),
        },
    }
}

fn of_status(status: &Status) -> ClusterError {
    let cause = status.message.clone();
    let causes = status
        .details
        .as_ref()
        .map(|details| details.causes.as_slice())
        .unwrap_or_default();
    let owners: Vec<FieldOwner> = causes
        .iter()
        .filter(|cause| cause.reason == "FieldManagerConflict")
        .map(|cause| FieldOwner {
            field: cause.field.clone(),
            manager: manager(&cause.message),
        })
        .collect();
    if !owners.is_empty() {
        return ClusterError::Conflict(owners);
    }
    let leaving = causes.iter().any(|cause| cause.reason == "NamespaceTerminating");
    let retry_after = status
        .details
        .as_ref()
        .map(|details| u64::from(details.retry_after_seconds))
        .filter(|seconds| *seconds > 0)
        .map(Duration::from_secs);
    match status.code {
        401 => ClusterError::Unauthorised { cause },
        403 if leaving => ClusterError::Busy { cause, retry_after },
        403 => ClusterError::Forbidden { cause },
        404 => ClusterError::NotFound { cause },
        422 if is_immutable(&cause) => ClusterError::Immutable {
            cause,
            fields: causes
                .iter()
                .map(|cause| cause.field.clone())
                .filter(|field| !field.is_empty())
                .collect(),
        },
        409 | 410 | 429 | 500..=599 => ClusterError::Busy { cause, retry_after },
        _ => ClusterError::Invalid { cause },
    }
}

fn is_immutable(message: &str) -> bool {
    [
        "field is immutable",
        "updates to statefulset spec for fields other than",
        "spec is immutable",
        "may not change once set",
        "field can not be less than",
        "pod updates may not change fields",
        "cannot change roleRef",
        "immutable when `immutable` is set",
    ]
    .iter()
    .any(|known| message.contains(known))
}

/// The answer to a write that somebody else's may have come before.
pub(super) fn overtaken(error: kube::Error) -> Result<kube::Error, ClusterError> {
    match error {
        kube::Error::Api(status) if status.code == 409 => Err(ClusterError::Overtaken {
            cause: status.message.clone(),
        }),
        error => Ok(error),
    }
}

/// From `conflict with "kubectl-edit" using apps/v1`.
fn manager(message: &str) -> String {
    message.split('"').nth(1).unwrap_or(message).to_owned()
}

/// An error with its sources; what a source already said is not said again.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let next = error.to_string();
        if !text.contains(&next) {
            text.push_str(": ");
            text.push_str(&next);
        }
        source = error.source();
    }
    text
}
