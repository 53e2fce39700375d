//! Where a Pod may run: what a topology says of its component, put into the Pod's template.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Affinity, PodAffinity, PodAffinityTerm, PodAntiAffinity, PodSpec, Toleration, WeightedPodAffinityTerm,
};
use topology::{
    Topology,
    model::{self, Component, Placement, Spread},
};

use crate::metadata::{COMPONENT, Labels, NETWORK, selector, workload_labels};

/// Puts a component's placement into its Pod.
pub fn place(pod: &mut PodSpec, component: &Component, topology: &Topology) {
    let Some(placement) = topology.placement(component) else {
        return;
    };
    let labels: BTreeMap<_, _> = placement.node_selector.iter().cloned().collect();
    pod.node_selector = Some(labels).filter(|labels| !labels.is_empty());
    pod.tolerations = Some(placement.tolerations.iter().map(toleration).collect::<Vec<_>>())
        .filter(|tolerations| !tolerations.is_empty());
    pod.priority_class_name.clone_from(&placement.priority_class);
    if let Some(topology_key) = spread_over(component, placement) {
        pod.affinity.get_or_insert_default().pod_anti_affinity = Some(PodAntiAffinity {
            preferred_during_scheduling_ignored_during_execution: Some(vec![WeightedPodAffinityTerm {
                weight: 100,
                pod_affinity_term: apart_from_its_kind(component, topology, topology_key),
            }]),
            required_during_scheduling_ignored_during_execution: None,
        });
    }
}

/// On the machine where a component's own Pod runs: a volume that one machine mounts can be read there only.
pub fn beside(component: &Component) -> Affinity {
    Affinity {
        pod_affinity: Some(PodAffinity {
            required_during_scheduling_ignored_during_execution: Some(vec![PodAffinityTerm {
                label_selector: Some(selector(workload_labels(
                    component,
                    crate::resource::service::SERVING,
                ))),
                topology_key: HOST.to_owned(),
                ..PodAffinityTerm::default()
            }]),
            preferred_during_scheduling_ignored_during_execution: None,
        }),
        ..Affinity::default()
    }
}

const HOST: &str = "kubernetes.io/hostname";
const ZONE: &str = "topology.kubernetes.io/zone";

/// Workers of one notary are kept apart unless the topology says that they need not be: together they could all go
/// with one machine.
fn spread_over(component: &Component, placement: &Placement) -> Option<&'static str> {
    match placement.spread {
        Some(Spread::Node) => Some(HOST),
        Some(Spread::Zone) => Some(ZONE),
        Some(Spread::None) => None,
        None => matches!(component, Component::NotaryWorker { .. }).then_some(HOST),
    }
}

/// Topology spread constraints count Pods of one namespace only, and every node has a namespace of its own: what
/// reaches over namespaces is anti-affinity. It is a preference, since a network larger than its cluster must still
/// start.
fn apart_from_its_kind(component: &Component, topology: &Topology, topology_key: &str) -> PodAffinityTerm {
    let network = Labels::from([(NETWORK.to_owned(), topology.name.to_string())]);
    let mut kind = network.clone();
    kind.insert(COMPONENT.to_owned(), component.kind().to_owned());
    PodAffinityTerm {
        label_selector: Some(selector(kind)),
        namespace_selector: Some(selector(network)),
        topology_key: topology_key.to_owned(),
        ..PodAffinityTerm::default()
    }
}

fn toleration(toleration: &model::Toleration) -> Toleration {
    let operator = if toleration.value.is_some() {
        "Equal"
    } else {
        "Exists"
    };
    Toleration {
        key: Some(toleration.key.clone()),
        operator: Some(operator.to_owned()),
        value: toleration.value.clone(),
        effect: toleration.effect.map(|effect| effect.to_string()),
        toleration_seconds: None,
    }
}
