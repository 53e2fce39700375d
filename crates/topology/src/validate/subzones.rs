//! Subzones: the main one and further ones.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use super::{
    Scope,
    cenm::{self, NETWORK_MAP},
};
use crate::{
    declared,
    decode::Located,
    diagnostic::{Diagnostic, Diagnostics},
    model::{PackageKeyAlgorithm, PackageOwner, Subzone, SubzoneId},
    node::Span,
    scalar::Whole,
};

/// The main one and the further ones.
pub(super) fn validate(
    declared: &declared::Cenm,
    scope: Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<(Subzone, Vec<Subzone>)> {
    let main = subzone(
        Some(SubzoneId::Main),
        &declared.network_map,
        declared,
        scope,
        diagnostics,
    );
    let mut subzones = Vec::new();
    for further in &declared.subzones {
        check_name(further, diagnostics);
        let id = further
            .name
            .as_ref()
            .map(|name| SubzoneId::Named(name.value.clone()));
        subzones.push(subzone(id, &further.network_map, declared, scope, diagnostics));
    }
    check_labels(declared, diagnostics);
    Some((main?, subzones.into_iter().collect::<Option<_>>()?))
}

fn subzone(
    id: Option<SubzoneId>,
    own: &declared::NetworkMap,
    cenm: &declared::Cenm,
    scope: Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Subzone> {
    let name = match &id {
        // Each has a schema of its own (reference §1.2).
        Some(SubzoneId::Named(name)) => format!("{}-{name}", NETWORK_MAP.name),
        Some(SubzoneId::Main) | None => NETWORK_MAP.name.to_owned(),
    };
    let defaults = NETWORK_MAP.called(&name);
    let service = cenm::service(&own.service, cenm, defaults, scope, diagnostics);
    let id = id?;
    let default_label = match &id {
        SubzoneId::Main => "Main".to_owned(),
        SubzoneId::Named(name) => name.to_string(),
    };
    let host = cenm::host(&own.service, &name, scope, diagnostics);
    let parameters = &own.parameters;
    let package_ownership: Vec<_> = parameters
        .package_ownership
        .iter()
        .map(|owner| package_owner(owner, diagnostics))
        .collect();
    check_packages(&parameters.package_ownership, diagnostics);
    Some(Subzone {
        service: service?,
        host: host?,
        label: own
            .label
            .as_ref()
            .map_or(default_label, |label| label.value.clone()),
        polling_interval: own
            .polling_interval
            .as_ref()
            .map_or(Duration::from_mins(1), |interval| interval.value),
        minimum_platform_version: number(parameters.minimum_platform_version.as_ref(), 4),
        max_message_size: number(parameters.max_message_size.as_ref(), 10_485_760),
        max_transaction_size: number(parameters.max_transaction_size.as_ref(), 10_485_760),
        event_horizon_days: number(parameters.event_horizon_days.as_ref(), 30),
        package_ownership: package_ownership.into_iter().collect::<Option<_>>()?,
        id,
    })
}

/// With these names objects or steps of a further subzone would be called as those of the main one are.
const RESERVED: [&str; 9] = [
    "config",
    "database",
    "keys",
    "metrics",
    "permissions",
    "public",
    "public-certificate",
    "rpc",
    "zone-token",
];

fn check_name(subzone: &declared::Subzone, diagnostics: &mut Diagnostics) {
    let Some(name) = subzone
        .name
        .as_ref()
        .filter(|name| RESERVED.contains(&name.value.as_str()))
    else {
        return;
    };
    diagnostics.push(
        Diagnostic::new(
            "topology::reserved-name",
            name.span,
            format!("`{}` ends names of objects of the main subzone", name.value),
        )
        .label("reserved")
        .help("give the subzone another name"),
    );
}

fn number<const LEAST: u64, const GREATEST: u64>(
    declared: Option<&Located<Whole<LEAST, GREATEST>>>,
    default: u64,
) -> u64 {
    declared.map_or(default, |number| number.value.0)
}

fn package_owner(declared: &declared::PackageOwner, diagnostics: &mut Diagnostics) -> Option<PackageOwner> {
    let key = declared.public_key.as_ref()?;
    let text = key.value.trim();
    if !(text.starts_with("-----BEGIN PUBLIC KEY-----") && text.ends_with("-----END PUBLIC KEY-----")) {
        diagnostics.push(
            Diagnostic::new(
                "topology::public-key",
                key.span,
                "a package owner's key must be a PEM block `PUBLIC KEY`",
            )
            .label("not a public key")
            .help("`openssl pkey -pubout` prints one"),
        );
        return None;
    }
    Some(PackageOwner {
        package: declared.package.as_ref()?.value.clone(),
        public_key: key.value.clone(),
        algorithm: declared
            .algorithm
            .as_ref()
            .map_or(PackageKeyAlgorithm::Rsa, |algorithm| algorithm.value),
    })
}

/// Network parameters are refused when a package lies in another that is owned as well (Corda's `NetworkParameters`).
fn check_packages(owners: &[declared::PackageOwner], diagnostics: &mut Diagnostics) {
    let packages: BTreeMap<&str, Span> = owners
        .iter()
        .filter_map(|owner| owner.package.as_ref())
        .map(|package| (package.value.as_str(), package.span))
        .collect();
    let mut seen = HashSet::new();
    for owner in owners {
        let Some(package) = &owner.package else { continue };
        let name = package.value.as_str();
        let around = name
            .match_indices('.')
            .map(|(dot, _)| &name[..dot])
            .find(|around| packages.contains_key(around));
        let taken = around.or_else(|| (!seen.insert(name)).then_some(name));
        if let Some(taken) = taken {
            diagnostics.push(
                Diagnostic::new(
                    "topology::package-overlap",
                    package.span,
                    if taken == name {
                        format!("the package `{name}` has an owner already")
                    } else {
                        format!("the package `{name}` lies in `{taken}`, which has an owner")
                    },
                )
                .label("owned twice")
                .help("name each package once, and none inside of another: the network parameters would be refused"),
            );
        }
    }
}

/// A subzone is found again by its label: two of one label would be one.
fn check_labels(declared: &declared::Cenm, diagnostics: &mut Diagnostics) {
    let mut seen: Vec<String> = vec![
        declared
            .network_map
            .label
            .as_ref()
            .map_or_else(|| "Main".to_owned(), |label| label.value.clone()),
    ];
    for subzone in &declared.subzones {
        let name = subzone
            .name
            .as_ref()
            .map(|name| (name.value.to_string(), name.span));
        let label = subzone
            .network_map
            .label
            .as_ref()
            .map(|label| (label.value.clone(), label.span))
            .or(name);
        let Some((label, span)) = label else { continue };
        if seen.contains(&label) {
            diagnostics.push(
                Diagnostic::new(
                    "topology::duplicate-name",
                    span,
                    format!("two subzones have the label `{label}`"),
                )
                .label("again here")
                .help("a subzone is found again by its label: every one must differ"),
            );
        } else {
            seen.push(label);
        }
    }
}
