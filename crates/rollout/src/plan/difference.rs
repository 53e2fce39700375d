//! What differs between two states of an object, by field.

use serde_json::{Map, Value};

/// A field that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Where, e.g. `.spec.template.spec.containers[main].image`.
    pub path: String,
    /// The value now; `None` if there is none.
    pub old: Option<Value>,
    /// The value then; `None` if there is none.
    pub new: Option<Value>,
}

/// By which field the items of a list are told apart, where they are objects and all have it.
const ITEM_KEYS: &[&str] = &["name", "key", "mountPath", "containerPort", "port", "ip", "host"];

/// Every field in which `new` differs from `old`. Items of lists are matched by their name or port where they have
/// one, so that an item in between is one difference.
pub fn differences(old: &Value, new: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", Some(old), Some(new), Missing::Differs, &mut found);
    found.sort_by(|left, right| left.path.cmp(&right.path));
    found
}

/// Every field that `wanted` says and `live` has otherwise; what `wanted` does not mention is left out.
pub(crate) fn unmet(live: &Value, wanted: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", Some(live), Some(wanted), Missing::Ignored, &mut found);
    found
}

/// What a field means that the new state does not mention.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Missing {
    Differs,
    Ignored,
}

fn compare(
    path: &str,
    old: Option<&Value>,
    new: Option<&Value>,
    missing: Missing,
    found: &mut Vec<Difference>,
) {
    match (old, new) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => compare_maps(path, old, new, missing, found),
        (Some(Value::Array(old)), Some(Value::Array(new))) => compare_lists(path, old, new, missing, found),
        (_, None) if missing == Missing::Ignored => {}
        (old, new) if old == new || (is_nothing(old) && is_nothing(new)) => {}
        (old, new) => found.push(Difference {
            path: path.to_owned(),
            old: old.cloned(),
            new: new.cloned(),
        }),
    }
}

/// The server leaves out what is empty.
fn is_nothing(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::Object(map)) => map.is_empty(),
        Some(Value::Array(items)) => items.is_empty(),
        Some(_) => false,
    }
}

fn compare_maps(
    path: &str,
    old: &Map<String, Value>,
    new: &Map<String, Value>,
    missing: Missing,
    found: &mut Vec<Difference>,
) {
    for (name, value) in old {
        compare(&member(path, name), Some(value), new.get(name), missing, found);
    }
    for (name, value) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        compare(&member(path, name), None, Some(value), missing, found);
    }
}

fn compare_lists(path: &str, old: &[Value], new: &[Value], missing: Missing, found: &mut Vec<Difference>) {
    if let Some(key) = ITEM_KEYS
        .iter()
        .find(|key| tells_apart(key, old) && tells_apart(key, new))
    {
        let of = |items: &[Value]| -> Map<String, Value> {
            items
                .iter()
                .map(|item| (plain(&item[*key]), item.clone()))
                .collect()
        };
        let (old_items, new_items) = (of(old), of(new));
        for (name, item) in &old_items {
            compare(
                &format!("{path}[{name}]"),
                Some(item),
                new_items.get(name),
                missing,
                found,
            );
        }
        for (name, item) in new_items
            .iter()
            .filter(|(name, _)| !old_items.contains_key(*name))
        {
            compare(&format!("{path}[{name}]"), None, Some(item), missing, found);
        }
    } else if old.len() == new.len() {
        for (position, (old, new)) in old.iter().zip(new).enumerate() {
            compare(
                &format!("{path}[{position}]"),
                Some(old),
                Some(new),
                missing,
                found,
            );
        }
    } else {
        found.push(Difference {
            path: path.to_owned(),
            old: Some(Value::from(old.to_vec())),
            new: Some(Value::from(new.to_vec())),
        });
    }
}

fn tells_apart(key: &str, items: &[Value]) -> bool {
    let mut seen = std::collections::HashSet::new();
    items.iter().all(|item| match item.get(key) {
        Some(value @ (Value::String(_) | Value::Number(_))) => seen.insert(plain(value)),
        _ => false,
    })
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Names with dots, like those of annotations and files, in brackets.
fn member(path: &str, name: &str) -> String {
    let simple = name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if simple && !name.is_empty() {
        format!("{path}.{name}")
    } else {
        format!("{path}[{name}]")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(found: &[Difference]) -> Vec<String> {
        let value = |value: &Option<Value>| value.as_ref().map_or("-".to_owned(), Value::to_string);
        found
            .iter()
            .map(|one| format!("{} {} -> {}", one.path, value(&one.old), value(&one.new)))
            .collect()
    }

    #[test]
    fn fields_are_named_by_their_path() {
        let old = json!({
            "metadata": { "labels": { "app": "a", "app.kubernetes.io/name": "x" } },
            "spec": { "replicas": 1, "containers": [
                { "name": "main", "image": "a:1", "env": [{ "name": "A", "value": "1" }, { "name": "B", "value": "2" }] },
                { "name": "side", "image": "s:1" },
            ], "args": ["a", "b"], "command": ["x"] },
        });
        let new = json!({
            "metadata": { "labels": { "app": "a", "app.kubernetes.io/name": "y" } },
            "spec": { "replicas": 2, "paused": false, "containers": [
                { "name": "new", "image": "n:1" },
                { "name": "main", "image": "a:2", "env": [{ "name": "B", "value": "3" }] },
                { "name": "side", "image": "s:1" },
            ], "args": ["a", "c"], "command": ["x", "y"] },
        });
        insta::assert_snapshot!(told(&differences(&old, &new)).join("\n"), @r#"
        .metadata.labels[app.kubernetes.io/name] "x" -> "y"
        .spec.args[1] "b" -> "c"
        .spec.command ["x"] -> ["x","y"]
        .spec.containers[main].env[A] {"name":"A","value":"1"} -> -
        .spec.containers[main].env[B].value "2" -> "3"
        .spec.containers[main].image "a:1" -> "a:2"
        .spec.containers[new] - -> {"name":"new","image":"n:1"}
        .spec.paused - -> false
        .spec.replicas 1 -> 2
        "#);
    }

    #[test]
    fn what_is_equal_or_empty_is_no_difference() {
        let same = json!({ "a": [1, { "b": null }], "ports": [{ "port": 80 }, { "port": 443 }] });
        assert_eq!(differences(&same, &same), []);
        assert_eq!(
            differences(&json!({ "a": {}, "b": [] }), &json!({ "b": null, "c": {} })),
            []
        );
        // Order does not matter where items have names.
        let turned = json!({ "a": [1, { "b": null }], "ports": [{ "port": 443 }, { "port": 80 }] });
        assert_eq!(differences(&same, &turned), []);
    }

    #[test]
    fn what_is_not_wanted_is_not_unmet() {
        let live =
            json!({ "spec": { "a": 1, "defaulted": true, "list": [{ "name": "x", "v": 1, "d": 2 }] } });
        let wanted = json!({ "spec": { "a": 2, "list": [{ "name": "x", "v": 1 }] } });
        assert_eq!(told(&unmet(&live, &wanted)), [".spec.a 1 -> 2"]);
    }
}
