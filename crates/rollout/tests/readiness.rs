//! Readiness and diagnosis, state by state.

use k8s_openapi::api::core::v1::Pod;
use rollout::object::Object;
use rollout::readiness::pod::{self, Severity};
use rollout::readiness::{self, Readiness};
use serde_json::{Value, json};

fn api_version(kind: &str) -> &'static str {
    match kind {
        "Deployment" | "StatefulSet" => "apps/v1",
        "Job" => "batch/v1",
        _ => "v1",
    }
}

fn check(kind: &str, metadata: &Value, spec: &Value, status: &Value, expected: &Readiness) {
    let mut object = json!({
        "apiVersion": api_version(kind), "kind": kind, "metadata": { "name": "x", "namespace": "n" }, "spec": spec, "status": status,
    });
    for (name, value) in metadata.as_object().into_iter().flatten() {
        object["metadata"][name] = value.clone();
    }
    assert_eq!(
        readiness::of(&Object::new(object)),
        *expected,
        "{kind} {metadata} {status}"
    );
}

fn in_progress(reason: &str) -> Readiness {
    Readiness::InProgress(reason.into())
}

fn failed(reason: &str) -> Readiness {
    Readiness::Failed(reason.into())
}

const UNSEEN: &str = "its controller has not seen the newest version";

#[test]
fn deployments() {
    let check = |status: &Value, expected: &Readiness| {
        let spec = json!({ "replicas": 2, "selector": {}, "template": {} });
        check("Deployment", &json!({ "generation": 3 }), &spec, status, expected);
    };
    check(&json!({}), &in_progress(UNSEEN));
    check(
        &json!({ "observedGeneration": 2, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2 }),
        &in_progress(UNSEEN),
    );
    let at = |replicas: i32, updated: i32, available: i32| {
        json!({
            "observedGeneration": 3, "replicas": replicas, "updatedReplicas": updated, "availableReplicas": available,
        })
    };
    check(
        &at(2, 1, 2),
        &in_progress("1 of 2 Pods are of the newest revision"),
    );
    check(
        &at(3, 2, 2),
        &in_progress("1 of 3 Pods are of an old revision and still leaving"),
    );
    check(&at(2, 2, 1), &in_progress("1 of 2 Pods are ready"));
    check(&at(2, 2, 2), &Readiness::Current);
    let refused = |message: &str| {
        json!({ "observedGeneration": 3, "conditions": [
            { "type": "ReplicaFailure", "status": "True", "message": message },
        ]})
    };
    check(
        &refused("pods \"x\" is forbidden: exceeded quota: small"),
        &in_progress("its Pods cannot be created: pods \"x\" is forbidden: exceeded quota: small"),
    );
    check(
        &refused("violates PodSecurity \"restricted:latest\": runAsNonRoot"),
        &failed("its Pods are not admitted: violates PodSecurity \"restricted:latest\": runAsNonRoot"),
    );
}

#[test]
fn stateful_sets() {
    let with = |strategy: &Value, status: &Value, expected: &Readiness| {
        let spec = json!({
            "replicas": 2, "selector": {}, "serviceName": "x", "template": {}, "updateStrategy": strategy,
        });
        check(
            "StatefulSet",
            &json!({ "generation": 1 }),
            &spec,
            status,
            expected,
        );
    };
    let rolling = json!({ "type": "RollingUpdate" });
    let at = |ready: i32, updated: i32, same: bool| {
        json!({
            "observedGeneration": 1, "replicas": 2, "readyReplicas": ready, "updatedReplicas": updated,
            "currentRevision": "a", "updateRevision": if same { "a" } else { "b" },
        })
    };
    with(&rolling, &json!({ "replicas": 0 }), &in_progress(UNSEEN));
    with(&rolling, &at(1, 2, true), &in_progress("1 of 2 Pods are ready"));
    with(
        &rolling,
        &at(2, 1, false),
        &in_progress("1 of 2 Pods are of the newest revision"),
    );
    with(&rolling, &at(1, 2, false), &in_progress("1 of 2 Pods are ready"));
    with(&rolling, &at(2, 0, true), &Readiness::Current);
    with(&rolling, &at(2, 2, false), &Readiness::Current);
    with(
        &json!({ "type": "RollingUpdate", "rollingUpdate": { "partition": 1 } }),
        &at(2, 1, false),
        &Readiness::Current,
    );
    with(
        &json!({ "type": "OnDelete" }),
        &at(2, 0, false),
        &Readiness::Current,
    );
    let mut shrinking = at(2, 2, true);
    shrinking["replicas"] = 3.into();
    with(
        &rolling,
        &shrinking,
        &in_progress("1 of 3 Pods are too many and still leaving"),
    );
}

#[test]
fn jobs() {
    let check = |spec: &Value, status: &Value, expected: &Readiness| {
        check("Job", &json!({}), spec, status, expected);
    };
    let plain = json!({ "template": {} });
    let condition = |kind: &str, reason: &str| json!({ "conditions": [{ "type": kind, "status": "True", "reason": reason, "message": "so" }] });
    check(&plain, &json!({}), &in_progress("it has not started"));
    check(
        &plain,
        &json!({ "active": 1, "ready": 0 }),
        &in_progress("it runs"),
    );
    check(
        &plain,
        &json!({ "active": 1, "failed": 2 }),
        &in_progress("it runs again after 2 failed attempts"),
    );
    check(
        &plain,
        &json!({ "failed": 1 }),
        &in_progress("1 attempts failed, the next one is to come"),
    );
    check(
        &plain,
        &json!({ "startTime": "2026-01-01T00:00:00Z" }),
        &in_progress("it has no Pod at the moment"),
    );
    check(
        &json!({ "template": {}, "suspend": true }),
        &json!({}),
        &in_progress("it is suspended"),
    );
    check(
        &plain,
        &condition("SuccessCriteriaMet", ""),
        &in_progress("it has not started"),
    );
    check(&plain, &condition("Complete", ""), &Readiness::Current);
    check(
        &plain,
        &condition("Failed", "BackoffLimitExceeded"),
        &failed("it failed and was tried often enough"),
    );
    check(
        &plain,
        &condition("Failed", "DeadlineExceeded"),
        &failed("it took longer than its own deadline"),
    );
    check(
        &plain,
        &condition("Failed", "PodFailurePolicy"),
        &failed("PodFailurePolicy: so"),
    );
}

#[test]
fn the_rest() {
    let pending = json!({ "phase": "Pending" });
    check(
        "PersistentVolumeClaim",
        &json!({}),
        &json!({}),
        &pending,
        &Readiness::Current,
    );
    check(
        "PersistentVolumeClaim",
        &json!({}),
        &json!({}),
        &json!({ "phase": "Lost" }),
        &failed("its volume is lost"),
    );
    check(
        "ConfigMap",
        &json!({}),
        &json!({}),
        &json!({}),
        &Readiness::Current,
    );
    check(
        "Job",
        &json!({ "deletionTimestamp": "2026-01-01T00:00:00Z" }),
        &json!({ "template": {} }),
        &json!({}),
        &in_progress("Job n/x is being deleted"),
    );
}

fn pod(status: &Value) -> Pod {
    serde_json::from_value(json!({
        "metadata": { "name": "p", "namespace": "n" },
        "spec": { "containers": [{ "name": "main", "image": "r3/cenm:1.7" }] },
        "status": status,
    }))
    .expect("the test's Pod is one")
}

fn container(state: &Value) -> Value {
    json!({ "phase": "Pending", "containerStatuses": [{
        "name": "main", "image": "sha256:123", "imageID": "", "ready": false, "restartCount": 2, "state": state,
        "lastState": { "terminated": { "exitCode": 137, "reason": "OOMKilled" } },
    }]})
}

#[test]
fn pods_say_what_keeps_them() {
    let check = |status: &Value, severity: Severity, expected: &str| {
        let found = pod::diagnose(&pod(status)).unwrap();
        assert_eq!((found.reason.as_str(), found.severity), (expected, severity));
    };
    let waiting = |reason: &str, message: &str| {
        container(&json!({ "waiting": { "reason": reason, "message": message } }))
    };
    let hint = "load it into the cluster, or correct its name in the topology";
    check(
        &waiting("ErrImageNeverPull", ""),
        Severity::Hopeless,
        "Pod n/p: image `r3/cenm:1.7` is not on its node and may not be pulled; load it into the cluster",
    );
    check(
        &waiting("ErrImagePull", "pull access denied"),
        Severity::Hopeless,
        &format!("Pod n/p: image `r3/cenm:1.7` cannot be pulled (pull access denied); {hint}"),
    );
    check(
        &waiting("ImagePullBackOff", ""),
        Severity::Hopeless,
        &format!("Pod n/p: image `r3/cenm:1.7` cannot be pulled; {hint}"),
    );
    check(
        &waiting("ErrImagePull", "dial tcp: i/o timeout"),
        Severity::Troubled,
        "Pod n/p: image `r3/cenm:1.7` cannot be pulled at the moment (dial tcp: i/o timeout)",
    );
    check(
        &waiting("InvalidImageName", ""),
        Severity::Hopeless,
        "Pod n/p: `r3/cenm:1.7` is not a valid image name; correct it in the topology",
    );
    check(
        &waiting("CrashLoopBackOff", ""),
        Severity::Troubled,
        "Pod n/p: container `main` crashes (killed because it used more memory than its limit, restarted 2 times)",
    );
    check(
        &waiting("CreateContainerConfigError", "secret \"keys\" not found"),
        Severity::Troubled,
        "Pod n/p: container `main` cannot be created: secret \"keys\" not found",
    );
    check(
        &container(&json!({ "terminated": { "exitCode": 3 } })),
        Severity::Troubled,
        "Pod n/p: container `main` ended: exit code 3",
    );
    check(
        &container(&json!({ "terminated": {
            "exitCode": 128, "reason": "StartError", "message": "exec: \"java\": executable file not found in $PATH",
        } })),
        Severity::Troubled,
        "Pod n/p: container `main` ended: it cannot be started: exec: \"java\": executable file not found in $PATH",
    );
    check(
        &container(&json!({ "running": {} })),
        Severity::Starting,
        "Pod n/p: container `main` runs but is not ready",
    );
    check(
        &waiting("ContainerCreating", ""),
        Severity::Starting,
        "Pod n/p is starting",
    );
    check(
        &json!({ "phase": "Pending", "conditions": [
            { "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes: too little memory" },
        ]}),
        Severity::Troubled,
        "Pod n/p cannot be scheduled: 0/1 nodes: too little memory",
    );
    check(
        &json!({ "phase": "Failed", "reason": "Evicted", "message": "The node was low on memory" }),
        Severity::Troubled,
        "Pod n/p has failed: The node was low on memory",
    );
}

#[test]
fn ready_and_finished_pods_need_no_diagnosis() {
    let ready = json!({ "phase": "Running", "conditions": [{ "type": "Ready", "status": "True" }] });
    assert_eq!(pod::diagnose(&pod(&ready)), None);
    assert_eq!(pod::diagnose(&pod(&json!({ "phase": "Succeeded" }))), None);
    let worst = pod::worst(&[
        pod(&ready),
        pod(&container(&json!({ "running": {} }))),
        pod(&container(
            &json!({ "waiting": { "reason": "ErrImageNeverPull" } }),
        )),
    ]);
    assert_eq!(worst.unwrap().severity, Severity::Hopeless);
}
