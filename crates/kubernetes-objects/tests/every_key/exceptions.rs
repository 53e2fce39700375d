//! Keys that make no other objects, each with what they are for.

/// Keys that drive something beside what is rendered.
const WITHOUT_EFFECT: &[(&str, &str)] = &[
    (
        "platform.encryptionAtRest",
        "but a check of the cluster before a rollout, and of a topology for production",
    ),
    // `deployer/tests/operator_token.rs` goes through it.
    (
        "custody.pkcs11",
        "but where the operator's keys are made and kept",
    ),
];

/// Keys whose only effect, or whose effect at this place, is that something is refused; with the code that says so.
const REFUSED: &[(&str, &str)] = &[
    // What is unfit for production.
    ("profile", "topology::production-h2"),
    // What other files say is told in one of them: here is none.
    ("include", "topology::include-nothing"),
    ("platform.loadBalancers", "topology::platform-limit"),
    ("platform.networkPolicies", "topology::no-network-policies"),
    // The support matrix.
    ("cenm.database.version", "topology::version-matrix"),
    ("cenm.auth.database.version", "topology::version-matrix"),
    ("cenm.subzones.0.database.version", "topology::version-matrix"),
    ("participants.0.database.version", "topology::version-matrix"),
    (
        "notaries.0.highAvailability.database.version",
        "topology::version-matrix",
    ),
    ("cenm.auth.version", "topology::mixed-releases"),
    ("cenm.gateway.version", "topology::mixed-releases"),
    ("cenm.signingService.version", "topology::version-matrix"),
    ("corda.version", "topology::platform-version"),
    ("classes.any.version", "topology::platform-version"),
    ("notaries.0.version", "topology::platform-version"),
    ("participants.0.version", "topology::platform-version"),
    // Whoever approves is named beside it.
    ("cenm.identityManager.approval", "topology::approval"),
    // Services that share a database have a schema each.
    ("cenm.database.schema", "topology::shared-database"),
    // What all services may say, and some must not.
    ("cenm.auth.host", "topology::never-public"),
    ("cenm.auth.exposure", "topology::never-public"),
    ("cenm.zone.host", "topology::never-public"),
    ("cenm.zone.exposure", "topology::never-public"),
    ("cenm.signingService.host", "topology::never-public"),
    ("cenm.signingService.exposure", "topology::never-public"),
    ("cenm.signingService.database", "topology::not-for-this-kind"),
    ("cenm.signingService.storage", "topology::not-for-this-kind"),
    ("cenm.gateway.database", "topology::not-for-this-kind"),
    ("cenm.gateway.storage", "topology::not-for-this-kind"),
    // What an exposure of HTTP says, and one of P2P must not, and the other way round.
    ("cenm.gateway.exposure.port", "topology::not-for-this-kind"),
    ("participants.0.exposure.className", "topology::ingress-not-http"),
    ("participants.0.exposure.tls", "topology::ingress-not-http"),
    (
        "participants.0.exposure.gateway.tls",
        "topology::not-for-this-kind",
    ),
];

/// What a key, or all below it, is for that is not rendered.
pub(crate) fn without_effect(name: &str) -> Option<&'static str> {
    WITHOUT_EFFECT
        .iter()
        .find(|(known, _)| name == *known || name.starts_with(&format!("{known}.")))
        .map(|(_, reason)| *reason)
}

/// The code that a key brings about.
pub(crate) fn refused(name: &str) -> Option<&'static str> {
    REFUSED
        .iter()
        .find(|(known, _)| name == *known)
        .map(|(_, code)| *code)
}

/// Every name.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    WITHOUT_EFFECT
        .iter()
        .map(|(name, _)| *name)
        .chain(REFUSED.iter().map(|(name, _)| *name))
}
