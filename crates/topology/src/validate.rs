//! From what was declared to the model, noting every broken rule.

mod approval;
mod cenm;
mod database;
mod delivery;
mod endpoint;
mod exposure;
mod firewall;
mod hsm;
mod index;
mod names;
mod nodes;
mod notaries;
mod placement;
mod platform;
mod ports;
mod production;
mod references;
mod rpc;
mod secret;
mod settings;
mod shared;
mod subzones;
mod surroundings;
mod versions;

use index::Index;

use crate::{
    declared,
    diagnostic::{Diagnostic, Diagnostics},
    model::{Ingress, Places, Profile, Topology},
};

/// The longest `O` of a certificate's subject (RFC 5280, appendix A). Corda itself takes 128 in legal names.
const LONGEST_ORGANISATION: usize = 64;

/// What rules need to know of the whole file.
#[derive(Clone, Copy)]
struct Scope<'a> {
    file: &'a declared::Topology,
    ingress: Option<&'a Ingress>,
    index: &'a Index<'a>,
}

/// The model, or `None` when a part of it could not be made; whether anything was wrong is told by
/// `diagnostics` alone.
pub(crate) fn validate(declared: &declared::Topology, diagnostics: &mut Diagnostics) -> Option<Topology> {
    check_operator(declared, diagnostics);
    let ingress = declared
        .ingress
        .as_ref()
        .map(|ingress| surroundings::ingress(ingress, diagnostics));
    let index = Index::of(declared);
    let scope = Scope {
        file: declared,
        ingress: ingress.as_ref(),
        index: &index,
    };
    let platform = platform::platform(&declared.platform);
    let lifetimes = surroundings::lifetimes(&declared.certificates.lifetimes, diagnostics);
    let custody = surroundings::custody(&declared.custody, diagnostics);
    let delivery = delivery::delivery(declared.delivery.as_ref(), diagnostics);
    let cenm = declared
        .cenm
        .as_ref()
        .and_then(|cenm| cenm::validate(cenm, scope, diagnostics));
    let notaries = notaries::validate(scope, diagnostics);
    let participants: Vec<_> = declared
        .participants
        .iter()
        .map(|participant| nodes::participant(participant, scope, diagnostics))
        .collect();
    names::check_unique(declared, diagnostics);
    references::check_classes(scope, diagnostics);
    let monitoring = declared
        .monitoring
        .as_ref()
        .map(|monitoring| surroundings::monitoring(monitoring, declared));
    versions::check(scope, diagnostics);
    platform::check(declared, platform, diagnostics);
    shared::check(scope, diagnostics);
    let profile = declared
        .profile
        .as_ref()
        .map_or(Profile::Production, |profile| profile.value);
    if profile == Profile::Production {
        production::check(scope, diagnostics);
    }
    let (notary_services, notaries) = notaries?;
    let participants: Vec<_> = participants.into_iter().collect::<Option<_>>()?;
    Some(Topology {
        name: declared.name.as_ref()?.value.clone(),
        domain: declared.domain.as_ref()?.value.clone(),
        operator: declared.operator.as_ref()?.value.clone(),
        profile,
        platform,
        key_algorithm: surroundings::key_algorithm(&declared.certificates),
        lifetimes,
        custody: custody?,
        delivery: delivery?,
        cenm: cenm?,
        notary_services,
        places: Places::of(&notaries, &participants),
        notaries,
        participants,
        monitoring: match monitoring {
            None => None,
            Some(monitoring) => Some(monitoring?),
        },
        ingress,
    })
}

fn check_operator(declared: &declared::Topology, diagnostics: &mut Diagnostics) {
    if let Some(operator) = &declared.operator
        && operator.value.organisation().chars().count() > LONGEST_ORGANISATION
    {
        diagnostics.push(
            Diagnostic::new(
                "topology::legal-name",
                operator.span,
                format!("`O` of the operator may have {LONGEST_ORGANISATION} characters"),
            )
            .label("too long for a certificate's subject"),
        );
    }
}
