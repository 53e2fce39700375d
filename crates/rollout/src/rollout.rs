//! What is to be rolled out.

use std::collections::{HashMap, HashSet};

use dependency_graph::DependencyGraph;
use kubernetes_objects::manifest::ObjectKey;
use kubernetes_objects::step::{Gate, Step};

use crate::choice::Choices;
use crate::error::RolloutError;
use crate::kinds::{self, Kind};
use crate::plan::PlanFile;

/// A network as the renderer made it: every node of the graph has one step and the other way round.
#[derive(Clone, Debug)]
pub struct Rollout {
    /// Name of the network; part of labels and of the inventory's namespace.
    pub network: String,
    /// Order and reasons.
    pub graph: DependencyGraph,
    /// What each step does.
    pub steps: Vec<Step>,
}

/// How the engine works.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many requests may be under way at once.
    pub concurrency: usize,
    /// Who runs this, as another run would tell it, e.g. `alice@workstation`.
    pub holder: String,
    /// What it may do beyond its own objects.
    pub choices: Choices,
    /// A plan that has to be carried out exactly as it is; its choices count then.
    pub plan: Option<PlanFile>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            concurrency: 16,
            holder: "a program that names nobody".to_owned(),
            choices: Choices::default(),
            plan: None,
        }
    }
}

impl Options {
    /// The choices that count.
    pub(crate) fn choices(&self) -> &Choices {
        self.plan
            .as_ref()
            .map_or(&self.choices, |file| &file.plan.choices)
    }
}

impl Rollout {
    /// Refuses what could not be carried out to the end, before anything is asked of a cluster.
    pub fn check(&self) -> Result<(), RolloutError> {
        let mut seen: HashSet<&str> = HashSet::new();
        let mut objects: HashMap<ObjectKey, &str> = HashMap::new();
        for step in &self.steps {
            let mismatch = |problem| RolloutError::Mismatch {
                id: step.id.clone(),
                problem,
            };
            if self.graph.node(&step.id).is_none() {
                return Err(mismatch("is not in the graph"));
            }
            if !seen.insert(&step.id) {
                return Err(mismatch("is there twice"));
            }
            for manifest in &step.manifests {
                let key = manifest.key();
                Kind::of(&key)?;
                if let Some(other) = objects.insert(key.clone(), &step.id) {
                    let steps = [other.to_owned(), step.id.clone()];
                    return Err(RolloutError::AppliedTwice {
                        object: Box::new(key),
                        steps,
                    });
                }
            }
        }
        if let Some(node) = self.graph.nodes().find(|node| !seen.contains(node.id.as_str())) {
            let problem = "of the graph is not declared";
            return Err(RolloutError::Mismatch {
                id: node.id.clone(),
                problem,
            });
        }
        for step in &self.steps {
            let gates = step.gates.iter().map(|gate| match gate {
                Gate::Ready(key) | Gate::Completed(key) | Gate::Http { service: key, .. } => key,
            });
            let jobs = step.outputs.iter().map(|outputs| &outputs.job);
            if let Some(key) = gates.chain(jobs).find(|key| !objects.contains_key(*key)) {
                return Err(RolloutError::NeverApplied {
                    step: step.id.clone(),
                    object: key.clone(),
                });
            }
        }
        Ok(())
    }

    /// The kinds that a step waits for to get ready: they are watched even if they seldom change.
    pub(crate) fn awaited_kinds(&self) -> HashSet<&'static Kind> {
        self.steps
            .iter()
            .flat_map(|step| &step.gates)
            .filter_map(|gate| match gate {
                Gate::Ready(key) => Kind::of(key).ok(),
                Gate::Completed(_) | Gate::Http { .. } => None,
            })
            .collect()
    }

    /// Every kind that is applied, handed over or looked at.
    pub(crate) fn kinds(&self) -> Result<Vec<&'static Kind>, RolloutError> {
        let mut needed: Vec<&'static Kind> = vec![
            &kinds::NAMESPACE,
            &kinds::POD,
            &kinds::SECRET,
            &kinds::CONFIG_MAP,
            &kinds::SERVICE,
            &kinds::NETWORK_POLICY,
        ];
        for manifest in self.steps.iter().flat_map(|step| &step.manifests) {
            let kind = Kind::of(&manifest.key())?;
            if !needed.contains(&kind) {
                needed.push(kind);
            }
        }
        Ok(needed)
    }
}
