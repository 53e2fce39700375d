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
        // A mapping has no length of its own: its first key is what a caret can stand under.
        let span = entries.first().map_or(node.span, |(key, _)| key.span);
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

    /// A string.
    pub fn text(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Option<Located<String>> {
        self.get(key).and_then(|node| text(node, key, diagnostics))
    }

    /// A string that must be there.
    pub fn required_text(
        &mut self,
        key: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Located<String>> {
        self.require(key, diagnostics)
            .and_then(|node| text(node, key, diagnostics))
    }

    /// A boolean.
    pub fn boolean(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Option<Located<bool>> {
        let node = self.get(key)?;
        match node.value {
            Value::Boolean(value) => Some(Located {
                value,
                span: node.span,
            }),
            ref other => {
                diagnostics.push(wrong_type(node, key, "`true` or `false`", other));
                None
            }
        }
    }

    /// A whole number within limits.
    pub fn integer(
        &mut self,
        key: &'static str,
        limits: std::ops::RangeInclusive<u64>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Located<u64>> {
        let node = self.get(key)?;
        let Value::Integer(value) = node.value else {
            diagnostics.push(wrong_type(node, key, "a whole number", &node.value));
            return None;
        };
        let within = u64::try_from(value).ok().filter(|value| limits.contains(value));
        if within.is_none() {
            diagnostics.push(
                Diagnostic::new(
                    "topology::out-of-range",
                    node.span,
                    format!(
                        "`{key}` is {value}, outside of {} to {}",
                        limits.start(),
                        limits.end()
                    ),
                )
                .label("out of range"),
            );
        }
        within.map(|value| Located {
            value,
            span: node.span,
        })
    }

    /// A list, empty when the key is missing.
    pub fn list(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> &'a [Node] {
        match self.get(key) {
            None => &[],
            Some(node) => match &node.value {
                Value::List(items) => items,
                other => {
                    diagnostics.push(wrong_type(node, key, "a list", other));
                    &[]
                }
            },
        }
    }

    /// A list of strings.
    pub fn texts(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Vec<Located<String>> {
        self.list(key, diagnostics)
            .iter()
            .filter_map(|node| text(node, key, diagnostics))
            .collect()
    }

    /// Notes every key that nobody asked for, with the nearest one that exists.
    pub fn finish(self, diagnostics: &mut Diagnostics) {
        for (key, _) in self
            .entries
            .iter()
            .filter(|(key, _)| !self.asked.contains(&key.text.as_str()))
        {
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

fn text(node: &Node, key: &str, diagnostics: &mut Diagnostics) -> Option<Located<String>> {
    if let Value::Text(value) = &node.value {
        return Some(Located {
            value: value.clone(),
            span: node.span,
        });
    }
    let mut diagnostic = wrong_type(node, key, "a string", &node.value);
    if matches!(
        node.value,
        Value::Integer(_) | Value::Decimal(_) | Value::Boolean(_)
    ) {
        diagnostic = diagnostic.help("put it in quotation marks");
    }
    diagnostics.push(diagnostic);
    None
}

fn wrong_type(node: &Node, name: &str, wanted: &str, found: &Value) -> Diagnostic {
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
