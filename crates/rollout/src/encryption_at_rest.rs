//! Whether the API server encrypts Secrets before it stores them, as far as the API shows it.

use std::sync::Arc;

use crate::api::Api;
use crate::cluster::{Cluster, ClusterError};
use crate::error::RolloutError;
use crate::kinds;
use crate::object::Object;

/// The label of the API server's Pod, where it is one (kubeadm, and what is made with it).
const API_SERVER: &str = "component=kube-apiserver";
/// Its flag that names an `EncryptionConfiguration` (Kubernetes documentation, "Encrypting Confidential Data at Rest").
const FLAG: &str = "--encryption-provider-config";

/// What the API shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncryptionAtRest {
    /// Every API server has an `EncryptionConfiguration`. What it says, only the machine knows.
    Configured,
    /// This API server has none.
    Missing {
        /// Its Pod.
        pod: String,
    },
    /// No API server is a Pod that may be seen: the control plane is somebody else's.
    Hidden,
}

/// Looks at the API server's own Pods. A cluster that does not answer at all is told at once.
pub async fn encryption_at_rest(cluster: Arc<dyn Cluster>) -> Result<EncryptionAtRest, RolloutError> {
    let api = Api::new(cluster, 1);
    let failed = |what, error| RolloutError::of_call(api.cluster().address(), what, error);
    api.server()
        .await
        .map_err(|error| failed("tell its version", error))?;
    let pods = match api.list(&kinds::POD, API_SERVER).await {
        Ok(pods) => pods,
        // Who may not see Pods of all namespaces sees no API server.
        Err(ClusterError::Forbidden { .. }) => return Ok(EncryptionAtRest::Hidden),
        Err(error) => return Err(failed("list pods", error)),
    };
    let mut servers = pods
        .iter()
        .filter(|pod| pod.namespace() == "kube-system")
        .peekable();
    if servers.peek().is_none() {
        return Ok(EncryptionAtRest::Hidden);
    }
    Ok(match servers.find(|pod| !has_flag(pod)) {
        Some(pod) => EncryptionAtRest::Missing {
            pod: pod.name().to_owned(),
        },
        None => EncryptionAtRest::Configured,
    })
}

fn has_flag(pod: &Object) -> bool {
    let containers = pod.value()["spec"]["containers"].as_array();
    let words = containers.into_iter().flatten().flat_map(|container| {
        ["command", "args"]
            .into_iter()
            .filter_map(|part| container[part].as_array())
            .flatten()
    });
    words
        .filter_map(|word| word.as_str())
        .any(|word| word.split('=').next() == Some(FLAG))
}
