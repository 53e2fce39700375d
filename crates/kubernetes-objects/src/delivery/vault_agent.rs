//! Delivery by Vault's agent, which its injector (`vault-k8s`) puts into each Pod as the last of its init containers. Ours
//! fetch what is no secret, and read nothing that the agent writes; before them it would have all of them made anew
//! (`agent-init-first`), and an injector older than sidecars (KEP-753) would lose what makes one of them a sidecar.
//!
//! The agent's whole configuration is a ConfigMap beside the workload. Annotations would say the same, but a registration
//! Job would then be another Job after each change of the node's configuration, and run again.

mod agent_config;
mod pod;

use std::collections::{BTreeMap, HashMap};

use serde_json::json;
use topology::{
    Topology,
    model::{StoreLayout, VaultAgent},
};

use self::agent_config::{AgentFile, GIVEN_FOLDER, template, whole_file};
use super::{
    DeliveredSecret, Names, component_of, holds_whole_secrets,
    made::{MadeValues, pieces},
    secret_object::SecretObject,
};
use crate::{bootstrap::StepKind, context::RenderError, manifest::Manifest, metadata::Owner, step::Step};

/// The Secret with the certificate of Vault's authority, in each namespace. It holds nothing secret; the injector mounts
/// nothing else.
const AUTHORITY: &str = "vault-certificate-authority";

/// What stands in the place of a Secret.
struct Replaced {
    files: Vec<AgentFile>,
    /// A Secret with values that are in the cluster and not in Vault, which only the agent sees.
    given: Option<String>,
}

/// Secrets by namespace and name.
type Replacements = HashMap<(String, String), Replaced>;

/// Takes every Secret away from those whose files come from Vault, and has the agent write them.
pub(super) fn deliver(
    topology: &Topology,
    vault: &VaultAgent,
    made: &MadeValues,
    kinds: &[StepKind],
    steps: &mut [Step],
) -> Result<Vec<DeliveredSecret>, RenderError> {
    let names = Names {
        prefix: &vault.prefix,
        layout: StoreLayout::Paths,
    };
    let mut delivered = Vec::new();
    let mut replacements = Replacements::new();
    for (kind, step) in kinds.iter().zip(steps.iter_mut()) {
        let mut manifests = Vec::with_capacity(step.manifests.len());
        for manifest in step.manifests.drain(..) {
            let Some(secret) = SecretObject::of(&manifest) else {
                manifests.push(manifest);
                continue;
            };
            let component = component_of(topology, &secret.namespace, &secret.component)?;
            if topology.vault_of(&component).is_none() {
                manifests.push(secret.filled(made)?);
                continue;
            }
            let place = [secret.namespace.as_str(), secret.name.as_str()];
            let is_whole = holds_whole_secrets(kind);
            let properties = if is_whole {
                secret.properties(made)?
            } else {
                secret.passwords(made)?
            };
            let object = names.object(made, component, place, properties);
            let path = format!("{}/data/{}", vault.mount, object.path);
            let replaced = if is_whole {
                whole(&secret, &path)
            } else {
                let (replaced, given) = configuration(&secret, &path);
                manifests.extend(given);
                replaced
            };
            replacements.insert((secret.namespace, secret.name), replaced);
            delivered.push(object);
        }
        step.manifests = manifests;
    }
    for (kind, step) in kinds.iter().zip(steps.iter_mut()) {
        if let (StepKind::Namespace(namespace), Some(authority)) = (kind, &vault.certificate_authority) {
            step.manifests.push(certificate_authority(
                topology,
                &step.id,
                &namespace.name(&topology.name),
                authority,
            ));
        }
        pod::inject(topology, step, &replacements)?;
    }
    Ok(delivered)
}

/// The files of a Secret that Vault holds whole.
fn whole(secret: &SecretObject, path: &str) -> Replaced {
    let texts = secret.texts.keys().map(|file| (file, false));
    let stores = secret.files.keys().map(|file| (file, true));
    Replaced {
        files: texts
            .chain(stores)
            .map(|(file, is_base64)| AgentFile {
                name: file.clone(),
                contents: whole_file(path, file, is_base64),
            })
            .collect(),
        given: None,
    }
}

/// Configuration files: their text is the template, with passwords from Vault and, where it names what is in the cluster
/// only, values from a Secret that the engine fills.
fn configuration(secret: &SecretObject, path: &str) -> (Replaced, Option<Manifest>) {
    let mut given = BTreeMap::new();
    let mut files = Vec::new();
    for (file, text) in &secret.texts {
        let contents = template(path, &pieces(text), |binding| {
            let key = format!("value-{}", given.len());
            given.insert(key.clone(), binding.to_owned());
            format!("{{{{ file \"{GIVEN_FOLDER}/{key}\" }}}}")
        });
        files.push(AgentFile {
            name: file.clone(),
            contents,
        });
    }
    let name = format!("{}-given", secret.name);
    let values = (!given.is_empty()).then(|| secret.with_texts(&name, &given));
    let replaced = Replaced {
        files,
        given: values.is_some().then_some(name),
    };
    (replaced, values)
}

fn certificate_authority(topology: &Topology, step: &str, namespace: &str, authority: &str) -> Manifest {
    let owner = Owner { topology, step };
    Manifest::from(json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": owner.plain(Some(namespace.to_owned()), AUTHORITY),
        "stringData": { "ca.crt": authority },
        "type": "Opaque",
    }))
}
