//! Kinds that say by conditions how far they are: definitions and extensions of the API, and what others' controllers
//! bring. Their types are not known here, so the conditions are read as they stand.

use serde_json::Value;

use super::Readiness;
use crate::object::Object;

/// A condition of an object.
struct Condition<'object> {
    status: &'object str,
    reason: &'object str,
    message: &'object str,
}

impl Condition<'_> {
    /// For a person, e.g. `Issuing: the order is pending`.
    fn told(&self) -> String {
        match (self.reason, self.message) {
            ("", "") => "it does not say why".to_owned(),
            (reason, "") => reason.to_owned(),
            ("", message) => message.to_owned(),
            (reason, message) => format!("{reason}: {message}"),
        }
    }
}

fn find<'object>(conditions: &'object Value, wanted: &str) -> Option<Condition<'object>> {
    let found = list(conditions).find(|condition| condition["type"] == wanted)?;
    let text = |name: &str| found[name].as_str().unwrap_or_default();
    Some(Condition {
        status: text("status"),
        reason: text("reason"),
        message: text("message"),
    })
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// That all of these conditions are true.
fn all_true(conditions: &Value, wanted: &[&str]) -> Readiness {
    for name in wanted {
        match find(conditions, name) {
            Some(condition) if condition.status == "True" => {}
            Some(condition) => {
                return Readiness::InProgress(format!("it is not {}: {}", words(name), condition.told()));
            }
            None => return Readiness::InProgress(format!("nobody says yet whether it is {}", words(name))),
        }
    }
    Readiness::Current
}

/// `ResolvedRefs` → `resolved refs`.
fn words(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

/// That the controller has seen the newest version, where it says which it has seen.
fn is_unseen(object: &Object) -> bool {
    let generation = object.value()["metadata"]["generation"].as_i64();
    let observed = object.value()["status"]["observedGeneration"].as_i64();
    matches!((generation, observed), (Some(generation), Some(observed)) if observed < generation)
}

fn unseen() -> Readiness {
    Readiness::InProgress("its controller has not seen the newest version".to_owned())
}

/// A definition of a kind is current when the API server serves the kind.
pub(super) fn definition(object: &Object) -> Readiness {
    let conditions = &object.value()["status"]["conditions"];
    if let Some(names) = find(conditions, "NamesAccepted").filter(|condition| condition.status == "False") {
        return Readiness::Failed(format!("its names are not accepted: {}", names.told()));
    }
    all_true(conditions, &["Established"])
}

/// An extension of the API is current when its server answers.
pub(super) fn extension(object: &Object) -> Readiness {
    all_true(&object.value()["status"]["conditions"], &["Available"])
}

/// A Gateway is current when its controller has taken it and set it up.
pub(super) fn gateway(object: &Object) -> Readiness {
    let conditions = &object.value()["status"]["conditions"];
    if of_older_generation(object, conditions) {
        return unseen();
    }
    all_true(conditions, &["Accepted", "Programmed"])
}

/// A route is current when each Gateway that it names has taken it and knows its backends. What is left of a Gateway
/// that it names no more does not count.
pub(super) fn route(object: &Object) -> Readiness {
    let named: Vec<&Value> = list(&object.value()["spec"]["parentRefs"]).collect();
    let namespace = &object.value()["metadata"]["namespace"];
    let is_same = |told: &Value, named: &Value| {
        let in_namespace = |parent: &Value| match &parent["namespace"] {
            Value::Null => namespace.clone(),
            given => given.clone(),
        };
        told["name"] == named["name"]
            && told["sectionName"] == named["sectionName"]
            && in_namespace(told) == in_namespace(named)
    };
    let parents: Vec<&Value> = list(&object.value()["status"]["parents"])
        .filter(|parent| named.iter().any(|named| is_same(&parent["parentRef"], named)))
        .collect();
    let answered = named
        .iter()
        .filter(|named| parents.iter().any(|parent| is_same(&parent["parentRef"], named)))
        .count();
    if answered < named.len() {
        return Readiness::InProgress(format!("{answered} of {} Gateways have answered", named.len()));
    }
    for parent in parents {
        let conditions = &parent["conditions"];
        if of_older_generation(object, conditions) {
            return unseen();
        }
        let told = all_true(conditions, &["Accepted", "ResolvedRefs"]);
        if told != Readiness::Current {
            let name = parent["parentRef"]["name"].as_str().unwrap_or_default();
            return match told {
                Readiness::InProgress(reason) => Readiness::InProgress(format!("Gateway `{name}`: {reason}")),
                other => other,
            };
        }
    }
    Readiness::Current
}

/// A certificate of cert-manager is current when it is issued; a failed attempt is tried again after an hour at the
/// earliest, so it counts as failed.
pub(super) fn certificate(object: &Object) -> Readiness {
    let conditions = &object.value()["status"]["conditions"];
    if of_older_generation(object, conditions) {
        return unseen();
    }
    let is_issued = find(conditions, "Ready").is_some_and(|condition| condition.status == "True");
    let attempt = find(conditions, "Issuing")
        .filter(|condition| !is_issued && condition.status == "False" && condition.reason == "Failed");
    if let Some(attempt) = attempt {
        return Readiness::Failed(format!("it was not issued: {}", attempt.message));
    }
    all_true(conditions, &["Ready"])
}

/// An autoscaler has no end to arrive at; it only says when it cannot work as configured.
pub(super) fn autoscaler(object: &Object) -> Readiness {
    let conditions = &object.value()["status"]["conditions"];
    match find(conditions, "ConfigUnsupported").filter(|condition| condition.status == "True") {
        Some(condition) => Readiness::Failed(format!(
            "its configuration is not supported: {}",
            condition.told()
        )),
        None => Readiness::Current,
    }
}

/// Any other kind: current as soon as it exists, unless it says by the usual conditions that it is not.
pub(super) fn usual(object: &Object) -> Readiness {
    if is_unseen(object) {
        return unseen();
    }
    let conditions = &object.value()["status"]["conditions"];
    if let Some(stalled) = find(conditions, "Stalled").filter(|condition| condition.status == "True") {
        return Readiness::Failed(stalled.told());
    }
    match find(conditions, "Ready") {
        None => Readiness::Current,
        Some(_) => all_true(conditions, &["Ready"]),
    }
}

/// A kind whose controller always says by `Ready` that it is done.
pub(super) fn said_ready(object: &Object) -> Readiness {
    if is_unseen(object) {
        return unseen();
    }
    all_true(&object.value()["status"]["conditions"], &["Ready"])
}

/// An `ExternalSecret` is current when its controller has read what its newest version names. Its conditions do not say
/// which version they are about; `syncedResourceVersion` does: the generation, `-`, and a digest of the metadata.
pub(super) fn external_secret(object: &Object) -> Readiness {
    let told = said_ready(object);
    let generation = object.value()["metadata"]["generation"].as_i64();
    let synced = object
        .text("/status/syncedResourceVersion")
        .and_then(|version| version.split('-').next()?.parse::<i64>().ok());
    match (generation, synced) {
        (Some(generation), Some(synced)) if synced < generation && told == Readiness::Current => unseen(),
        _ => told,
    }
}

/// Whether the conditions are about an older version; each says by itself which it is about.
fn of_older_generation(object: &Object, conditions: &Value) -> bool {
    let Some(generation) = object.value()["metadata"]["generation"].as_i64() else {
        return false;
    };
    list(conditions)
        .filter_map(|condition| condition["observedGeneration"].as_i64())
        .any(|observed| observed < generation)
}
