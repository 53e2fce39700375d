//! What left the topology: objects that carry the network's label and that no step applies any more. What holds
//! no data goes, in the reverse of the order in which it was made; what cannot be made again stays until somebody
//! names it.

use std::collections::{HashMap, HashSet};

use dependency_graph::{DependencyGraph, GraphError, Node};
use kubernetes_objects::manifest::{Manifest, ObjectKey};
use serde_json::Value;

use crate::choice::{Choices, ObjectName};
use crate::destroy::order::{self, Takedown};
use crate::engine::record::OWN_STEP;
use crate::error::RolloutError;
use crate::kinds::{CLAIM, NAMESPACE, SECRET, STATEFUL_SET};
use crate::labels;
use crate::object::Object;
use crate::picture::Picture;
use crate::plan::{Action, PlannedObject, PlannedStep};
use crate::rollout::Rollout;

/// The step that lies between the last new thing and the first removal.
const BARRIER: &str = "remove";
/// The label by which the objects of a component are known.
const COMPONENT_NAME: &str = "app.kubernetes.io/name";

/// What left the topology.
#[derive(Default)]
pub(crate) struct Removal {
    /// What goes, by the step of the removal.
    going: HashMap<String, Vec<Object>>,
    /// The steps of the removal with what each waits for, in their order.
    steps: Vec<(Node, Vec<String>)>,
    /// What stays.
    kept: Vec<Object>,
}

/// Finds what left the topology.
pub(crate) fn find(picture: &Picture, rollout: &Rollout, choices: &Choices) -> Result<Removal, RolloutError> {
    let present = Present::of(rollout);
    let left: Vec<Object> = picture
        .store
        .all()
        .into_iter()
        .filter(|object| !present.holds(object))
        .collect();
    if left.is_empty() {
        return Ok(Removal::default());
    }
    refuse_names_of_what_is_present(rollout, &left, choices)?;
    let (mut going, mut kept): (Vec<Object>, Vec<Object>) = left.into_iter().partition(|object| {
        choices.prune && (!is_data(object) || choices.prune_data.iter().any(|name| is_named(object, name)))
    });
    // A namespace goes when nothing is left in it.
    let inhabited: HashSet<&str> = kept
        .iter()
        .map(Object::namespace)
        .chain(present.keys.iter().filter_map(|key| key.namespace.as_deref()))
        .collect();
    let (homes, empty): (Vec<Object>, Vec<Object>) = going.drain(..).partition(|object| {
        object.text("/kind") == Some(NAMESPACE.kind) && inhabited.contains(object.name())
    });
    going = empty;
    kept.extend(homes);
    kept.sort_by_key(Object::key);
    let (going, steps) = if going.is_empty() {
        Default::default()
    } else {
        ordered(&rollout.network, picture, going)?
    };
    Ok(Removal { going, steps, kept })
}

/// What the topology declares, and what its controllers make of it.
struct Present {
    keys: HashSet<ObjectKey>,
    /// Namespace and beginning of the names of claims that a `StatefulSet` makes by its templates.
    claims: Vec<(String, String)>,
}

impl Present {
    fn of(rollout: &Rollout) -> Self {
        let manifests = || rollout.steps.iter().flat_map(|step| &step.manifests);
        let outputs = rollout.steps.iter().filter_map(|step| step.outputs.as_ref());
        let targets = outputs.flat_map(|outputs| outputs.files.iter().map(|file| file.target.clone()));
        let sets = manifests().filter(|manifest| manifest.key().kind == STATEFUL_SET.kind);
        let claims = sets.flat_map(|set| {
            let key = set.key();
            let templates = set.value()["spec"]["volumeClaimTemplates"].as_array();
            let names = templates.into_iter().flatten();
            names
                .filter_map(|template| template["metadata"]["name"].as_str())
                .map(|template| {
                    let namespace = key.namespace.clone().unwrap_or_default();
                    (namespace, format!("{template}-{}-", key.name))
                })
                .collect::<Vec<_>>()
        });
        Self {
            keys: manifests().map(Manifest::key).chain(targets).collect(),
            claims: claims.collect(),
        }
    }

    fn holds(&self, object: &Object) -> bool {
        let key = object.key();
        let is_owned = object
            .value()
            .pointer("/metadata/ownerReferences")
            .and_then(Value::as_array)
            .is_some_and(|owners| !owners.is_empty());
        let is_claim_of_set = || {
            key.kind == CLAIM.kind
                && self
                    .claims
                    .iter()
                    .any(|(namespace, start)| object.namespace() == namespace && key.name.starts_with(start))
        };
        is_owned
            || object.label(labels::STEP) == Some(OWN_STEP)
            || self.keys.contains(&key)
            || is_claim_of_set()
    }
}

/// What cannot be made again, or is known to nobody else: volumes, keys and passwords, what Jobs handed over.
fn is_data(object: &Object) -> bool {
    matches!(object.text("/kind"), Some(kind) if kind == CLAIM.kind || kind == SECRET.kind)
        || object.label(labels::KEEP) == Some(labels::KEEP_DATA)
}

/// Whether a name that a person gave means this object: its component's, its namespace's, or its own.
fn is_named(object: &Object, name: &str) -> bool {
    object.name() == name
        || object.namespace() == name
        || object.label(COMPONENT_NAME) == Some(name)
        || name
            .parse::<ObjectName>()
            .is_ok_and(|name| name.is_of(&object.key()))
}

/// A name that means something which is still declared is a mistake; one that means nothing has been removed by an
/// earlier run.
fn refuse_names_of_what_is_present(
    rollout: &Rollout,
    left: &[Object],
    choices: &Choices,
) -> Result<(), RolloutError> {
    for name in &choices.prune_data {
        if left.iter().any(|object| is_named(object, name)) {
            continue;
        }
        let present = rollout
            .steps
            .iter()
            .flat_map(|step| &step.manifests)
            .find(|manifest| is_named(&Object::new(manifest.value().clone()), name));
        if let Some(present) = present {
            return Err(RolloutError::StillDeclared {
                name: name.clone(),
                object: Box::new(present.key()),
            });
        }
    }
    Ok(())
}

type Ordered = (HashMap<String, Vec<Object>>, Vec<(Node, Vec<String>)>);

/// The steps of the removal: those of the rollout that made the objects, turned round.
fn ordered(network: &str, picture: &Picture, going: Vec<Object>) -> Result<Ordered, GraphError> {
    let graph = picture.before.as_ref().map(|before| before.made_by());
    let Takedown { graph, mut objects } = order::plan(network, graph.as_deref(), going)?;
    let id = |step: &str| format!("{BARRIER}-{}", step.trim_start_matches("destroy-"));
    let mut steps = Vec::new();
    let mut by_step = HashMap::new();
    for node in graph.reverse_order() {
        let Some(found) = objects.remove(&node.id) else {
            continue;
        };
        let after = nearest_dependents(&graph, &node.id, |step| by_step.contains_key(&id(step)));
        let after = if after.is_empty() {
            vec![BARRIER.to_owned()]
        } else {
            after.iter().map(|step| id(step)).collect()
        };
        let title = format!("Removed: {}", node.title);
        steps.push((
            Node {
                id: id(&node.id),
                stage: String::new(),
                title,
                group: node.group.clone(),
            },
            after,
        ));
        by_step.insert(id(&node.id), found);
    }
    Ok((by_step, steps))
}

/// The closest steps behind one that `counts`; steps without anything to remove are looked through.
fn nearest_dependents(graph: &DependencyGraph, step: &str, counts: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut open = vec![step.to_owned()];
    while let Some(one) = open.pop() {
        for edge in graph.dependents(&one) {
            let dependent = &edge.dependent.id;
            if !seen.insert(dependent.clone()) {
                continue;
            }
            if counts(dependent) {
                found.push(dependent.clone());
            } else {
                open.push(dependent.clone());
            }
        }
    }
    found.sort();
    found
}

impl Removal {
    /// Everything that left the topology.
    pub(crate) fn objects(&self) -> impl Iterator<Item = &Object> {
        self.going.values().flatten().chain(&self.kept)
    }

    /// The objects of a step of the removal; `None` if it is none.
    pub(crate) fn of_step(&self, id: &str) -> Option<Vec<Object>> {
        (id == BARRIER)
            .then(Vec::new)
            .or_else(|| self.going.get(id).cloned())
    }

    /// The graph of the rollout with the removal behind it: first all that is new works, then what is old goes.
    pub(crate) fn behind(&self, graph: &DependencyGraph) -> Result<DependencyGraph, GraphError> {
        if self.steps.is_empty() {
            return Ok(graph.clone());
        }
        let mut builder = DependencyGraph::builder();
        for node in graph.nodes() {
            builder = builder.step(node.clone());
        }
        for edge in graph.edges() {
            builder = builder.edge(&edge.prerequisite.id, &edge.dependent.id, edge.reason);
        }
        builder = builder.step(Node {
            id: BARRIER.to_owned(),
            stage: String::new(),
            title: "All that is declared works".to_owned(),
            group: String::new(),
        });
        for last in graph.nodes().filter(|node| graph.dependents(&node.id).is_empty()) {
            builder = builder.edge(&last.id, BARRIER, "what is new works before what is old goes");
        }
        for (node, after) in &self.steps {
            builder = builder.step(node.clone());
            for before in after {
                builder = builder.edge(before, &node.id, "what uses it goes first");
            }
        }
        builder.build()
    }

    /// The removal as a plan shows it.
    pub(crate) fn planned(&self) -> Vec<PlannedStep> {
        let mut steps: Vec<PlannedStep> = self
            .steps
            .iter()
            .map(|(node, after)| PlannedStep {
                id: node.id.clone(),
                title: node.title.clone(),
                after: after.iter().filter(|id| *id != BARRIER).cloned().collect(),
                waits: Vec::new(),
                estimate: None,
                objects: planned(self.going.get(&node.id).into_iter().flatten(), Action::Delete),
            })
            .collect();
        if !self.kept.is_empty() {
            steps.push(PlannedStep {
                id: "left".to_owned(),
                title: "Left in the cluster".to_owned(),
                after: Vec::new(),
                waits: Vec::new(),
                estimate: None,
                objects: planned(self.kept.iter(), Action::Keep),
            });
        }
        steps
    }
}

fn planned<'run>(objects: impl Iterator<Item = &'run Object>, action: Action) -> Vec<PlannedObject> {
    let mut planned: Vec<PlannedObject> = objects
        .map(|object| {
            let mut planned = PlannedObject::new(object.key());
            planned.action = action;
            planned.cost =
                (action == Action::Delete && is_data(object)).then(|| match object.text("/kind") {
                    Some("PersistentVolumeClaim") => "all data on it".to_owned(),
                    _ => "what is in it".to_owned(),
                });
            planned.because = Some(if is_data(object) {
                "it left the topology and holds data".to_owned()
            } else {
                "it left the topology".to_owned()
            });
            planned
        })
        .collect();
    planned.sort_by(|left, right| left.key.cmp(&right.key));
    planned
}
