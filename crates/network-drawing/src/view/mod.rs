//! What a picture of a network shows, before anybody thinks about places on a sheet.

mod actor;
mod call;
#[cfg(test)]
mod equal;
mod fold;
mod mesh;
#[cfg(test)]
mod meshes;
#[cfg(test)]
mod networks;
#[cfg(test)]
mod pairs;
mod place;
mod rule;

use std::collections::BTreeSet;

use indexmap::IndexMap;
use topology::{
    Topology,
    connection::{ConnectionMatrix, Protocol},
};

use actor::Actors;
pub(crate) use call::Call;
use place::Place;
pub(crate) use place::{Column, Ground, NEIGHBOURS};

/// Whether equal members of a network are drawn once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folding {
    /// Once, with a count and their names, where there are more nodes than a person tells apart.
    WhenLarge,
    /// Never.
    Never,
}

/// Up to so many nodes everything is drawn by itself.
const NODES_WITHOUT_FOLDING: usize = 6;

/// A network as it is drawn: trust zones, what lives in them, and who calls whom.
pub struct NetworkView {
    pub(crate) network: String,
    pub(crate) zones: Vec<Zone>,
    pub(crate) residents: Vec<Resident>,
    pub(crate) calls: Vec<Call>,
    /// Single connections of the network, folded or not.
    pub(crate) connections: usize,
}

/// A trust zone: a namespace, or something that is outside of all.
pub(crate) struct Zone {
    /// The namespace's name, or what the zone is.
    pub(crate) title: String,
    pub(crate) column: Column,
    pub(crate) ground: Ground,
    /// The zone that it stands next to.
    pub(crate) beside: Option<usize>,
    pub(crate) residents: Vec<usize>,
}

/// What lives in a zone: a component, or somebody outside.
pub(crate) struct Resident {
    /// Unique in the view, e.g. `quickstart-network/auth`.
    pub(crate) id: String,
    pub(crate) title: String,
    /// A word for machines that tells what it is, e.g. `notary`.
    pub(crate) kind: &'static str,
    pub(crate) zone: usize,
    /// The names of those whom it stands for: its own alone, or those of equals that are drawn as one.
    pub(crate) names: Vec<String>,
}

impl Resident {
    /// How many it stands for.
    pub(crate) fn count(&self) -> usize {
        self.names.len()
    }
}

impl NetworkView {
    /// The view of a network with these connections.
    pub fn new(topology: &Topology, matrix: &ConnectionMatrix, folding: Folding) -> Self {
        let mut actors = Actors::of(topology);
        let rules = rule::rules(matrix, &mut actors);
        let places = actors.places(topology);
        let fold = if folding == Folding::WhenLarge && topology.nodes().count() > NODES_WITHOUT_FOLDING {
            fold::folded(&places, &rules)
        } else {
            (0..places.len()).collect()
        };
        let (zones, residents, drawn_as) = settle(&places, &fold);
        let calls = call::gathered(&rules, &places, &drawn_as);
        Self {
            network: topology.name.to_string(),
            zones,
            residents,
            connections: calls.iter().map(|call| call.count).sum(),
            calls,
        }
    }

    /// Whether a call comes from the open world.
    pub(crate) fn is_from_outside(&self, call: &Call) -> bool {
        self.zones[self.residents[call.client].zone].ground == Ground::Outside
    }

    /// Whether a zone is a namespace of the network.
    pub(crate) fn is_namespace(&self, zone: usize) -> bool {
        self.zones[zone].ground == Ground::Namespace
    }

    /// How many namespaces a zone stands for.
    pub(crate) fn count(&self, zone: usize) -> usize {
        if self.is_namespace(zone) {
            self.zones[zone]
                .residents
                .first()
                .map_or(1, |&resident| self.residents[resident].count())
        } else {
            1
        }
    }

    /// Whether a zone is cut off: a namespace that resolves no names and has nothing to do with the outside.
    pub(crate) fn is_isolated(&self, zone: usize) -> bool {
        let away = |resident: usize| !self.is_namespace(self.residents[resident].zone);
        let here = |resident: usize| self.residents[resident].zone == zone;
        self.is_namespace(zone)
            && !self.calls.iter().any(|call| {
                (here(call.client) && call.protocol == Protocol::Dns)
                    || (here(call.server) && away(call.client))
            })
    }

    /// Who calls into a zone from another, by title.
    pub(crate) fn callers(&self, zone: usize) -> BTreeSet<&str> {
        self.calls
            .iter()
            .filter(|call| {
                self.residents[call.server].zone == zone && self.residents[call.client].zone != zone
            })
            .map(|call| self.residents[call.client].title.as_str())
            .collect()
    }
}

/// Zones and residents of the picture, and the resident as which each actor is drawn.
fn settle(places: &[Place], fold: &[usize]) -> (Vec<Zone>, Vec<Resident>, Vec<usize>) {
    let mut zones: IndexMap<&str, Zone> = IndexMap::new();
    let mut residents: IndexMap<usize, Resident> = IndexMap::new();
    for (party, place) in places.iter().enumerate() {
        if fold[party] != party {
            continue;
        }
        let beside = place
            .beside
            .as_deref()
            .and_then(|other| zones.get_index_of(other));
        let zone = zones.entry(&place.zone);
        let at = zone.index();
        let zone = zone.or_insert_with(|| Zone {
            title: place.zone.clone(),
            column: place.column,
            ground: place.ground,
            beside,
            residents: Vec::new(),
        });
        zone.residents.push(residents.len());
        let resident = Resident {
            id: format!("{}/{}", place.zone, place.name),
            title: place.title.clone(),
            kind: place.kind,
            zone: at,
            names: Vec::new(),
        };
        residents.insert(party, resident);
    }
    let mut drawn_as = Vec::with_capacity(places.len());
    for (place, like) in places.iter().zip(fold) {
        if let Some((at, _, resident)) = residents.get_full_mut(like) {
            resident.names.push(place.name.clone());
            drawn_as.push(at);
        }
    }
    (
        zones.into_values().collect(),
        residents.into_values().collect(),
        drawn_as,
    )
}
