//! Where Pods run and where their volumes are.

use crate::{
    language::choice,
    scalar::{Mebibytes, StorageSize},
};

choice! {
    /// What the nodes of a kind are spread over.
    pub enum Spread {
        /// Not spread.
        None = "none",
        /// Nodes of the cluster.
        Node = "node",
        /// Zones of the platform.
        Zone = "zone",
    }
}

choice! {
    /// The effect of a taint.
    pub enum TolerationEffect {
        /// Pods are not put there.
        NoSchedule = "NoSchedule",
        /// Pods are put there as a last resort.
        PreferNoSchedule = "PreferNoSchedule",
        /// Pods are taken away.
        NoExecute = "NoExecute",
    }
}

choice! {
    /// What the vertical autoscaler may do.
    pub enum VerticalScalingMode {
        /// Nothing: there is none.
        Off = "off",
        /// It only recommends.
        Recommend = "recommend",
        /// It sets what a Pod begins with; no running Pod is restarted.
        Initial = "initial",
    }
}

/// Where a component's Pods may run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// Labels that the cluster's node must have, in the order of the file.
    pub node_selector: Vec<(String, String)>,
    /// Taints that are tolerated.
    pub tolerations: Vec<Toleration>,
    /// The priority class.
    pub priority_class: Option<String>,
    /// What components of one kind are spread over.
    pub spread: Option<Spread>,
}

/// A taint that is tolerated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toleration {
    /// Its key.
    pub key: String,
    /// Its value; any when `None`.
    pub value: Option<String>,
    /// Its effect; any when `None`.
    pub effect: Option<TolerationEffect>,
}

/// A volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// The `StorageClass`; the cluster's default when `None`.
    pub class_name: Option<String>,
    /// Its size.
    pub size: StorageSize,
}

/// Vertical scaling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerticalScaling {
    /// What it may do; never [`VerticalScalingMode::Off`].
    pub mode: VerticalScalingMode,
    /// The least memory.
    pub least_memory: Mebibytes,
    /// The most memory.
    pub most_memory: Mebibytes,
}
