//! In which order a network goes: the steps of its rollout, then policies, then data and namespaces.

use std::collections::HashMap;

use dependency_graph::{DependencyGraph, GraphError, Node};

use crate::engine::record::OWN_STEP;
use crate::labels;
use crate::object::Object;

const POLICIES: &str = "destroy-network-policies";
const REMAINS: &str = "destroy-namespaces";

/// What goes in which step, and how the steps depend on each other when a network is *made*.
pub(crate) struct Takedown {
    pub(crate) graph: DependencyGraph,
    pub(crate) objects: HashMap<String, Vec<Object>>,
}

/// Sorts objects into the steps that made them. Steps that the graph does not know (an older rollout's, or all
/// of them when the inventory is lost) go without waiting for each other.
pub(crate) fn plan(
    network: &str,
    graph: Option<&DependencyGraph>,
    found: Vec<Object>,
) -> Result<Takedown, GraphError> {
    let mut objects: HashMap<String, Vec<Object>> = HashMap::new();
    let mut unknown: Vec<String> = Vec::new();
    for object in found {
        let Some(step) = step_of(&object) else { continue };
        let is_known = graph.is_some_and(|graph| graph.node(&step).is_some());
        if !is_known && step != POLICIES && step != REMAINS && !unknown.contains(&step) {
            unknown.push(step.clone());
        }
        objects.entry(step).or_default().push(object);
    }
    unknown.sort();

    let node = |id: &str, title: &str| Node {
        id: id.to_owned(),
        stage: String::new(),
        title: title.to_owned(),
        group: network.to_owned(),
    };
    let mut builder = DependencyGraph::builder()
        .step(node(REMAINS, "Data and namespaces"))
        .step(node(POLICIES, "Network policies"))
        .edge(REMAINS, POLICIES, "a namespace goes when nothing is left in it");
    let known: Vec<Node> = graph
        .into_iter()
        .flat_map(DependencyGraph::nodes)
        .cloned()
        .collect();
    let others = unknown.iter().map(|id| node(id, id));
    for step in known.into_iter().chain(others) {
        builder = builder
            .edge(POLICIES, &step.id, "no Pod may run without its policies")
            .step(step);
    }
    for edge in graph.into_iter().flat_map(DependencyGraph::edges) {
        builder = builder.edge(&edge.prerequisite.id, &edge.dependent.id, edge.reason);
    }
    Ok(Takedown {
        graph: builder.build()?,
        objects,
    })
}

/// Where an object belongs; `None` for what its owner takes along.
fn step_of(object: &Object) -> Option<String> {
    let owned = object.value().pointer("/metadata/ownerReferences").is_some();
    let own = object.label(labels::STEP) == Some(OWN_STEP);
    match object.text("/kind") {
        _ if owned => None,
        Some("NetworkPolicy") if !own => Some(POLICIES.to_owned()),
        Some("Namespace" | "PersistentVolumeClaim") => Some(REMAINS.to_owned()),
        _ if own => Some(REMAINS.to_owned()),
        _ => Some(object.label(labels::STEP).unwrap_or(REMAINS).to_owned()),
    }
}
