//! A small network on a simulated cluster.

#![expect(dead_code, reason = "each test file uses its own part")]

pub(crate) mod wide;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use dependency_graph::{DependencyGraph, Node};
use kubernetes_objects::manifest::{Manifest, ObjectKey};
use kubernetes_objects::step::{Gate, OutputFile, OutputShape, Outputs, Step};
use rollout::cluster::simulated::{Behaviour, SimulatedCluster};
use rollout::event::{EventKind, RolloutEvent, Summary};
use rollout::{Cancellation, Options, Rollout, RolloutError, labels, roll_out};
use serde_json::{Value, json};
use tokio::sync::mpsc::unbounded_channel;

pub(crate) const TOKEN: &str = "3fa85f64-5717-4562-b3fc-2c963f66afa6";

pub(crate) fn key(api_version: &str, kind: &str, namespace: &str, name: &str) -> ObjectKey {
    ObjectKey {
        api_version: api_version.into(),
        kind: kind.into(),
        namespace: Some(namespace.into()),
        name: name.into(),
    }
}

pub(crate) fn deployment(namespace: &str, name: &str) -> ObjectKey {
    key("apps/v1", "Deployment", namespace, name)
}

pub(crate) fn job(namespace: &str, name: &str) -> ObjectKey {
    key("batch/v1", "Job", namespace, name)
}

pub(crate) fn manifest(key: &ObjectKey, body: &Value) -> Manifest {
    let mut value = json!({
        "apiVersion": key.api_version,
        "kind": key.kind,
        "metadata": { "name": key.name, "namespace": key.namespace },
    });
    if key.namespace.is_none() {
        value["metadata"] = json!({ "name": key.name });
    }
    for (name, part) in body.as_object().into_iter().flatten() {
        value[name] = part.clone();
    }
    Manifest::from(value)
}

pub(crate) fn workload(key: &ObjectKey, environment: &Value) -> Manifest {
    let labels = json!({ "app": key.name });
    let container = json!({ "name": "main", "image": format!("example/{}:1", key.name), "env": environment });
    let template = json!({ "metadata": { "labels": labels }, "spec": { "containers": [container] } });
    let spec = if key.kind == "Job" {
        json!({ "template": template })
    } else {
        json!({ "selector": { "matchLabels": labels }, "template": template })
    };
    manifest(key, &json!({ "spec": spec }))
}

pub(crate) fn service(namespace: &str, name: &str) -> Manifest {
    manifest(
        &key("v1", "Service", namespace, name),
        &json!({ "spec": { "selector": { "app": name } } }),
    )
}

pub(crate) fn namespace(name: &str) -> Manifest {
    manifest(
        &ObjectKey {
            api_version: "v1".into(),
            kind: "Namespace".into(),
            namespace: None,
            name: name.into(),
        },
        &json!({}),
    )
}

pub(crate) fn step(id: &str, manifests: Vec<Manifest>, gates: Vec<Gate>) -> Step {
    Step {
        id: id.into(),
        stage: "",
        title: format!("{id} works"),
        manifests,
        gates,
        outputs: None,
        deadline: Duration::from_mins(2),
    }
}

/// One Deployment with its Service.
pub(crate) fn server(name: &str, environment: &Value) -> Step {
    let deployment = deployment("alpha-net", name);
    step(
        name,
        vec![service("alpha-net", name), workload(&deployment, environment)],
        vec![Gate::Ready(deployment)],
    )
}

pub(crate) fn task(name: &str) -> Step {
    let job = job("alpha-net", name);
    step(name, vec![workload(&job, &json!([]))], vec![Gate::Completed(job)])
}

pub(crate) fn rollout(steps: Vec<Step>, edges: &[(&str, &str)]) -> Rollout {
    let builder = steps.iter().fold(DependencyGraph::builder(), |builder, step| {
        builder.step(Node {
            id: step.id.clone(),
            stage: step.stage.into(),
            title: step.title.clone(),
            group: "net".into(),
        })
    });
    let graph = edges
        .iter()
        .fold(builder, |builder, (from, to)| builder.edge(*from, *to, "it must"))
        .build()
        .expect("the test's graph has no ring");
    Rollout {
        network: "alpha".into(),
        graph,
        steps,
    }
}

/// Everything a network needs, in small: bindings, Jobs, files that Jobs hand over, HTTP gates, volumes.
pub(crate) fn network() -> Rollout {
    let claims = json!([{ "metadata": { "name": "data" }, "spec": {} }]);
    let set = key("apps/v1", "StatefulSet", "alpha-net", "map");
    let mut map = workload(
        &set,
        &json!([{ "name": "TOKEN", "value": "@{secret:alpha-net/token/token}" }]),
    );
    let mut value = map.value().clone();
    value["spec"]["volumeClaimTemplates"] = claims;
    map = Manifest::from(value);
    let keys = manifest(
        &key("v1", "Secret", "alpha-net", "keys"),
        &json!({ "metadata": {
            "name": "keys", "namespace": "alpha-net", "labels": { (labels::KEEP): labels::KEEP_DATA } },
            "stringData": { "store": "the keys' password" } }),
    );
    let policy = manifest(
        &key("networking.k8s.io/v1", "NetworkPolicy", "alpha-net", "deny"),
        &json!({ "spec": {} }),
    );
    let mut subzone = task("subzone");
    subzone.outputs = Some(outputs());
    let steps = vec![
        step("namespaces", vec![namespace("alpha-net"), policy], vec![]),
        step("keys", vec![keys], vec![]),
        server("auth", &json!([])),
        server(
            "zone",
            &json!([{ "name": "AUTH", "value": "@{service-ip:alpha-net/auth}:8081" }]),
        ),
        task("users"),
        subzone,
        step(
            "map",
            vec![service("alpha-net", "map"), map],
            vec![
                Gate::Ready(set),
                Gate::Http {
                    service: key("v1", "Service", "alpha-net", "map"),
                    port: 10000,
                    path: "/network-map".into(),
                },
            ],
        ),
        server("metrics", &json!([])),
    ];
    rollout(
        steps,
        &[
            ("namespaces", "keys"),
            ("namespaces", "metrics"),
            ("keys", "auth"),
            ("auth", "zone"),
            ("auth", "users"),
            ("zone", "subzone"),
            ("users", "subzone"),
            ("subzone", "map"),
        ],
    )
}

pub(crate) fn outputs() -> Outputs {
    let file = |path: &str, kind: &str, target: &str, entry: &str, shape| OutputFile {
        path: path.into(),
        target: key("v1", kind, "alpha-net", target),
        key: entry.into(),
        shape,
    };
    Outputs {
        job: job("alpha-net", "subzone"),
        container: "main".into(),
        complete: "/out/complete".into(),
        release: "/out/release".into(),
        files: vec![
            file("/out/token", "Secret", "token", "token", OutputShape::Uuid),
            file("/out/id", "ConfigMap", "subzone", "id", OutputShape::Number),
            file(
                "/out/parameters",
                "ConfigMap",
                "subzone",
                "parameters",
                OutputShape::CordaBlob,
            ),
        ],
    }
}

/// A cluster on which [`network`] works.
pub(crate) fn cluster() -> SimulatedCluster {
    let cluster = SimulatedCluster::default();
    cluster.behave(
        "subzone",
        Behaviour {
            waits: true,
            files: [
                ("/out/token", format!("{TOKEN}\n").into_bytes()),
                ("/out/id", b"1\n".to_vec()),
                ("/out/parameters", b"corda\x01\x00\x00\xff more".to_vec()),
            ]
            .map(|(path, content)| (path.to_owned(), content))
            .into(),
            ..Behaviour::default()
        },
    );
    // Nothing happens twice at one instant, so that what is told has one order.
    for (name, milliseconds) in [("metrics", 2500), ("users", 700)] {
        let after = Duration::from_millis(milliseconds);
        cluster.behave(
            name,
            Behaviour {
                after,
                ..Behaviour::default()
            },
        );
    }
    cluster.behave(
        "map",
        Behaviour {
            answers_after: Duration::from_secs(3),
            ..Behaviour::default()
        },
    );
    cluster
}

pub(crate) struct Told {
    pub(crate) summary: Summary,
    pub(crate) events: Vec<RolloutEvent>,
}

pub(crate) async fn run(cluster: &SimulatedCluster, rollout: Rollout) -> Told {
    try_run(cluster, rollout, Cancellation::default())
        .await
        .expect("the rollout begins")
}

pub(crate) async fn run_with(cluster: &SimulatedCluster, rollout: Rollout, options: Options) -> Told {
    let (sender, mut receiver) = unbounded_channel();
    let cluster = Arc::new(cluster.clone());
    let summary = roll_out(cluster, rollout, options, Cancellation::default(), sender)
        .await
        .expect("the rollout begins");
    let mut events = Vec::new();
    while let Ok(event) = receiver.try_recv() {
        events.push(event);
    }
    Told { summary, events }
}

/// Runs until so many events were told, then drops everything as a killed process would. False if it ended before.
pub(crate) async fn killed_at_event(cluster: &SimulatedCluster, rollout: Rollout, events: usize) -> bool {
    let (sender, mut receiver) = unbounded_channel();
    let running = roll_out(
        Arc::new(cluster.clone()),
        rollout,
        Options::default(),
        Cancellation::default(),
        sender,
    );
    let heard = async {
        for _ in 0..events {
            if receiver.recv().await.is_none() {
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        biased;
        () = heard => true,
        _ = running => false,
    }
}

pub(crate) async fn try_run(
    cluster: &SimulatedCluster,
    rollout: Rollout,
    cancellation: Cancellation,
) -> Result<Told, RolloutError> {
    let (sender, mut receiver) = unbounded_channel();
    let summary = roll_out(
        Arc::new(cluster.clone()),
        rollout,
        Options::default(),
        cancellation,
        sender,
    )
    .await?;
    let mut events = Vec::new();
    while let Ok(event) = receiver.try_recv() {
        events.push(event);
    }
    Ok(Told { summary, events })
}

impl Told {
    /// What happened to steps, a line each: `start auth`, `done auth`, …
    pub(crate) fn story(&self) -> Vec<String> {
        self.events
            .iter()
            .filter_map(|event| match &event.kind {
                EventKind::StepStarted { step, .. } => Some(format!("start {step}")),
                EventKind::StepDone { step, .. } => Some(format!("done {step}")),
                EventKind::StepFailed { step, .. } => Some(format!("fail {step}")),
                EventKind::StepNotStarted { step, because } => {
                    Some(format!("skip {step}: {}", because.join(",")))
                }
                EventKind::StepInterrupted { step } => Some(format!("leave {step}")),
                _ => None,
            })
            .collect()
    }

    pub(crate) fn reasons(&self, wanted: &str) -> Vec<String> {
        self.events
            .iter()
            .filter_map(|event| match &event.kind {
                EventKind::StepProgress { step, reason } if step == wanted => Some(reason.clone()),
                _ => None,
            })
            .collect()
    }

    pub(crate) fn failure(&self, wanted: &str) -> String {
        self.summary
            .failed
            .iter()
            .find(|failed| failed.step == wanted)
            .map(|failed| failed.message.clone())
            .expect("the step failed")
    }
}

/// A network with the steps of the quick start: namespaces and keys, the services, the Jobs that hand tokens, a subzone
/// and a notary's NodeInfo over, the nodes' registrations, the nodes, and a payment.
pub(crate) fn quick_start() -> Rollout {
    let network = network();
    let mut steps: Vec<Step> = network.steps;
    let mut edges: Vec<(String, String)> = network
        .graph
        .edges()
        .map(|edge| (edge.prerequisite.id.clone(), edge.dependent.id.clone()))
        .collect();
    let mut then = |step: Step, after: &[&str]| {
        edges.extend(after.iter().map(|before| ((*before).to_owned(), step.id.clone())));
        steps.push(step);
    };
    then(server("gateway", &json!([])), &["auth"]);
    then(server("signer", &json!([])), &["keys", "auth"]);
    then(
        handing_over("identity-manager-config", "identity-token"),
        &["zone", "users"],
    );
    let token = json!([{ "name": "TOKEN", "value": "@{secret:alpha-net/identity-token/token}" }]);
    then(
        server("identity-manager", &token),
        &["identity-manager-config", "signer"],
    );
    then(task("subordinate"), &["identity-manager"]);
    for node in ["notary", "party-a", "party-b"] {
        let registered = format!("{node}-registered");
        let after = if node == "notary" {
            "identity-manager"
        } else {
            "map"
        };
        then(task(&registered), &[after, "subordinate"]);
        let set = key("apps/v1", "StatefulSet", "alpha-net", node);
        let manifests = vec![service("alpha-net", node), workload(&set, &json!([]))];
        let running = step(node, manifests, vec![Gate::Ready(set)]);
        then(running, &[&registered, "map"]);
    }
    then(
        handing_over("notary-info", "notary-node-info"),
        &["notary-registered"],
    );
    then(task("payment"), &["party-a", "party-b", "notary"]);
    let edges: Vec<(&str, &str)> = edges
        .iter()
        .map(|(from, to)| (from.as_str(), to.as_str()))
        .collect();
    rollout(steps, &edges)
}

/// A Job that hands one token over.
fn handing_over(name: &str, target: &str) -> Step {
    let mut handing = task(name);
    handing.outputs = Some(Outputs {
        job: job("alpha-net", name),
        container: "main".into(),
        complete: "/out/complete".into(),
        release: "/out/release".into(),
        files: vec![OutputFile {
            path: "/out/token".into(),
            target: key("v1", "Secret", "alpha-net", target),
            key: "token".into(),
            shape: OutputShape::Uuid,
        }],
    });
    handing
}

/// The Jobs of [`quick_start`]: each does its work once, whatever happens.
pub(crate) fn run_once_jobs() -> [&'static str; 9] {
    [
        "users",
        "subzone",
        "identity-manager-config",
        "subordinate",
        "notary-registered",
        "party-a-registered",
        "party-b-registered",
        "notary-info",
        "payment",
    ]
}

/// A cluster on which [`quick_start`] works.
pub(crate) fn quick_start_cluster() -> SimulatedCluster {
    let cluster = cluster();
    for name in ["identity-manager-config", "notary-info"] {
        cluster.behave(
            name,
            Behaviour {
                waits: true,
                files: [("/out/token".to_owned(), TOKEN.as_bytes().to_vec())].into(),
                ..Behaviour::default()
            },
        );
    }
    for (name, milliseconds) in [("notary-registered", 4500), ("party-a", 3100), ("party-b", 3300)] {
        let after = Duration::from_millis(milliseconds);
        cluster.behave(
            name,
            Behaviour {
                after,
                ..Behaviour::default()
            },
        );
    }
    cluster
}

/// Every object that a run applied, with the hash of its content, but its own record.
pub(crate) fn content_hashes(cluster: &SimulatedCluster) -> BTreeMap<String, String> {
    let objects = cluster.objects().into_iter();
    objects
        .filter(|object| object.namespace() != "alpha-rollout" && object.name() != "alpha-rollout")
        .filter_map(|object| {
            let hash = object.annotation(labels::CONTENT_HASH)?;
            Some((object.key().to_string(), hash.to_owned()))
        })
        .collect()
}

/// What the cluster holds, without what differs from run to run and without the Pods that controllers make.
pub(crate) fn end_state(cluster: &SimulatedCluster) -> Vec<Value> {
    cluster
        .objects()
        .into_iter()
        // Which runs left something to tell differs most of all.
        // So does who was the last to hold the network: giving that up is not tried for long.
        .filter(|object| !["cordanetes-history", "cordanetes-run"].contains(&object.name()))
        .filter(|object| object.key().kind != "Pod")
        .map(|object| {
            let mut value = object.value().clone();
            if let Some(metadata) = value["metadata"].as_object_mut() {
                for field in ["uid", "resourceVersion", "ownerReferences", "creationTimestamp"] {
                    metadata.remove(field);
                }
            }
            if object.key().kind == "Lease" {
                value["spec"] = json!({ "holderIdentity": value["spec"]["holderIdentity"] });
            }
            if object.name() == "cordanetes-inventory" {
                value["data"] = json!("differs in times");
                value["metadata"]["annotations"] = json!({});
            }
            value
        })
        .collect()
}
