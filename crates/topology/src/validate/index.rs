//! What is referred to, by name: made once, so that a hundred thousand references cost no more than as many
//! look-ups.

use std::collections::HashMap;

use crate::{
    declared::{self, NodeSettings},
    decode::Located,
    model::Component,
    names::NodeName,
};

/// Whose map a node is on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum MapOf<'a> {
    /// That of the main subzone.
    Main,
    /// That of the subzone with this name, if there is one.
    Further(&'a str),
}

impl<'a> MapOf<'a> {
    /// The one that a node names, or the main one.
    pub(super) fn named(subzone: Option<&'a Located<String>>) -> Self {
        subzone.map_or(Self::Main, |name| Self::Further(&name.value))
    }
}

/// The names of a file.
pub(super) struct Index<'a> {
    nodes: HashMap<&'a str, Component>,
    classes: HashMap<&'a str, &'a NodeSettings>,
    subzones: HashMap<&'a str, &'a NodeName>,
    /// The map that each node is on.
    maps: HashMap<&'a str, MapOf<'a>>,
    node_names: Vec<&'a str>,
    class_names: Vec<&'a str>,
    subzone_names: Vec<&'a str>,
    /// Whether a node has a name that was refused, which may be the one that a reference means.
    is_incomplete: bool,
}

impl<'a> Index<'a> {
    /// Of two with one name the first counts; that there are two is told elsewhere.
    pub(super) fn of(file: &'a declared::Topology) -> Self {
        let mut index = Self {
            nodes: HashMap::new(),
            classes: HashMap::new(),
            subzones: HashMap::new(),
            maps: HashMap::new(),
            node_names: Vec::new(),
            class_names: Vec::new(),
            subzone_names: Vec::new(),
            is_incomplete: false,
        };
        let participants = file.participants.iter().map(|it| (&it.name, &it.subzone));
        let notaries = file.notaries.iter().map(|it| (&it.name, &it.subzone));
        for (name, subzone) in participants.chain(notaries) {
            if let Some(name) = name {
                let map = MapOf::named(subzone.as_ref());
                index.maps.entry(name.value.as_str()).or_insert(map);
            }
        }
        for participant in &file.participants {
            match &participant.name {
                Some(name) => index.add(name.value.as_str(), Component::Participant(name.value.clone())),
                None => index.is_incomplete |= participant.written.contains(&"name"),
            }
        }
        for notary in &file.notaries {
            let Some(name) = &notary.name else {
                index.is_incomplete |= notary.written.contains(&"name");
                continue;
            };
            let Some(shared) = &notary.high_availability else {
                index.add(name.value.as_str(), Component::Notary(name.value.clone()));
                continue;
            };
            for worker in shared.workers.iter().filter_map(|worker| worker.name.as_ref()) {
                let component = Component::NotaryWorker {
                    notary: name.value.clone(),
                    worker: worker.value.clone(),
                };
                // Who names the service means its first worker.
                index.add(name.value.as_str(), component.clone());
                index.add(worker.value.as_str(), component);
            }
        }
        for (name, settings) in &file.classes.0 {
            index.classes.entry(&name.value).or_insert(settings);
        }
        let subzones = file.cenm.iter().flat_map(|cenm| &cenm.subzones);
        for name in subzones.filter_map(|subzone| subzone.name.as_ref()) {
            index.subzones.entry(name.value.as_str()).or_insert(&name.value);
        }
        index.node_names = sorted(index.nodes.keys());
        index.class_names = sorted(index.classes.keys());
        index.subzone_names = sorted(index.subzones.keys());
        index
    }

    fn add(&mut self, name: &'a str, component: Component) {
        self.nodes.entry(name).or_insert(component);
    }

    /// The node of a name; a notary of several workers stands for its first.
    pub(super) fn node(&self, name: &str) -> Option<&Component> {
        self.nodes.get(name)
    }

    /// The settings of a class.
    pub(super) fn class(&self, name: &str) -> Option<&'a NodeSettings> {
        self.classes.get(name).copied()
    }

    /// The subzone of a name.
    pub(super) fn subzone(&self, name: &str) -> Option<&'a NodeName> {
        self.subzones.get(name).copied()
    }

    /// The map that a node is on, by its name.
    pub(super) fn map_of(&self, node: &str) -> Option<MapOf<'a>> {
        self.maps.get(node).copied()
    }

    /// Whether a node that is not found may be there all the same.
    pub(super) const fn is_incomplete(&self) -> bool {
        self.is_incomplete
    }

    /// The names of all nodes, in order.
    pub(super) fn nodes(&self) -> &[&'a str] {
        &self.node_names
    }

    /// The names of all classes, in order.
    pub(super) fn classes(&self) -> &[&'a str] {
        &self.class_names
    }

    /// The names of all further subzones, in order.
    pub(super) fn subzones(&self) -> &[&'a str] {
        &self.subzone_names
    }
}

fn sorted<'a, 'k>(names: impl Iterator<Item = &'k &'a str>) -> Vec<&'a str>
where
    'a: 'k,
{
    let mut names: Vec<_> = names.copied().collect();
    names.sort_unstable();
    names
}
