//! What is waited for in a cluster, by the states that its controllers go through: each ends when it should, and not
//! before.

mod common;

use std::time::Duration;

use common::{Told, deployment, job, key, manifest, namespace, rollout, run, server, step, task, workload};
use kubernetes_objects::manifest::{Manifest, ObjectKey};
use kubernetes_objects::step::{Gate, Step};
use rollout::cluster::simulated::{Behaviour, Fate, SimulatedCluster};
use rollout::event::{EventKind, Outcome};
use serde_json::{Value, json};
use tokio::time::sleep;

const SECOND: Duration = Duration::from_secs(1);

fn namespaces() -> Step {
    step("namespaces", vec![namespace("alpha-net")], vec![])
}

/// When a step was done, in whole seconds.
fn done(told: &Told, wanted: &str) -> u64 {
    let at = told.events.iter().find_map(|event| match &event.kind {
        EventKind::StepDone { step, .. } if step == wanted => Some(event.elapsed),
        _ => None,
    });
    assert!(at.is_some(), "{wanted} is not done: {:?}", told.summary.failed);
    at.unwrap_or_default().as_secs()
}

fn live(cluster: &SimulatedCluster, key: &ObjectKey) -> Value {
    let objects = cluster.objects();
    let found = objects.iter().find(|object| object.key() == *key);
    found.map(|object| object.value().clone()).unwrap_or_default()
}

/// Rolls one step and one that depends on it out, while states change at the given seconds.
async fn scripted(
    cluster: &SimulatedCluster,
    subject: Step,
    key: &ObjectKey,
    states: &[(u64, Value)],
) -> Told {
    let id = subject.id.clone();
    let steps = vec![namespaces(), subject, server("after", &json!([]))];
    let edges = [("namespaces", id.as_str()), (id.as_str(), "after")];
    let script = async {
        let mut now = 0;
        for (at, state) in states {
            sleep(Duration::from_secs(at - now)).await;
            now = *at;
            cluster.edit(key, |value| {
                for (name, part) in state.as_object().into_iter().flatten() {
                    value[name] = part.clone();
                }
            });
        }
    };
    let (told, ()) = tokio::join!(run(cluster, rollout(steps, &edges)), script);
    assert_eq!(told.summary.outcome, Outcome::Done, "{:?}", told.summary.failed);
    // What was waited for stays as it is: running again finds it so.
    let subject_stays = live(cluster, key);
    assert_ne!(subject_stays, Value::Null);
    told
}

#[tokio::test(start_paused = true)]
async fn a_volume_that_waits_for_its_first_consumer_holds_nobody_up() {
    let claim = key("v1", "PersistentVolumeClaim", "alpha-net", "ledger");
    let volume = manifest(
        &claim,
        &json!({ "spec": { "storageClassName": "late", "accessModes": ["ReadWriteOnce"] } }),
    );
    let consumer = deployment("alpha-net", "node");
    let mut value = workload(&consumer, &json!([])).value().clone();
    value["spec"]["template"]["spec"]["volumes"] =
        json!([{ "name": "ledger", "persistentVolumeClaim": { "claimName": "ledger" } }]);
    let network = || {
        let steps = vec![
            namespaces(),
            step("volume", vec![volume.clone()], vec![Gate::Ready(claim.clone())]),
            step(
                "node",
                vec![Manifest::from(value.clone())],
                vec![Gate::Ready(claim.clone()), Gate::Ready(consumer.clone())],
            ),
        ];
        rollout(steps, &[("namespaces", "volume"), ("volume", "node")])
    };
    let cluster = SimulatedCluster::default();
    cluster.bind_late("late");
    let told = run(&cluster, network()).await;
    assert_eq!(told.summary.outcome, Outcome::Done, "{:?}", told.summary.failed);
    assert_eq!(live(&cluster, &claim)["status"]["phase"], "Bound");
    assert_eq!(live(&cluster, &consumer)["status"]["readyReplicas"], 1);
    // Nobody waited for a volume that nobody used yet.
    assert_eq!((done(&told, "volume"), told.reasons("volume")), (0, vec![]));
    assert!(done(&told, "node") < 5);
    assert_eq!(run(&cluster, network()).await.summary.objects.written(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_job_is_waited_for_until_it_has_finished_and_not_until_it_has_started() {
    let cluster = SimulatedCluster::default();
    let after = 30 * SECOND;
    cluster.behave(
        "migration",
        Behaviour {
            after,
            ..Behaviour::default()
        },
    );
    let told = scripted(&cluster, task("migration"), &job("alpha-net", "migration"), &[]).await;
    assert_eq!(done(&told, "migration"), 30);
    assert_eq!(
        told.reasons("migration"),
        [
            "Job alpha-net/migration: it has not started",
            "Job alpha-net/migration: it runs"
        ]
    );
    assert_eq!(cluster.runs("migration"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_stateful_set_is_there_when_every_replica_is_of_the_newest_revision_and_ready() {
    let set = key("apps/v1", "StatefulSet", "alpha-net", "map");
    let cluster = SimulatedCluster::default();
    cluster.behave(
        "map",
        Behaviour {
            fate: Fate::NotAdmitted("its statuses are scripted".into()),
            ..Behaviour::default()
        },
    );
    let mut value = workload(&set, &json!([])).value().clone();
    value["spec"]["replicas"] = 2.into();
    let map = step("map", vec![Manifest::from(value)], vec![Gate::Ready(set.clone())]);
    let status = |observed: u64, ready: u64, updated: u64, current: &str| {
        json!({ "status": {
            "observedGeneration": observed, "replicas": 2, "readyReplicas": ready, "availableReplicas": ready,
            "updatedReplicas": updated, "currentReplicas": 2 - updated, "currentRevision": current, "updateRevision": "map-2",
        } })
    };
    let told = scripted(
        &cluster,
        map,
        &set,
        &[
            // All ready, and of the revision before: the controller has not seen the change.
            (2, status(0, 2, 2, "map-1")),
            (4, status(1, 2, 0, "map-1")),
            (6, status(1, 1, 1, "map-1")),
            (8, status(1, 2, 1, "map-1")),
            (10, status(1, 1, 2, "map-1")),
            (12, status(1, 2, 2, "map-2")),
        ],
    )
    .await;
    assert_eq!(done(&told, "map"), 12);
}

#[tokio::test(start_paused = true)]
async fn a_load_balancer_is_there_when_it_has_an_address() {
    let edge = key("v1", "Service", "alpha-net", "edge");
    let spec = json!({ "spec": { "type": "LoadBalancer", "selector": { "app": "edge" } } });
    let subject = step(
        "edge",
        vec![manifest(&edge, &spec)],
        vec![Gate::Ready(edge.clone())],
    );
    let address = |ingress: Value| json!({ "status": { "loadBalancer": { "ingress": ingress } } });
    let states = [
        (5, address(json!([]))),
        (9, address(json!([{ "hostname": "lb.example.com" }]))),
    ];
    let told = scripted(&SimulatedCluster::default(), subject, &edge, &states).await;
    assert_eq!(done(&told, "edge"), 9);
    assert_eq!(
        told.reasons("edge"),
        ["Service alpha-net/edge: its load balancer has no address yet"]
    );
}

#[tokio::test(start_paused = true)]
async fn endpoints_are_there_when_one_of_them_is_ready() {
    let slice = key("discovery.k8s.io/v1", "EndpointSlice", "alpha-net", "database");
    let endpoints = |ready: bool| json!({ "endpoints": [{ "addresses": ["192.0.2.7"], "conditions": { "ready": ready } }] });
    let mut body = endpoints(false);
    body["addressType"] = "IPv4".into();
    let subject = step(
        "database",
        vec![manifest(&slice, &body)],
        vec![Gate::Ready(slice.clone())],
    );
    let states = [(7, endpoints(false)), (11, endpoints(true))];
    let told = scripted(&SimulatedCluster::default(), subject, &slice, &states).await;
    assert_eq!(done(&told, "database"), 11);
}

/// A kind comes with its definition: nothing of it is applied before the API server serves it.
#[tokio::test(start_paused = true)]
async fn objects_of_a_defined_kind_wait_until_it_is_established() {
    let definition = ObjectKey {
        api_version: "apiextensions.k8s.io/v1".into(),
        kind: "CustomResourceDefinition".into(),
        namespace: None,
        name: "externalsecrets.external-secrets.io".into(),
    };
    let names = json!({ "kind": "ExternalSecret", "plural": "externalsecrets" });
    let spec = json!({ "spec": { "group": "external-secrets.io", "names": names } });
    let secret = key(
        "external-secrets.io/v1",
        "ExternalSecret",
        "alpha-net",
        "passwords",
    );
    let steps = vec![
        namespaces(),
        step(
            "definition",
            vec![manifest(&definition, &spec)],
            vec![Gate::Ready(definition.clone())],
        ),
        step(
            "passwords",
            vec![manifest(&secret, &json!({ "spec": {} }))],
            vec![Gate::Ready(secret.clone())],
        ),
    ];
    let edges = [("namespaces", "passwords"), ("definition", "passwords")];
    let cluster = SimulatedCluster::default();
    let condition = |name: &str, status: &str| json!({ "conditions": [{ "type": name, "status": status, "reason": "R" }] });
    let script = async {
        sleep(3 * SECOND).await;
        cluster.set_status(&definition, condition("Established", "False"));
        sleep(3 * SECOND).await;
        cluster.set_status(&definition, condition("Established", "True"));
        sleep(4 * SECOND).await;
        cluster.set_status(&secret, condition("Ready", "True"));
    };
    let (told, ()) = tokio::join!(run(&cluster, rollout(steps, &edges)), script);
    assert_eq!(told.summary.outcome, Outcome::Done, "{:?}", told.summary.failed);
    assert_eq!((done(&told, "definition"), done(&told, "passwords")), (6, 10));
    assert_ne!(live(&cluster, &secret), Value::Null);
}
