//! Places in a topology, and how something is put there.

use std::fmt;

use serde_json::{Map, Value};

/// Keys one below the other; a number is a place in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path(Vec<String>);

impl Path {
    pub(crate) const fn root() -> Self {
        Self(Vec::new())
    }

    /// From text with dots.
    pub(crate) fn of(text: &str) -> Self {
        Self(
            text.split('.')
                .filter(|part| !part.is_empty())
                .map(ToOwned::to_owned)
                .collect(),
        )
    }

    pub(crate) fn then(&self, key: &str) -> Self {
        let mut path = self.clone();
        path.0.push(key.to_owned());
        path
    }

    /// With a member of a list or of names, unless it is empty.
    pub(crate) fn marked(self, member: &str) -> Self {
        if member.is_empty() {
            self
        } else {
            self.then(member)
        }
    }

    pub(crate) fn starts_with(&self, start: &str) -> bool {
        self.0.starts_with(&Self::of(start).0)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join("."))
    }
}

/// What is at a place.
pub(crate) fn find<'tree>(tree: &'tree Value, path: &Path) -> Option<&'tree Value> {
    path.0
        .iter()
        .try_fold(tree, |tree, part| match part.parse::<usize>() {
            Ok(at) => tree.get(at),
            Err(_) => tree.get(part),
        })
}

/// Puts a value at a place, with the mappings and lists that lead there; a mapping or list is merged into one that is
/// there, member by member.
pub(crate) fn put(tree: &mut Value, path: &Path, value: Value) {
    put_below(tree, &path.0, value);
}

fn put_below(tree: &mut Value, path: &[String], value: Value) {
    let Some((first, rest)) = path.split_first() else {
        merge(tree, value);
        return;
    };
    let child = if let Ok(at) = first.parse::<usize>() {
        if !tree.is_array() {
            *tree = Value::Array(Vec::new());
        }
        let list = tree.as_array_mut().unwrap();
        while list.len() <= at {
            list.push(Value::Null);
        }
        &mut list[at]
    } else {
        if !tree.is_object() {
            *tree = Value::Object(Map::new());
        }
        tree.as_object_mut()
            .unwrap()
            .entry(first.clone())
            .or_insert(Value::Null)
    };
    put_below(child, rest, value);
}

fn merge(into: &mut Value, value: Value) {
    match (into, value) {
        (Value::Object(there), Value::Object(new)) => {
            for (key, value) in new {
                merge(there.entry(key).or_insert(Value::Null), value);
            }
        }
        (Value::Array(there), Value::Array(new)) => {
            for (at, value) in new.into_iter().enumerate() {
                match there.get_mut(at) {
                    Some(there) => merge(there, value),
                    None => there.push(value),
                }
            }
        }
        (there, value) => *there = value,
    }
}
