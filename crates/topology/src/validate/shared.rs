//! What two components cannot share: a schema, a port of the cluster's nodes, a static address.

use std::collections::HashMap;

use super::{Scope, settings::Chain};
use crate::{
    declared,
    diagnostic::{Diagnostic, Diagnostics},
    model::{DatabaseKind, ExposureKind},
    node::Span,
};

pub(super) fn check(scope: Scope<'_>, diagnostics: &mut Diagnostics) {
    check_databases(scope, diagnostics);
    check_doors(scope.file, diagnostics);
}

/// Values with those who have them, in the order of the file.
struct Holders<'a>(Vec<(String, Vec<(&'a str, Span)>)>, HashMap<String, usize>);

impl<'a> Holders<'a> {
    fn new() -> Self {
        Self(Vec::new(), HashMap::new())
    }

    fn add(&mut self, value: String, holder: &'a str, span: Span) {
        let place = *self.1.entry(value).or_insert_with_key(|value| {
            self.0.push((value.clone(), Vec::new()));
            self.0.len() - 1
        });
        self.0[place].1.push((holder, span));
    }

    /// What more than one has: the value, who has it first, who has it next and where, and how many more there are.
    fn shared(&self) -> impl Iterator<Item = (&str, &str, &str, Span, usize)> {
        self.0
            .iter()
            .filter_map(|(value, holders)| match holders.as_slice() {
                [(first, _), (second, span), more @ ..] => {
                    Some((value.as_str(), *first, *second, *span, more.len()))
                }
                _ => None,
            })
    }
}

fn and_more(more: usize) -> String {
    if more == 0 {
        String::new()
    } else {
        format!(" (and {more} more)")
    }
}

/// Two products in one schema take each other's tables for their own (reference §2.1: a schema each).
fn check_databases(scope: Scope<'_>, diagnostics: &mut Diagnostics) {
    let file = scope.file;
    let mut schemas = Holders::new();
    let mut add = |who, database: Option<&declared::Database>, default_schema: Option<String>| {
        if let Some(database) = database
            && let Some(schema) = schema_of(database, default_schema)
        {
            schemas.add(schema, who, database.span);
        }
    };
    if let Some(cenm) = &file.cenm {
        let services = [
            ("auth", &cenm.auth, "auth"),
            ("zone", &cenm.zone, "zone"),
            (
                "identityManager",
                &cenm.identity_manager.service,
                "identity_manager",
            ),
            ("networkMap", &cenm.network_map.service, "network_map"),
        ];
        for (who, service, schema) in services {
            let database = service.database.as_ref().or(cenm.database.as_ref());
            add(who, database, Some(schema.to_owned()));
        }
        for subzone in &cenm.subzones {
            let Some(name) = &subzone.name else { continue };
            let service = &subzone.network_map.service;
            let database = service.database.as_ref().or(cenm.database.as_ref());
            let schema = format!("network_map_{}", name.value.as_str().replace('-', "_"));
            add(name.value.as_str(), database, Some(schema));
        }
    }
    for notary in &file.notaries {
        let chain = Chain::of(&notary.settings, notary.class.as_ref(), scope);
        let common = chain.first(|it| it.database.as_ref());
        let Some(name) = &notary.name else { continue };
        match &notary.high_availability {
            None => add(name.value.as_str(), common, None),
            Some(shared) => {
                add(name.value.as_str(), shared.database.as_ref(), None);
                for worker in &shared.workers {
                    let Some(name) = &worker.name else { continue };
                    add(name.value.as_str(), worker.database.as_ref().or(common), None);
                }
            }
        }
    }
    for participant in &file.participants {
        let chain = Chain::of(&participant.settings, participant.class.as_ref(), scope);
        let Some(name) = &participant.name else { continue };
        add(name.value.as_str(), chain.first(|it| it.database.as_ref()), None);
    }
    for (_, first, second, span, more) in schemas.shared() {
        diagnostics.push(
            Diagnostic::new(
                "topology::shared-database",
                span,
                format!("`{second}`{} would keep its state in the same schema as `{first}`", and_more(more)),
            )
            .label("one schema for two")
            .help("give each a `name`, a `schema` or a `user` of its own: two products in one schema break both"),
        );
    }
}

/// What tells a schema from all others; nothing for H2, and for what is incomplete.
fn schema_of(database: &declared::Database, default_schema: Option<String>) -> Option<String> {
    if database.kind.as_ref()?.value == DatabaseKind::H2 {
        return None;
    }
    let written = |text: &Option<crate::decode::Located<String>>| text.as_ref().map(|it| it.value.clone());
    let schema = written(&database.schema)
        .or(default_schema)
        .or_else(|| written(&database.user))?;
    Some(format!(
        "{} {:?} {schema:?}",
        database.address.as_ref()?.value,
        database.name.as_ref()?.value,
    ))
}

/// A node port leads to one Service of the cluster, and a static address to one load balancer.
fn check_doors(file: &declared::Topology, diagnostics: &mut Diagnostics) {
    let (mut ports, mut addresses) = (Holders::new(), Holders::new());
    for (who, exposure) in exposures(file) {
        let is = |kind| exposure.kind.as_ref().is_some_and(|it| it.value == kind);
        if let Some(port) = exposure.node_port.as_ref().filter(|_| is(ExposureKind::NodePort)) {
            ports.add(port.value.0.to_string(), who, port.span);
        }
        if let Some(address) = exposure
            .address
            .as_ref()
            .filter(|_| is(ExposureKind::LoadBalancer))
        {
            addresses.add(address.value.0.to_string(), who, address.span);
        }
    }
    for (port, first, second, span, more) in ports.shared() {
        diagnostics.push(
            Diagnostic::new(
                "topology::duplicate-node-port",
                span,
                format!(
                    "`{second}`{} would have the node port {port} of `{first}`",
                    and_more(more)
                ),
            )
            .label("taken")
            .help("a node port leads to one of them only: choose another, or let Kubernetes choose"),
        );
    }
    for (address, first, second, span, more) in addresses.shared() {
        diagnostics.push(
            Diagnostic::new(
                "topology::duplicate-address",
                span,
                format!(
                    "`{second}`{} would have the address {address} of `{first}`",
                    and_more(more)
                ),
            )
            .label("taken")
            .help("each load balancer has an address of its own: reserve another"),
        );
    }
}

/// Every exposure with its component; a worker without one has its notary's.
fn exposures(file: &declared::Topology) -> Vec<(&str, &declared::Exposure)> {
    let mut exposures: Vec<(&str, &declared::Exposure)> = Vec::new();
    if let Some(cenm) = &file.cenm {
        let services = [
            ("identityManager", &cenm.identity_manager.service),
            ("gateway", &cenm.gateway.service),
            ("networkMap", &cenm.network_map.service),
        ];
        let further = cenm.subzones.iter().filter_map(|subzone| {
            let name = subzone.name.as_ref()?.value.as_str();
            Some((name, &subzone.network_map.service))
        });
        exposures.extend(
            services
                .into_iter()
                .chain(further)
                .filter_map(|(who, service)| Some((who, service.exposure.as_ref()?))),
        );
    }
    for notary in &file.notaries {
        match &notary.high_availability {
            None => exposures.extend(
                notary
                    .name
                    .as_ref()
                    .map(|it| it.value.as_str())
                    .zip(notary.exposure.as_ref()),
            ),
            Some(shared) => exposures.extend(shared.workers.iter().filter_map(|worker| {
                let exposure = worker.exposure.as_ref().or(notary.exposure.as_ref());
                Some((worker.name.as_ref()?.value.as_str(), exposure?))
            })),
        }
    }
    for participant in &file.participants {
        let Some(name) = &participant.name else { continue };
        let own = participant.exposure.iter();
        let of_float = participant
            .firewall
            .iter()
            .filter_map(|wall| wall.exposure.as_ref());
        exposures.extend(
            own.chain(of_float)
                .map(|exposure| (name.value.as_str(), exposure)),
        );
    }
    exposures
}
