//! From what was declared to the model, noting every broken rule.

mod cenm;
mod names;
mod nodes;
mod values;

use crate::{
    declared,
    diagnostic::{Diagnostic, Diagnostics},
    model::{Ingress, Monitoring, Topology},
    names::{DnsName, NetworkName},
};

/// The longest `O` of a certificate's subject (RFC 5280, appendix A). Corda itself takes 128 in legal names.
const LONGEST_ORGANISATION: usize = 64;

/// The model, or `None` when a part of it could not be made; whether anything was wrong is told by
/// `diagnostics` alone.
pub(crate) fn validate(declared: &declared::Topology, diagnostics: &mut Diagnostics) -> Option<Topology> {
    let name = values::parse(
        declared.name.as_ref(),
        "topology::network-name",
        NetworkName::new,
        diagnostics,
    );
    let domain = values::parse(
        declared.domain.as_ref(),
        "topology::host-name",
        DnsName::new,
        diagnostics,
    );
    let operator = values::legal_name(declared.operator.as_ref(), diagnostics);
    if let (Some(operator), Some(declared)) = (&operator, &declared.operator)
        && operator.organisation().chars().count() > LONGEST_ORGANISATION
    {
        diagnostics.push(
            Diagnostic::new(
                "topology::legal-name",
                declared.span,
                format!("`O` of the operator may have {LONGEST_ORGANISATION} characters"),
            )
            .label("too long for a certificate's subject"),
        );
    }
    let cenm = declared
        .cenm
        .as_ref()
        .and_then(|cenm| cenm::validate(cenm, domain.as_ref(), diagnostics));
    let notaries: Vec<_> = declared
        .notaries
        .iter()
        .map(|notary| nodes::notary(notary, &declared.corda, diagnostics))
        .collect();
    let participants: Vec<_> = declared
        .participants
        .iter()
        .map(|participant| nodes::participant(participant, declared, diagnostics))
        .collect();
    if declared.notaries.is_empty() {
        diagnostics.push(
            Diagnostic::new("topology::no-notary", declared.span, "the network has no notary")
                .label("in this file")
                .help(
                    "add one under `notaries:`; network parameters are made with the first notary's identity",
                ),
        );
    }
    names::check_unique(declared, diagnostics);
    let monitoring = declared.monitoring.as_ref().map(|monitoring| {
        let image = values::image(monitoring.image.as_ref(), diagnostics);
        let agent_image = values::image(monitoring.agent_image.as_ref(), diagnostics);
        image
            .zip(agent_image)
            .map(|(image, agent_image)| Monitoring { image, agent_image })
    });
    Some(Topology {
        name: name?,
        domain: domain?,
        operator: operator?,
        cenm: cenm?,
        notaries: notaries.into_iter().collect::<Option<_>>()?,
        participants: participants.into_iter().collect::<Option<_>>()?,
        monitoring: match monitoring {
            None => None,
            Some(monitoring) => Some(monitoring?),
        },
        ingress: declared.ingress.as_ref().map(|ingress| Ingress {
            class_name: ingress.class_name.as_ref().map(|class| class.value.clone()),
        }),
        storage_class: declared
            .storage
            .as_ref()
            .and_then(|storage| storage.class_name.as_ref().map(|class| class.value.clone())),
    })
}
