//! The CENM services.

use super::{
    Scope, approval, database,
    exposure::{self, Speaks},
    hsm, placement, subzones,
};
use crate::{
    declared,
    diagnostic::{Diagnostic, Diagnostics},
    model::{ActiveSchedule, Cenm, CenmService, Database, Exposure, SigningKeys, SigningSchedule},
    names::DnsName,
    node::Span,
    scalar::{CenmVersion, Mebibytes, StorageSize},
};

/// What differs between the services, as long as nothing is said of them.
#[derive(Clone, Copy)]
pub(super) struct Defaults<'a> {
    /// Its key in `cenm`, for messages.
    pub(super) key: &'static str,
    /// Its name, which is also the schema and user of a database that it shares with others.
    pub(super) name: &'a str,
    /// MiB.
    memory: u32,
    /// Whether it keeps state.
    has_database: bool,
    /// Whether it may be reached from outside.
    is_public: bool,
    /// Whether nodes call it, by plain HTTP.
    is_called_by_nodes: bool,
}

impl<'a> Defaults<'a> {
    /// The same for an instance with a name of its own.
    pub(super) const fn called(self, name: &'a str) -> Self {
        Self { name, ..self }
    }
}

const AUTH: Defaults<'_> = Defaults {
    key: "auth",
    name: "auth",
    memory: 512,
    has_database: true,
    is_public: false,
    is_called_by_nodes: false,
};
const GATEWAY: Defaults<'_> = Defaults {
    key: "gateway",
    name: "gateway",
    memory: 512,
    has_database: false,
    is_public: true,
    is_called_by_nodes: false,
};
const ZONE: Defaults<'_> = Defaults {
    key: "zone",
    name: "zone",
    memory: 512,
    has_database: true,
    is_public: false,
    is_called_by_nodes: false,
};
/// This one and the Network Map hold an Angel beside the service: two JVMs in one Pod (reference §8.3, 19).
const IDENTITY_MANAGER: Defaults<'_> = Defaults {
    key: "identityManager",
    name: "identity-manager",
    memory: 1024,
    has_database: true,
    is_public: true,
    is_called_by_nodes: true,
};
const SIGNING_SERVICE: Defaults<'_> = Defaults {
    key: "signingService",
    name: "signing-service",
    memory: 768,
    has_database: false,
    is_public: false,
    is_called_by_nodes: false,
};
pub(super) const NETWORK_MAP: Defaults<'_> = Defaults {
    key: "networkMap",
    name: "network-map",
    memory: 1024,
    has_database: true,
    is_public: true,
    is_called_by_nodes: true,
};

pub(super) fn validate(
    declared: &declared::Cenm,
    scope: Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Cenm> {
    let mut service =
        |own: &declared::Service, defaults| service(own, declared, defaults, scope, diagnostics);
    let auth = service(&declared.auth, AUTH);
    let gateway = service(&declared.gateway.service, GATEWAY);
    let zone = service(&declared.zone, ZONE);
    let identity_manager = service(&declared.identity_manager.service, IDENTITY_MANAGER);
    let signing_service = service(&declared.signing_service.service, SIGNING_SERVICE);
    let subzones = subzones::validate(declared, scope, diagnostics);
    let signing_keys = match &declared.signing_service.hsm {
        None => Some(SigningKeys::Local),
        Some(declared) => hsm::hsm(declared, diagnostics).map(|hsm| SigningKeys::Hsm(Box::new(hsm))),
    };
    let command_line_image = declared
        .command_line_image
        .as_ref()
        .or(declared.image.as_ref())
        .or(declared.gateway.service.image.as_ref());
    if declared.image.is_none()
        && declared.command_line_image.is_none()
        && !declared.written.contains(&"image")
        && !declared.written.contains(&"commandLineImage")
    {
        diagnostics.push(
            Diagnostic::new(
                "topology::missing-image",
                declared.span,
                "the command line has no image",
            )
            .label("in `cenm`")
            .help("add `commandLineImage:` or `image:` to `cenm`"),
        );
    }
    if !declared.written.contains(&"identityManager") {
        diagnostics.push(
            Diagnostic::new(
                "topology::missing-key",
                declared.span,
                "`identityManager` has no `approval`",
            )
            .label("in this mapping")
            .help("say who approves requests: add `identityManager: { approval: … }`"),
        );
    }
    let approval = approval::validate(&declared.identity_manager, diagnostics);
    let identity_manager_host = host(
        &declared.identity_manager.service,
        IDENTITY_MANAGER.name,
        scope,
        diagnostics,
    );
    let gateway_host = host(&declared.gateway.service, GATEWAY.name, scope, diagnostics);
    let (main_subzone, further_subzones) = subzones?;
    Some(Cenm {
        command_line_image: command_line_image?.value.clone(),
        auth: auth?,
        gateway: gateway?,
        zone: zone?,
        identity_manager: identity_manager?,
        signing_service: signing_service?,
        identity_manager_host: identity_manager_host?,
        gateway_host: gateway_host?,
        approval: approval?,
        signing_keys: signing_keys?,
        schedule: schedule(&declared.signing_service),
        main_subzone,
        further_subzones,
    })
}

/// The settings of one service.
pub(super) fn service(
    own: &declared::Service,
    cenm: &declared::Cenm,
    defaults: Defaults<'_>,
    scope: Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<CenmService> {
    let key = defaults.key;
    let image = own.image.as_ref().or(cenm.image.as_ref());
    if image.is_none() && !own.written.contains(&"image") && !cenm.written.contains(&"image") {
        diagnostics.push(
            Diagnostic::new(
                "topology::missing-image",
                if own.written.is_empty() {
                    cenm.span
                } else {
                    own.span
                },
                format!("`{key}` has no image"),
            )
            .label("in `cenm`")
            .help(format!("add `image:` to `cenm` or to `cenm.{key}`")),
        );
    }
    let exposure = if defaults.is_public {
        let exposure = exposure::exposure(own.exposure.as_ref(), Speaks::Http, scope, diagnostics);
        if let Some(exposure) = exposure.as_ref().filter(|_| defaults.is_called_by_nodes) {
            exposure::check_plain_http(exposure, own.exposure.as_ref(), key, scope, diagnostics);
        }
        if let (Some(exposure), Some(host)) = (&exposure, &own.host) {
            check_host(host.span, exposure, defaults, diagnostics);
        }
        exposure
    } else {
        exposure::never(
            own.exposure.as_ref(),
            own.host.as_ref().map(|host| host.span),
            key,
            diagnostics,
        );
        Some(Exposure::NONE)
    };
    let memory = own
        .memory
        .as_ref()
        .map_or(Mebibytes(defaults.memory), |memory| memory.value);
    let database = service_database(own, cenm, defaults, diagnostics)?;
    check_storage(own, &database, defaults, diagnostics);
    Some(CenmService {
        version: release(own, cenm)?,
        image: image?.value.clone(),
        memory,
        cpu: own.cpu.as_ref().map(|cpu| cpu.value),
        database,
        storage: placement::volume(&[&own.storage, &scope.file.storage], StorageSize::gibibytes(1)),
        placement: placement::placement(&[&own.placement, &scope.file.placement]),
        monitored: own.monitoring.as_ref().is_none_or(|monitoring| monitoring.value),
        vertical_scaling: placement::vertical_scaling(&[&own.vertical_scaling], memory, diagnostics),
        exposure: exposure?,
    })
}

/// A service's release: its own or the common one.
pub(super) fn release(own: &declared::Service, cenm: &declared::Cenm) -> Option<CenmVersion> {
    own.version
        .as_ref()
        .or(cenm.version.as_ref())
        .map(|version| version.value)
}

fn service_database(
    own: &declared::Service,
    cenm: &declared::Cenm,
    defaults: Defaults<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Database> {
    if !defaults.has_database {
        if let Some(database) = &own.database {
            diagnostics.push(
                Diagnostic::new(
                    "topology::not-for-this-kind",
                    database.span,
                    format!("`{}` has no database", defaults.key),
                )
                .label("without effect")
                .help("remove `database`"),
            );
        }
        return Some(Database::H2);
    }
    let owner = database::Owner::Service(defaults.name);
    match own.database.as_ref().or(cenm.database.as_ref()) {
        None => Some(Database::H2),
        Some(declared) => database::database(declared, owner, diagnostics),
    }
}

/// The host of whoever is called by nodes is in all their configs and in certificates; any other is for outsiders alone.
fn check_host(host: Span, exposure: &Exposure, defaults: Defaults<'_>, diagnostics: &mut Diagnostics) {
    if defaults.is_called_by_nodes || exposure.is_public() {
        return;
    }
    diagnostics.push(
        Diagnostic::new(
            "topology::not-for-this-kind",
            host,
            format!(
                "`{}` has a public host, and nobody outside reaches it",
                defaults.key
            ),
        )
        .label("without effect")
        .help("add `exposure`, or remove `host`"),
    );
}

/// A service has a volume for its H2 database and for nothing else.
fn check_storage(
    own: &declared::Service,
    database: &Database,
    defaults: Defaults<'_>,
    diagnostics: &mut Diagnostics,
) {
    let why = match database {
        _ if own.storage.written.is_empty() => return,
        Database::H2 if defaults.has_database => return,
        Database::H2 => "keeps no state",
        Database::Server(_) => "keeps its state in a database server",
    };
    diagnostics.push(
        Diagnostic::new(
            "topology::not-for-this-kind",
            own.storage.span,
            format!("`{}` {why} and has no volume", defaults.key),
        )
        .label("without effect")
        .help("remove `storage`"),
    );
}

/// A service's public host: its own or its name below the domain.
pub(super) fn host(
    own: &declared::Service,
    name: &str,
    scope: Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<DnsName> {
    if let Some(host) = &own.host {
        return Some(host.value.clone());
    }
    let domain = scope.file.domain.as_ref()?;
    DnsName::new(&format!("{name}.{}", domain.value))
        .inspect_err(|message| {
            diagnostics.push(
                Diagnostic::new("topology::host-name", domain.span, message.clone())
                    .label(format!("too long with `{name}.` before it")),
            );
        })
        .ok()
}

/// The schedule that holds now.
fn schedule(declared: &declared::SigningService) -> SigningSchedule {
    let active = declared
        .active_schedule
        .as_ref()
        .map_or(ActiveSchedule::Production, |active| active.value);
    let schedule = match (active, &declared.bootstrap_schedule) {
        (ActiveSchedule::Bootstrap, Some(bootstrap)) => bootstrap,
        _ => &declared.schedule,
    };
    let interval = |it: &Option<crate::decode::Located<std::time::Duration>>| it.as_ref().map(|it| it.value);
    SigningSchedule {
        certificate_signing_requests: interval(&schedule.certificate_signing_requests),
        revocation_list: interval(&schedule.revocation_list),
        network_map: interval(&schedule.network_map),
        network_parameters: interval(&schedule.network_parameters),
    }
}
