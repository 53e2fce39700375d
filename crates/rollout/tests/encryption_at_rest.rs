//! What the API shows of encryption at rest.

mod common;

use std::sync::Arc;

use common::key;
use rollout::EncryptionAtRest::{Configured, Hidden, Missing};
use rollout::cluster::simulated::SimulatedCluster;
use rollout::cluster::{ApplyMode, Cluster};
use rollout::encryption_at_rest;
use serde_json::json;

async fn seen(pods: &[(&str, &str, &[&str])]) -> rollout::EncryptionAtRest {
    let cluster = SimulatedCluster::default();
    for (namespace, name, command) in pods {
        let pod = common::manifest(
            &key("v1", "Pod", namespace, name),
            &json!({
                "metadata": { "name": name, "namespace": namespace, "labels": { "component": "kube-apiserver" } },
                "spec": { "containers": [{ "name": "kube-apiserver", "command": command }] },
            }),
        );
        cluster
            .apply(common::namespace(namespace).value(), ApplyMode::default())
            .await
            .expect("it takes it");
        cluster
            .apply(pod.value(), ApplyMode::default())
            .await
            .expect("it takes it");
    }
    encryption_at_rest(Arc::new(cluster)).await.expect("it answers")
}

#[tokio::test(start_paused = true)]
async fn the_flags_of_every_api_server_are_read() {
    let with = &[
        "kube-apiserver",
        "--encryption-provider-config=/etc/kubernetes/enc.yaml",
    ][..];
    let apart = &[
        "kube-apiserver",
        "--encryption-provider-config",
        "/etc/kubernetes/enc.yaml",
    ][..];
    let without = &[
        "kube-apiserver",
        "--encryption-provider-config-automatic-reload=true",
        "--v=2",
    ][..];
    assert_eq!(seen(&[]).await, Hidden);
    assert_eq!(seen(&[("kube-system", "a", with)]).await, Configured);
    assert_eq!(seen(&[("kube-system", "a", apart)]).await, Configured);
    // One of several answers for a part of the requests.
    let missing = Missing { pod: "b".to_owned() };
    assert_eq!(
        seen(&[("kube-system", "a", with), ("kube-system", "b", without)]).await,
        missing
    );
    // A Pod of somebody else that calls itself so.
    assert_eq!(seen(&[("elsewhere", "a", with)]).await, Hidden);
}
