//! What must be there once only: names, legal names, host names.

use std::{collections::HashMap, fmt::Display};

use crate::{
    declared,
    decode::Located,
    diagnostic::{Diagnostic, Diagnostics},
    names::DnsName,
};

pub(super) fn check_unique(declared: &declared::Topology, diagnostics: &mut Diagnostics) {
    let workers = || {
        declared
            .notaries
            .iter()
            .filter_map(|notary| notary.high_availability.as_ref())
            .flat_map(|shared| &shared.workers)
    };
    let names = (declared.notaries.iter().map(|notary| &notary.name))
        .chain(workers().map(|worker| &worker.name))
        .chain(declared.participants.iter().map(|participant| &participant.name));
    check(names.flatten(), "topology::duplicate-name", "name", diagnostics);

    let subzones = declared.cenm.iter().flat_map(|cenm| &cenm.subzones);
    check(
        subzones.filter_map(|subzone| subzone.name.as_ref()),
        "topology::duplicate-name",
        "name",
        diagnostics,
    );
    for participant in &declared.participants {
        of_participant(participant, diagnostics);
    }
    let legal_names = (declared.notaries.iter())
        .flat_map(|notary| [&notary.legal_name, &notary.service_legal_name])
        .chain(workers().map(|worker| &worker.legal_name))
        .chain(
            declared
                .participants
                .iter()
                .map(|participant| &participant.legal_name),
        );
    check(
        legal_names.flatten(),
        "topology::duplicate-legal-name",
        "legal name",
        diagnostics,
    );
    check(
        hosts(declared).into_iter(),
        "topology::duplicate-host-name",
        "host name",
        diagnostics,
    );
    check_default_hosts(declared, diagnostics);
}

/// The hosts that services have while nothing else is written are taken as well.
fn check_default_hosts(declared: &declared::Topology, diagnostics: &mut Diagnostics) {
    let (Some(domain), Some(cenm)) = (&declared.domain, &declared.cenm) else {
        return;
    };
    let services = [
        ("identity-manager".to_owned(), &cenm.identity_manager.service),
        ("network-map".to_owned(), &cenm.network_map.service),
        ("gateway".to_owned(), &cenm.gateway.service),
    ];
    let further = cenm.subzones.iter().filter_map(|subzone| {
        let name = &subzone.name.as_ref()?.value;
        Some((format!("network-map-{name}"), &subzone.network_map.service))
    });
    let defaults: HashMap<String, String> = services
        .into_iter()
        .chain(further)
        .filter(|(_, service)| service.host.is_none())
        .map(|(name, _)| (format!("{name}.{}", domain.value), name))
        .collect();
    for host in hosts(declared) {
        if let Some(name) = defaults.get(&host.value.to_string()) {
            diagnostics.push(
                Diagnostic::new(
                    "topology::duplicate-host-name",
                    host.span,
                    format!(
                        "the host name `{}` is that of `{name}`, as long as it has no other",
                        host.value
                    ),
                )
                .label("taken")
                .help("choose another, or give the service a `host`"),
            );
        }
    }
}

/// Every host name that is written, of services, nodes and floats.
fn hosts(declared: &declared::Topology) -> Vec<&Located<DnsName>> {
    let mut hosts: Vec<&Located<DnsName>> = Vec::new();
    if let Some(cenm) = &declared.cenm {
        let services = [
            &cenm.identity_manager.service,
            &cenm.network_map.service,
            &cenm.gateway.service,
        ];
        let further = cenm.subzones.iter().map(|subzone| &subzone.network_map.service);
        hosts.extend(
            services
                .into_iter()
                .chain(further)
                .filter_map(|service| service.host.as_ref()),
        );
    }
    for notary in &declared.notaries {
        hosts.extend(&notary.host);
        let workers = notary.high_availability.iter().flat_map(|shared| &shared.workers);
        hosts.extend(workers.filter_map(|worker| worker.host.as_ref()));
    }
    for participant in &declared.participants {
        hosts.extend(&participant.host);
        hosts.extend(participant.firewall.iter().filter_map(|wall| wall.host.as_ref()));
    }
    hosts
}

/// A client shares the namespace of its participant, and so the names of its objects; and each RPC user has a name of
/// its own.
fn of_participant(participant: &declared::Participant, diagnostics: &mut Diagnostics) {
    let clients = || {
        participant
            .rpc_clients
            .iter()
            .filter_map(|client| client.name.as_ref())
    };
    check(
        participant.name.iter().chain(clients()),
        "topology::duplicate-name",
        "name",
        diagnostics,
    );
    let users = participant.rpc_users.iter().filter_map(|user| user.name.as_ref());
    check(
        clients().chain(users),
        "topology::duplicate-name",
        "name of an RPC user",
        diagnostics,
    );
    let Some(name) = &participant.name else { return };
    let prefix = format!("{}-", name.value);
    for client in clients() {
        if client.value.as_str().starts_with(&prefix) {
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

/// Notes each value that was there before.
fn check<'a, T: Display + 'a>(
    values: impl Iterator<Item = &'a Located<T>>,
    code: &'static str,
    what: &str,
    diagnostics: &mut Diagnostics,
) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for located in values {
        let form = located.value.to_string();
        if let Some(&first) = seen.get(&form) {
            let line = diagnostics.line_of(first);
            diagnostics.push(
                Diagnostic::new(
                    code,
                    located.span,
                    format!("the {what} `{form}` is taken already, in line {line}"),
                )
                .label("again here")
                .help("every one must differ"),
            );
        } else {
            seen.insert(form, located.span.offset);
        }
    }
}
