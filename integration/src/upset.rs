//! What upsets a cluster: an API server that stops, a Pod that is evicted, a node that is drained, a hand that changes
//! an object.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use k8s_openapi::api::core::v1::{Node, Pod};
use kube::{
    Api, ResourceExt,
    api::{EvictParams, ListParams, Patch, PatchParams},
    runtime::{
        conditions,
        wait::{Condition, await_condition},
    },
};
use serde_json::{Value, json};

use crate::cluster::{Cluster, within};
use crate::probe::IMAGE;

/// Takes the API server's manifest from the kubelet, waits until its port is shut, leaves it so for a while and puts
/// the manifest back. It runs on the node, because nothing can be asked of the cluster in between.
const STOP_AND_START: &str = r#"
manifests=/etc/kubernetes/manifests
mv "$manifests/kube-apiserver.yaml" /etc/kubernetes/kube-apiserver.stopped
trap 'mv /etc/kubernetes/kube-apiserver.stopped "$manifests/kube-apiserver.yaml"' EXIT
for _ in $(seq 300); do
  (exec 3<>/dev/tcp/127.0.0.1/6443) 2> /dev/null || break
  sleep 0.2
done
sleep "$1"
"#;

impl Cluster {
    /// Stops the API server for so many seconds, and waits until it answers again. It is an error if it answered all
    /// the time. `namespace` is one without policies, of the test's own.
    pub async fn stop_api_server(&self, namespace: &str, seconds: u32) -> Result<Duration> {
        self.delete::<Pod>(namespace, "stop-api-server").await?;
        self.apply::<Pod>(json!({
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": { "namespace": namespace, "name": "stop-api-server" },
            "spec": {
                "restartPolicy": "Never",
                "hostNetwork": true,
                "automountServiceAccountToken": false,
                "tolerations": [{ "operator": "Exists" }],
                "containers": [{
                    "name": "stop-api-server",
                    "image": IMAGE,
                    "command": ["bash", "-ec", STOP_AND_START, "bash", seconds.to_string()],
                    "securityContext": { "runAsUser": 0 },
                    "volumeMounts": [{ "name": "kubernetes", "mountPath": "/etc/kubernetes" }]
                }],
                "volumes": [{ "name": "kubernetes", "hostPath": { "path": "/etc/kubernetes" } }]
            }
        }))
        .await?;
        // There is no event for an API server that is away, so it is asked until it says nothing, and again until it
        // answers.
        self.asked_until(120, "the API server to stop", false).await?;
        let stopped = std::time::Instant::now();
        self.asked_until(300, "the API server to start", true).await?;
        let away = stopped.elapsed();
        let api: Api<Pod> = self.api(namespace);
        let over = Box::pin(await_condition(api.clone(), "stop-api-server", has_ended()));
        within(60, "the Pod that stopped the API server to end", over).await??;
        let ended = api.get("stop-api-server").await?;
        let phase = ended.status.and_then(|status| status.phase);
        ensure!(
            phase.as_deref() == Some("Succeeded"),
            "the Pod that stopped the API server ended with {phase:?}"
        );
        Ok(away)
    }

    async fn asked_until(&self, seconds: u64, what: &str, answers: bool) -> Result<()> {
        within(seconds, what, async {
            while self.client().apiserver_version().await.is_ok() != answers {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        })
        .await
    }

    /// Evicts the Pods of a namespace with a label, by the Eviction API as `kubectl drain` does, and as that waits until
    /// they are gone: until then their workloads count them as ready.
    pub async fn evict(&self, namespace: &str, labels: &str) -> Result<()> {
        let pods = self.pods(namespace, labels).await?;
        ensure!(!pods.is_empty(), "no Pod with {labels} in {namespace}");
        for pod in pods {
            Box::pin(self.evict_one(namespace, &pod.name_any())).await?;
        }
        Ok(())
    }

    /// Evicts every Pod of a namespace, if there is any.
    pub async fn evict_all(&self, namespace: &str) -> Result<()> {
        for pod in self.pods(namespace, "").await? {
            Box::pin(self.evict_one(namespace, &pod.name_any())).await?;
        }
        Ok(())
    }

    async fn evict_one(&self, namespace: &str, pod: &str) -> Result<()> {
        let api = self.api::<Pod>(namespace);
        let Some(found) = api.get_opt(pod).await? else {
            return Ok(());
        };
        let uid = found.uid().context("a Pod has a uid")?;
        api.evict(pod, &EvictParams::default())
            .await
            .with_context(|| format!("{namespace}/{pod} cannot be evicted"))?;
        let gone = Box::pin(await_condition(api, pod, conditions::is_deleted(&uid)));
        within(180, "an evicted Pod to go", gone).await??;
        Ok(())
    }

    /// Lets no Pod be put on any node, or lets them again.
    pub async fn cordon(&self, unschedulable: bool) -> Result<()> {
        let nodes: Api<Node> = Api::all(self.client().clone());
        for node in nodes.list(&ListParams::default()).await? {
            let patch = json!({ "spec": { "unschedulable": unschedulable } });
            nodes
                .patch(&node.name_any(), &PatchParams::default(), &Patch::Merge(patch))
                .await?;
        }
        Ok(())
    }

    /// Changes an object as somebody with an editor would, under the name of a field manager.
    pub async fn change<K>(&self, namespace: &str, name: &str, manager: &str, patch: Value) -> Result<()>
    where
        K: kube::Resource<Scope = k8s_openapi::NamespaceResourceScope, DynamicType = ()>,
        K: Clone + std::fmt::Debug + serde::de::DeserializeOwned,
    {
        let parameters = PatchParams {
            field_manager: Some(manager.to_owned()),
            ..PatchParams::default()
        };
        self.api::<K>(namespace)
            .patch(name, &parameters, &Patch::Merge(patch))
            .await
            .with_context(|| format!("{namespace}/{name} cannot be changed"))?;
        Ok(())
    }
}

fn has_ended() -> impl Condition<Pod> {
    |pod: Option<&Pod>| {
        let phase = pod.and_then(|pod| pod.status.as_ref()?.phase.as_deref());
        matches!(phase, Some("Succeeded" | "Failed"))
    }
}
