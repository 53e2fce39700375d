//! Who is at the ends of connections.

use indexmap::IndexMap;
use topology::{
    Topology,
    connection::{Party, Protocol},
    model::Namespace,
};

use super::place::Place;

/// Somebody at an end of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Actor {
    pub(super) party: Party,
    /// Whose neighbours they are, for neighbours.
    pub(super) of: Option<Namespace>,
}

impl Actor {
    const fn new(party: Party) -> Self {
        Self { party, of: None }
    }

    /// A party with the one at the other end, which tells neighbours apart.
    pub(super) fn at(party: &Party, other: &Party) -> Self {
        let of = match (party, other) {
            (Party::Neighbours, Party::Component(component)) => Some(component.namespace()),
            _ => None,
        };
        Self {
            party: party.clone(),
            of,
        }
    }
}

/// All actors, each once and known by its position; with how each is talked to, by the first connection to it.
pub(super) struct Actors(IndexMap<Actor, Option<Protocol>>);

impl Actors {
    /// Every component, connected or not; whoever else has a connection comes after them.
    pub(super) fn of(topology: &Topology) -> Self {
        let components = topology.components().into_iter().map(Party::Component);
        Self(components.map(|party| (Actor::new(party), None)).collect())
    }

    /// The position of somebody who calls.
    pub(super) fn client(&mut self, actor: Actor) -> usize {
        let entry = self.0.entry(actor);
        let position = entry.index();
        entry.or_default();
        position
    }

    /// The position of somebody who is called.
    pub(super) fn server(&mut self, actor: Actor, protocol: Protocol) -> usize {
        let entry = self.0.entry(actor);
        let position = entry.index();
        entry.or_default().get_or_insert(protocol);
        position
    }

    /// Where each belongs.
    pub(super) fn places(&self, topology: &Topology) -> Vec<Place> {
        let all = self.0.iter();
        all.map(|(actor, spoken)| Place::of(actor, *spoken, topology))
            .collect()
    }

    /// The position of one that is known.
    #[cfg(test)]
    pub(super) fn position(&self, actor: &Actor) -> Option<usize> {
        self.0.get_index_of(actor)
    }
}
