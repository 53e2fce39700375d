//! What is told about a text that is no topology before a single key is looked at.

use std::collections::HashMap;

use granit_parser::ErrorKind;

use super::DEEPEST;
use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    node::{Key, Node, Span},
};

/// The text is not YAML.
pub(super) fn syntax(kind: &ErrorKind, span: Span) -> Diagnostic {
    match kind {
        ErrorKind::RecursionLimitExceeded => too_deep(span),
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => Diagnostic::new("topology::tab", span, "a tab cannot stand here")
            .label("tab")
            .help("indent with spaces"),
        kind => Diagnostic::new("topology::yaml", span, kind.to_string()).help(match kind {
            ErrorKind::MappingValueNotAllowed => {
                "a key stands deeper than its neighbours, or a value that holds `: ` needs quotation marks"
            }
            ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation => {
                "all keys of a mapping begin in the same column"
            }
            ErrorKind::SimpleKeyExpected => "a key is followed by a colon and a space",
            ErrorKind::UnclosedQuotedScalar | ErrorKind::UnclosedFlowCollection { .. } => {
                "what was opened must be closed"
            }
            ErrorKind::UnknownQuotedScalarEscape => "in '…' a backslash is just a backslash",
            _ => "the file must be one YAML 1.2 document",
        }),
    }
}

pub(super) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(
        "topology::nesting",
        span,
        format!("mappings and lists are nested more than {DEEPEST} deep"),
    )
    .label("too deep")
    .help("nothing in a topology needs that: look for a bracket or an indentation too many")
}

pub(super) fn empty(span: Span) -> Diagnostic {
    Diagnostic::new("topology::empty-file", span, "the file declares nothing")
        .label("nothing")
        .help("`topologies/quickstart.yaml` is an example to begin with")
}

pub(super) fn second_document(span: Span) -> Diagnostic {
    Diagnostic::new(
        "topology::several-documents",
        span,
        "the file has a second document",
    )
    .label("begins here")
    .help("one file declares one network; parts of it can stand in other files, by `include`")
}

pub(super) fn anchor(what: &str, span: Span) -> Diagnostic {
    let message = format!("a topology has no YAML {what}");
    Diagnostic::new("topology::anchor", span, message)
        .label(what)
        .help("what several participants share belongs into a class that they name, or into `corda`")
}

pub(super) fn merge_key(span: Span) -> Diagnostic {
    Diagnostic::new("topology::merge-key", span, "a topology has no merge keys")
        .label("merge key")
        .help("what several participants share belongs into a class that they name, or into `corda`")
}

pub(super) fn tag(span: Span) -> Diagnostic {
    Diagnostic::new("topology::tag", span, "a topology has no YAML tags")
        .label("tag")
        .help("remove it; quotation marks make a string of a number")
}

pub(super) fn key_is_no_word(span: Span) -> Diagnostic {
    Diagnostic::new(
        "topology::yaml",
        span,
        "a mapping or list stands where a key is expected",
    )
    .label("not a key")
    .help("`{{ name }}` is not filled in here; a string that begins with `{` or `[` needs quotation marks")
}

/// Takes out every key that was there before; what is written first stays.
pub(crate) fn duplicate_keys(entries: &mut Vec<(Key, Node)>, diagnostics: &mut Diagnostics) {
    let mut first: HashMap<&str, Span> = HashMap::with_capacity(entries.len());
    let mut again = Vec::new();
    for (position, (key, _)) in entries.iter().enumerate() {
        if key.is_merge() {
            continue;
        }
        let Some(before) = first.get(key.text.as_str()) else {
            first.insert(&key.text, key.span);
            continue;
        };
        again.push(position);
        let line = diagnostics.line_of(before.offset);
        let message = format!("the key `{}` stands in line {line} already", key.text);
        diagnostics.push(
            Diagnostic::new("topology::duplicate-key", key.span, message)
                .label("again here")
                .help("remove one of the two"),
        );
    }
    if !again.is_empty() {
        let mut again = again.into_iter().peekable();
        let mut position = 0;
        entries.retain(|_| {
            let is_again = again.next_if_eq(&position).is_some();
            position += 1;
            !is_again
        });
    }
}
