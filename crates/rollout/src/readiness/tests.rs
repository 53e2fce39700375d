//! Every kind with rules, state by state, on objects as their controllers leave them.

use serde_json::{Value, json};

use super::{Readiness, of};
use crate::object::Object;

fn check(api_version: &str, kind: &str, rest: &Value, expected: &str) {
    let mut value = json!({
        "apiVersion": api_version, "kind": kind,
        "metadata": { "name": "x", "namespace": "n", "uid": "u", "generation": 2, "creationTimestamp": "2026-11-23T08:00:00Z" },
    });
    for (name, part) in rest.as_object().into_iter().flatten() {
        if name == "metadata" {
            for (name, part) in part.as_object().into_iter().flatten() {
                value["metadata"][name] = part.clone();
            }
        } else {
            value[name] = part.clone();
        }
    }
    let told = match of(&Object::new(value)) {
        Readiness::Current => "current".to_owned(),
        Readiness::InProgress(reason) => format!("in progress: {reason}"),
        Readiness::Failed(reason) => format!("failed: {reason}"),
    };
    assert_eq!(told, expected, "{kind} {rest}");
}

fn condition(kind: &str, status: &str, reason: &str, message: &str, observed: i64) -> Value {
    json!({
        "type": kind, "status": status, "reason": reason, "message": message, "observedGeneration": observed,
        "lastTransitionTime": "2026-11-23T08:00:01Z",
    })
}

#[test]
fn daemon_sets() {
    let check = |strategy: &str, status: &Value, expected: &str| {
        let spec = json!({ "selector": {}, "template": {}, "updateStrategy": { "type": strategy } });
        check(
            "apps/v1",
            "DaemonSet",
            &json!({ "spec": spec, "status": status }),
            expected,
        );
    };
    let at = |updated: i32, available: i32| {
        json!({
            "observedGeneration": 2, "desiredNumberScheduled": 3, "currentNumberScheduled": 3, "numberMisscheduled": 0,
            "numberReady": available, "updatedNumberScheduled": updated, "numberAvailable": available,
        })
    };
    let unseen = json!({
        "observedGeneration": 1, "desiredNumberScheduled": 3, "currentNumberScheduled": 3, "numberMisscheduled": 0, "numberReady": 3,
    });
    check(
        "RollingUpdate",
        &unseen,
        "in progress: its controller has not seen the newest version",
    );
    check(
        "RollingUpdate",
        &at(2, 3),
        "in progress: 2 of 3 Pods are of the newest revision",
    );
    check("RollingUpdate", &at(3, 1), "in progress: 1 of 3 Pods are ready");
    check("RollingUpdate", &at(3, 3), "current");
    check("OnDelete", &at(0, 3), "current");
}

#[test]
fn pods() {
    let check = |status: &Value, expected: &str| {
        let spec = json!({ "containers": [{ "name": "main", "image": "r3/cenm:1.7" }] });
        check("v1", "Pod", &json!({ "spec": spec, "status": status }), expected);
    };
    let waiting = |reason: &str| {
        json!({ "phase": "Pending", "containerStatuses": [{
            "name": "main", "image": "", "imageID": "", "ready": false, "restartCount": 0, "state": { "waiting": { "reason": reason } },
        }]})
    };
    check(&json!({ "phase": "Pending" }), "in progress: Pod n/x is starting");
    check(
        &waiting("ErrImageNeverPull"),
        "failed: Pod n/x: image `r3/cenm:1.7` is not on its node and may not be pulled; load it into the cluster",
    );
    check(
        &json!({ "phase": "Running", "conditions": [{ "type": "Ready", "status": "True" }] }),
        "current",
    );
    check(&json!({ "phase": "Succeeded" }), "current");
}

#[test]
fn claims_do_not_wait_for_consumers_that_wait_for_them() {
    let check = |annotation: Option<&str>, volume: Option<&str>, phase: &str, expected: &str| {
        let annotations = annotation.map(|name| json!({ name: "node-1" }));
        let spec =
            json!({ "accessModes": ["ReadWriteOnce"], "storageClassName": "standard", "volumeName": volume });
        let claim =
            json!({ "metadata": { "annotations": annotations }, "spec": spec, "status": { "phase": phase } });
        check("v1", "PersistentVolumeClaim", &claim, expected);
    };
    let selected = Some("volume.kubernetes.io/selected-node");
    // WaitForFirstConsumer, and no Pod yet.
    check(None, None, "Pending", "current");
    check(
        selected,
        None,
        "Pending",
        "in progress: its volume is being provisioned",
    );
    check(
        selected,
        Some("pvc-1"),
        "Pending",
        "in progress: it is being bound to volume `pvc-1`",
    );
    check(selected, Some("pvc-1"), "Bound", "current");
    check(selected, Some("pvc-1"), "Lost", "failed: its volume is lost");
}

#[test]
fn services_and_ingresses() {
    let service = |spec: &Value, addresses: &Value, expected: &str| {
        let service = json!({ "spec": spec, "status": { "loadBalancer": { "ingress": addresses } } });
        check("v1", "Service", &service, expected);
    };
    let balanced = json!({ "type": "LoadBalancer", "clusterIP": "10.96.0.9" });
    service(
        &json!({ "type": "ClusterIP", "clusterIP": "10.96.0.9" }),
        &json!(null),
        "current",
    );
    service(&json!({ "clusterIP": "None" }), &json!(null), "current");
    service(
        &json!({ "type": "ClusterIP" }),
        &json!(null),
        "in progress: it has no address in the cluster yet",
    );
    service(
        &json!({ "type": "ExternalName", "externalName": "db.example.com" }),
        &json!(null),
        "current",
    );
    service(
        &balanced,
        &json!(null),
        "in progress: its load balancer has no address yet",
    );
    service(&balanced, &json!([{ "ip": "192.0.2.7" }]), "current");
    service(&balanced, &json!([{ "hostname": "lb.example.com" }]), "current");

    let ingress = |class: Option<&str>, addresses: &Value, expected: &str| {
        let ingress = json!({ "spec": { "ingressClassName": class }, "status": { "loadBalancer": { "ingress": addresses } } });
        check("networking.k8s.io/v1", "Ingress", &ingress, expected);
    };
    // Nobody claims it, so nobody will give it an address.
    ingress(None, &json!(null), "current");
    ingress(
        Some("nginx"),
        &json!(null),
        "in progress: the controller of class `nginx` has given it no address yet",
    );
    ingress(Some("nginx"), &json!([{ "ip": "192.0.2.8" }]), "current");
}

#[test]
fn endpoints_and_slices() {
    let slice = |endpoints: &Value, expected: &str| {
        let rest = json!({ "addressType": "IPv4", "endpoints": endpoints, "ports": [{ "port": 8080 }] });
        check("discovery.k8s.io/v1", "EndpointSlice", &rest, expected);
    };
    let endpoint =
        |ready: Option<bool>| json!({ "addresses": ["10.244.0.9"], "conditions": { "ready": ready } });
    slice(&json!([]), "in progress: none of its 0 endpoints is ready");
    slice(
        &json!([endpoint(Some(false)), endpoint(Some(false))]),
        "in progress: none of its 2 endpoints is ready",
    );
    slice(&json!([endpoint(Some(false)), endpoint(Some(true))]), "current");
    slice(&json!([endpoint(None)]), "current");

    let address = json!([{ "ip": "10.244.0.9" }]);
    check(
        "v1",
        "Endpoints",
        &json!({ "subsets": [{ "notReadyAddresses": address }] }),
        "in progress: none of its 1 endpoints is ready",
    );
    check(
        "v1",
        "Endpoints",
        &json!({ "subsets": [{ "addresses": address }] }),
        "current",
    );
}

#[test]
fn namespaces_and_budgets() {
    check(
        "v1",
        "Namespace",
        &json!({ "status": { "phase": "Active" } }),
        "current",
    );
    let held = json!([
        { "type": "NamespaceDeletionDiscoveryFailure", "status": "False", "reason": "ResourcesDiscovered", "message": "fine" },
        { "type": "NamespaceFinalizersRemaining", "status": "True", "reason": "SomeFinalizersRemain",
            "message": "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances" },
    ]);
    check(
        "v1",
        "Namespace",
        &json!({ "metadata": { "deletionTimestamp": "2026-11-23T08:00:00Z" }, "status": { "phase": "Terminating", "conditions": held } }),
        "in progress: it is being deleted: Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
    );

    let budget = |observed: i64, healthy: i32, expected_pods: i32, reason: &str, expected: &str| {
        let status = json!({
            "observedGeneration": observed, "currentHealthy": healthy, "desiredHealthy": 1, "expectedPods": expected_pods,
            "disruptionsAllowed": 0, "conditions": [{ "type": "DisruptionAllowed", "status": "False", "reason": reason,
                "message": "found no controller ref for pod", "lastTransitionTime": "2026-11-23T08:00:00Z" }],
        });
        check(
            "policy/v1",
            "PodDisruptionBudget",
            &json!({ "status": status }),
            expected,
        );
    };
    budget(
        1,
        0,
        0,
        "InsufficientPods",
        "in progress: its controller has not seen the newest version",
    );
    budget(2, 0, 0, "InsufficientPods", "current");
    budget(
        2,
        0,
        2,
        "InsufficientPods",
        "in progress: 0 of 1 guarded Pods are healthy",
    );
    budget(2, 1, 2, "InsufficientPods", "current");
    budget(
        2,
        1,
        2,
        "SyncFailed",
        "in progress: its Pods cannot be counted: found no controller ref for pod",
    );
}

#[test]
fn extensions_of_the_api() {
    let of = |api_version: &str, kind: &str, conditions: &[Value], expected: &str| {
        check(
            api_version,
            kind,
            &json!({ "status": { "conditions": conditions } }),
            expected,
        );
    };
    let definition = |conditions: &[Value], expected: &str| {
        of(
            "apiextensions.k8s.io/v1",
            "CustomResourceDefinition",
            conditions,
            expected,
        );
    };
    definition(&[], "in progress: nobody says yet whether it is established");
    definition(
        &[
            condition(
                "NamesAccepted",
                "False",
                "PluralConflict",
                "\"certificates\" is already in use",
                2,
            ),
            condition(
                "Established",
                "False",
                "NotAccepted",
                "not all names are accepted",
                2,
            ),
        ],
        "failed: its names are not accepted: PluralConflict: \"certificates\" is already in use",
    );
    definition(
        &[
            condition("NamesAccepted", "True", "NoConflicts", "no conflicts found", 2),
            condition(
                "Established",
                "False",
                "Installing",
                "the initial names have been accepted",
                2,
            ),
        ],
        "in progress: it is not established: Installing: the initial names have been accepted",
    );
    definition(
        &[
            condition("NamesAccepted", "True", "NoConflicts", "", 2),
            condition("Established", "True", "InitialNamesAccepted", "", 2),
        ],
        "current",
    );
    let service = |status: &str, reason: &str, expected: &str| {
        let conditions = [condition(
            "Available",
            status,
            reason,
            "failing or missing response",
            2,
        )];
        of("apiregistration.k8s.io/v1", "APIService", &conditions, expected);
    };
    service(
        "False",
        "FailedDiscoveryCheck",
        "in progress: it is not available: FailedDiscoveryCheck: failing or missing response",
    );
    service("True", "Passed", "current");
}

#[test]
fn gateways_and_routes() {
    let gateway = |conditions: &[Value], expected: &str| {
        let rest = json!({ "status": { "conditions": conditions } });
        check("gateway.networking.k8s.io/v1", "Gateway", &rest, expected);
    };
    let accepted = condition("Accepted", "True", "Accepted", "", 2);
    gateway(&[], "in progress: nobody says yet whether it is accepted");
    gateway(
        &[condition("Accepted", "True", "Accepted", "", 1)],
        "in progress: its controller has not seen the newest version",
    );
    gateway(
        &[
            accepted.clone(),
            condition("Programmed", "False", "AddressNotAssigned", "no addresses", 2),
        ],
        "in progress: it is not programmed: AddressNotAssigned: no addresses",
    );
    gateway(
        &[
            accepted.clone(),
            condition("Programmed", "True", "Programmed", "", 2),
        ],
        "current",
    );

    let route = |parents: &Value, expected: &str| {
        let rest =
            json!({ "spec": { "parentRefs": [{ "name": "public" }] }, "status": { "parents": parents } });
        check("gateway.networking.k8s.io/v1", "HTTPRoute", &rest, expected);
    };
    let parent =
        |conditions: &[Value]| json!([{ "parentRef": { "name": "public" }, "conditions": conditions }]);
    route(&json!([]), "in progress: 0 of 1 Gateways have answered");
    route(
        &parent(&[
            accepted.clone(),
            condition(
                "ResolvedRefs",
                "False",
                "BackendNotFound",
                "service \"x\" not found",
                2,
            ),
        ]),
        "in progress: Gateway `public`: it is not resolved refs: BackendNotFound: service \"x\" not found",
    );
    let resolved = condition("ResolvedRefs", "True", "ResolvedRefs", "", 2);
    route(&parent(&[accepted.clone(), resolved.clone()]), "current");
    let of = |reference: Value| json!({ "parentRef": reference, "conditions": [accepted, resolved] });
    // What others say of the route, or said of it before it was another Gateway's.
    for other in [
        json!({ "name": "old" }),
        json!({ "name": "public", "sectionName": "https" }),
        json!({ "name": "public", "namespace": "elsewhere" }),
    ] {
        route(&json!([of(other)]), "in progress: 0 of 1 Gateways have answered");
    }
    route(
        &json!([of(
            json!({ "name": "public", "namespace": "n", "group": "gateway.networking.k8s.io" })
        )]),
        "current",
    );
}

#[test]
fn what_operators_bring() {
    let of = |api_version: &str, kind: &str, conditions: &[Value], expected: &str| {
        check(
            api_version,
            kind,
            &json!({ "status": { "conditions": conditions } }),
            expected,
        );
    };
    let certificate =
        |conditions: &[Value], expected: &str| of("cert-manager.io/v1", "Certificate", conditions, expected);
    certificate(&[], "in progress: nobody says yet whether it is ready");
    certificate(
        &[
            condition(
                "Issuing",
                "True",
                "DoesNotExist",
                "Issuing certificate as Secret does not exist",
                2,
            ),
            condition(
                "Ready",
                "False",
                "DoesNotExist",
                "Issuing certificate as Secret does not exist",
                2,
            ),
        ],
        "in progress: it is not ready: DoesNotExist: Issuing certificate as Secret does not exist",
    );
    certificate(
        &[
            condition(
                "Issuing",
                "False",
                "Failed",
                "The certificate request has failed to complete",
                2,
            ),
            condition("Ready", "False", "DoesNotExist", "", 2),
        ],
        "failed: it was not issued: The certificate request has failed to complete",
    );
    certificate(
        &[condition(
            "Ready",
            "True",
            "Ready",
            "Certificate is up to date",
            2,
        )],
        "current",
    );
    of(
        "external-secrets.io/v1",
        "ExternalSecret",
        &[condition(
            "Ready",
            "False",
            "SecretSyncedError",
            "could not get secret data from provider",
            2,
        )],
        "in progress: it is not ready: SecretSyncedError: could not get secret data from provider",
    );
    of(
        "external-secrets.io/v1",
        "ExternalSecret",
        &[condition("Ready", "True", "SecretSynced", "secret synced", 2)],
        "current",
    );
    // External Secrets keeps `Ready` of an older version until it has read the newest.
    for (synced, expected) in [
        ("2-1f3a", "current"),
        (
            "1-1f3a",
            "in progress: its controller has not seen the newest version",
        ),
    ] {
        check(
            "external-secrets.io/v1",
            "ExternalSecret",
            &json!({ "status": {
                "syncedResourceVersion": synced,
                "conditions": [condition("Ready", "True", "SecretSynced", "secret synced", 2)],
            } }),
            expected,
        );
    }
    let autoscaler = |conditions: &[Value], expected: &str| {
        of(
            "autoscaling.k8s.io/v1",
            "VerticalPodAutoscaler",
            conditions,
            expected,
        );
    };
    autoscaler(&[], "current");
    autoscaler(
        &[condition(
            "ConfigUnsupported",
            "True",
            "",
            "the targetRef is not supported",
            2,
        )],
        "failed: its configuration is not supported: the targetRef is not supported",
    );
}

#[test]
fn other_kinds_are_read_by_the_usual_conditions() {
    let of = |status: &Value, expected: &str| {
        check(
            "example.com/v1",
            "Database",
            &json!({ "status": status }),
            expected,
        );
    };
    of(&json!(null), "current");
    of(
        &json!({ "observedGeneration": 1 }),
        "in progress: its controller has not seen the newest version",
    );
    of(
        &json!({ "observedGeneration": 2, "conditions": [condition("Ready", "False", "Creating", "", 2)] }),
        "in progress: it is not ready: Creating",
    );
    of(
        &json!({ "observedGeneration": 2, "conditions": [condition("Stalled", "True", "NoCredentials", "", 2)] }),
        "failed: NoCredentials",
    );
    of(
        &json!({ "observedGeneration": 2, "conditions": [condition("Ready", "True", "Up", "", 2)] }),
        "current",
    );
}
