//! What must be there once only: names, legal names, host names.

use std::collections::HashMap;

use crate::{
    declared,
    decode::Located,
    diagnostic::{Diagnostic, Diagnostics},
    names::X500Name,
};

pub(super) fn check_unique(declared: &declared::Topology, diagnostics: &mut Diagnostics) {
    let names = declared
        .notaries
        .iter()
        .filter_map(|notary| notary.name.as_ref())
        .chain(
            declared
                .participants
                .iter()
                .filter_map(|participant| participant.name.as_ref()),
        );
    check(
        names,
        "topology::duplicate-name",
        "name",
        |name| Some(name.to_owned()),
        diagnostics,
    );

    for participant in &declared.participants {
        let clients = participant
            .rpc_clients
            .iter()
            .filter_map(|client| client.name.as_ref());
        // A client shares the namespace of its participant, and so the names of its objects.
        let names = participant.name.iter().chain(clients);
        check(
            names,
            "topology::duplicate-name",
            "name",
            |name| Some(name.to_owned()),
            diagnostics,
        );
    }

    for participant in &declared.participants {
        let Some(name) = &participant.name else { continue };
        let prefix = format!("{}-", name.value);
        for client in participant
            .rpc_clients
            .iter()
            .filter_map(|client| client.name.as_ref())
        {
            if client.value.starts_with(&prefix) {
                diagnostics.push(
                    Diagnostic::new(
                        "topology::reserved-name",
                        client.span,
                        format!("names that begin with `{prefix}` are those of the node's own objects"),
                    )
                    .label("reserved")
                    .help("the client lives in its participant's namespace: no need to repeat its name"),
                );
            }
        }
    }

    let legal_names = declared
        .notaries
        .iter()
        .flat_map(|notary| [notary.legal_name.as_ref(), notary.service_legal_name.as_ref()])
        .chain(
            declared
                .participants
                .iter()
                .map(|participant| participant.legal_name.as_ref()),
        )
        .flatten();
    check(
        legal_names,
        "topology::duplicate-legal-name",
        "legal name",
        |name| X500Name::new(name).ok().map(|name| name.to_string()),
        diagnostics,
    );

    if let Some(cenm) = &declared.cenm {
        let hosts = [&cenm.identity_manager, &cenm.network_map.service, &cenm.gateway]
            .into_iter()
            .filter_map(|service| service.host.as_ref());
        check(
            hosts,
            "topology::duplicate-host-name",
            "host name",
            |host| Some(host.to_owned()),
            diagnostics,
        );
    }
}

/// Notes each value whose form was there before. `form` is what makes two of them the same.
fn check<'a>(
    values: impl Iterator<Item = &'a Located<String>>,
    code: &'static str,
    what: &str,
    form: impl Fn(&str) -> Option<String>,
    diagnostics: &mut Diagnostics,
) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for located in values {
        let Some(form) = form(&located.value) else {
            continue;
        };
        if let Some(&first) = seen.get(&form) {
            let line = diagnostics.line_of(first);
            diagnostics.push(
                Diagnostic::new(
                    code,
                    located.span,
                    format!("the {what} `{}` is taken already, in line {line}", located.value),
                )
                .label("again here")
                .help("every one must differ"),
            );
        } else {
            seen.insert(form, located.span.offset);
        }
    }
}
