//! Delivery by External Secrets (external-secrets.io/v1, since its release 0.16).

use std::collections::BTreeMap;

use serde_json::{Value, json};
use topology::{
    Topology,
    model::{Component, DeliveryStore},
};

use super::{
    DELIVERED, DeliveredSecret, Names, component_of, holds_whole_secrets,
    made::{MadeValues, Piece, pieces},
    secret_object::SecretObject,
};
use crate::{
    binding,
    bootstrap::StepKind,
    context::RenderError,
    manifest::Manifest,
    metadata::{Owner, component_labels},
    step::{Gate, Step},
};

/// Turns every Secret over.
pub(super) fn deliver(
    topology: &Topology,
    store: &DeliveryStore,
    made: &MadeValues,
    kinds: &[StepKind],
    steps: &mut [Step],
) -> Result<Vec<DeliveredSecret>, RenderError> {
    let names = Names {
        prefix: &store.prefix,
        layout: store.layout,
    };
    let mut delivered = Vec::new();
    // Passwords of configuration files come with the component's keys, a step before the file itself.
    let mut passwords: Vec<(Component, Manifest)> = Vec::new();
    for (kind, step) in kinds.iter().zip(steps.iter_mut()) {
        for manifest in &mut step.manifests {
            let Some(secret) = SecretObject::of(manifest) else {
                continue;
            };
            let component = component_of(topology, &secret.namespace, &secret.component)?;
            let place = [secret.namespace.as_str(), secret.name.as_str()];
            if holds_whole_secrets(kind) {
                let object = names.object(made, component.clone(), place, secret.properties(made)?);
                let is_file = |property: &str| secret.files.contains_key(property);
                let metadata = secret.metadata(&secret.name);
                *manifest = external_secret(topology, store, &metadata, &component, &object, is_file);
                step.gates.insert(0, Gate::Ready(manifest.key()));
                delivered.push(object);
            } else {
                let object = names.object(made, component.clone(), place, secret.passwords(made)?);
                let name = format!("{}-passwords", secret.name);
                *manifest = secret.with_texts(&secret.name, &bound(&secret, &name));
                let owner = Owner {
                    topology,
                    step: &StepKind::ComponentKeys(component.clone()).id(),
                };
                let metadata = json!(owner.metadata(&component, name));
                let external = external_secret(topology, store, &metadata, &component, &object, |_| false);
                passwords.push((component, external));
                delivered.push(object);
            }
        }
    }
    for (component, external) in passwords {
        let keys = StepKind::ComponentKeys(component.clone());
        let step = kinds
            .iter()
            .zip(steps.iter_mut())
            .find_map(|(kind, step)| (*kind == keys).then_some(step))
            .ok_or_else(|| RenderError::Delivery(format!("{component} has no step for its keys")))?;
        step.gates.push(Gate::Ready(external.key()));
        step.manifests.push(external);
    }
    Ok(delivered)
}

/// The texts of a configuration file, whose passwords the engine takes from another Secret.
fn bound(secret: &SecretObject, passwords: &str) -> BTreeMap<String, String> {
    let with_bindings = |text: &String| {
        pieces(text)
            .into_iter()
            .map(|piece| match piece {
                Piece::Plain(text) | Piece::Bound(text) => text.to_owned(),
                Piece::Made(key) => binding::quoted_secret(&secret.namespace, passwords, key),
                Piece::Bare(key) => binding::secret(&secret.namespace, passwords, key),
            })
            .collect()
    };
    secret
        .texts
        .iter()
        .map(|(file, text)| (file.clone(), with_bindings(text)))
        .collect()
}

/// The object. Its content is read once for each of its versions: what a name in the store means never changes.
fn external_secret(
    topology: &Topology,
    store: &DeliveryStore,
    metadata: &Value,
    component: &Component,
    object: &DeliveredSecret,
    is_file: impl Fn(&str) -> bool,
) -> Manifest {
    let mut labels = component_labels(component);
    labels.insert(DELIVERED.to_owned(), topology.name.to_string());
    let data: Vec<Value> = object
        .properties
        .keys()
        .map(|property| {
            let decoding = if is_file(property) { "Base64" } else { "None" };
            json!({
                "secretKey": property,
                "remoteRef": { "key": object.path, "property": property, "decodingStrategy": decoding },
            })
        })
        .collect();
    let name = metadata["name"].clone();
    Manifest::from(json!({
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        "metadata": metadata,
        "spec": {
            "refreshPolicy": "OnChange",
            "secretStoreRef": { "kind": store.kind.word(), "name": store.store },
            "target": {
                "name": name,
                "creationPolicy": "Owner",
                "template": { "type": "Opaque", "metadata": { "labels": labels } },
            },
            "data": data,
        },
    }))
}
