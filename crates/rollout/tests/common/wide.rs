//! Networks of any size.

use kubernetes_objects::step::{Gate, Step};
use rollout::Rollout;
use serde_json::json;

use super::{key, manifest, namespace, rollout, server, step};

/// A Deployment with its Service, a Secret, a policy and an HTTP gate.
fn node(name: &str) -> Step {
    let mut node = server(name, &json!([]));
    let secret = key("v1", "Secret", "alpha-net", name);
    let policy = key("networking.k8s.io/v1", "NetworkPolicy", "alpha-net", name);
    node.manifests
        .insert(0, manifest(&secret, &json!({ "stringData": { "a": "b" } })));
    node.manifests
        .insert(0, manifest(&policy, &json!({ "spec": {} })));
    node.gates.push(Gate::Http {
        service: key("v1", "Service", "alpha-net", name),
        port: 8080,
        path: "/".into(),
    });
    node
}

/// Chains of ten, and one step that waits for all chains.
pub(crate) fn wide(count: usize) -> Rollout {
    let names: Vec<String> = (0..count).map(|number| format!("node-{number}")).collect();
    let mut steps = vec![step("namespaces", vec![namespace("alpha-net")], vec![])];
    let mut edges = Vec::new();
    for (number, name) in names.iter().enumerate() {
        steps.push(node(name));
        edges.push(if number % 10 == 0 {
            ("namespaces", name.as_str())
        } else {
            (names[number - 1].as_str(), name.as_str())
        });
    }
    steps.push(step("all", vec![], vec![]));
    edges.extend(names.iter().map(|name| (name.as_str(), "all")));
    rollout(steps, &edges)
}
