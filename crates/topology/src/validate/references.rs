//! References by name: to nodes, classes and subzones.

use super::{Scope, index::Index};
use crate::{
    decode::{Located, nearest},
    diagnostic::{Diagnostic, Diagnostics},
    model::{Component, SubzoneId},
};

/// Among more names than these none is offered: comparing all of them would take longer than reading the file.
const MOST_COMPARED: usize = 1_000;

/// As many names are listed when none is close.
const MOST_LISTED: usize = 10;

/// Says that a reference is one to nothing.
fn to_nothing(reference: &Located<String>, what: &str, known: &[&str], diagnostics: &mut Diagnostics) {
    if diagnostics.is_full() {
        return diagnostics.omit();
    }
    let help = help(&reference.value, what, known);
    diagnostics.push(
        Diagnostic::new(
            "topology::unknown-reference",
            reference.span,
            format!("no {what} is named `{}`", reference.value),
        )
        .label("refers to nothing")
        .help(help),
    );
}

fn help(written: &str, what: &str, known: &[&str]) -> String {
    if known.is_empty() {
        return format!("the file has no {what}");
    }
    if known.len() <= MOST_COMPARED
        && let Some(near) = nearest(written, known)
    {
        return format!("did you mean `{near}`?");
    }
    let listed = known[..known.len().min(MOST_LISTED)].join(", ");
    match known.len() - known.len().min(MOST_LISTED) {
        0 => format!("known are: {listed}"),
        more => format!("known are: {listed} and {more} more"),
    }
}

/// The node that a reference means.
pub(super) fn component(
    reference: &Located<String>,
    index: &Index<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Component> {
    let found = index.node(&reference.value).cloned();
    // A name that was refused may be the one that is meant.
    if found.is_none() && !index.is_incomplete() {
        to_nothing(reference, "notary or participant", index.nodes(), diagnostics);
    }
    found
}

/// The subzone that a node names, or the main one.
pub(super) fn subzone(
    reference: Option<&Located<String>>,
    index: &Index<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<SubzoneId> {
    let Some(reference) = reference else {
        return Some(SubzoneId::Main);
    };
    let found = index.subzone(&reference.value);
    if found.is_none() {
        to_nothing(reference, "subzone", index.subzones(), diagnostics);
    }
    found.map(|name| SubzoneId::Named(name.clone()))
}

/// Every node's class exists. Names of classes are keys: no file has one twice.
pub(super) fn check_classes(scope: Scope<'_>, diagnostics: &mut Diagnostics) {
    let references = scope
        .file
        .participants
        .iter()
        .map(|participant| &participant.class)
        .chain(scope.file.notaries.iter().map(|notary| &notary.class))
        .flatten();
    for reference in references {
        if scope.index.class(&reference.value).is_none() {
            to_nothing(reference, "class", scope.index.classes(), diagnostics);
        }
    }
}
