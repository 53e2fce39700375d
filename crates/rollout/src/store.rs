//! The engine's picture of the cluster: what watches and answers said last, with bells for
//! those who wait for changes.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use kubernetes_objects::manifest::ObjectKey;
use tokio::sync::watch;

use crate::cluster::WatchEvent;
use crate::kinds::Kind;
use crate::labels;
use crate::object::Object;

/// Objects by key. Waiting steps listen to the namespaces they care about.
#[derive(Default)]
pub(crate) struct Store {
    /// By namespace, so that a look into one costs nothing for the others.
    objects: RwLock<HashMap<String, HashMap<ObjectKey, Object>>>,
    bells: Mutex<HashMap<Topic, watch::Sender<u64>>>,
}

/// What a bell rings for. A thousand steps may wait in one namespace: each is woken only by what is its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Topic {
    namespace: String,
    step: Option<String>,
}

impl Topic {
    /// Everything in a namespace; cluster-wide objects have the namespace `""`.
    pub(crate) fn all_of(namespace: &str) -> Self {
        Self {
            namespace: namespace.to_owned(),
            step: None,
        }
    }

    /// What carries the label of a step, Pods included.
    pub(crate) fn of_step(namespace: &str, step: &str) -> Self {
        Self {
            namespace: namespace.to_owned(),
            step: Some(step.to_owned()),
        }
    }

    /// The narrowest that an object belongs to.
    pub(crate) fn of(object: &Object) -> Self {
        let step = object.label(labels::STEP).map(str::to_owned);
        Self {
            namespace: object.namespace().to_owned(),
            step,
        }
    }
}

impl Store {
    pub(crate) fn get(&self, key: &ObjectKey) -> Option<Object> {
        let objects = self.objects.read().unwrap_or_else(PoisonError::into_inner);
        objects.get(home(key))?.get(key).cloned()
    }

    /// The objects of a namespace that `filter` accepts; cluster-wide objects have the namespace `""`.
    pub(crate) fn find_in(
        &self,
        namespace: &str,
        filter: impl Fn(&ObjectKey, &Object) -> bool,
    ) -> Vec<Object> {
        let objects = self.objects.read().unwrap_or_else(PoisonError::into_inner);
        let inside = objects.get(namespace).into_iter().flatten();
        inside
            .filter(|(key, object)| filter(key, object))
            .map(|(_, object)| object.clone())
            .collect()
    }

    /// Every object.
    pub(crate) fn all(&self) -> Vec<Object> {
        let objects = self.objects.read().unwrap_or_else(PoisonError::into_inner);
        objects.values().flat_map(HashMap::values).cloned().collect()
    }

    /// Takes an object in, unless a later state of it is known already.
    pub(crate) fn put(&self, object: Object) {
        let (key, topic) = (object.key(), Topic::of(&object));
        {
            let mut objects = self.objects.write().unwrap_or_else(PoisonError::into_inner);
            let inside = objects.entry(home(&key).to_owned()).or_default();
            if inside.get(&key).is_some_and(|known| object.is_older_than(known)) {
                return;
            }
            inside.insert(key, object);
        }
        self.ring(topic);
    }

    /// Forgets an object, unless another one bears its name by now.
    pub(crate) fn remove(&self, key: &ObjectKey, uid: &str) {
        let removed = {
            let mut objects = self.objects.write().unwrap_or_else(PoisonError::into_inner);
            let inside = objects.get_mut(home(key));
            inside.and_then(|inside| {
                let is_same = inside.get(key).is_some_and(|known| known.uid() == uid);
                is_same.then(|| inside.remove(key)).flatten()
            })
        };
        if let Some(object) = removed {
            self.ring(Topic::of(&object));
        }
    }

    /// Takes in what a watch says.
    pub(crate) fn note(&self, kind: &'static Kind, event: WatchEvent) {
        match event {
            WatchEvent::Applied(object) => self.put(object),
            WatchEvent::Deleted(object) => self.remove(&object.key(), object.uid()),
            WatchEvent::Replaced(all) => self.replace(kind, all),
            WatchEvent::Interrupted(error) => {
                tracing::debug!(kind = kind.kind, %error, "watch interrupted, going on");
            }
        }
    }

    fn replace(&self, kind: &'static Kind, all: Vec<Object>) {
        let present: HashMap<ObjectKey, String> = all
            .iter()
            .map(|object| (object.key(), object.uid().to_owned()))
            .collect();
        let gone = self.all().into_iter().filter(|object| {
            let key = object.key();
            key.kind == kind.kind
                && key.api_version == kind.api_version
                && present.get(&key).is_none_or(|uid| uid != object.uid())
        });
        for object in gone {
            self.remove(&object.key(), object.uid());
        }
        for object in all {
            self.put(object);
        }
    }

    /// Rings when anything of the topic changes.
    pub(crate) fn bell(&self, topic: Topic) -> watch::Receiver<u64> {
        self.bells().entry(topic).or_default().subscribe()
    }

    /// Rings for the topic and for its whole namespace.
    fn ring(&self, topic: Topic) {
        let bells = self.bells();
        let wider = Topic::all_of(&topic.namespace);
        let narrow = topic.step.is_some().then_some(topic);
        for topic in narrow.into_iter().chain([wider]) {
            if let Some(bell) = bells.get(&topic) {
                bell.send_modify(|count| *count = count.wrapping_add(1));
            }
        }
    }

    fn bells(&self) -> MutexGuard<'_, HashMap<Topic, watch::Sender<u64>>> {
        self.bells.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn home(key: &ObjectKey) -> &str {
    key.namespace.as_deref().unwrap_or_default()
}
