//! Where Pods run, what they get, and where their volumes are.

use crate::{
    decode::Located,
    language::{Named, mapping},
    model::{Spread, TolerationEffect, VerticalScalingMode},
    scalar::{Label, Mebibytes, ObjectName, StorageSize},
};

mapping! {
    /// Where a component's Pods may run.
    pub struct Placement = "`placement`" {
        /// Labels that a node of the cluster must have, e.g. those of a node pool.
        node_selector: Named<Located<Label>> = "nodeSelector", default "none", drives "Pod spec.nodeSelector";
        /// Taints that are tolerated.
        tolerations: Vec<Toleration> = "tolerations", default "none", drives "Pod spec.tolerations";
        /// The Pods' priority.
        priority_class: Option<Located<ObjectName>> = "priorityClass", default "the cluster's",
            drives "Pod spec.priorityClassName";
        /// What components of one kind are spread over.
        spread: Option<Located<Spread>> = "spread", default "machines for the workers of a notary, else none",
            drives "Pod spec.affinity.podAntiAffinity";
    }
}

mapping! {
    /// A taint that is tolerated.
    pub struct Toleration = "a toleration" {
        /// The taint's key.
        @required key: Option<Located<Label>> = "key";
        /// The taint's value.
        value: Option<Located<Label>> = "value", default "any";
        /// The taint's effect.
        effect: Option<Located<TolerationEffect>> = "effect", default "any";
    }
}

mapping! {
    /// A volume.
    pub struct Volume = "`storage`" {
        /// The `StorageClass`.
        class_name: Option<Located<ObjectName>> = "className", default "the cluster's default",
            drives "PersistentVolumeClaim spec.storageClassName";
        /// Its size.
        size: Option<Located<StorageSize>> = "size", default "1Gi for a CENM database, 5Gi for a node and for Prometheus",
            drives "PersistentVolumeClaim spec.resources.requests.storage";
    }
}

mapping! {
    /// Vertical scaling: Corda scales by larger Pods only.
    pub struct VerticalScaling = "`verticalScaling`" {
        /// What the autoscaler may do.
        mode: Option<Located<VerticalScalingMode>> = "mode", default "off",
            drives "VerticalPodAutoscaler spec.updatePolicy.updateMode";
        /// The least memory that it may choose.
        least_memory: Option<Located<Mebibytes>> = "leastMemory", default "the memory of the component",
            drives "VerticalPodAutoscaler minAllowed.memory";
        /// The most memory that it may choose.
        most_memory: Option<Located<Mebibytes>> = "mostMemory", default "twice the memory of the component",
            drives "VerticalPodAutoscaler maxAllowed.memory";
    }
}
