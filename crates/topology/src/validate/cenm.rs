//! The CENM services.

use std::time::Duration;

use super::values;
use crate::{
    declared,
    decode::Located,
    diagnostic::{Diagnostic, Diagnostics},
    model::{Cenm, CenmService, CenmVersion, Mebibytes, SigningSchedule, Subzone},
    names::DnsName,
};

pub(super) fn validate(
    declared: &declared::Cenm,
    domain: Option<&DnsName>,
    diagnostics: &mut Diagnostics,
) -> Option<Cenm> {
    let version = declared
        .version
        .as_ref()
        .and_then(|version| release(version, diagnostics));
    if declared
        .approval
        .as_ref()
        .is_some_and(|approval| approval.value != "automatic")
        && let Some(approval) = &declared.approval
    {
        diagnostics.push(
            Diagnostic::new(
                "topology::approval",
                approval.span,
                format!("approval `{}` is not known", approval.value),
            )
            .label("not known")
            .help("`automatic` approves every request, which is for trials only"),
        );
    }
    let auth = service(&declared.auth, declared, "auth", 512, diagnostics);
    let gateway = service(&declared.gateway, declared, "gateway", 512, diagnostics);
    let zone = service(&declared.zone, declared, "zone", 512, diagnostics);
    // These two hold an Angel beside the service: two JVMs in one Pod (reference §8.3, 19).
    let identity_manager = service(
        &declared.identity_manager,
        declared,
        "identityManager",
        1024,
        diagnostics,
    );
    let network_map = service(
        &declared.network_map.service,
        declared,
        "networkMap",
        1024,
        diagnostics,
    );
    let signing_service = service(
        &declared.signing_service,
        declared,
        "signingService",
        768,
        diagnostics,
    );
    let command_line_image = values::image(
        declared.command_line_image.as_ref().or(declared.image.as_ref()),
        diagnostics,
    );
    let identity_manager_host = host(
        &declared.identity_manager,
        "identity-manager",
        domain,
        diagnostics,
    );
    let network_map_host = host(&declared.network_map.service, "network-map", domain, diagnostics);
    let gateway_host = host(&declared.gateway, "gateway", domain, diagnostics);
    for (other, name) in [
        (&declared.auth, "auth"),
        (&declared.zone, "zone"),
        (&declared.signing_service, "signingService"),
    ] {
        if let Some(host) = &other.host {
            diagnostics.push(
                Diagnostic::new(
                    "topology::never-public",
                    host.span,
                    format!("`{name}` cannot have a public host"),
                )
                .label("never exposed")
                .help("only Identity Manager, Network Map and Gateway speak HTTP to the outside"),
            );
        }
    }
    Some(Cenm {
        version: version?,
        command_line_image: command_line_image?,
        auth: auth?,
        gateway: gateway?,
        zone: zone?,
        identity_manager: identity_manager?,
        signing_service: signing_service?,
        network_map: network_map?,
        identity_manager_host: identity_manager_host?,
        network_map_host: network_map_host?,
        gateway_host: gateway_host?,
        subzone: subzone(&declared.network_map, diagnostics),
        schedule: schedule(&declared.schedule, diagnostics),
    })
}

fn release(version: &Located<String>, diagnostics: &mut Diagnostics) -> Option<CenmVersion> {
    if version.value == "1.7" {
        return Some(CenmVersion::V1_7);
    }
    diagnostics.push(
        Diagnostic::new(
            "topology::cenm-version",
            version.span,
            format!("CENM `{}` is not supported", version.value),
        )
        .label("not supported")
        .help("write \"1.7\""),
    );
    None
}

fn service(
    own: &declared::Service,
    cenm: &declared::Cenm,
    name: &str,
    memory: u32,
    diagnostics: &mut Diagnostics,
) -> Option<CenmService> {
    let memory = own.memory.as_ref().map_or(Some(Mebibytes(memory)), |declared| {
        values::memory(declared, diagnostics)
    });
    let image = match (&own.image, &cenm.image) {
        (Some(image), _) => values::image(Some(image), diagnostics),
        // A wrong common image is told once, with the command line's.
        (None, Some(image)) => values::image(Some(image), &mut diagnostics.scratch()),
        (None, None) => {
            if let Some(version) = &cenm.version {
                diagnostics.push(
                    Diagnostic::new(
                        "topology::missing-image",
                        version.span,
                        format!("`{name}` has no image"),
                    )
                    .label("in `cenm`")
                    .help(format!("add `image:` to `cenm` or to `cenm.{name}`")),
                );
            }
            None
        }
    };
    Some(CenmService {
        image: image?,
        memory: memory?,
    })
}

fn host(
    own: &declared::Service,
    name: &str,
    domain: Option<&DnsName>,
    diagnostics: &mut Diagnostics,
) -> Option<DnsName> {
    match &own.host {
        Some(host) => values::parse(Some(host), "topology::host-name", DnsName::new, diagnostics),
        None => DnsName::new(&format!("{name}.{}", domain?)).ok(),
    }
}

fn subzone(declared: &declared::NetworkMap, diagnostics: &mut Diagnostics) -> Subzone {
    let parameters = &declared.parameters;
    let number =
        |declared: &Option<Located<u64>>, default: u64| declared.as_ref().map_or(default, |it| it.value);
    Subzone {
        label: declared
            .label
            .as_ref()
            .map_or_else(|| "Main".to_owned(), |label| label.value.clone()),
        polling_interval: declared
            .polling_interval
            .as_ref()
            .and_then(|interval| values::duration(interval, diagnostics))
            .unwrap_or(Duration::from_mins(1)),
        minimum_platform_version: number(&parameters.minimum_platform_version, 4),
        max_message_size: number(&parameters.max_message_size, 10_485_760),
        max_transaction_size: number(&parameters.max_transaction_size, 10_485_760),
        event_horizon_days: number(&parameters.event_horizon_days, 30),
    }
}

fn schedule(declared: &declared::SigningSchedule, diagnostics: &mut Diagnostics) -> SigningSchedule {
    let mut interval = |declared: &Option<Located<String>>| {
        declared
            .as_ref()
            .and_then(|interval| values::duration(interval, diagnostics))
    };
    SigningSchedule {
        certificate_signing_requests: interval(&declared.certificate_signing_requests),
        revocation_list: interval(&declared.revocation_list),
        network_map: interval(&declared.network_map),
        network_parameters: interval(&declared.network_parameters),
    }
}
