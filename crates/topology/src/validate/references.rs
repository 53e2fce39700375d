//! References by name: to nodes, classes and subzones.

use crate::{
    declared,
    decode::{Located, nearest},
    diagnostic::{Diagnostic, Diagnostics},
    model::{Component, SubzoneId},
    names::NodeName,
};

/// What to say of a reference to nothing.
fn to_nothing(reference: &Located<String>, what: &str, known: &[&str]) -> Diagnostic {
    let help = nearest(&reference.value, known).map_or_else(
        || {
            if known.is_empty() {
                format!("the file has no {what}")
            } else {
                format!("known are: {}", known.join(", "))
            }
        },
        |near| format!("did you mean `{near}`?"),
    );
    Diagnostic::new(
        "topology::unknown-reference",
        reference.span,
        format!("no {what} is named `{}`", reference.value),
    )
    .label("refers to nothing")
    .help(help)
}

/// The node that a reference means.
pub(super) fn component(
    reference: &Located<String>,
    topology: &declared::Topology,
    diagnostics: &mut Diagnostics,
) -> Option<Component> {
    let is = |name: &Option<Located<NodeName>>| {
        name.as_ref()
            .is_some_and(|name| name.value.as_str() == reference.value)
    };
    if let Some(name) = topology.participants.iter().map(|it| &it.name).find(|it| is(it)) {
        return name
            .as_ref()
            .map(|name| Component::Participant(name.value.clone()));
    }
    for notary in &topology.notaries {
        if is(&notary.name) && notary.high_availability.is_none() {
            return notary
                .name
                .as_ref()
                .map(|name| Component::Notary(name.value.clone()));
        }
        let workers = notary.high_availability.iter().flat_map(|it| &it.workers);
        if let Some(worker) = workers.map(|it| &it.name).find(|it| is(it) || is(&notary.name)) {
            return Some(Component::NotaryWorker {
                notary: notary.name.as_ref()?.value.clone(),
                worker: worker.as_ref()?.value.clone(),
            });
        }
    }
    // A name that was refused may be the one that is meant.
    let is_refused =
        |written: &[&str], name: &Option<Located<NodeName>>| name.is_none() && written.contains(&"name");
    if topology
        .participants
        .iter()
        .any(|it| is_refused(&it.written, &it.name))
        || topology
            .notaries
            .iter()
            .any(|it| is_refused(&it.written, &it.name))
    {
        return None;
    }
    let names = topology
        .participants
        .iter()
        .map(|participant| &participant.name)
        .chain(topology.notaries.iter().map(|notary| &notary.name))
        .flatten();
    let known: Vec<&str> = names.map(|name| name.value.as_str()).collect();
    diagnostics.push(to_nothing(reference, "notary or participant", &known));
    None
}

/// The subzone that a node names, or the main one.
pub(super) fn subzone(
    reference: Option<&Located<String>>,
    topology: &declared::Topology,
    diagnostics: &mut Diagnostics,
) -> Option<SubzoneId> {
    let Some(reference) = reference else {
        return Some(SubzoneId::Main);
    };
    let names = || {
        topology
            .cenm
            .iter()
            .flat_map(|cenm| &cenm.subzones)
            .filter_map(|subzone| subzone.name.as_ref())
    };
    let found = names().find(|name| name.value.as_str() == reference.value);
    if found.is_none() {
        let known: Vec<&str> = names().map(|name| name.value.as_str()).collect();
        diagnostics.push(to_nothing(reference, "subzone", &known));
    }
    found.map(|name| SubzoneId::Named(name.value.clone()))
}

/// Every node's class exists, each class once.
pub(super) fn check_classes(topology: &declared::Topology, diagnostics: &mut Diagnostics) {
    let mut known: std::collections::HashMap<&str, &Located<String>> = std::collections::HashMap::new();
    for (name, _) in &topology.classes.0 {
        if known.insert(&name.value, name).is_some() {
            diagnostics.push(
                Diagnostic::new(
                    "topology::duplicate-name",
                    name.span,
                    format!("the class `{}` is declared twice", name.value),
                )
                .label("again here")
                .help("every one must differ"),
            );
        }
    }
    let references = topology
        .participants
        .iter()
        .map(|participant| &participant.class)
        .chain(topology.notaries.iter().map(|notary| &notary.class))
        .flatten();
    for reference in references {
        if !known.contains_key(reference.value.as_str()) {
            let names: Vec<&str> = topology
                .classes
                .0
                .iter()
                .map(|(name, _)| name.value.as_str())
                .collect();
            diagnostics.push(to_nothing(reference, "class", &names));
        }
    }
}
