//! The support matrix: what runs with what (reference §8.1).

use super::{Scope, cenm, settings::Chain};
use crate::{
    declared,
    decode::Located,
    diagnostic::{Diagnostic, Diagnostics},
    model::{DatabaseKind, Edition},
    node::Span,
    scalar::{CenmVersion, CordaVersion, Image},
};

pub(super) fn check(scope: Scope<'_>, diagnostics: &mut Diagnostics) {
    let declared = scope.file;
    if let Some(cenm) = &declared.cenm {
        check_cenm(cenm, diagnostics);
    }
    for notary in &declared.notaries {
        let chain = Chain::of(&notary.settings, notary.class.as_ref(), scope);
        check_node(
            &chain,
            notary.subzone.as_ref(),
            declared,
            notary.span,
            diagnostics,
        );
        if let Some(shared) = &notary.high_availability {
            check_workers(shared, &chain, diagnostics);
        }
    }
    for participant in &declared.participants {
        let chain = Chain::of(&participant.settings, participant.class.as_ref(), scope);
        check_node(
            &chain,
            participant.subzone.as_ref(),
            declared,
            participant.span,
            diagnostics,
        );
    }
}

fn check_cenm(cenm: &declared::Cenm, diagnostics: &mut Diagnostics) {
    let gateway = cenm::release(&cenm.gateway.service, cenm);
    if let (Some(gateway), Some(auth)) = (gateway, cenm::release(&cenm.auth, cenm))
        && gateway != auth
        && let Some(span) = (cenm.auth.version.as_ref())
            .or(cenm.gateway.service.version.as_ref())
            .map(|version| version.span)
    {
        diagnostics.push(
            Diagnostic::new(
                "topology::mixed-releases",
                span,
                format!("Auth {auth} and Gateway {gateway} are of two releases"),
            )
            .label("must be one")
            .help("the command line, the Gateway and Auth of one CENM release match each other only"),
        );
    }
    let services = [
        &cenm.auth,
        &cenm.gateway.service,
        &cenm.zone,
        &cenm.identity_manager.service,
        &cenm.signing_service.service,
        &cenm.network_map.service,
    ];
    let further = cenm.subzones.iter().map(|subzone| &subzone.network_map.service);
    for service in services.into_iter().chain(further) {
        let Some(release) = cenm::release(service, cenm) else {
            continue;
        };
        if let Some(image) = service.image.as_ref().or(cenm.image.as_ref()) {
            check_tag(image, release, diagnostics);
        }
        if let Some(database) = service.database.as_ref().or(cenm.database.as_ref()) {
            let row = supported_by_cenm(database.kind.as_ref().map(|kind| kind.value), release);
            check_database(database, &format!("CENM {release}"), row, diagnostics);
        }
    }
    let signer = cenm::release(&cenm.signing_service.service, cenm);
    if let (Some(CenmVersion::V1_5), Some(hsm)) = (signer, &cenm.signing_service.hsm)
        && let Some(vault) = &hsm.azure_key_vault
    {
        diagnostics.push(
            Diagnostic::new(
                "topology::version-matrix",
                vault.span,
                "CENM 1.5 cannot use Azure Key Vault through MSAL",
            )
            .label("needs 1.6.1")
            .help("support matrix: AZURE_MSAL_KEY_VAULT_HSM from 1.6.1; the older ADAL is withdrawn by Microsoft"),
        );
    }
}

/// R3's tags begin with the release: an image of another release reads other keys.
fn check_tag(image: &Located<Image>, release: CenmVersion, diagnostics: &mut Diagnostics) {
    let name = image.value.as_str();
    let repository = name
        .split('@')
        .next()
        .unwrap_or(name)
        .rsplit('/')
        .next()
        .unwrap_or(name);
    let (true, Some(tag)) = (repository.starts_with("enterprise-"), image.value.tag()) else {
        return;
    };
    let begins_with = |release: &str| {
        tag.strip_prefix(release)
            .is_some_and(|rest| !rest.starts_with(|it: char| it.is_ascii_digit()))
    };
    let others = ["1.5", "1.6", "1.7"]
        .into_iter()
        .filter(|other| *other != release.word());
    for other in others {
        if begins_with(other) {
            diagnostics.push(
                Diagnostic::new(
                    "topology::image-release",
                    image.span,
                    format!("image `{name}` is of CENM {other}, the service of {release}"),
                )
                .label("another release")
                .help("write the release that the image has: it decides keys, files and Java"),
            );
        }
    }
}

fn check_node(
    chain: &Chain<'_>,
    subzone: Option<&Located<String>>,
    file: &declared::Topology,
    span: Span,
    diagnostics: &mut Diagnostics,
) {
    let (edition, version) = (chain.edition(), chain.version());
    if let Some(database) = chain.first(|it| it.database.as_ref()) {
        let row = supported_by_corda(database.kind.as_ref().map(|kind| kind.value), edition, version);
        check_database(database, &format!("Corda {edition} {version}"), row, diagnostics);
    }
    for argument in chain
        .first(|it| Some(&it.jvm_arguments).filter(|arguments| !arguments.is_empty()))
        .into_iter()
        .flatten()
    {
        check_jvm_argument(argument, version, diagnostics);
    }
    check_platform_version(version, subzone, file, span, chain, diagnostics);
}

/// The databases of a notary of several workers: the shared one, and those that workers name themselves.
fn check_workers(shared: &declared::HighAvailability, chain: &Chain<'_>, diagnostics: &mut Diagnostics) {
    let kind = |database: &declared::Database| database.kind.as_ref().map(|kind| kind.value);
    if let Some(database) = &shared.database {
        let row = match kind(database) {
            // Reference §1.2.
            Some(DatabaseKind::CockroachDb) => Row::Releases(&["23.1", "23.2", "24.1", "24.2", "24.3"]),
            Some(DatabaseKind::Oracle) => Row::Releases(&["19c"]),
            _ => Row::Unknown,
        };
        check_database(database, "a notary of several workers", row, diagnostics);
    }
    let (edition, version) = (chain.edition(), chain.version());
    for database in shared
        .workers
        .iter()
        .filter_map(|worker| worker.database.as_ref())
    {
        let row = supported_by_corda(kind(database), edition, version);
        check_database(database, &format!("Corda {edition} {version}"), row, diagnostics);
    }
}

/// Arguments that have a key of their own, or that the node's Java no longer knows.
fn check_jvm_argument(argument: &Located<String>, version: CordaVersion, diagnostics: &mut Diagnostics) {
    const GONE: [&str; 4] = ["UseConcMarkSweepGC", "UseParNewGC", "MaxPermSize", "PermSize"];
    let text = argument.value.as_str();
    let problem = if text.starts_with("-Xmx") {
        Some(("`-Xmx` is the node's heap".to_owned(), "use `heap`"))
    } else if version.java() >= 17 && GONE.iter().any(|gone| text.contains(gone)) {
        Some((
            format!("Java {} of Corda {version} has no `{text}`", version.java()),
            "remove it: the JVM would not start",
        ))
    } else {
        None
    };
    if let Some((message, help)) = problem {
        diagnostics.push(
            Diagnostic::new("topology::jvm-argument", argument.span, message)
                .label("not accepted")
                .help(help),
        );
    }
}

/// A node below the network's minimum platform version refuses to start.
fn check_platform_version(
    version: CordaVersion,
    subzone: Option<&Located<String>>,
    file: &declared::Topology,
    span: Span,
    chain: &Chain<'_>,
    diagnostics: &mut Diagnostics,
) {
    let Some(cenm) = &file.cenm else { return };
    let named = |name: &Located<String>| {
        cenm.subzones
            .iter()
            .find(|it| it.name.as_ref().is_some_and(|it| it.value.as_str() == name.value))
    };
    let map = match subzone {
        None => &cenm.network_map,
        Some(name) => match named(name) {
            Some(subzone) => &subzone.network_map,
            None => return,
        },
    };
    if let (Some(least), Some(own)) = (
        &map.parameters.minimum_platform_version,
        version.platform_version(),
    ) && own < least.value.0
    {
        let at = chain.first(|it| it.version.as_ref()).map_or(span, |it| it.span);
        diagnostics.push(
            Diagnostic::new(
                "topology::platform-version",
                at,
                format!(
                    "Corda {version} has platform version {own}, the network's minimum is {}",
                    least.value.0
                ),
            )
            .label("would refuse to start")
            .help("lower `minimumPlatformVersion`, or use a later release"),
        );
    }
}

/// A row of the support matrix: which releases of a database product, in words and as listed.
enum Row {
    /// The product is not supported at all.
    Never(&'static str),
    /// These releases are.
    Releases(&'static [&'static str]),
    /// Nothing is known.
    Unknown,
}

fn supported_by_cenm(kind: Option<DatabaseKind>, release: CenmVersion) -> Row {
    match (kind, release) {
        (Some(DatabaseKind::PostgreSql), CenmVersion::V1_5) => Row::Releases(&["11", "12"]),
        (Some(DatabaseKind::PostgreSql), CenmVersion::V1_6) => {
            Row::Releases(&["12", "13", "14", "15", "16", "17", "18"])
        }
        (Some(DatabaseKind::PostgreSql), CenmVersion::V1_7) => Row::Releases(&["12", "13", "14", "15", "16"]),
        (Some(DatabaseKind::SqlServer), CenmVersion::V1_5) => Row::Releases(&["2017", "azure"]),
        (Some(DatabaseKind::SqlServer), _) => Row::Releases(&["2022", "azure"]),
        (Some(DatabaseKind::Oracle), CenmVersion::V1_5) => Row::Releases(&["11gR2", "12cR2", "19c"]),
        (Some(DatabaseKind::Oracle), _) => Row::Releases(&["11gR2", "12cR2", "19c", "23ai"]),
        _ => Row::Unknown,
    }
}

fn supported_by_corda(kind: Option<DatabaseKind>, edition: Edition, version: CordaVersion) -> Row {
    match (kind, edition) {
        (Some(DatabaseKind::SqlServer | DatabaseKind::Oracle), Edition::Community) => {
            Row::Never("Corda Community keeps its ledger in H2 or PostgreSQL")
        }
        (Some(DatabaseKind::PostgreSql), Edition::Enterprise) if version == CordaVersion::four(14) => {
            Row::Releases(&["14", "15", "16", "17", "18"])
        }
        _ => Row::Unknown,
    }
}

fn check_database(database: &declared::Database, who: &str, row: Row, diagnostics: &mut Diagnostics) {
    let Some(kind) = &database.kind else { return };
    let problem = match (row, &database.version) {
        (Row::Never(why), _) => Diagnostic::new(
            "topology::version-matrix",
            kind.span,
            format!("{who} does not run on {}", kind.value),
        )
        .label("not supported")
        .help(format!("support matrix: {why}")),
        (Row::Releases(releases), Some(version)) if !releases.contains(&version.value.as_str()) => {
            Diagnostic::new(
                "topology::version-matrix",
                version.span,
                format!("{who} does not run on {} {}", kind.value, version.value),
            )
            .label("not in the support matrix")
            .help(format!(
                "support matrix: {who} with {} {}",
                kind.value,
                releases.join(", ")
            ))
        }
        _ => return,
    };
    diagnostics.push(problem);
}
