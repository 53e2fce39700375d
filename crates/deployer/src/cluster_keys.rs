//! Stores and CRLs as they lie in a cluster: in the Secrets that carry the network's label.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use certificates::{KeyRing, Lifespan, read_store};
use kubernetes_objects::delivery::DELIVERED;
use kubernetes_objects::manifest::ObjectKey;
use rollout::cluster::{Cluster, ClusterError};
use rollout::kinds::Kind;
use rollout::labels;
use serde_json::Value;

use crate::failure::Failure;

/// A store or CRL in a Secret.
pub(crate) struct ClusterFile {
    /// `NAMESPACE/SECRET`.
    pub(crate) secret: String,
    /// File name: the key in the Secret.
    pub(crate) file: String,
    bytes: Vec<u8>,
}

impl ClusterFile {
    /// Until when its certificates or its CRL live; `None` when the key file's password does not open it.
    pub(crate) fn lifespans(&self, ring: &KeyRing) -> Option<Vec<Lifespan>> {
        if is_crl(&self.file) {
            return Lifespan::of_crl(&self.file, &self.bytes).map(|crl| vec![crl]);
        }
        let password = ring.store(&self.file).ok()?.password;
        let store = read_store(&self.file, &self.bytes, password, password).ok()?;
        Some(Lifespan::of_store(&store))
    }
}

/// Every store and CRL of a network, in the order of their Secrets.
pub(crate) async fn files(cluster: &dyn Cluster, network: &str) -> Result<Vec<ClusterFile>, Failure> {
    let kind = Kind::of(&ObjectKey {
        api_version: "v1".to_owned(),
        kind: "Secret".to_owned(),
        namespace: None,
        name: String::new(),
    })
    .map_err(|error| Failure::internal("Secrets are no known kind", error))?;
    let list = async |selector: String| {
        cluster
            .list(kind, &selector)
            .await
            .map_err(|error: ClusterError| {
                Failure::failed(
                    "the cluster did not list its Secrets",
                    error,
                    "see that this user may list Secrets, or leave the cluster out with `--no-cluster`",
                )
            })
    };
    let mut secrets = list(labels::selector(network)).await?;
    // What External Secrets makes is not ours, and says whose it is.
    secrets.extend(list(format!("{DELIVERED}={network}")).await?);
    let mut found = Vec::new();
    for secret in &secrets {
        let data = secret.value().get("data").and_then(Value::as_object);
        for (file, content) in data.into_iter().flatten() {
            let bytes = content.as_str().and_then(|text| STANDARD.decode(text).ok());
            if let Some(bytes) = bytes.filter(|_| is_crl(file) || is_store(file)) {
                found.push(ClusterFile {
                    secret: format!("{}/{}", secret.namespace(), secret.name()),
                    file: file.clone(),
                    bytes,
                });
            }
        }
    }
    found.sort_by(|left, right| (&left.secret, &left.file).cmp(&(&right.secret, &right.file)));
    found.dedup_by(|left, right| (&left.secret, &left.file) == (&right.secret, &right.file));
    Ok(found)
}

fn has_extension(file: &str, wanted: &str) -> bool {
    file.rsplit_once('.')
        .is_some_and(|(_, extension)| extension == wanted)
}

fn is_crl(file: &str) -> bool {
    has_extension(file, "crl")
}

fn is_store(file: &str) -> bool {
    has_extension(file, "jks")
}
