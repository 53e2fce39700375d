//! Notaries: single ones, and those of several workers.

use super::{
    Scope, database,
    exposure::{self, Speaks},
    nodes::{self, Own},
    ports, references,
    settings::Chain,
};
use crate::{
    declared,
    diagnostic::{Diagnostic, Diagnostics},
    model::{Edition, HighAvailability, Node, NodeRole, NotaryJoins, NotaryService, SubzoneId},
};

/// The services and their nodes.
pub(super) fn validate(
    scope: Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<(Vec<NotaryService>, Vec<Node>)> {
    if scope.file.notaries.is_empty() {
        diagnostics.push(
            Diagnostic::new(
                "topology::no-notary",
                scope.file.span,
                "the network has no notary",
            )
            .label("in this file")
            .help("add one under `notaries:`; network parameters are made with the first notary's identity"),
        );
    } else if scope
        .file
        .notaries
        .iter()
        .all(|notary| joins(notary) == NotaryJoins::Later)
        && let Some(span) = scope.file.notaries.first().map(|notary| notary.span)
    {
        diagnostics.push(
            Diagnostic::new("topology::no-notary", span, "every notary joins later")
                .label("none is there at first")
                .help("let one join `initially`"),
        );
    }
    let all: Vec<_> = scope
        .file
        .notaries
        .iter()
        .map(|declared| one(declared, scope, diagnostics))
        .collect();
    let all: Vec<_> = all.into_iter().collect::<Option<_>>()?;
    let (services, nodes): (Vec<_>, Vec<_>) = all.into_iter().unzip();
    Some((services, nodes.into_iter().flatten().collect()))
}

fn joins(declared: &declared::Notary) -> NotaryJoins {
    declared
        .joins
        .as_ref()
        .map_or(NotaryJoins::Initially, |joins| joins.value)
}

fn one(
    declared: &declared::Notary,
    scope: Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<(NotaryService, Vec<Node>)> {
    let subzone = references::subzone(declared.subzone.as_ref(), scope.index, diagnostics);
    let chain = Chain::of(&declared.settings, declared.class.as_ref(), scope);
    let validating = declared.validating.as_ref().is_some_and(|it| it.value);
    let (shared, nodes) = match &declared.high_availability {
        None => (
            None,
            vec![single(declared, &chain, subzone.as_ref(), scope, diagnostics)],
        ),
        Some(shared) => {
            check_shared(declared, shared, &chain, diagnostics);
            let database = shared
                .database
                .as_ref()
                .and_then(|it| database::database(it, database::Owner::NotaryWorkers, diagnostics));
            let tools_image = shared.tools_image.as_ref().map(|image| image.value.clone());
            let workers = shared
                .workers
                .iter()
                .map(|it| worker(it, declared, &chain, subzone.as_ref(), scope, diagnostics))
                .collect();
            let shared = database
                .zip(tools_image)
                .map(|(database, tools_image)| HighAvailability {
                    database,
                    tools_image,
                });
            (Some(shared), workers)
        }
    };
    let service = NotaryService {
        name: declared.name.as_ref()?.value.clone(),
        legal_name: declared.service_legal_name.as_ref()?.value.clone(),
        validating,
        joins: joins(declared),
        subzone: subzone?,
        high_availability: match shared {
            None => None,
            Some(shared) => Some(shared?),
        },
    };
    Some((service, nodes.into_iter().collect::<Option<_>>()?))
}

/// A notary of one node.
fn single(
    declared: &declared::Notary,
    chain: &Chain<'_>,
    subzone: Option<&SubzoneId>,
    scope: Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Node> {
    if declared.legal_name.is_none() && !declared.written.contains(&"legalName") {
        diagnostics.push(
            Diagnostic::new(
                "topology::missing-key",
                declared.span,
                "a notary has no `legalName`",
            )
            .label("in this mapping")
            .help("add `legalName:`, or `highAvailability:` whose workers have one each"),
        );
    }
    let settings = chain.resolve(declared.span, diagnostics);
    let ports = ports::ports(&declared.ports, (10002, 10003), nodes::ssh(chain), diagnostics);
    let exposure = exposure::exposure(declared.exposure.as_ref(), Speaks::P2p, scope, diagnostics);
    if let Some(exposure) = &exposure {
        nodes::check_host(
            declared.host.as_ref(),
            declared.exposure.as_ref(),
            exposure,
            diagnostics,
        );
    }
    let own = Own {
        name: declared.name.as_ref()?.value.clone(),
        legal_name: declared.legal_name.as_ref()?.value.clone(),
        role: NodeRole::Notary {
            service_legal_name: declared.service_legal_name.as_ref()?.value.clone(),
            validating: declared.validating.as_ref().is_some_and(|it| it.value),
            joins: joins(declared),
        },
        subzone: subzone?.clone(),
        host: declared.host.as_ref().map(|host| host.value.clone()),
        exposure: exposure?,
        ports,
        rpc_users: Vec::new(),
        rpc_clients: Vec::new(),
        firewall: None,
    };
    Some(own.with(settings?))
}

/// One worker of a notary.
fn worker(
    declared: &declared::Worker,
    notary: &declared::Notary,
    chain: &Chain<'_>,
    subzone: Option<&SubzoneId>,
    scope: Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Node> {
    let settings = chain.resolve(declared.span, diagnostics);
    let own_database = match &declared.database {
        None => None,
        Some(own) => Some(database::database(own, database::Owner::Node, diagnostics)?),
    };
    let ports = ports::ports(&notary.ports, (10002, 10003), nodes::ssh(chain), diagnostics);
    let written = declared.exposure.as_ref().or(notary.exposure.as_ref());
    let exposure = exposure::exposure(written, Speaks::P2p, scope, diagnostics);
    if let Some(exposure) = &exposure {
        nodes::check_host(declared.host.as_ref(), written, exposure, diagnostics);
    }
    let own = Own {
        name: declared.name.as_ref()?.value.clone(),
        legal_name: declared.legal_name.as_ref()?.value.clone(),
        role: NodeRole::NotaryWorker {
            service: notary.name.as_ref()?.value.clone(),
            service_legal_name: notary.service_legal_name.as_ref()?.value.clone(),
            joins: joins(notary),
        },
        subzone: subzone?.clone(),
        host: declared.host.as_ref().map(|host| host.value.clone()),
        exposure: exposure?,
        ports,
        rpc_users: Vec::new(),
        rpc_clients: Vec::new(),
        firewall: None,
    };
    let mut node = own.with(settings?);
    if let Some(database) = own_database {
        node.database = database;
    }
    Some(node)
}

/// What several workers need (reference §6.9).
fn check_shared(
    declared: &declared::Notary,
    shared: &declared::HighAvailability,
    chain: &Chain<'_>,
    diagnostics: &mut Diagnostics,
) {
    if chain.edition() != Edition::Enterprise {
        diagnostics.push(
            Diagnostic::new(
                "topology::enterprise-only",
                shared.span,
                "a notary of several workers needs Corda Enterprise",
            )
            .label("not in Community")
            .help("set `edition: enterprise`"),
        );
    }
    if let Some(validating) = declared.validating.as_ref().filter(|it| it.value) {
        diagnostics.push(
            Diagnostic::new(
                "topology::notary-workers",
                validating.span,
                "a notary of several workers cannot be validating",
            )
            .label("not possible")
            .help("the JPA notary is non-validating (reference §6.9): remove `validating`"),
        );
    }
    if let Some(legal_name) = &declared.legal_name {
        diagnostics.push(
            Diagnostic::new(
                "topology::notary-workers",
                legal_name.span,
                "a notary of several workers has no `legalName`: each worker has one",
            )
            .label("whose?")
            .help("move it to a worker; the service's own name is `serviceLegalName`"),
        );
    }
    if shared.workers.len() < 2 && shared.written.contains(&"workers") {
        diagnostics.push(
            Diagnostic::new(
                "topology::notary-workers",
                shared.span,
                format!("high availability with {} worker(s)", shared.workers.len()),
            )
            .label("two at least")
            .help("add a worker, or write a notary without `highAvailability`"),
        );
    }
}
