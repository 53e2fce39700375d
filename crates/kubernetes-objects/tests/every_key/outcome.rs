//! What comes of a topology.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use certificates::{CertificatePlan, KeyRing, RequestedKey};
use kubernetes_objects::{
    given::{self, GivenSecrets},
    key_request::key_request,
    render,
};
use serde_json::Value;
use topology::{Topology, model::SecretReference, source::Source};

/// Requests of keys that nobody has any more.
const REQUESTS: [&str; 2] = [
    include_str!("../network/requests/request-1.pem"),
    include_str!("../network/requests/request-2.pem"),
];

/// What comes of it.
#[derive(PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything that a rollout would do, by what it is: keys, objects of a kind, gates, order.
    Made(BTreeMap<String, String>),
    /// What is told instead.
    Refused(Vec<String>),
}

/// What is not the same in both.
pub(crate) fn difference(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> String {
    let (keys, order) = ("keys and certificates", "order");
    // All that holds other keys differs, and says no more; so does what follows from other objects.
    if before.get(keys) != after.get(keys) {
        return keys.to_owned();
    }
    let all: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differs = all
        .into_iter()
        .filter(|part| before.get(*part) != after.get(*part));
    let (orders, objects): (Vec<_>, Vec<_>) = differs.partition(|part| *part == order);
    let parts = objects.into_iter().chain(orders);
    parts.map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// The codes of what is told.
pub(crate) fn codes(problems: &[String]) -> String {
    let codes = problems
        .iter()
        .map(|problem| problem.split(": ").next().unwrap_or_default());
    codes
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
        .join(", ")
}

/// Outcomes by topology, each found once; a network's keys are made once.
#[derive(Default)]
pub(crate) struct Outcomes {
    known: HashMap<String, Rc<Outcome>>,
    rings: HashMap<String, KeyRing>,
}

impl Outcomes {
    pub(crate) fn of(&mut self, tree: &Value) -> Rc<Outcome> {
        let text = tree.to_string();
        if let Some(known) = self.known.get(&text) {
            return Rc::clone(known);
        }
        let outcome = Rc::new(self.find(&text));
        self.known.insert(text, Rc::clone(&outcome));
        outcome
    }

    fn find(&mut self, text: &str) -> Outcome {
        let topology = match topology::read(&Source::new("topology.yaml", text)) {
            Ok(topology) => topology,
            Err(diagnostics) => {
                let told = diagnostics.iter().map(|it| format!("{}: {it}", it.code));
                return Outcome::Refused(told.collect());
            }
        };
        match self.made(&topology) {
            Ok(made) => Outcome::Made(made),
            Err(problem) => Outcome::Refused(vec![problem]),
        }
    }

    fn made(&mut self, topology: &Topology) -> Result<BTreeMap<String, String>, String> {
        let plan = CertificatePlan::new(&key_request(topology)).map_err(|error| error.to_string())?;
        let plan_text = serde_json::to_string(&plan).unwrap();
        // Some plans cannot be carried out with the keys of another.
        let ring = self
            .rings
            .entry(plan_text.clone())
            .or_insert_with(|| KeyRing::new(topology.name.as_str()));
        ring.make_missing(&plan, "2026-01-01T00:00:00Z".parse().unwrap())
            .map_err(|error| error.to_string())?;
        // Where keys are in an HSM, its tools have written a request of each.
        for (alias, request) in ring.awaited(&plan).into_iter().zip(REQUESTS) {
            let key = RequestedKey::read(request.as_bytes()).unwrap();
            ring.issue(&alias, &key, &plan, "2026-01-01T00:00:00Z".parse().unwrap())
                .map_err(|error| error.to_string())?;
        }
        let rendered = render(topology, ring, &provided(topology)).map_err(|error| error.to_string())?;
        let mut made = BTreeMap::from([("keys and certificates".to_owned(), plan_text)]);
        let mut add = |part: &str, text: &str| made.entry(part.to_owned()).or_default().push_str(text);
        for step in &rendered.steps {
            for manifest in &step.manifests {
                let text = format!("{}{}", step.id, manifest.value());
                add(&manifest.key().kind, &text);
            }
            add(
                "gates",
                &format!("{}{:?}{:?}", step.id, step.gates, step.deadline),
            );
            for edge in rendered.graph.prerequisites(&step.id) {
                add(
                    "order",
                    &format!("{}{}{}", step.id, edge.prerequisite.id, edge.reason),
                );
            }
        }
        Ok(made)
    }
}

/// What the operator's side would be asked for.
fn provided(topology: &Topology) -> GivenSecrets {
    let mut secrets = GivenSecrets::default();
    for (_, reference) in given::references(topology) {
        if matches!(
            reference,
            SecretReference::Environment(_) | SecretReference::File(_)
        ) {
            secrets.insert(reference.clone(), "a secret".to_owned().into());
        }
    }
    secrets
}
