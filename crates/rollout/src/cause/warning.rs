//! What the warnings of controllers, scheduler and kubelet say about the cause.

use super::{Blame, Cause};

/// The blame for a warning; `None` if it says nothing about a cause, e.g. that something was restarted.
pub(crate) fn of_warning(reason: &str, message: &str) -> Option<Blame> {
    let found = match reason {
        "FailedCreate" | "ReplicaSetCreateError" | "FailedUpdate" => return refused(message),
        "FailedScheduling" => of_scheduler(message),
        "FailedMount" => match missing(message) {
            Some(name) => Blame::new(Cause::Configuration, name),
            None => Blame::new(Cause::Volume, quoted(message).unwrap_or("a volume")),
        },
        "FailedAttachVolume" | "ProvisioningFailed" | "FailedBinding" | "VolumeResizeFailed" => {
            Blame::new(Cause::Volume, quoted(message).unwrap_or("a volume"))
        }
        "Unhealthy" => Blame::new(Cause::Gate, "the container's probe"),
        "OOMKilling" => Blame::new(Cause::OutOfMemory, "a container"),
        "FailedCreatePodSandBox" => Blame::new(Cause::Cluster, "the node's container runtime or network"),
        _ => return None,
    };
    Some(found)
}

/// The blame for what the scheduler says.
pub(crate) fn of_scheduler(message: &str) -> Blame {
    let of_volume = [
        "PersistentVolumeClaim",
        "persistentvolumeclaim",
        "volume node affinity",
    ];
    if of_volume.iter().any(|known| message.contains(known)) {
        Blame::new(Cause::Volume, quoted(message).unwrap_or("the Pod's volumes"))
    } else {
        // The same shortage stops every Pod that hits it, so its words are the subject.
        Blame::new(Cause::Unschedulable, shortage(message))
    }
}

/// The blame for a Pod or object that the API server did not take; `None` if the words are none of ours.
pub(crate) fn refused(message: &str) -> Option<Blame> {
    if let Some((_, quota)) = message.split_once("exceeded quota: ") {
        let name = quota.split([',', ' ']).next().unwrap_or_default();
        return Some(Blame::new(Cause::Quota, format!("quota `{name}`")));
    }
    if message.contains("failed quota: ") {
        return Some(Blame::new(
            Cause::Quota,
            "a quota that wants limits or requests set",
        ));
    }
    if message.contains("violates PodSecurity") {
        let level = quoted(
            message
                .split_once("violates PodSecurity")
                .map_or("", |(_, rest)| rest),
        );
        return Some(Blame::new(
            Cause::Admission,
            format!("Pod Security `{}`", level.unwrap_or("of the namespace")),
        ));
    }
    if message.contains("admission webhook") {
        let name = quoted(message).unwrap_or("unnamed");
        return Some(Blame::new(Cause::Admission, format!("webhook `{name}`")));
    }
    if message.contains("failed calling webhook") {
        let name = quoted(message).unwrap_or("unnamed");
        return Some(Blame::new(
            Cause::Admission,
            format!("webhook `{name}`, which does not answer"),
        ));
    }
    if let Some((_, policy)) = message.split_once("ValidatingAdmissionPolicy '") {
        let name = policy.split('\'').next().unwrap_or_default();
        return Some(Blame::new(
            Cause::Admission,
            format!("ValidatingAdmissionPolicy `{name}`"),
        ));
    }
    if message.contains("is forbidden") || message.contains("is invalid") {
        return Some(Blame::new(Cause::Admission, "the API server's admission"));
    }
    None
}

/// A Secret, `ConfigMap` or key that the kubelet looks for.
pub(crate) fn missing(message: &str) -> Option<String> {
    for (words, kind) in [("secret \"", "Secret"), ("configmap \"", "ConfigMap")] {
        if let Some((_, rest)) = message.split_once(words)
            && rest.contains("not found")
        {
            let name = rest.split('"').next().unwrap_or_default();
            return Some(format!("{kind} `{name}`"));
        }
    }
    // couldn't find key store in Secret alpha/keys; references non-existent secret key: store
    for words in [
        "couldn't find key ",
        "references non-existent secret key: ",
        "references non-existent config key: ",
    ] {
        if let Some((_, rest)) = message.split_once(words) {
            let key = rest.split_whitespace().next().unwrap_or_default();
            let holder = rest.split_once(" in ").map(|(_, holder)| holder.trim());
            return Some(holder.map_or_else(
                || format!("key `{key}`"),
                |holder| format!("key `{key}` in {holder}"),
            ));
        }
    }
    None
}

/// `0/3 nodes are available: 3 Insufficient memory. preemption: …` → `Insufficient memory`.
fn shortage(message: &str) -> String {
    let reasons = message.split_once(": ").map_or(message, |(_, reasons)| reasons);
    let reasons = reasons.split(". preemption").next().unwrap_or(reasons);
    let mut told: Vec<&str> = reasons
        .split(", ")
        .map(|one| one.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ' '))
        .map(|one| one.trim_end_matches('.'))
        .collect();
    told.sort_unstable();
    told.dedup();
    told.join(", ")
}

fn quoted(message: &str) -> Option<&str> {
    message.split('"').nth(1).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_name_cause_and_subject() {
        let check = |reason: &str, message: &str, cause: Cause, subject: &str| {
            assert_eq!(
                of_warning(reason, message),
                Some(Blame::new(cause, subject)),
                "{message}"
            );
        };
        check(
            "FailedCreate",
            "Error creating: pods \"auth-5d\" is forbidden: exceeded quota: small, requested: limits.memory=1Gi, used: limits.memory=0, limited: limits.memory=512Mi",
            Cause::Quota,
            "quota `small`",
        );
        check(
            "FailedCreate",
            "Error creating: pods \"auth-5d\" is forbidden: failed quota: small: must specify limits.memory for: main",
            Cause::Quota,
            "a quota that wants limits or requests set",
        );
        check(
            "FailedCreate",
            "Error creating: pods \"auth-5d\" is forbidden: violates PodSecurity \"restricted:latest\": runAsNonRoot != true",
            Cause::Admission,
            "Pod Security `restricted:latest`",
        );
        check(
            "FailedCreate",
            "Error creating: admission webhook \"images.example.com\" denied the request: unsigned image",
            Cause::Admission,
            "webhook `images.example.com`",
        );
        check(
            "FailedCreate",
            "Error creating: Internal error occurred: failed calling webhook \"images.example.com\": context deadline exceeded",
            Cause::Admission,
            "webhook `images.example.com`, which does not answer",
        );
        check(
            "FailedCreate",
            "Error creating: pods \"auth-5d\" is forbidden: ValidatingAdmissionPolicy 'no-root' with binding 'no-root' denied request: run as somebody",
            Cause::Admission,
            "ValidatingAdmissionPolicy `no-root`",
        );
        check(
            "FailedScheduling",
            "0/3 nodes are available: 1 node(s) had untolerated taint {a: b}, 2 Insufficient memory. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.",
            Cause::Unschedulable,
            "Insufficient memory, node(s) had untolerated taint {a: b}",
        );
        check(
            "FailedScheduling",
            "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/1 nodes are available",
            Cause::Volume,
            "the Pod's volumes",
        );
        check(
            "FailedScheduling",
            "0/1 nodes are available: persistentvolumeclaim \"ledger\" not found.",
            Cause::Volume,
            "ledger",
        );
        check(
            "FailedMount",
            "MountVolume.SetUp failed for volume \"keys\" : secret \"signer-keys\" not found",
            Cause::Configuration,
            "Secret `signer-keys`",
        );
        check(
            "FailedMount",
            "MountVolume.SetUp failed for volume \"pvc-12\" : mount failed: exit status 32",
            Cause::Volume,
            "pvc-12",
        );
        check(
            "FailedAttachVolume",
            "Multi-Attach error for volume \"pvc-12\" Volume is already used by pod(s) notary-0",
            Cause::Volume,
            "pvc-12",
        );
        check(
            "ProvisioningFailed",
            "storageclass.storage.k8s.io \"fast\" not found",
            Cause::Volume,
            "fast",
        );
        check(
            "Unhealthy",
            "Readiness probe failed: HTTP probe failed with statuscode: 503",
            Cause::Gate,
            "the container's probe",
        );
        assert_eq!(
            of_warning("BackOff", "Back-off restarting failed container"),
            None
        );
    }

    #[test]
    fn missing_names_are_found_in_the_kubelets_words() {
        let check = |message: &str, expected: Option<&str>| {
            assert_eq!(missing(message).as_deref(), expected, "{message}");
        };
        check("secret \"keys\" not found", Some("Secret `keys`"));
        check("configmap \"node-info\" not found", Some("ConfigMap `node-info`"));
        check(
            "couldn't find key store in Secret alpha/keys",
            Some("key `store` in Secret alpha/keys"),
        );
        check("references non-existent secret key: store", Some("key `store`"));
        check("failed to sync configmap cache: timed out", None);
    }
}
