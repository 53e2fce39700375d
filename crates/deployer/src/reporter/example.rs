//! A network for tests: three Deployments in order.

use std::time::Duration;

use dependency_graph::{DependencyGraph, Node};
use kubernetes_objects::manifest::{Manifest, ObjectKey};
use kubernetes_objects::step::{Gate, Step};
use rollout::Rollout;
use serde_json::json;

pub(crate) fn three_deployments() -> Rollout {
    let names = ["one", "two", "three"];
    let builder = names.iter().fold(DependencyGraph::builder(), |builder, name| {
        builder.step(Node {
            id: (*name).into(),
            stage: String::new(),
            title: format!("{name} runs"),
            group: "example".into(),
        })
    });
    let graph = builder
        .edge("one", "two", "it calls one")
        .edge("two", "three", "it calls two")
        .build()
        .expect("three steps in order have no ring");
    let steps = names.map(|name| {
        let key = ObjectKey {
            api_version: "apps/v1".into(),
            kind: "Deployment".into(),
            namespace: Some("example".into()),
            name: name.into(),
        };
        let labels = json!({ "app": name });
        let deployment = json!({
            "apiVersion": key.api_version, "kind": key.kind,
            "metadata": { "name": name, "namespace": "example" },
            "spec": {
                "selector": { "matchLabels": labels },
                "template": {
                    "metadata": { "labels": labels },
                    "spec": { "containers": [{ "name": "main", "image": "example/main:1" }] },
                },
            },
        });
        let namespace = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "example" } });
        let mut manifests = vec![Manifest::from(deployment)];
        if name == "one" {
            manifests.insert(0, Manifest::from(namespace));
        }
        Step {
            id: name.into(),
            stage: "",
            title: format!("{name} runs"),
            manifests,
            gates: vec![Gate::Ready(key)],
            outputs: None,
            deadline: Duration::from_mins(1),
        }
    });
    Rollout {
        network: "example".into(),
        graph,
        steps: steps.into(),
    }
}
