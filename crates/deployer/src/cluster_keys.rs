//! Stores and CRLs as they lie in a cluster: in the Secrets that carry the network's label.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use certificates::{KeyRing, Lifespan, files, read_store};
use kubernetes_objects::manifest::ObjectKey;
use rollout::cluster::{Cluster, ClusterError};
use rollout::kinds::Kind;
use rollout::{Inventory, StepState, labels};
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
    /// Whether the key file holds the same bytes under this name.
    pub(crate) fn is_of(&self, ring: &KeyRing) -> bool {
        ring.store(&self.file)
            .is_ok_and(|store| store.bytes == self.bytes)
            || ring.crl(&self.file).is_ok_and(|crl| crl == self.bytes)
    }

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
    let secrets = cluster
        .list(kind, &labels::selector(network))
        .await
        .map_err(|error: ClusterError| {
            Failure::failed(
                "the cluster did not list its Secrets",
                error,
                "see that this user may list Secrets, or leave the cluster out with `--no-cluster`",
            )
        })?;
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

/// Whether the last rollout has brought everything that the ring holds for TLS between the services to where it
/// is used; if not, why not.
pub(crate) async fn not_rolled_out(
    cluster: &dyn Cluster,
    network: &str,
    ring: &KeyRing,
) -> Result<Option<String>, Failure> {
    let found = files(cluster, network).await?;
    let mut ssl = found
        .iter()
        .filter(|file| file.file == files::SSL_TRUST || file.file.starts_with("corda-ssl-"))
        .peekable();
    if ssl.peek().is_none() {
        return Ok(Some(format!("the cluster holds no key of network `{network}`")));
    }
    if let Some(old) = ssl.find(|file| !file.is_of(ring)) {
        return Ok(Some(format!(
            "Secret {} has not got the new {}",
            old.secret, old.file
        )));
    }
    let inventory = Inventory::read(cluster, network)
        .await
        .map_err(Failure::from_library)?;
    let Some(inventory) = inventory else {
        return Ok(Some("the cluster has no record of a rollout".to_owned()));
    };
    let open = inventory.graph.order().into_iter().find(|node| {
        inventory
            .steps
            .get(&node.id)
            .is_none_or(|step| step.state != StepState::Done)
    });
    Ok(open.map(|node| format!("step `{}` of the last rollout is not done", node.id)))
}
