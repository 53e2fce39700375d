//! What is fit for trials only.

use super::{Scope, settings::Chain};
use crate::{
    declared,
    diagnostic::{Diagnostic, Diagnostics},
    model::{ApprovalKind, DatabaseKind, EncryptionAtRest, ExposureKind},
    node::Span,
};

const HELP_TRIAL: &str = "or write `profile: trial` if nothing depends on this network";

pub(super) fn check(scope: Scope<'_>, diagnostics: &mut Diagnostics) {
    let declared = scope.file;
    if let Some(cenm) = &declared.cenm {
        check_cenm(cenm, declared, diagnostics);
    }
    check_notaries(declared, diagnostics);
    check_default_names(declared, diagnostics);
    check_encryption_at_rest(&declared.platform, diagnostics);
    for notary in &declared.notaries {
        let chain = Chain::of(&notary.settings, notary.class.as_ref(), scope);
        let shared = chain.first(|it| it.database.as_ref());
        match &notary.high_availability {
            None => check_database(shared, "the node", notary.span, diagnostics),
            Some(several) => {
                for worker in &several.workers {
                    let own = worker.database.as_ref().or(shared);
                    check_database(own, "the worker", worker.span, diagnostics);
                }
            }
        }
        check_node(&chain, diagnostics);
    }
    for participant in &declared.participants {
        let chain = Chain::of(&participant.settings, participant.class.as_ref(), scope);
        let database = chain.first(|it| it.database.as_ref());
        check_database(database, "the node", participant.span, diagnostics);
        check_node(&chain, diagnostics);
    }
    if let Some(pkcs11) = &declared.custody.pkcs11
        && let Some(module) = pkcs11
            .module
            .as_ref()
            .filter(|module| module.value.to_lowercase().contains("softhsm"))
    {
        refuse(
            "topology::production-soft-token",
            module.span,
            "SoftHSM keeps keys in files: it is for tests",
            "name the library of a hardware token",
            diagnostics,
        );
    }
}

fn refuse(
    code: &'static str,
    span: Span,
    message: impl Into<String>,
    help: &str,
    diagnostics: &mut Diagnostics,
) {
    diagnostics.push(
        Diagnostic::new(code, span, message)
            .label("not in production")
            .help(format!("{help}, {HELP_TRIAL}")),
    );
}

fn check_cenm(cenm: &declared::Cenm, file: &declared::Topology, diagnostics: &mut Diagnostics) {
    if let Some(approval) = &cenm.identity_manager.approval
        && approval.value == ApprovalKind::Automatic
    {
        refuse(
            "topology::production-approval",
            approval.span,
            "every certificate signing request would be approved unseen",
            "let people approve: write `approval: jira`",
            diagnostics,
        );
    }
    let services = [
        ("auth", &cenm.auth),
        ("zone", &cenm.zone),
        ("identityManager", &cenm.identity_manager.service),
        ("networkMap", &cenm.network_map.service),
    ];
    for (name, service) in services {
        let database = service.database.as_ref().or(cenm.database.as_ref());
        check_database(database, &format!("`{name}`"), cenm.span, diagnostics);
    }
    check_gateway(cenm, file, diagnostics);
    if let Some(subzone) = cenm.subzones.first() {
        refuse(
            "topology::production-subzones",
            subzone.span,
            "R3 does not support more than one subzone",
            "make a network of its own instead",
            diagnostics,
        );
    }
    if let Some(horizon) = &cenm.network_map.parameters.event_horizon_days
        && horizon.value.0 < 7
    {
        refuse(
            "topology::production-event-horizon",
            horizon.span,
            format!(
                "a node that is away for {} days would be dropped",
                horizon.value.0
            ),
            "write 30",
            diagnostics,
        );
    }
}

fn check_database(
    database: Option<&declared::Database>,
    who: &str,
    span: Span,
    diagnostics: &mut Diagnostics,
) {
    let kind = database.and_then(|database| database.kind.as_ref());
    if database.is_some() && kind.is_none_or(|kind| kind.value != DatabaseKind::H2) {
        return;
    }
    refuse(
        "topology::production-h2",
        kind.map_or(span, |kind| kind.span),
        format!("{who} would keep its state in H2"),
        "name a database server under `database`",
        diagnostics,
    );
}

/// Passwords and tokens of operators would go in clear over whatever lies before the Gateway.
fn check_gateway(cenm: &declared::Cenm, file: &declared::Topology, diagnostics: &mut Diagnostics) {
    let own = cenm.gateway.service.exposure.as_ref();
    let ingress_tls = file.ingress.as_ref().is_some_and(|ingress| ingress.tls.is_some());
    let gateway_tls = |reference: Option<&declared::GatewayReference>| {
        reference
            .or(file.gateway_api.as_ref())
            .is_some_and(|it| it.tls.as_ref().is_none_or(|tls| tls.value))
    };
    let (span, is_safe) = match own {
        Some(own) => {
            let Some(kind) = &own.kind else { return };
            let is_safe = match kind.value {
                ExposureKind::None | ExposureKind::ClusterIp => true,
                ExposureKind::Ingress => own.tls.is_some() || ingress_tls,
                ExposureKind::Gateway => gateway_tls(own.gateway.as_ref()),
                ExposureKind::LoadBalancer | ExposureKind::NodePort => false,
            };
            (kind.span, is_safe)
        }
        None => match (&file.ingress, &file.gateway_api) {
            (Some(ingress), _) => (ingress.span, ingress_tls),
            (None, Some(gateway)) => (gateway.span, gateway_tls(None)),
            (None, None) => return,
        },
    };
    if !is_safe {
        refuse(
            "topology::production-http-gateway",
            span,
            "the Gateway speaks plain HTTP: operators' passwords would be readable",
            "add `tls` to its Ingress, use a Gateway with TLS, or do not expose it",
            diagnostics,
        );
    }
}

/// A managed control plane does not show whether it encrypts Secrets: somebody must have asked.
fn check_encryption_at_rest(platform: &declared::Platform, diagnostics: &mut Diagnostics) {
    let is_known = platform
        .encryption_at_rest
        .as_ref()
        .is_some_and(|known| known.value == EncryptionAtRest::Confirmed);
    if let Some(kind) = platform
        .kind
        .as_ref()
        .filter(|kind| kind.value.hides_its_control_plane() && !is_known)
    {
        refuse(
            "topology::production-encryption-at-rest",
            kind.span,
            "its API does not show whether Secrets are encrypted at rest, and key stores are among them",
            "ask whoever runs it, and write `encryptionAtRest: confirmed`",
            diagnostics,
        );
    }
}

fn check_notaries(declared: &declared::Topology, diagnostics: &mut Diagnostics) {
    if let [only] = declared.notaries.as_slice()
        && only.high_availability.is_none()
    {
        refuse(
            "topology::production-one-notary",
            only.span,
            "the network stands still when its one notary does",
            "add a second notary or `highAvailability`",
            diagnostics,
        );
    }
}

fn check_node(chain: &Chain<'_>, diagnostics: &mut Diagnostics) {
    if let Some(accepted) = chain
        .first(|it| it.development_cordapps.as_ref())
        .filter(|it| it.value)
    {
        refuse(
            "topology::production-development-cordapps",
            accepted.span,
            "CorDapps signed with R3's public development key would be accepted",
            "sign them with a key of your own",
            diagnostics,
        );
    }
    if let Some(enabled) = chain.first(|it| it.ssh.enabled.as_ref()).filter(|it| it.value) {
        refuse(
            "topology::production-ssh",
            enabled.span,
            "the SSH shell gives whoever knows an RPC password a console",
            "switch it off",
            diagnostics,
        );
    }
}

/// Names of samples and of domains that nobody can own (RFC 2606, RFC 6762).
fn check_default_names(declared: &declared::Topology, diagnostics: &mut Diagnostics) {
    const RESERVED: [&str; 5] = [".test", ".invalid", ".localhost", ".local", ".example"];
    if let Some(domain) = &declared.domain
        && let Some(reserved) = RESERVED
            .into_iter()
            .find(|reserved| format!(".{}", domain.value).ends_with(reserved))
    {
        refuse(
            "topology::production-default-name",
            domain.span,
            format!("`{reserved}` belongs to nobody, and this name stays in certificates"),
            "write a domain that you own",
            diagnostics,
        );
    }
    let samples = ["HoldCo LLC", "R3 HoldCo LLC", "Quickstart Consortium"];
    if let Some(operator) = &declared.operator
        && samples.contains(&operator.value.organisation())
    {
        refuse(
            "topology::production-default-name",
            operator.span,
            format!("`{}` is the name of a sample", operator.value.organisation()),
            "write your own legal name",
            diagnostics,
        );
    }
}
