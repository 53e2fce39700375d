//! The keys of the language, and where each is looked at.

use std::collections::BTreeSet;

use topology::{
    declared,
    language::{Key, Kind, Mapping as _, MappingShape},
};

use crate::tree::Path;

/// A key at a place.
pub(crate) struct Place {
    /// Where the mapping stands that holds it.
    pub(crate) path: Path,
    /// That mapping.
    pub(crate) mapping: MappingShape,
    /// The key.
    pub(crate) key: Key,
}

impl Place {
    pub(crate) fn name(&self) -> String {
        self.path.then(self.key.name).to_string()
    }
}

/// Every key: at every place, but for mappings that are the same wherever they stand. Those are looked at where `homes`
/// says, or where they are found first.
pub(crate) fn places() -> Vec<Place> {
    let mut places = Vec::new();
    let mut seen = BTreeSet::new();
    below(
        &Path::root(),
        &declared::Topology::shape(),
        &mut seen,
        &mut places,
    );
    places
}

fn below(path: &Path, shape: &MappingShape, seen: &mut BTreeSet<&'static str>, places: &mut Vec<Place>) {
    let is_first = seen.insert(shape.name);
    let is_home = match homes(shape.name) {
        [] => is_first,
        homes => homes.contains(&path.to_string().as_str()),
    };
    if !is_home {
        return;
    }
    for key in &shape.keys {
        places.push(Place {
            path: path.clone(),
            mapping: shape.clone(),
            key: key.clone(),
        });
        if let Some((inner, marked)) = inner(&key.kind) {
            below(&path.then(key.name).marked(marked), &inner, seen, places);
        }
    }
}

/// The mapping below a key, and which of its members is looked at: the first of a list, one of names.
fn inner(kind: &Kind) -> Option<(MappingShape, &'static str)> {
    match kind {
        Kind::Mapping(shape) => Some((shape(), "")),
        Kind::List(kind) => inner(kind).map(|(shape, _)| (shape, "0")),
        Kind::Named(kind) => inner(kind).map(|(shape, _)| (shape, "any")),
        _ => None,
    }
}

/// Where a mapping is looked at that stands in many places; none: wherever it is found first.
fn homes(mapping: &str) -> &'static [&'static str] {
    match mapping {
        "a CENM service" => &["cenm.auth", "cenm.zone"],
        "`exposure`" => &["cenm.gateway.exposure", "participants.0.exposure"],
        "`tls`" => &["ingress.tls", "cenm.gateway.exposure.tls"],
        "a Gateway reference" => &["gatewayApi", "participants.0.exposure.gateway"],
        "a database" => &[
            "cenm.database",
            "cenm.auth.database",
            "cenm.subzones.0.database",
            "participants.0.database",
            "notaries.0.highAvailability.database",
        ],
        "an image volume" => &[
            "participants.0.database.driver",
            "cenm.identityManager.plugin.jar",
            "participants.0.cordapps.sources.0.image",
        ],
        "a reference to a secret" => &["participants.0.database.password", "cenm.auth.database.password"],
        "`secret`" | "`external`" => &[
            "participants.0.database.password.secret",
            "participants.0.database.password.external",
        ],
        "`storage`" => &[
            "storage",
            "participants.0.storage",
            "cenm.auth.storage",
            "monitoring.storage",
        ],
        "`placement`" => &["placement", "participants.0.placement", "cenm.auth.placement"],
        "a toleration" => &["participants.0.placement.tolerations.0"],
        "`verticalScaling`" => &["participants.0.verticalScaling", "cenm.auth.verticalScaling"],
        "`corda` or a class" => &["corda", "classes.any"],
        "`cordapps`" => &["participants.0.cordapps"],
        "`ssh`" => &["participants.0.ssh"],
        "`ports`" => &["notaries.0.ports", "participants.0.ports"],
        "a firewall process" => &["participants.0.firewall.bridge", "participants.0.firewall.float"],
        "a signing schedule" => &[
            "cenm.signingService.schedule",
            "cenm.signingService.bootstrapSchedule",
        ],
        "`parameters`" => &["cenm.networkMap.parameters", "cenm.subzones.0.parameters"],
        _ => &[],
    }
}
