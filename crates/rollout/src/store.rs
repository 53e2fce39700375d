//! The engine's picture of the cluster: what watches and answers said last, with bells for
//! those who wait for changes.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use kubernetes_objects::manifest::ObjectKey;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::cluster::WatchEvent;
use crate::event::Effort;
use crate::kinds::{Kind, POD};
use crate::labels;
use crate::object::Object;

/// Objects by key. Waiting steps listen to the namespaces they care about.
#[derive(Default)]
pub(crate) struct Store {
    namespaces: RwLock<HashMap<String, Inside>>,
    bells: Mutex<HashMap<Topic, watch::Sender<u64>>>,
    looks: AtomicU64,
    visited: AtomicU64,
}

/// What is known of a namespace.
#[derive(Default)]
struct Inside {
    objects: HashMap<ObjectKey, Known>,
    /// When the last object of a name was heard to be gone.
    gone: HashMap<ObjectKey, Instant>,
    /// Pods by the step that they belong to: they are asked for at every look, and there may be many.
    pods: HashMap<String, HashSet<ObjectKey>>,
}

/// An object as it was heard of last.
struct Known {
    object: Object,
    /// When the oldest news came that no gate has looked at.
    heard: Instant,
    is_looked_at: AtomicBool,
}

/// What a gate sees of an object.
pub(crate) struct Sight {
    pub(crate) object: Object,
    /// When what it shows was received: never later than what it took to open the gate.
    pub(crate) heard: Instant,
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
    /// What was done with it so far.
    pub(crate) fn effort(&self) -> Effort {
        Effort {
            looks: self.looks.load(Ordering::Relaxed),
            visited: self.visited.load(Ordering::Relaxed),
        }
    }

    /// Counts a look at a fact.
    pub(crate) fn note_look(&self) {
        self.looks.fetch_add(1, Ordering::Relaxed);
    }

    fn note_visits(&self, count: usize) {
        self.visited
            .fetch_add(count.try_into().unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(crate) fn get(&self, key: &ObjectKey) -> Option<Object> {
        self.note_visits(1);
        let namespaces = self.namespaces.read().unwrap_or_else(PoisonError::into_inner);
        Some(namespaces.get(home(key))?.objects.get(key)?.object.clone())
    }

    /// The same for a gate: its news are old from now on.
    pub(crate) fn look(&self, key: &ObjectKey) -> Option<Sight> {
        self.note_visits(1);
        let namespaces = self.namespaces.read().unwrap_or_else(PoisonError::into_inner);
        let known = namespaces.get(home(key))?.objects.get(key)?;
        known.is_looked_at.store(true, Ordering::Relaxed);
        Some(Sight {
            object: known.object.clone(),
            heard: known.heard,
        })
    }

    /// When the last object of this name was heard to be gone; `None` if that was never heard.
    pub(crate) fn gone_since(&self, key: &ObjectKey) -> Option<Instant> {
        let namespaces = self.namespaces.read().unwrap_or_else(PoisonError::into_inner);
        namespaces.get(home(key))?.gone.get(key).copied()
    }

    /// The Pods of a topic that `filter` accepts, by name.
    pub(crate) fn pods(&self, topic: &Topic, filter: impl Fn(&Object) -> bool) -> Vec<Object> {
        let namespaces = self.namespaces.read().unwrap_or_else(PoisonError::into_inner);
        let Some(inside) = namespaces.get(&topic.namespace) else {
            return Vec::new();
        };
        let steps: Vec<&HashSet<ObjectKey>> = match &topic.step {
            Some(step) => inside.pods.get(step).into_iter().collect(),
            None => inside.pods.values().collect(),
        };
        self.note_visits(steps.iter().map(|pods| pods.len()).sum());
        let mut pods: Vec<Object> = steps
            .into_iter()
            .flatten()
            .filter_map(|key| inside.objects.get(key))
            .map(|known| &known.object)
            .filter(|pod| filter(pod))
            .cloned()
            .collect();
        pods.sort_by(|left, right| left.name().cmp(right.name()));
        pods
    }

    /// Every object.
    pub(crate) fn all(&self) -> Vec<Object> {
        let namespaces = self.namespaces.read().unwrap_or_else(PoisonError::into_inner);
        self.note_visits(namespaces.values().map(|inside| inside.objects.len()).sum());
        namespaces
            .values()
            .flat_map(|inside| inside.objects.values())
            .map(|known| known.object.clone())
            .collect()
    }

    /// Takes an object in, unless this state of it or a later one is known already. Only what is new rings: whoever
    /// is woken asks the cluster again, and its answer must not wake him once more.
    pub(crate) fn put(&self, object: Object) {
        let (key, topic) = (object.key(), Topic::of(&object));
        {
            let mut namespaces = self.namespaces.write().unwrap_or_else(PoisonError::into_inner);
            let inside = namespaces.entry(topic.namespace.clone()).or_default();
            let known = inside.objects.get(&key);
            if known.is_some_and(|Known { object: known, .. }| {
                object.is_older_than(known) || object.is_same_state(known)
            }) {
                return;
            }
            let unseen = known.filter(|known| !known.is_looked_at.load(Ordering::Relaxed));
            let heard = unseen.map_or_else(Instant::now, |known| known.heard);
            if key.kind == POD.kind {
                let step = topic.step.clone().unwrap_or_default();
                inside.pods.entry(step).or_default().insert(key.clone());
            }
            let is_looked_at = AtomicBool::new(false);
            let known = Known {
                object,
                heard,
                is_looked_at,
            };
            inside.objects.insert(key, known);
        }
        self.ring(topic);
    }

    /// Forgets an object, unless another one bears its name by now.
    pub(crate) fn remove(&self, key: &ObjectKey, uid: &str) {
        let topic = {
            let mut namespaces = self.namespaces.write().unwrap_or_else(PoisonError::into_inner);
            let Some(inside) = namespaces.get_mut(home(key)) else {
                return;
            };
            if inside
                .objects
                .get(key)
                .is_none_or(|known| known.object.uid() != uid)
            {
                return;
            }
            let Some(Known { object: removed, .. }) = inside.objects.remove(key) else {
                return;
            };
            inside.gone.insert(key.clone(), Instant::now());
            let topic = Topic::of(&removed);
            let step = topic.step.as_deref().unwrap_or_default();
            if let Some(pods) = inside.pods.get_mut(step) {
                pods.remove(key);
            }
            topic
        };
        self.ring(topic);
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;
    use tokio::time::advance;

    use super::*;

    fn pod(version: u64) -> Object {
        Object::new(json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": { "name": "p", "namespace": "n", "uid": "u", "resourceVersion": version.to_string() },
        }))
    }

    #[tokio::test(start_paused = true)]
    async fn news_are_as_old_as_the_oldest_that_nobody_looked_at() {
        let (store, began) = (Store::default(), Instant::now());
        let key = pod(1).key();
        let heard = || {
            let sight = store.look(&key).expect("it is there");
            sight.heard.duration_since(began).as_secs()
        };
        store.put(pod(1));
        advance(Duration::from_secs(1)).await;
        store.put(pod(2));
        assert_eq!(heard(), 0);
        advance(Duration::from_secs(1)).await;
        store.put(pod(3));
        advance(Duration::from_secs(1)).await;
        // The same again is no news, nor is what others than gates see.
        store.put(pod(3));
        assert!(store.get(&key).is_some());
        store.put(pod(4));
        assert_eq!(heard(), 2);
        store.put(pod(5));
        assert_eq!(heard(), 3);
        assert_eq!(store.gone_since(&key), None);
        advance(Duration::from_secs(1)).await;
        store.remove(&key, "u");
        assert_eq!(
            store
                .gone_since(&key)
                .map(|gone| gone.duration_since(began).as_secs()),
            Some(4)
        );
    }
}
