//! What keeps a Pod from being ready, in words that name the cause.

use std::cmp::Ordering;

use k8s_openapi::api::core::v1::{ContainerStateTerminated, ContainerStateWaiting, ContainerStatus, Pod};

use super::Readiness;
use crate::cause::{self, Blame, Cause};
use crate::cluster::PodRef;

/// After this many restarts of one container nothing is expected to get better.
const TOO_MANY_RESTARTS: i32 = 5;

/// What is wrong with a Pod, or what it is still doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// For a person.
    pub reason: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is behind it; [`Cause::Slow`] while it is only on its way.
    pub blame: Blame,
    /// The Pod.
    pub pod: PodRef,
    /// The container whose last log lines tell more.
    pub log_of: Option<String>,
}

/// How bad a [`Diagnosis`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It takes its time.
    Starting,
    /// Something is wrong that may pass.
    Troubled,
    /// It will not get better by waiting.
    Hopeless,
}

/// The worst that is known about any of these Pods; `None` when all are ready or there are none.
pub fn worst<'pods>(pods: impl IntoIterator<Item = &'pods Pod>) -> Option<Diagnosis> {
    pods.into_iter().filter_map(diagnose).max_by(|left, right| {
        // The first of equals, so that the told reason does not jump.
        left.severity.cmp(&right.severity).then(Ordering::Greater)
    })
}

/// What keeps this Pod from being ready; `None` if it is ready or has succeeded.
pub fn diagnose(pod: &Pod) -> Option<Diagnosis> {
    let status = pod.status.as_ref()?;
    let reference = reference(pod);
    let told = |severity, reason: String, log_of: Option<&str>, blame: Blame| {
        Some(Diagnosis {
            reason,
            severity,
            blame,
            pod: reference.clone(),
            log_of: log_of.map(str::to_owned),
        })
    };
    if is_ready(pod) || status.phase.as_deref() == Some("Succeeded") {
        return None;
    }
    let slow = || Blame::new(Cause::Slow, reference.to_string());
    let containers = || {
        status
            .init_container_statuses
            .iter()
            .chain(&status.container_statuses)
            .flatten()
    };
    let stuck = containers()
        .filter_map(|container| of_container(pod, container))
        .max_by_key(|found| found.severity);
    if let Some(stuck) = stuck {
        let reason = format!("{reference}: {}", stuck.reason);
        return told(stuck.severity, reason, stuck.log_of, stuck.blame);
    }
    let unscheduled = status
        .conditions
        .iter()
        .flatten()
        .find(|condition| condition.type_ == "PodScheduled" && condition.status == "False");
    if let Some(condition) = unscheduled {
        let words = condition.message.as_deref().unwrap_or("no node was found");
        return told(
            Severity::Troubled,
            format!("{reference} cannot be scheduled: {words}"),
            None,
            cause::of_scheduler(words),
        );
    }
    if status.phase.as_deref() == Some("Failed") {
        let words = status
            .message
            .as_deref()
            .or(status.reason.as_deref())
            .unwrap_or("it has failed");
        return told(
            Severity::Troubled,
            format!("{reference} has failed: {words}"),
            None,
            Blame::new(Cause::Crash, reference.to_string()),
        );
    }
    let running = containers().find(|container| {
        !container.ready
            && container
                .state
                .as_ref()
                .is_some_and(|state| state.running.is_some())
    });
    match running {
        Some(container) => {
            let reason = format!(
                "{reference}: container `{}` runs but is not ready",
                container.name
            );
            told(Severity::Starting, reason, Some(&container.name), slow())
        }
        None => told(
            Severity::Starting,
            format!("{reference} is starting"),
            None,
            slow(),
        ),
    }
}

/// A Pod is current when it is ready or has done its work.
pub(super) fn readiness(pod: &Pod) -> Readiness {
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
    match diagnose(pod) {
        _ if is_ready(pod) || phase == Some("Succeeded") => Readiness::Current,
        Some(found) if found.severity == Severity::Hopeless => Readiness::Failed(found.reason),
        Some(found) => Readiness::InProgress(found.reason),
        None => Readiness::InProgress("its kubelet has not said anything about it".to_owned()),
    }
}

/// Whether the Pod's condition says that it is ready.
pub fn is_ready(pod: &Pod) -> bool {
    pod.metadata.deletion_timestamp.is_none()
        && pod
            .status
            .iter()
            .flat_map(|status| status.conditions.iter().flatten())
            .any(|condition| condition.type_ == "Ready" && condition.status == "True")
}

/// Whether only a restart by somebody would help soon: the kubelet waits ever longer between its attempts.
pub fn is_stuck(pod: &Pod) -> bool {
    let Some(status) = &pod.status else { return false };
    status
        .init_container_statuses
        .iter()
        .chain(&status.container_statuses)
        .flatten()
        .any(|container| {
            waiting(container).is_some_and(|waiting| {
                matches!(
                    waiting.reason.as_deref(),
                    Some(
                        "CrashLoopBackOff"
                            | "ImagePullBackOff"
                            | "ErrImagePull"
                            | "ErrImageNeverPull"
                            | "InvalidImageName"
                            | "CreateContainerConfigError"
                    )
                )
            })
        })
}

/// The name under which the cluster is asked about this Pod.
pub fn reference(pod: &Pod) -> PodRef {
    PodRef {
        namespace: pod.metadata.namespace.clone().unwrap_or_default(),
        name: pod.metadata.name.clone().unwrap_or_default(),
    }
}

/// What a controller says that may not create its Pods.
pub(crate) fn refused(message: &str) -> Readiness {
    if message.contains("violates PodSecurity") || message.contains("is forbidden: unable to validate") {
        Readiness::Failed(format!("its Pods are not admitted: {message}"))
    } else {
        Readiness::InProgress(format!("its Pods cannot be created: {message}"))
    }
}

fn waiting(container: &ContainerStatus) -> Option<&ContainerStateWaiting> {
    container.state.as_ref()?.waiting.as_ref()
}

/// What is wrong with one container.
struct Stuck<'pod> {
    severity: Severity,
    reason: String,
    blame: Blame,
    log_of: Option<&'pod str>,
}

fn of_container<'pod>(pod: &Pod, container: &'pod ContainerStatus) -> Option<Stuck<'pod>> {
    if let Some(waiting) = waiting(container) {
        return of_waiting(pod, container, waiting);
    }
    let ended = container.state.as_ref()?.terminated.as_ref()?;
    (ended.exit_code != 0).then(|| Stuck {
        severity: Severity::Troubled,
        reason: format!("container `{}` ended: {}", container.name, ending(ended)),
        blame: of_ending(pod, container, ended),
        log_of: Some(&container.name),
    })
}

fn of_waiting<'pod>(
    pod: &Pod,
    container: &'pod ContainerStatus,
    waiting: &ContainerStateWaiting,
) -> Option<Stuck<'pod>> {
    let (name, image) = (container.name.as_str(), image(pod, container));
    let words = waiting.message.as_deref().unwrap_or_default();
    let of_image = |severity, reason| {
        Some(Stuck {
            severity,
            reason,
            blame: Blame::new(Cause::ImagePull, image.clone()),
            log_of: None,
        })
    };
    match waiting.reason.as_deref().unwrap_or_default() {
        "ErrImageNeverPull" => of_image(
            Severity::Hopeless,
            format!("image `{image}` is not on its node and may not be pulled; load it into the cluster"),
        ),
        "InvalidImageName" => of_image(
            Severity::Hopeless,
            format!("`{image}` is not a valid image name; correct it in the topology"),
        ),
        "ErrImagePull" | "ImagePullBackOff" => {
            let (severity, reason) = of_pull(&image, words);
            of_image(severity, reason)
        }
        "CrashLoopBackOff" => {
            let last = container.last_state.as_ref();
            let end = last.and_then(|state| state.terminated.as_ref());
            let told = end.map_or_else(|| "it ends".to_owned(), ending);
            Some(Stuck {
                severity: if container.restart_count >= TOO_MANY_RESTARTS {
                    Severity::Hopeless
                } else {
                    Severity::Troubled
                },
                reason: format!(
                    "container `{name}` crashes ({told}, restarted {} times)",
                    container.restart_count
                ),
                blame: end.map_or_else(
                    || Blame::new(Cause::Crash, whose(pod, container)),
                    |end| of_ending(pod, container, end),
                ),
                log_of: Some(name),
            })
        }
        "CreateContainerConfigError" | "CreateContainerError" | "RunContainerError" => Some(Stuck {
            severity: Severity::Troubled,
            reason: format!("container `{name}` cannot be created: {words}"),
            blame: Blame::new(
                Cause::Configuration,
                cause::missing(words).unwrap_or_else(|| whose(pod, container)),
            ),
            log_of: None,
        }),
        _ => None,
    }
}

fn of_ending(pod: &Pod, container: &ContainerStatus, ended: &ContainerStateTerminated) -> Blame {
    let cause = match ended.reason.as_deref() {
        Some("OOMKilled") => Cause::OutOfMemory,
        _ => Cause::Crash,
    };
    Blame::new(cause, whose(pod, container))
}

fn whose(pod: &Pod, container: &ContainerStatus) -> String {
    format!("container `{}` of {}", container.name, reference(pod))
}

fn ending(ended: &ContainerStateTerminated) -> String {
    match ended.reason.as_deref() {
        Some("OOMKilled") => "killed because it used more memory than its limit".to_owned(),
        // It never ran, so there is no log: the runtime's words are all there is.
        Some("StartError" | "ContainerCannotRun") => format!(
            "it cannot be started: {}",
            ended
                .message
                .as_deref()
                .unwrap_or("the container runtime does not say why")
                .trim()
        ),
        _ => format!("exit code {}", ended.exit_code),
    }
}

/// The name as it was asked for: a status may hold what the runtime made of it.
fn image(pod: &Pod, container: &ContainerStatus) -> String {
    let spec = pod.spec.clone().unwrap_or_default();
    let asked = spec
        .containers
        .into_iter()
        .chain(spec.init_containers.unwrap_or_default())
        .find(|asked| asked.name == container.name)
        .and_then(|asked| asked.image);
    asked.unwrap_or_else(|| container.image.clone())
}

fn of_pull(image: &str, words: &str) -> (Severity, String) {
    let passing = [
        "timeout",
        "i/o",
        "TLS handshake",
        "429",
        "toomanyrequests",
        "503",
        "connection reset",
    ];
    let lower = words.to_lowercase();
    let cause = words.trim();
    let cause = if cause.is_empty() {
        String::new()
    } else {
        format!(" ({cause})")
    };
    if passing.iter().any(|known| lower.contains(&known.to_lowercase())) {
        (
            Severity::Troubled,
            format!("image `{image}` cannot be pulled at the moment{cause}"),
        )
    } else {
        let hint = "load it into the cluster, or correct its name in the topology";
        (
            Severity::Hopeless,
            format!("image `{image}` cannot be pulled{cause}; {hint}"),
        )
    }
}
