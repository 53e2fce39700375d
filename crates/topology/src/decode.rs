//! From the tree to declared types, with every shape error noted and nothing given up at the first.

use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    node::{Key, Node, Span, Value},
};

/// A value with its place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

/// A mapping that is being read key by key. What was not asked for when [`Fields::finish`] is called is an
/// unknown key.
pub struct Fields<'a> {
    entries: &'a [(Key, Node)],
    asked: Vec<&'static str>,
    /// Where the mapping is, to point at when a key is missing.
    pub span: Span,
    /// What the mapping is called in messages, e.g. `a notary`.
    name: &'static str,
}

impl<'a> Fields<'a> {
    /// The fields of a mapping; anything else is noted and read as an empty one.
    pub fn of(node: &'a Node, name: &'static str, diagnostics: &mut Diagnostics) -> Self {
        let entries: &[(Key, Node)] = match &node.value {
            Value::Mapping(entries) => entries,
            other => {
                diagnostics.push(wrong_type(node, name, "a mapping of keys", other));
                &[]
            }
        };
        // A mapping has no length of its own: its first key is what a caret can stand under. What is missing is told where
        // a merge key was refused, and so not at all.
        let merge = entries.iter().find(|(key, _)| key.is_merge());
        let shown = merge.or(entries.first());
        let span = shown.map_or(node.span, |(key, _)| key.span);
        Self {
            entries,
            asked: Vec::new(),
            span,
            name,
        }
    }

    /// The value of a key, if it is there and not empty.
    pub fn get(&mut self, key: &'static str) -> Option<&'a Node> {
        self.asked.push(key);
        self.entries
            .iter()
            .find(|(found, _)| found.text == key)
            .map(|(_, node)| node)
            .filter(|node| !matches!(node.value, Value::Null))
    }

    /// A key that must be there.
    pub fn require(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Option<&'a Node> {
        let found = self.get(key);
        if found.is_none() {
            let place = self
                .entries
                .iter()
                .find(|(found, _)| found.text == key)
                .map(|(key, _)| key.span);
            diagnostics.push(
                Diagnostic::new(
                    "topology::missing-key",
                    place.unwrap_or(self.span),
                    format!("{} has no `{key}`", self.name),
                )
                .label(if place.is_some() {
                    "has no value"
                } else {
                    "in this mapping"
                })
                .help(format!("add `{key}:`")),
            );
        }
        found
    }

    /// The places of the keys that are there with a value, and every key that was asked for.
    pub(crate) fn present(&self) -> (Vec<Span>, &[&'static str]) {
        let present = self
            .entries
            .iter()
            .filter(|(key, node)| {
                self.asked.contains(&key.text.as_str()) && !matches!(node.value, Value::Null)
            })
            .map(|(key, _)| key.span)
            .collect();
        (present, &self.asked)
    }

    /// The keys that are there with a value, of those that were asked for. Whatever is wrong with a value is told; a key
    /// without one says nothing, and is as good as missing.
    pub(crate) fn written(&self) -> Vec<&'static str> {
        let has_value = |asked: &&&str| {
            let mut entries = self.entries.iter();
            entries.any(|(key, node)| key.text == **asked && !matches!(node.value, Value::Null))
        };
        self.asked.iter().filter(has_value).copied().collect()
    }

    /// What it is called in messages.
    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    /// Notes every key that nobody asked for, with the nearest one that exists.
    pub fn finish(self, diagnostics: &mut Diagnostics) {
        for (key, _) in self
            .entries
            .iter()
            .filter(|(key, _)| !self.asked.contains(&key.text.as_str()))
        {
            if diagnostics.is_full() {
                diagnostics.omit();
                continue;
            }
            let near = nearest(&key.text, &self.asked);
            let mut known = self.asked.clone();
            known.sort_unstable();
            let help = near.map_or_else(
                || format!("{} may have: {}", self.name, known.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            diagnostics.push(
                Diagnostic::new(
                    "topology::unknown-key",
                    key.span,
                    format!("{} has no key `{}`", self.name, key.text),
                )
                .label("unknown key")
                .help(help),
            );
        }
    }
}

/// The candidate that a person most likely meant, if one is close.
pub fn nearest<'c>(written: &str, candidates: &[&'c str]) -> Option<&'c str> {
    candidates
        .iter()
        .map(|candidate| {
            (
                strsim::jaro_winkler(&written.to_lowercase(), &candidate.to_lowercase()),
                *candidate,
            )
        })
        .filter(|(likeness, _)| *likeness > 0.82)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate)
}

pub(crate) fn wrong_type(node: &Node, name: &str, wanted: &str, found: &Value) -> Diagnostic {
    let name = if name.contains(' ') {
        name.to_owned()
    } else {
        format!("`{name}`")
    };
    Diagnostic::new(
        "topology::wrong-type",
        node.span,
        format!("{name} must be {wanted}, not {}", found.description()),
    )
    .label(format!("{} stands here", found.description()))
}
