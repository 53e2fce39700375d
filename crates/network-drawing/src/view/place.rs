//! Where each party of the matrix belongs in a picture.

use topology::{
    Topology,
    connection::Party,
    model::{Component, Namespace},
};

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
    /// What is only called: the cluster's DNS, whatever else lies outside.
    Called,
}

/// A party's zone and what it is called there.
pub(super) struct Place {
    pub(super) zone: String,
    pub(super) is_namespace: bool,
    pub(super) column: Column,
    /// Unique in its zone.
    pub(super) name: String,
    pub(super) title: String,
    pub(super) kind: &'static str,
    /// Parties of one unit are equal to those of another unit all together or not at all; without a unit, to nobody.
    pub(super) unit: Option<String>,
}

impl Place {
    pub(super) fn of(party: &Party, topology: &Topology) -> Self {
        match party {
            Party::Component(component) => Self::of_component(component, topology),
            Party::Outside => {
                Self::outside("Outside world", Column::Callers, "Operators and nodes", "outside")
            }
            Party::ClusterDns => Self::outside("Cluster", Column::Called, "Cluster DNS", "cluster-dns"),
        }
    }

    fn of_component(component: &Component, topology: &Topology) -> Self {
        let namespace = component.namespace();
        let column = column(&namespace);
        let zone = namespace.name(&topology.name);
        Self {
            unit: (column == Column::Members).then(|| zone.clone()),
            zone,
            is_namespace: true,
            column,
            name: component.name().to_owned(),
            title: title(component),
            kind: component.kind(),
        }
    }

    fn outside(zone: &str, column: Column, title: &str, kind: &'static str) -> Self {
        Self {
            zone: zone.to_owned(),
            is_namespace: false,
            column,
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

/// The zone says whose it is already.
fn title(component: &Component) -> String {
    let title = component.to_string();
    title
        .split_once(" of ")
        .map_or(title.clone(), |(own, _)| own.to_owned())
}
