//! The engine's picture of the cluster: what watches and answers said last, with a bell for each namespace.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use kubernetes_objects::manifest::ObjectKey;
use tokio::sync::watch;

use crate::cluster::WatchEvent;
use crate::kinds::Kind;
use crate::object::Object;

/// Objects by key. Waiting steps listen to the namespaces they care about.
#[derive(Default)]
pub(crate) struct Store {
    objects: RwLock<HashMap<ObjectKey, Object>>,
    bells: Mutex<HashMap<String, watch::Sender<u64>>>,
}

impl Store {
    pub(crate) fn get(&self, key: &ObjectKey) -> Option<Object> {
        self.objects
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .cloned()
    }

    /// Every object that `filter` accepts.
    pub(crate) fn find(&self, filter: impl Fn(&ObjectKey, &Object) -> bool) -> Vec<Object> {
        let objects = self.objects.read().unwrap_or_else(PoisonError::into_inner);
        objects
            .iter()
            .filter(|(key, object)| filter(key, object))
            .map(|(_, object)| object.clone())
            .collect()
    }

    /// Takes an object in, unless a later state of it is known already.
    pub(crate) fn put(&self, object: Object) {
        let key = object.key();
        {
            let mut objects = self.objects.write().unwrap_or_else(PoisonError::into_inner);
            if objects.get(&key).is_some_and(|known| object.is_older_than(known)) {
                return;
            }
            objects.insert(key.clone(), object);
        }
        self.ring(key.namespace.as_deref());
    }

    /// Forgets an object, unless another one bears its name by now.
    pub(crate) fn remove(&self, key: &ObjectKey, uid: &str) {
        {
            let mut objects = self.objects.write().unwrap_or_else(PoisonError::into_inner);
            if objects.get(key).is_none_or(|known| known.uid() != uid) {
                return;
            }
            objects.remove(key);
        }
        self.ring(key.namespace.as_deref());
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
        let gone = self.find(|key, object| {
            key.kind == kind.kind
                && key.api_version == kind.api_version
                && present.get(key).is_none_or(|uid| uid != object.uid())
        });
        for object in gone {
            self.remove(&object.key(), object.uid());
        }
        for object in all {
            self.put(object);
        }
    }

    /// Rings when anything in the namespace changes; cluster-wide objects have the namespace `""`.
    pub(crate) fn bell(&self, namespace: &str) -> watch::Receiver<u64> {
        self.bells().entry(namespace.to_owned()).or_default().subscribe()
    }

    fn ring(&self, namespace: Option<&str>) {
        if let Some(bell) = self.bells().get(namespace.unwrap_or_default()) {
            bell.send_modify(|count| *count = count.wrapping_add(1));
        }
    }

    fn bells(&self) -> MutexGuard<'_, HashMap<String, watch::Sender<u64>>> {
        self.bells.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
