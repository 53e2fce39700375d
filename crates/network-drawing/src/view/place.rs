//! Where everybody belongs in a picture.

use topology::{
    Topology,
    connection::{Party, Protocol},
    model::{Component, Namespace},
};

use super::actor::Actor;

/// Zones stand in columns, so that most calls go from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Column {
    /// Who only calls: the outside world, monitoring.
    Callers,
    /// The operators' door, and who works behind it.
    Doors,
    /// The services that the network has once.
    Services,
    /// What each member brings.
    Members,
    /// What is only called: the cluster's DNS, databases, whatever else lies outside.
    Called,
}

/// What lies around a zone's residents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ground {
    /// A namespace of the network.
    Namespace,
    /// Something else that is not the open world.
    Beyond,
    /// The open world.
    Outside,
}

/// The kind of Pods that somebody else puts into a namespace of the network.
pub(crate) const NEIGHBOURS: &str = "neighbours";

/// Somebody's zone, and what they are called there.
pub(super) struct Place {
    pub(super) zone: String,
    pub(super) ground: Ground,
    pub(super) column: Column,
    /// The zone that it stands next to, if it belongs to somebody with a zone of their own.
    pub(super) beside: Option<String>,
    /// Unique in its zone.
    pub(super) name: String,
    pub(super) title: String,
    pub(super) kind: &'static str,
    /// Those of one unit are equal to those of another unit all together or not at all; without a unit, to nobody.
    pub(super) unit: Option<String>,
}

impl Place {
    /// `spoken` is how an endpoint is talked to, which tells what it is.
    pub(super) fn of(actor: &Actor, spoken: Option<Protocol>, topology: &Topology) -> Self {
        match &actor.party {
            Party::Component(component) => Self::of_component(component, topology),
            Party::Outside => Self {
                ground: Ground::Outside,
                ..Self::beyond("Outside world", Column::Callers, "Operators and nodes", "outside")
            },
            Party::Anywhere => Self::beyond("Internet", Column::Called, "Nodes anywhere", "anywhere"),
            Party::Cluster => Self::beyond("Other namespaces", Column::Callers, "Any Pod", "pod"),
            Party::ClusterDns => Self::beyond("Cluster", Column::Called, "Cluster DNS", "cluster-dns"),
            Party::Endpoint(endpoint) => {
                let (zone, kind) = match spoken {
                    Some(Protocol::Jdbc) => ("Databases", "database"),
                    Some(Protocol::Hsm) => ("Hardware security module", "hsm"),
                    _ => ("Other servers", "server"),
                };
                let name = endpoint.to_string();
                Self {
                    unit: Some(format!("{zone} {name}")),
                    name,
                    ..Self::beyond(zone, Column::Called, &endpoint.address.host, kind)
                }
            }
            Party::Neighbours | Party::Peers | Party::Monitored => match &actor.of {
                Some(namespace) => Self {
                    name: "neighbours".to_owned(),
                    title: "Pods beside it".to_owned(),
                    kind: NEIGHBOURS,
                    ..Self::in_namespace(namespace, topology)
                },
                None => Self::beyond(
                    "Other namespaces",
                    Column::Callers,
                    &actor.party.to_string(),
                    "pod",
                ),
            },
        }
    }

    fn of_component(component: &Component, topology: &Topology) -> Self {
        let place = Self::in_namespace(&component.namespace(), topology);
        Self {
            name: component.name().into_owned(),
            title: title(component, &place.zone),
            kind: component.kind(),
            ..place
        }
    }

    fn in_namespace(namespace: &Namespace, topology: &Topology) -> Self {
        let column = column(namespace);
        let zone = namespace.name(&topology.name);
        let beside = match namespace {
            Namespace::Dmz(name) => Some(Namespace::Participant(name.clone()).name(&topology.name)),
            _ => None,
        };
        Self {
            beside,
            unit: (column == Column::Members).then(|| zone.clone()),
            zone,
            ground: Ground::Namespace,
            column,
            name: String::new(),
            title: String::new(),
            kind: "",
        }
    }

    fn beyond(zone: &str, column: Column, title: &str, kind: &'static str) -> Self {
        Self {
            zone: zone.to_owned(),
            ground: Ground::Beyond,
            column,
            beside: None,
            name: kind.to_owned(),
            title: title.to_owned(),
            kind,
            unit: None,
        }
    }
}

/// What a network has once has a column of its own; everything else is somebody's.
fn column(namespace: &Namespace) -> Column {
    match namespace {
        Namespace::Gateway | Namespace::Signing => Column::Doors,
        Namespace::Network => Column::Services,
        Namespace::Monitoring => Column::Callers,
        _ => Column::Members,
    }
}

/// Whose it is says the zone already, where it is one member's.
fn title(component: &Component, zone: &str) -> String {
    let title = component.to_string();
    match title.split_once(" of ") {
        Some((own, member)) if zone.ends_with(member) => own.to_owned(),
        _ => title,
    }
}
