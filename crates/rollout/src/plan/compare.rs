//! Looks at every object that a rollout wants and says what has to happen to it, in two passes: the first needs
//! no request, for what the record of the last apply settles; the second asks the server about the rest.

use std::collections::{HashMap, HashSet};

use dependency_graph::DependencyGraph;
use futures::stream::{self, StreamExt, TryStreamExt};
use kubernetes_objects::manifest::{Manifest, ObjectKey};
use kubernetes_objects::step::{Gate, Outputs, Step};

use super::dry_run::{self, Question};
use super::estimate::Estimate;
use super::mask::Mask;
use super::{Action, Blocked, KnownAfter, Plan, PlannedObject, PlannedStep};
use crate::adopt::{self, Foreign};
use crate::api::Api;
use crate::binding::{self, BindingError};
use crate::choice::Choices;
use crate::cluster::ClusterError;
use crate::engine::outputs;
use crate::engine::record::OWN_STEP;
use crate::error::RolloutError;
use crate::inventory::Inventory;
use crate::kinds;
use crate::labels;
use crate::object::Object;
use crate::picture::Picture;
use crate::prepare::{Prepared, prepare};
use crate::prune::{self, Removal};
use crate::readiness::{self, Readiness};
use crate::rollout::Rollout;

/// How many questions are under way at once; the limit of requests is another one.
const AT_ONCE: usize = 64;

/// How much is asked of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// What a rollout needs: a dry run of what changes.
    Quick,
    /// Also of what is made in namespaces that exist.
    Thorough,
}

/// A plan with what the engine needs to carry it out.
pub(crate) struct Comparison {
    pub(crate) plan: Plan,
    /// Each object as it will be sent and as it is; for what can be known now.
    pub(crate) states: HashMap<ObjectKey, States>,
    pub(crate) orders: Orders,
    pub(crate) removal: Removal,
}

/// An object as it is to be and as it is.
#[derive(Clone, Default)]
pub(crate) struct States {
    pub(crate) wanted: Option<serde_json::Value>,
    pub(crate) live: Option<Object>,
}

/// What the engine may do to objects beyond a plain apply.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    /// Take fields over from other managers.
    pub(crate) force: HashSet<ObjectKey>,
    /// Delete and make again what cannot be changed in place.
    pub(crate) recreate: HashSet<ObjectKey>,
    /// Write although the content is the one that was applied last.
    pub(crate) rewrite: HashSet<ObjectKey>,
}

/// Compares a rollout with the cluster.
pub(crate) async fn compare(
    api: &Api,
    picture: &Picture,
    rollout: &Rollout,
    choices: &Choices,
    depth: Depth,
) -> Result<Comparison, RolloutError> {
    let address = api.cluster().address();
    let failed = |error: ClusterError| RolloutError::of_call(address, "compare the objects", error);
    let mask = Mask::new().map_err(|error| {
        failed(ClusterError::Unreadable {
            cause: error.to_string(),
        })
    })?;
    let foreign = adopt::find(api, picture, rollout).await.map_err(failed)?;
    let drafts = Drafter::new(api, picture, rollout, choices, &foreign)
        .drafts()
        .await
        .map_err(failed)?;
    let context = dry_run::Context {
        api,
        mask: &mask,
        choices,
        depth,
        foreign: &foreign,
    };
    let answered: Vec<(usize, PlannedObject, States)> = stream::iter(drafts)
        .map(async |draft| {
            let Draft { step, question } = draft;
            let states = question.states();
            let object = dry_run::answer(&context, question).await?;
            Ok::<_, ClusterError>((step, object, states))
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await
        .map_err(failed)?;
    let removal = prune::find(picture, rollout, choices)?;
    let home = foreign_home(rollout, choices, &foreign);
    Ok(assembled(
        address, picture, rollout, choices, answered, home, removal,
    ))
}

/// The namespace of the record, if somebody else has made it.
fn foreign_home(rollout: &Rollout, choices: &Choices, foreign: &Foreign) -> Option<PlannedStep> {
    let key = kinds::NAMESPACE.key(None, &Inventory::namespace(&rollout.network));
    let found = foreign.get(&key)?;
    let mut object = PlannedObject::new(key);
    object.action = Action::Adopt;
    object.blocked = adopt::blocked(found, choices);
    Some(PlannedStep {
        id: OWN_STEP.to_owned(),
        title: "The record of the rollout".to_owned(),
        after: Vec::new(),
        waits: Vec::new(),
        estimate: None,
        objects: vec![object],
    })
}

fn assembled(
    address: &str,
    picture: &Picture,
    rollout: &Rollout,
    choices: &Choices,
    answered: Vec<(usize, PlannedObject, States)>,
    home: Option<PlannedStep>,
    removal: Removal,
) -> Comparison {
    let mut orders = Orders::default();
    let mut states = HashMap::new();
    let mut objects: HashMap<usize, Vec<PlannedObject>> = HashMap::new();
    for (step, object, state) in answered {
        if object.blocked.is_none() {
            match object.action {
                Action::Adopt => orders.force.extend([object.key.clone()]),
                Action::Recreate => orders.recreate.extend([object.key.clone()]),
                _ => {}
            }
            if choices.may_take(&object.key) {
                orders.force.insert(object.key.clone());
            }
            if choices.repair && object.action == Action::Change {
                orders.rewrite.insert(object.key.clone());
                orders.force.insert(object.key.clone());
            }
        }
        states.insert(object.key.clone(), state);
        objects.entry(step).or_default().push(object);
    }
    let by_id: HashMap<&str, usize> = positions(&rollout.steps);
    let past = |id: &str| past(picture, id);
    let mut steps: Vec<PlannedStep> = rollout
        .graph
        .order()
        .into_iter()
        .filter_map(|node| by_id.get(node.id.as_str()).copied())
        .map(|position| {
            let step = &rollout.steps[position];
            let objects = objects.remove(&position).unwrap_or_default();
            let works = objects.iter().any(|object| object.action.is_pending());
            PlannedStep {
                id: step.id.clone(),
                title: step.title.clone(),
                after: prerequisites(&rollout.graph, &step.id),
                waits: waits(step),
                estimate: works.then(|| past(&step.id)).flatten(),
                objects,
            }
        })
        .collect();
    for object in removal.objects() {
        states.insert(
            object.key(),
            States {
                wanted: None,
                live: Some(object.clone()),
            },
        );
    }
    let estimate = Estimate::of(&rollout.graph, &steps);
    steps.splice(0..0, home);
    steps.extend(removal.planned());
    Comparison {
        plan: Plan {
            network: rollout.network.clone(),
            cluster: address.to_owned(),
            choices: choices.clone(),
            steps,
            estimate,
        },
        states,
        orders,
        removal,
    }
}

fn past(picture: &Picture, id: &str) -> Option<std::time::Duration> {
    let record = picture.before.as_ref()?.steps.get(id)?;
    (record.state == crate::inventory::StepState::Done).then_some(record.duration)
}

fn positions(steps: &[Step]) -> HashMap<&str, usize> {
    steps
        .iter()
        .enumerate()
        .map(|(position, step)| (step.id.as_str(), position))
        .collect()
}

fn prerequisites(graph: &DependencyGraph, id: &str) -> Vec<String> {
    graph
        .prerequisites(id)
        .into_iter()
        .map(|edge| edge.prerequisite.id.clone())
        .collect()
}

/// The Secret that External Secrets makes for an object.
fn brought_secret(manifest: &Manifest) -> Option<ObjectKey> {
    let key = manifest.key();
    let name = manifest.value().pointer("/spec/target/name")?.as_str()?;
    (key.kind == "ExternalSecret").then(|| kinds::SECRET.key(key.namespace.as_deref(), name))
}

/// What ends a step, in words.
fn waits(step: &Step) -> Vec<String> {
    let gates = step.gates.iter().map(|gate| match gate {
        Gate::Ready(key) => format!("{key} is ready"),
        Gate::Completed(key) => format!("{key} has completed"),
        Gate::Http { service, port, path } => {
            let namespace = service.namespace.as_deref().unwrap_or_default();
            format!(
                "GET {path} on port {port} of {namespace}/{} answers 200",
                service.name
            )
        }
    });
    let files = step
        .outputs
        .iter()
        .map(|outputs| format!("{} has handed over its files", outputs.job));
    files.chain(gates).collect()
}

/// An object on which the first pass has said what it can.
struct Draft {
    step: usize,
    question: Question,
}

/// The first pass.
struct Drafter<'run> {
    api: &'run Api,
    picture: &'run Picture,
    rollout: &'run Rollout,
    choices: &'run Choices,
    foreign: &'run Foreign,
    /// Which step makes an object or an output, by the object.
    makers: HashMap<ObjectKey, &'run str>,
    /// Objects as they will be, where that is known.
    will_be: HashMap<ObjectKey, Object>,
    /// Objects whose values exist only once a step has run.
    unsettled: HashMap<ObjectKey, &'run str>,
}

impl<'run> Drafter<'run> {
    fn new(
        api: &'run Api,
        picture: &'run Picture,
        rollout: &'run Rollout,
        choices: &'run Choices,
        foreign: &'run Foreign,
    ) -> Self {
        let mut makers = HashMap::new();
        for step in &rollout.steps {
            let made = step.manifests.iter().map(Manifest::key);
            let kept = step.outputs.iter().flat_map(|outputs| &outputs.files);
            for key in made.chain(kept.map(|file| file.target.clone())) {
                makers.insert(key, step.id.as_str());
            }
            let brought = step.manifests.iter().filter_map(brought_secret);
            makers.extend(brought.map(|key| (key, step.id.as_str())));
        }
        Self {
            api,
            picture,
            rollout,
            choices,
            foreign,
            makers,
            will_be: HashMap::new(),
            unsettled: HashMap::new(),
        }
    }

    /// In the order of the rollout, so that what a step makes is known where a later one needs it.
    async fn drafts(mut self) -> Result<Vec<Draft>, ClusterError> {
        let rollout = self.rollout;
        let by_id = positions(&rollout.steps);
        let mut drafts = Vec::new();
        for node in rollout.graph.order() {
            let Some(&position) = by_id.get(node.id.as_str()) else {
                continue;
            };
            let step = &rollout.steps[position];
            for manifest in &step.manifests {
                let question = self.question(step, manifest).await?;
                drafts.push(Draft {
                    step: position,
                    question,
                });
            }
        }
        Ok(drafts)
    }

    async fn question(&mut self, step: &'run Step, manifest: &Manifest) -> Result<Question, ClusterError> {
        let key = manifest.key();
        let live = self.live(&key);
        let (known_after, secrets) = match self.bindings(manifest).await? {
            Ok(found) => found,
            Err(error) => return Ok(Question::broken(key, live, &error)),
        };
        if !known_after.is_empty() {
            self.unsettled.insert(key.clone(), &step.id);
            self.unsettle_outputs(step, &key);
            return Ok(Question::open(key, live, known_after));
        }
        let prepared = match prepare(manifest, &self.rollout.network, &step.id, &|key| self.now(key)) {
            Ok(prepared) => prepared,
            Err(error) => return Ok(Question::broken(key, live, &error)),
        };
        let question = if key.kind == "Job" {
            self.job(step, prepared, live, secrets)
        } else {
            self.plain(step, prepared, live, secrets)
        };
        Ok(question)
    }

    fn plain(
        &mut self,
        step: &'run Step,
        prepared: Prepared,
        live: Option<Object>,
        secrets: Vec<String>,
    ) -> Question {
        let key = prepared.key.clone();
        let has_address = key.kind == "Service" && prepared.value["spec"]["clusterIP"] != "None";
        match &live {
            // Its address is not known before the API server has given it.
            None if has_address => {
                self.unsettled.insert(key.clone(), &step.id);
            }
            Some(_) if has_address && self.choices.may_recreate(&key) => {
                self.unsettled.insert(key.clone(), &step.id);
            }
            Some(_) if key.kind == "Service" => {}
            _ => {
                self.will_be
                    .insert(key.clone(), Object::new(prepared.value.clone()));
            }
        }
        let is_same = live
            .as_ref()
            .is_some_and(|live| live.annotation(labels::CONTENT_HASH) == Some(&prepared.hash));
        if !is_same && let Some(secret) = brought_secret(&Manifest::from(prepared.value.clone())) {
            self.unsettled.insert(secret, &step.id);
        }
        if is_same && !self.choices.repair {
            Question::settled(prepared, live, Action::Unchanged, None)
        } else {
            Question::ask(prepared, live, is_same, secrets)
        }
    }

    /// The same rules by which the engine runs a Job, leaves it, or makes it anew.
    fn job(
        &mut self,
        step: &'run Step,
        prepared: Prepared,
        live: Option<Object>,
        secrets: Vec<String>,
    ) -> Question {
        let key = prepared.key.clone();
        let outputs = step.outputs.as_ref().filter(|outputs| outputs.job == key);
        let in_place = outputs.map(|outputs| self.are_in_place(outputs, &prepared.hash));
        let action = match &live {
            None if in_place == Some(true) => (Action::Unchanged, Some("its files are kept already")),
            None => (Action::Create, None),
            Some(live) if live.annotation(labels::CONTENT_HASH) != Some(&prepared.hash) => {
                (Action::Recreate, Some("a Job cannot be changed"))
            }
            Some(live) => match readiness::of(live) {
                Readiness::Failed(_) => (Action::Recreate, Some("it has failed")),
                Readiness::Current if in_place == Some(false) => {
                    (Action::Recreate, Some("what it handed over is gone"))
                }
                Readiness::Current | Readiness::InProgress(_) => (Action::Unchanged, None),
            },
        };
        if action.0 != Action::Unchanged {
            self.unsettle_outputs(step, &key);
        }
        match action {
            (Action::Create, _) => Question::ask(prepared, None, false, secrets),
            (Action::Recreate, because) => Question::again(prepared, live, because, secrets),
            (action, because) => Question::settled(prepared, live, action, because),
        }
    }

    fn unsettle_outputs(&mut self, step: &'run Step, job: &ObjectKey) {
        let outputs = step.outputs.iter().filter(|outputs| outputs.job == *job);
        for file in outputs.flat_map(|outputs| &outputs.files) {
            self.unsettled.insert(file.target.clone(), &step.id);
        }
    }

    fn are_in_place(&self, wanted: &Outputs, hash: &str) -> bool {
        outputs::are_in_place(&self.picture.store, wanted, hash)
    }

    /// The live object; one that is on its way out counts as gone.
    fn live(&self, key: &ObjectKey) -> Option<Object> {
        let ours = self.picture.store.get(key).filter(|live| !live.is_leaving());
        ours.or_else(|| self.foreign.get(key).cloned())
    }

    /// An object as it will be when a later step reads it.
    fn now(&self, key: &ObjectKey) -> Option<Object> {
        self.will_be
            .get(key)
            .cloned()
            .or_else(|| self.picture.store.get(key))
    }

    /// The bindings of a manifest that have no value yet, and the values taken from Secrets.
    async fn bindings(
        &mut self,
        manifest: &Manifest,
    ) -> Result<Result<(Vec<KnownAfter>, Vec<String>), BindingError>, ClusterError> {
        let sources = match binding::sources(manifest.value()) {
            Ok(sources) => sources,
            Err(error) => return Ok(Err(error)),
        };
        let (mut known_after, mut secrets) = (Vec::new(), Vec::new());
        for source in sources {
            let object = source.object();
            let mut later = self.unsettled.get(&object).copied();
            if later.is_none() && self.now(&object).is_none() {
                match self.api.get(&object).await? {
                    Some(found) => {
                        self.will_be.insert(object.clone(), found);
                    }
                    None => later = self.makers.get(&object).copied(),
                }
            }
            if let Some(step) = later {
                known_after.push(KnownAfter {
                    binding: source.to_string(),
                    step: step.to_owned(),
                });
            } else if object.kind == "Secret"
                && let Ok(value) = source.value(self.now(&object).as_ref())
            {
                secrets.push(value);
            }
        }
        Ok(Ok((known_after, secrets)))
    }
}

impl From<&BindingError> for Blocked {
    fn from(error: &BindingError) -> Self {
        Self {
            reason: error.to_string(),
            way_on: "correct what makes that object, then plan again".to_owned(),
        }
    }
}
