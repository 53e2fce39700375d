//! Pods that try connections.

use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use crate::cluster::Cluster;

/// An image that is on the cluster already and has bash.
pub(crate) const IMAGE: &str = "localhost/cordanetes/cenm-stand-in:0.1.0";

/// A Pod to try connections from.
pub struct Probe<'a> {
    /// Where it runs.
    pub namespace: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its labels.
    pub labels: Value,
    /// Its service account.
    pub service_account: &'a str,
}

impl Probe<'_> {
    /// Starts it. It is never ready, so that no Service takes it for one of its Pods.
    pub async fn start(&self, cluster: &Cluster) -> Result<()> {
        cluster
            .run_pod(json!({
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": { "namespace": self.namespace, "name": self.name, "labels": self.labels },
                "spec": {
                    "serviceAccountName": self.service_account,
                    "automountServiceAccountToken": false,
                    "enableServiceLinks": false,
                    "terminationGracePeriodSeconds": 0,
                    "securityContext": {
                        "runAsNonRoot": true, "runAsUser": 1000, "seccompProfile": { "type": "RuntimeDefault" }
                    },
                    "containers": [{
                        "name": "probe",
                        "image": IMAGE,
                        "command": ["tail", "-f", "/dev/null"],
                        "readinessProbe": { "exec": { "command": ["false"] }, "periodSeconds": 3600 },
                        "securityContext": {
                            "allowPrivilegeEscalation": false, "capabilities": { "drop": ["ALL"] }
                        }
                    }]
                }
            }))
            .await
    }

    /// Whether a TCP connection opens within three seconds.
    pub async fn opens(&self, cluster: &Cluster, host: &str, port: u16) -> Result<bool> {
        let attempt = format!("exec 3<>/dev/tcp/{host}/{port}");
        let ended = cluster
            .exec(
                self.namespace,
                self.name,
                &["timeout", "3", "bash", "-c", &attempt],
            )
            .await?;
        Ok(ended.success)
    }

    /// Waits until the cluster has learnt of the Pod: what is forbidden to it may be open for a moment after its start.
    /// There is no event for that, so a forbidden address is tried again until it is shut.
    pub async fn settle(&self, cluster: &Cluster, host: &str, port: u16) -> Result<()> {
        for _ in 0..20 {
            if !self.opens(cluster, host, port).await? {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        bail!("{host}:{port} stays open to {}/{}", self.namespace, self.name)
    }
}

/// A Pod that stands for a host on the Internet: it answers HTTP on 9090 in a namespace without policies.
pub async fn start_pretend_internet(cluster: &Cluster, namespace: &str) -> Result<()> {
    cluster
        .run_pod(json!({
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": { "namespace": namespace, "name": "pretend-internet", "labels": { "role": "pretend-internet" } },
            "spec": {
                "terminationGracePeriodSeconds": 0,
                "containers": [{
                    "name": "host",
                    "image": "localhost/cordanetes/prometheus:2.42",
                    "command": ["bash", "-c", "echo > /tmp/none.yml; exec prometheus --config.file=/tmp/none.yml --storage.tsdb.path=/tmp/data"],
                    "readinessProbe": { "httpGet": { "path": "/-/ready", "port": 9090 }, "periodSeconds": 1 },
                    "volumeMounts": [{ "name": "tmp", "mountPath": "/tmp" }]
                }],
                "volumes": [{ "name": "tmp", "emptyDir": {} }]
            }
        }))
        .await
}
