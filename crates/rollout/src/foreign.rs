//! What others have set on an object since it was last applied, as the API server keeps account of it.
//!
//! A field that somebody else changes is no longer ours, but theirs. So the fields that others have set later than our
//! last apply are the drift, without a copy of what was applied. Controllers are left out: that they write is what
//! they are for.

use jiff::Timestamp;
use serde_json::Value;

use crate::labels;

/// Managers of Kubernetes itself.
const CONTROLLERS: [&str; 6] = [
    "kube-controller-manager",
    "kube-scheduler",
    "kubelet",
    "kube-apiserver",
    "cloud-controller-manager",
    "csi-provisioner",
];

/// A field that somebody else has set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ForeignField {
    /// Keys from the root to the field.
    pub(crate) path: Vec<Part>,
    /// The field manager.
    pub(crate) manager: String,
    /// When it last wrote to the object.
    pub(crate) at: Option<Timestamp>,
}

/// A part of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A field of a map.
    Field(String),
    /// An item of a list, by the fields that identify it.
    Item(Value),
    /// A value of a set.
    Member(Value),
}

impl Part {
    fn text(&self) -> String {
        match self {
            Self::Field(name) if name.contains(['.', '/']) => format!("[{name}]"),
            Self::Field(name) => format!(".{name}"),
            Self::Item(keys) => {
                let keys = keys.as_object().into_iter().flatten();
                let keys: Vec<String> = keys
                    .map(|(name, value)| format!("{name}={}", plain(value)))
                    .collect();
                format!("[{}]", keys.join(","))
            }
            Self::Member(value) => format!("[{}]", plain(value)),
        }
    }
}

/// Reads the account of the API server; nothing for objects that we did not apply.
pub(crate) fn foreign(account: &Value) -> Vec<ForeignField> {
    let Some(entries) = account.as_array() else {
        return Vec::new();
    };
    let time = |entry: &Value| {
        entry["time"]
            .as_str()
            .and_then(|time| time.parse::<Timestamp>().ok())
    };
    let is_ours = |entry: &&Value| entry["manager"] == labels::MANAGER && entry["operation"] == "Apply";
    let Some(ours) = entries.iter().find(is_ours) else {
        return Vec::new();
    };
    let applied = time(ours);
    let mut found = Vec::new();
    for entry in entries.iter().filter(|entry| !is_ours(entry)) {
        let manager = entry["manager"].as_str().unwrap_or_default();
        let is_status = !matches!(entry["subresource"].as_str(), None | Some("" | "scale"));
        if is_status || CONTROLLERS.contains(&manager) || time(entry) < applied {
            continue;
        }
        let mut found_here = Vec::new();
        gather(&entry["fieldsV1"], &mut Vec::new(), &mut found_here);
        found.extend(found_here.into_iter().map(|path| ForeignField {
            path,
            manager: manager.to_owned(),
            at: time(entry),
        }));
    }
    found
}

/// The leaves below a set of fields.
fn gather(fields: &Value, above: &mut Vec<Part>, paths: &mut Vec<Vec<Part>>) {
    for (name, below) in fields.as_object().into_iter().flatten() {
        let Some(part) = part(name) else { continue };
        above.push(part);
        let is_leaf = below
            .as_object()
            .is_none_or(|below| below.keys().all(|name| name == "."));
        if is_leaf {
            paths.push(above.clone());
        } else {
            gather(below, above, paths);
        }
        above.pop();
    }
}

/// `f:NAME`, `k:{…}` or `v:…`; `.` is the parent itself, and positions in lists say nothing that lasts.
fn part(name: &str) -> Option<Part> {
    match name.split_once(':')? {
        ("f", field) => Some(Part::Field(field.to_owned())),
        ("k", keys) => serde_json::from_str(keys).ok().map(Part::Item),
        ("v", value) => serde_json::from_str(value).ok().map(Part::Member),
        _ => None,
    }
}

impl ForeignField {
    /// The field as people write it, e.g. `.spec.template.spec.containers[name=auth].image`.
    pub(crate) fn field(&self) -> String {
        self.path.iter().map(Part::text).collect()
    }

    /// The field's present value; `None` if it is not there.
    pub(crate) fn value<'object>(&self, object: &'object Value) -> Option<&'object Value> {
        self.path.iter().try_fold(object, |value, part| match part {
            Part::Field(name) => value.get(name),
            Part::Item(keys) => value.as_array()?.iter().find(|item| {
                keys.as_object()
                    .into_iter()
                    .flatten()
                    .all(|(name, value)| item.get(name) == Some(value))
            }),
            Part::Member(member) => value.as_array()?.iter().find(|item| *item == member),
        })
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry(manager: &str, operation: &str, time: &str, subresource: &str, fields: &Value) -> Value {
        json!({
            "manager": manager, "operation": operation, "time": time,
            "subresource": subresource, "fieldsV1": fields,
        })
    }

    fn told(entries: &[Value]) -> Vec<String> {
        let live = json!({
            "metadata": { "labels": { "a.b/c": "x" }, "finalizers": ["hold"] },
            "spec": { "replicas": 3, "template": { "spec": { "containers": [{ "name": "main", "image": "i:2" }] } } },
        });
        let found = foreign(&json!(entries));
        let told = found.iter().map(|field| {
            let value = field
                .value(&live)
                .map_or("nothing".to_owned(), ToString::to_string);
            format!("{} {} is {value}", field.manager, field.field())
        });
        told.collect()
    }

    #[test]
    fn what_others_set_since_our_apply() {
        let (before, then, since) = (
            "2026-11-23T06:00:00Z",
            "2026-11-23T06:00:05Z",
            "2026-11-23T06:00:09Z",
        );
        let ours = entry(
            "cordanetes",
            "Apply",
            then,
            "",
            &json!({ "f:spec": { "f:paused": {} } }),
        );
        let label = json!({ "f:metadata": { "f:labels": { "f:a.b/c": {}, ".": {} }, "f:finalizers": { "v:\"hold\"": {} } } });
        let image = json!({ "f:spec": { "f:template": { "f:spec": { "f:containers": {
            "k:{\"name\":\"main\"}": { ".": {}, "f:image": {} },
            "k:{\"name\":\"gone\"}": { ".": {} },
        } } } } });
        let scale = json!({ "f:spec": { "f:replicas": {} } });
        let status = json!({ "f:status": { "f:replicas": {} } });
        let entries = [
            ours.clone(),
            entry("kubectl", "Update", since, "scale", &scale),
            entry("kubectl-edit", "Update", then, "", &label),
            entry("helm", "Apply", since, "", &image),
            entry("early", "Update", before, "", &scale),
            entry("kube-controller-manager", "Update", since, "", &label),
            entry("operator", "Update", since, "status", &status),
        ];
        assert_eq!(
            told(&entries),
            [
                "kubectl .spec.replicas is 3",
                "kubectl-edit .metadata.labels[a.b/c] is \"x\"",
                "kubectl-edit .metadata.finalizers[hold] is \"hold\"",
                "helm .spec.template.spec.containers[name=main].image is \"i:2\"",
                "helm .spec.template.spec.containers[name=gone] is nothing",
            ]
        );
        assert_eq!(told(&entries[..1]), [""; 0]);
        // What we did not apply is not ours to judge.
        assert_eq!(told(&entries[1..]), [""; 0]);
    }
}
