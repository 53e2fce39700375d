//! How long a list may be. Each participant has a namespace of its own, and Kubernetes is made for ten thousand
//! of them; a longer list is a mistake, and would take gigabytes before anybody could say so.

use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    node::{Node, Value},
};

/// Items of a list, with those of included files.
const MOST_ITEMS: usize = 10_000;

/// Tells every list below a node that is too long, and cuts it.
pub(crate) fn lists(node: &mut Node, diagnostics: &mut Diagnostics) {
    match &mut node.value {
        Value::Mapping(entries) => {
            for (_, value) in entries {
                lists(value, diagnostics);
            }
        }
        Value::List(items) => {
            if let Some(first) = items.get(MOST_ITEMS) {
                let message = format!("the list has {} items, {MOST_ITEMS} are the most", items.len());
                diagnostics.push(
                    Diagnostic::new("topology::too-many", first.span, message)
                        .label("one too many")
                        .help("no cluster has so many namespaces: part the network, or look for what repeats itself"),
                );
                items.truncate(MOST_ITEMS);
            }
            for item in items {
                lists(item, diagnostics);
            }
        }
        Value::Text(_)
        | Value::Integer(_)
        | Value::Decimal(_)
        | Value::Boolean(_)
        | Value::Null
        | Value::Alias => {}
    }
}
