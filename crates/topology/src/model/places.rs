//! Where each node stands in its list, so that a thousand nodes are looked up a thousand times and not a million.

use std::collections::HashMap;

use super::{Component, Node};
use crate::names::NodeName;

/// The places of notaries and participants by their names, which no two share.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Places {
    notaries: HashMap<NodeName, usize>,
    participants: HashMap<NodeName, usize>,
}

impl Places {
    /// Of two with one name the first counts, as everywhere else.
    pub(crate) fn of(notaries: &[Node], participants: &[Node]) -> Self {
        let places = |nodes: &[Node]| {
            let mut places = HashMap::with_capacity(nodes.len());
            for (place, node) in nodes.iter().enumerate() {
                places.entry(node.name.clone()).or_insert(place);
            }
            places
        };
        Self {
            notaries: places(notaries),
            participants: places(participants),
        }
    }

    /// The node that a component is, among those that the places were made of.
    pub(crate) fn find<'a>(
        &self,
        component: &Component,
        notaries: &'a [Node],
        participants: &'a [Node],
    ) -> Option<&'a Node> {
        match component {
            Component::Participant(name) => participants.get(*self.participants.get(name)?),
            Component::Notary(name) | Component::NotaryWorker { worker: name, .. } => notaries
                .get(*self.notaries.get(name)?)
                .filter(|node| node.component() == *component),
            _ => None,
        }
    }
}
