//! The operator's own keys of `node.conf`: what a topology's `configuration` says, as overrides, and what is wrong with
//! them. The topology does not know the products' keys, so `validate` and `deploy` ask here.

use product_config::node_conf::{
    OverrideProblem, OverrideProblemKind, Overrides, PathPart, Setting, check_overrides,
};
use topology::{
    Diagnostic, Diagnostics, Topology,
    model::Node,
    node::{self, Span, Value},
};

use crate::component::node::release;

/// The code of what is told here.
pub const CODE: &str = "topology::configuration-key";

/// The overrides of a node, with what the topology says of its connections in a key of its own.
pub fn overrides(node: &Node) -> Overrides {
    let mut overrides: Overrides = node
        .configuration
        .iter()
        .map(|(key, value)| (key.text.clone(), setting(&value.value)))
        .collect();
    if let Some(connections) = node.database.server().and_then(|server| server.connections) {
        let source = overrides
            .entry("dataSourceProperties".to_owned())
            .or_insert_with(|| Setting::Mapping(Overrides::new()));
        if let Setting::Mapping(source) = source {
            source
                .entry("maximumPoolSize".to_owned())
                .or_insert_with(|| Setting::Integer(connections.into()));
        }
    }
    overrides
}

fn setting(value: &Value) -> Setting {
    match value {
        Value::Mapping(entries) => Setting::Mapping(
            entries
                .iter()
                .map(|(key, node)| (key.text.clone(), setting(&node.value)))
                .collect(),
        ),
        Value::List(nodes) => Setting::List(nodes.iter().map(|node| setting(&node.value)).collect()),
        Value::Text(text) => Setting::Text(text.clone()),
        // What no key of the product takes is told as text of the same digits.
        Value::Integer(number) => {
            i64::try_from(*number).map_or_else(|_| Setting::Text(number.to_string()), Setting::Integer)
        }
        Value::Decimal(number) => Setting::Decimal(*number),
        Value::Boolean(boolean) => Setting::Boolean(*boolean),
        Value::Null | Value::Alias => Setting::Text(String::new()),
    }
}

/// Tells every key that a node of its edition and release would refuse, that is set elsewhere, or that holds a secret.
pub fn check(topology: &Topology, diagnostics: &mut Diagnostics) {
    for node in topology.nodes().filter(|node| !node.configuration.is_empty()) {
        let Ok(release) = release(node) else { continue };
        let overrides: Overrides = node
            .configuration
            .iter()
            .map(|(key, value)| (key.text.clone(), setting(&value.value)))
            .collect();
        for problem in check_overrides(&overrides, release) {
            diagnostics.push(diagnostic(node, &problem));
        }
    }
}

fn diagnostic(node: &Node, problem: &OverrideProblem) -> Diagnostic {
    let help = match &problem.kind {
        OverrideProblemKind::Unknown {
            nearest: Some(nearest),
            ..
        } => {
            format!(
                "write `{nearest}`, or remove it: the node refuses to start with a key that it does not know"
            )
        }
        OverrideProblemKind::Unknown { nearest: None, .. } => {
            "remove it: the node refuses to start with a key that it does not know".to_owned()
        }
        OverrideProblemKind::NotInRelease { .. } => {
            "remove it, or set `edition` and `version` to what the image holds".to_owned()
        }
        OverrideProblemKind::Owned { .. } => "remove it here".to_owned(),
        OverrideProblemKind::Secret => {
            "remove it: secrets are generated, or named by a reference in a key of their own".to_owned()
        }
        OverrideProblemKind::Missing { .. } => "add it: the node refuses the block without it".to_owned(),
        OverrideProblemKind::WrongType { expected, .. } => format!("write {expected}"),
    };
    Diagnostic::new(CODE, span(node, &problem.path), problem.to_string())
        .label("not accepted")
        .help(help)
}

/// The place of what a path leads to: of the key where it is one, else of the value.
fn span(node: &Node, path: &[PathPart]) -> Span {
    let mut parts = path.iter();
    let Some(PathPart::Key(first)) = parts.next() else {
        return Span::default();
    };
    let Some((key, mut value)) = node
        .configuration
        .iter()
        .find(|(key, _)| key.text == *first)
        .map(|(key, value)| (key, value))
    else {
        return Span::default();
    };
    let mut span = key.span;
    for part in parts {
        match below(value, part) {
            Some((place, next)) => (span, value) = (place, next),
            None => break,
        }
    }
    span
}

fn below<'a>(value: &'a node::Node, part: &PathPart) -> Option<(Span, &'a node::Node)> {
    match (part, &value.value) {
        (PathPart::Key(name), Value::Mapping(entries)) => entries
            .iter()
            .find(|(key, _)| key.text == *name)
            .map(|(key, node)| (key.span, node)),
        (PathPart::Index(index), Value::List(nodes)) => nodes.get(*index).map(|node| (node.span, node)),
        _ => None,
    }
}
