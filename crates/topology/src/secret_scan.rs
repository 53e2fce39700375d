//! No secret stands in a topology: it lies in git and goes through reviews. Every value is looked at; what
//! is found is told without itself, and blotted out in every line that a report shows.

mod look;

use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    node::{Key, Node, Span, Value},
};

pub(crate) use look::{blot_lines, stars};

/// Looks at every value below a node.
pub(crate) fn scan(root: &Node, diagnostics: &mut Diagnostics) {
    walk(root, "", diagnostics);
}

fn walk(node: &Node, key: &str, diagnostics: &mut Diagnostics) {
    match &node.value {
        Value::Mapping(entries) => {
            for (Key { text, .. }, value) in entries {
                walk(value, text, diagnostics);
            }
        }
        Value::List(items) => {
            let mut before = "";
            for item in items {
                let text = match &item.value {
                    Value::Text(text) => text.as_str(),
                    _ => "",
                };
                if look::asks_for_secret(before) && !text.is_empty() && !text.starts_with('-') {
                    found(look::Found::Literal, before, item.span, text, diagnostics);
                } else {
                    walk(item, key, diagnostics);
                }
                before = text;
            }
        }
        Value::Text(text) => {
            if let Some(what) = look::at(key, text) {
                found(what, key, node.span, text, diagnostics);
            }
        }
        Value::Integer(number) if look::names_secret(key) => {
            found(
                look::Found::Literal,
                key,
                node.span,
                &number.to_string(),
                diagnostics,
            );
        }
        Value::Integer(_) | Value::Decimal(_) | Value::Boolean(_) | Value::Null | Value::Alias => {}
    }
}

fn found(what: look::Found, key: &str, span: Span, text: &str, diagnostics: &mut Diagnostics) {
    let (code, message) = match what {
        look::Found::Default => (
            "topology::default-password",
            format!("`{key}` holds a password that R3 publishes as a default"),
        ),
        look::Found::Literal => (
            "topology::plain-secret",
            format!("`{key}` holds a secret in clear"),
        ),
        look::Found::Shape(shape) => (
            "topology::plain-secret",
            format!("`{key}` holds {shape} in clear"),
        ),
    };
    diagnostics.blot(span, text);
    diagnostics.push(
        Diagnostic::new(code, span, message)
            .label("not shown here")
            .help("put it into a Secret and name that; if it was a real one, it is known now: change it"),
    );
}
