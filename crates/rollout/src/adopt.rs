//! Objects that a rollout wants to make and that exist already, made by somebody else.

use std::collections::{HashMap, HashSet};

use futures::stream::{self, StreamExt, TryStreamExt};
use kubernetes_objects::manifest::ObjectKey;
use kubernetes_objects::step::Step;

use crate::api::Api;
use crate::choice::Choices;
use crate::cluster::ClusterError;
use crate::inventory::Inventory;
use crate::kinds;
use crate::labels;
use crate::object::Object;
use crate::picture::Picture;
use crate::plan::Blocked;
use crate::rollout::Rollout;

const AT_ONCE: usize = 64;

/// What is there although no rollout of this network has made it.
#[derive(Default)]
pub(crate) struct Foreign {
    objects: HashMap<ObjectKey, Object>,
    namespaces: HashSet<String>,
}

impl Foreign {
    pub(crate) fn get(&self, key: &ObjectKey) -> Option<&Object> {
        self.objects.get(key)
    }

    /// Whether a namespace exists, whoever made it.
    pub(crate) fn has_namespace(&self, name: &str) -> bool {
        self.namespaces.contains(name)
    }
}

/// Why a foreign object would not be taken over.
pub(crate) fn blocked(object: &Object, choices: &Choices) -> Option<Blocked> {
    if let Some(other) = object.label(labels::NETWORK) {
        return Some(Blocked {
            reason: format!("it belongs to the network `{other}`"),
            way_on: "give one of the networks another name".to_owned(),
        });
    }
    (!choices.adopt).then(|| Blocked {
        reason: match object.label(labels::MANAGED_BY) {
            Some(manager) => format!("it exists already and is managed by `{manager}`"),
            None => "it exists already and was not made by a rollout of this network".to_owned(),
        },
        way_on: "delete it, or take it over with `--adopt`".to_owned(),
    })
}
/// Looks for what the labels do not show. In a namespace that does not exist there is nothing, so a first rollout
/// asks for its namespaces only, and one without changes asks for nothing.
pub(crate) async fn find(api: &Api, picture: &Picture, rollout: &Rollout) -> Result<Foreign, ClusterError> {
    // A Job that has handed its files over may have been cleared away since.
    let is_kept_job = |step: &Step, key: &ObjectKey| {
        let outputs = step.outputs.as_ref();
        outputs.is_some_and(|outputs| outputs.job == *key)
    };
    let mut missing: Vec<ObjectKey> = rollout
        .steps
        .iter()
        .flat_map(|step| step.manifests.iter().map(move |manifest| (step, manifest.key())))
        .filter(|(step, key)| !is_kept_job(step, key))
        .map(|(_, key)| key)
        .filter(|key| picture.store.get(key).is_none())
        .collect();
    let own = kinds::NAMESPACE.key(None, &Inventory::namespace(&rollout.network));
    if picture.store.get(&own).is_none() {
        missing.push(own);
    }
    let (cluster_wide, inside): (Vec<_>, Vec<_>) =
        missing.into_iter().partition(|key| key.namespace.is_none());
    let mut foreign = Foreign::default();
    foreign.objects.extend(ask(api, cluster_wide).await?);
    let is_namespace = |key: &ObjectKey| key.kind == kinds::NAMESPACE.kind;
    let known = picture
        .store
        .all()
        .into_iter()
        .map(|object| object.key())
        .chain(foreign.objects.keys().cloned());
    foreign.namespaces = known.filter(is_namespace).map(|key| key.name).collect();
    let inside = inside.into_iter().filter(|key| {
        key.namespace
            .as_ref()
            .is_some_and(|namespace| foreign.namespaces.contains(namespace))
    });
    foreign.objects.extend(ask(api, inside.collect()).await?);
    // Made by a run that went on while this one asked.
    foreign
        .objects
        .retain(|_, found| found.label(labels::NETWORK) != Some(&rollout.network));
    Ok(foreign)
}

async fn ask(api: &Api, keys: Vec<ObjectKey>) -> Result<Vec<(ObjectKey, Object)>, ClusterError> {
    let asked = stream::iter(keys)
        .map(|key| async move { Ok((api.get(&key).await?, key)) })
        .buffered(AT_ONCE);
    asked
        .try_filter_map(|(found, key)| async move { Ok(found.map(|found| (key, found))) })
        .try_collect()
        .await
}
