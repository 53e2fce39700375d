//! What others have changed on the objects of a network since they were applied.

use std::collections::HashSet;

use jiff::Timestamp;
use kubernetes_objects::manifest::ObjectKey;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::failed;
use crate::api::briefly;
use crate::cluster::Cluster;
use crate::error::RolloutError;
use crate::foreign::ForeignField;
use crate::inventory::{Inventory, StepState};
use crate::kinds::Kind;
use crate::labels;
use crate::object::Object;

/// Characters of a value that are told.
const LONGEST_VALUE: usize = 60;

/// A difference between what was applied and what is there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Drift {
    /// The object.
    pub object: ObjectKey,
    /// The step that applied it.
    pub step: String,
    /// What was changed, e.g. `.spec.replicas`; empty if the whole object is gone.
    pub field: String,
    /// Its present value as JSON, shortened; absent if it is not there. Values of Secrets are never told.
    pub live: Option<String>,
    /// The field manager that changed it, e.g. `kubectl-edit`; empty if the object is gone.
    pub manager: String,
    /// When that manager last wrote to the object.
    #[schemars(with = "Option<String>")]
    pub at: Option<Timestamp>,
}

/// Finds what others have changed, one list for each kind: fields that they have set since our last apply, by the API
/// server's own account of field managers, and objects that are gone. What was wanted instead, only a topology knows.
pub async fn drift(cluster: &dyn Cluster, network: &str) -> Result<Vec<Drift>, RolloutError> {
    let inventory = super::inventory(cluster, network).await?;
    let mut kinds: Vec<&'static Kind> = Vec::new();
    for recorded in &inventory.objects {
        let kind = Kind::of(&recorded.key)?;
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let selector = labels::selector(network);
    let lists = kinds.into_iter().map(async |kind| {
        let found = briefly(|| cluster.list(kind, &selector)).await;
        found.map_err(|error| failed(cluster, &format!("list {}", kind.plural), error))
    });
    let live = futures::future::try_join_all(lists).await?.concat();
    Ok(compare(&inventory, &live))
}

fn compare(inventory: &Inventory, live: &[Object]) -> Vec<Drift> {
    let present: HashSet<ObjectKey> = live.iter().map(Object::key).collect();
    let was_there = |step: &str| {
        inventory
            .steps
            .get(step)
            .is_some_and(|step| step.state == StepState::Done)
    };
    let gone = inventory
        .objects
        .iter()
        // A Job that has done its work may be cleared away.
        .filter(|recorded| recorded.key.kind != "Job" && was_there(&recorded.step))
        .filter(|recorded| !present.contains(&recorded.key))
        .map(|recorded| Drift {
            object: recorded.key.clone(),
            step: recorded.step.clone(),
            field: String::new(),
            live: None,
            manager: String::new(),
            at: None,
        });
    let changed = live
        .iter()
        .flat_map(|object| object.foreign().iter().map(move |field| of(object, field)));
    let mut drift: Vec<Drift> = gone.chain(changed).collect();
    drift.sort();
    drift
}

fn of(object: &Object, field: &ForeignField) -> Drift {
    let key = object.key();
    let told = |value: &Value| {
        let text = value.to_string();
        if key.kind == "Secret" {
            "(secret)".to_owned()
        } else if text.chars().count() > LONGEST_VALUE {
            text.chars().take(LONGEST_VALUE).chain(['…']).collect()
        } else {
            text
        }
    };
    Drift {
        step: object.label(labels::STEP).unwrap_or_default().to_owned(),
        field: field.field(),
        live: field.value(object.value()).map(told),
        manager: field.manager.clone(),
        at: field.at,
        object: key,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use dependency_graph::DependencyGraph;
    use serde_json::json;

    use super::*;
    use crate::inventory::{Recorded, StepRecord};

    fn object(kind: &str, name: &str, changed: &str) -> Object {
        let managed = json!([
            { "manager": "cordanetes", "operation": "Apply", "time": "2026-11-23T06:00:00Z", "fieldsV1": {} },
            { "manager": "kubectl-edit", "operation": "Update", "time": "2026-11-23T06:01:00Z",
              "fieldsV1": { "f:data": { format!("f:{changed}"): {} } } },
        ]);
        let managed = if changed.is_empty() { json!([]) } else { managed };
        Object::new(json!({
            "apiVersion": "v1", "kind": kind,
            "metadata": {
                "name": name, "namespace": "n", "managedFields": managed, "labels": { (labels::STEP): "keys" },
            },
            "data": { "password": "aHVudGVyMg==", "long": "x".repeat(99) },
        }))
    }

    #[test]
    fn fields_and_objects_are_named_and_secrets_are_not_told() {
        let live = [
            object("Secret", "store", "password"),
            object("ConfigMap", "config", "long"),
            object("ConfigMap", "untouched", ""),
            object("ConfigMap", "emptied", "gone"),
        ];
        let recorded = |key: ObjectKey| Recorded {
            step: "keys".into(),
            key,
        };
        let missing = |kind: &str| recorded(object(kind, "missing", "").key());
        let mut objects: Vec<Recorded> = live.iter().map(|object| recorded(object.key())).collect();
        objects.extend([missing("ConfigMap"), missing("Job")]);
        let done = StepRecord {
            state: StepState::Done,
            hash: String::new(),
            duration: Duration::ZERO,
            finished: String::new(),
            message: None,
        };
        let inventory = Inventory {
            network: "alpha".into(),
            former: None,
            graph: DependencyGraph::builder().build().unwrap(),
            steps: BTreeMap::from([("keys".into(), done)]),
            objects,
            gates: BTreeMap::new(),
        };
        let told: Vec<String> = compare(&inventory, &live)
            .into_iter()
            .map(|drift| {
                format!(
                    "{} {} {:?} {}",
                    drift.object.name, drift.field, drift.live, drift.manager
                )
            })
            .collect();
        let long = format!("\"{}…", "x".repeat(59));
        assert_eq!(
            told,
            [
                format!("config .data.long {:?} kubectl-edit", Some(long)),
                "emptied .data.gone None kubectl-edit".to_owned(),
                "missing  None ".to_owned(),
                "store .data.password Some(\"(secret)\") kubectl-edit".to_owned(),
            ]
        );
    }
}
