//! From a manifest to the object that is sent: labels, values for bindings, the form in which the API server
//! keeps Secrets, and the hash.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kubernetes_objects::manifest::{Manifest, ObjectKey};
use serde_json::{Map, Value, json};

use crate::binding::{self, BindingError};
use crate::object::Object;
use crate::{hash, labels};

/// An object ready to be sent, with its hash in it.
pub(crate) struct Prepared {
    pub(crate) key: ObjectKey,
    pub(crate) value: Value,
    pub(crate) hash: String,
}

/// Fills in everything that the manifest leaves to the engine.
pub(crate) fn prepare(
    manifest: &Manifest,
    network: &str,
    step: &str,
    source: &impl Fn(&ObjectKey) -> Option<Object>,
) -> Result<Prepared, BindingError> {
    let mut value = manifest.value().clone();
    binding::resolve(&mut value, source)?;
    let key = manifest.key();
    if key.kind == "Secret" {
        encode_string_data(&mut value);
    }
    let ours = json!({
        labels::MANAGED_BY: labels::MANAGER,
        labels::NETWORK: network,
        labels::STEP: step,
    });
    add_labels(&mut value, &ours);
    // Pods and claims are found by the same labels as what makes them.
    for path in ["/spec/template", "/spec/jobTemplate/spec/template"] {
        if let Some(template) = value.pointer_mut(path) {
            add_labels(template, &ours);
        }
    }
    if let Some(claims) = value
        .pointer_mut("/spec/volumeClaimTemplates")
        .and_then(Value::as_array_mut)
    {
        // Without the step: claim templates cannot be changed, and a step may get another name.
        let lasting = json!({ labels::MANAGED_BY: labels::MANAGER, labels::NETWORK: network });
        for claim in claims {
            add_labels(claim, &lasting);
        }
    }
    let hash = hash::of(&value);
    if let Some(annotations) =
        child(&mut value, "metadata").and_then(|metadata| child(metadata, "annotations"))
    {
        annotations[labels::CONTENT_HASH] = hash.clone().into();
    }
    Ok(Prepared { key, value, hash })
}

fn add_labels(object: &mut Value, ours: &Value) {
    let target = child(object, "metadata").and_then(|metadata| child(metadata, "labels"));
    if let (Some(target), Some(ours)) = (target.and_then(Value::as_object_mut), ours.as_object()) {
        for (name, value) in ours {
            target.insert(name.clone(), value.clone());
        }
    }
}

/// A map inside a map, made if it is missing.
fn child<'value>(value: &'value mut Value, name: &str) -> Option<&'value mut Value> {
    let entry = value
        .as_object_mut()?
        .entry(name.to_owned())
        .or_insert(Value::Null);
    if entry.is_null() {
        *entry = Value::Object(Map::new());
    }
    Some(entry)
}

/// `stringData` is write-only: what is sent must be what is read back, else fields could never be removed.
fn encode_string_data(secret: &mut Value) {
    let Some(plain) = secret
        .as_object_mut()
        .and_then(|secret| secret.remove("stringData"))
    else {
        return;
    };
    let Some(data) = child(secret, "data").and_then(Value::as_object_mut) else {
        return;
    };
    for (key, value) in plain.as_object().into_iter().flatten() {
        data.insert(
            key.clone(),
            STANDARD.encode(value.as_str().unwrap_or_default()).into(),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: Value) -> Prepared {
        let service = |_: &ObjectKey| Some(Object::new(json!({"spec": {"clusterIP": "10.0.0.1"}})));
        prepare(&Manifest::from(value), "alpha", "auth", &service).unwrap()
    }

    #[test]
    fn secrets_are_sent_in_the_form_they_are_kept_in() {
        let prepared = of(json!({
            "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "n"},
            "data": {"a": "YQ=="}, "stringData": {"b": "ip=@{service-ip:n/x}"},
        }));
        assert_eq!(
            prepared.value["data"],
            json!({"a": "YQ==", "b": STANDARD.encode("ip=10.0.0.1")})
        );
        assert_eq!(prepared.value.get("stringData"), None);
        assert_eq!(prepared.value["metadata"]["labels"][labels::NETWORK], "alpha");
        assert_eq!(
            prepared.value["metadata"]["annotations"][labels::CONTENT_HASH],
            prepared.hash
        );
    }

    #[test]
    fn templates_carry_the_labels_too() {
        let prepared = of(json!({
            "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "s", "namespace": "n"},
            "spec": {
                "template": {"metadata": {"labels": {"app": "s"}}},
                "volumeClaimTemplates": [{"metadata": {"name": "data"}}],
            },
        }));
        let template = &prepared.value["spec"]["template"]["metadata"]["labels"];
        assert_eq!(
            (&template["app"], &template[labels::STEP]),
            (&json!("s"), &json!("auth"))
        );
        let claim = &prepared.value["spec"]["volumeClaimTemplates"][0]["metadata"]["labels"];
        assert_eq!(
            (&claim[labels::NETWORK], claim.get(labels::STEP)),
            (&json!("alpha"), None)
        );
    }

    #[test]
    fn the_hash_follows_the_content() {
        let secret = |text: &str| {
            of(
                json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"a": text}}),
            )
        };
        assert_eq!(secret("x").hash, secret("x").hash);
        assert_ne!(secret("x").hash, secret("y").hash);
    }
}
