//! What the simulated cluster holds, and who is told about changes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};
use kubernetes_objects::manifest::ObjectKey;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::Instant;

use super::{Behaviour, Fate, immutable};
use crate::cluster::{ApplyMode, ClusterError, FieldOwner, ObjectEvent, PodRef, Right, WatchEvent};
use crate::hash;
use crate::kinds::{self, Kind};
use crate::object::Object;

#[derive(Default)]
pub(super) struct State {
    pub(super) objects: BTreeMap<ObjectKey, Value>,
    pub(super) behaviours: HashMap<String, Behaviour>,
    /// How everybody else behaves.
    pub(super) usual: Behaviour,
    pub(super) occupied: HashMap<ObjectKey, Vec<FieldOwner>>,
    pub(super) forbidden: Vec<Right>,
    pub(super) runs: BTreeMap<String, usize>,
    pub(super) writes: usize,
    pub(super) requests: u64,
    /// When each Pod became ready.
    pub(super) ready_since: HashMap<PodRef, Instant>,
    /// When each Pod was made.
    pub(super) started: HashMap<PodRef, Instant>,
    /// What was recorded about objects besides what their fate says.
    pub(super) recorded: HashMap<ObjectKey, Vec<ObjectEvent>>,
    /// How far the clock is off, in seconds.
    pub(super) skew: i64,
    pub(super) watchers: Vec<Watcher>,
    /// Storage classes whose volumes wait for their first consumer.
    pub(super) late_classes: BTreeSet<String>,
    /// How often callers made an object of each name.
    pub(super) made: BTreeMap<ObjectKey, usize>,
    version: u64,
    identities: u64,
    by_uid: HashMap<String, ObjectKey>,
    /// Objects by the uid of their owner.
    owned: HashMap<String, BTreeSet<ObjectKey>>,
}

pub(super) struct Watcher {
    pub(super) kind: &'static Kind,
    pub(super) selector: String,
    /// Whether it is broken: it hears nothing until it is healed by a whole list.
    pub(super) is_muted: bool,
    sender: UnboundedSender<WatchEvent>,
}

impl Watcher {
    pub(super) fn send(&self, event: WatchEvent) {
        // Whoever does not listen any more is dropped at the next change.
        let _ = self.sender.send(event);
    }
}

pub(super) struct Applied {
    pub(super) object: Object,
    pub(super) is_new_revision: bool,
}

impl State {
    pub(super) fn get(&self, key: &ObjectKey) -> Option<Object> {
        self.objects.get(key).map(|value| Object::new(value.clone()))
    }

    pub(super) fn list(&self, kind: &Kind, selector: &str) -> Vec<Object> {
        self.objects
            .iter()
            .filter(|(key, value)| is_of(kind, key) && matches(value, selector))
            .map(|(_, value)| Object::new(value.clone()))
            .collect()
    }

    /// A watch; while the API server is away it hears nothing.
    pub(super) fn subscribe(
        &mut self,
        kind: &'static Kind,
        selector: &str,
        is_down: bool,
    ) -> UnboundedReceiver<WatchEvent> {
        let (sender, receiver) = unbounded_channel();
        let watcher = Watcher {
            kind,
            selector: selector.to_owned(),
            is_muted: is_down,
            sender,
        };
        if !is_down {
            watcher.send(WatchEvent::Replaced(self.list(kind, selector)));
        }
        self.watchers.push(watcher);
        receiver
    }

    /// How a workload behaves: by its name, or as all do.
    pub(super) fn behaviour(&self, workload: &ObjectKey) -> Behaviour {
        self.behaviours.get(&workload.name).unwrap_or(&self.usual).clone()
    }

    /// Server-side apply as far as one owner needs it: what the server adds stays, the rest is replaced.
    pub(super) fn apply(&mut self, wanted: &Value, mode: ApplyMode) -> Result<Applied, ClusterError> {
        let key = Object::new(wanted.clone()).key();
        if let Some(owners) = self.occupied.get(&key).filter(|_| !mode.force) {
            return Err(ClusterError::Conflict(owners.clone()));
        }
        if let Some(namespace) = &key.namespace
            && !self.objects.contains_key(&kinds::NAMESPACE.key(None, namespace))
        {
            return Err(ClusterError::NotFound {
                cause: format!("namespaces \"{namespace}\" not found"),
            });
        }
        if let Some(definition) = self.definition_of(&key)
            && !is_established(definition)
        {
            let cause = "the server could not find the requested resource".to_owned();
            return Err(ClusterError::NotFound { cause });
        }
        let mut object = wanted.clone();
        let old = self.objects.get(&key).cloned();
        if let Some(old) = &old {
            let fields = immutable::refused(&key, old, wanted);
            if let Some(field) = fields.first() {
                let cause = format!("{field}: field is immutable");
                return Err(ClusterError::Immutable { cause, fields });
            }
            for field in ["uid", "generation", "creationTimestamp"] {
                object["metadata"][field] = old["metadata"][field].clone();
            }
            if let Some(status) = old.get("status") {
                object["status"] = status.clone();
            }
        } else {
            self.make(&mut object);
        }
        if key.kind == "Service" {
            let known = old.as_ref().map(|old| old["spec"]["clusterIP"].clone());
            object["spec"]["clusterIP"] = known.unwrap_or_else(|| address(&key).into());
        }
        let is_new_revision = old.as_ref().is_none_or(|old| old["spec"] != object["spec"]);
        if is_new_revision {
            let generation = object["metadata"]["generation"].as_i64().unwrap_or_default();
            object["metadata"]["generation"] = (generation + 1).into();
        }
        if mode.dry_run {
            return Ok(Applied {
                object: Object::new(object),
                is_new_revision: false,
            });
        }
        if mode.force {
            self.occupied.remove(&key);
        }
        if old.is_none() {
            *self.made.entry(key.clone()).or_default() += 1;
        }
        self.writes += 1;
        Ok(Applied {
            object: self.put(key, object),
            is_new_revision,
        })
    }

    /// The definition that brings the kind of an object, if it is one of those here.
    fn definition_of(&self, key: &ObjectKey) -> Option<&Value> {
        if !Kind::of(key).is_ok_and(|kind| kind.brought) {
            return None;
        }
        let group = key.api_version.split_once('/').map_or("", |(group, _)| group);
        self.objects.values().find(|value| {
            value["kind"] == "CustomResourceDefinition"
                && value["spec"]["group"] == group
                && value["spec"]["names"]["kind"] == key.kind.as_str()
        })
    }

    /// A write that only the first of several may make: `expected` is the version that it replaces.
    pub(super) fn write_first(
        &mut self,
        wanted: &Value,
        expected: Option<&str>,
    ) -> Result<Object, ClusterError> {
        let key = Object::new(wanted.clone()).key();
        let found = self.objects.get(&key);
        let version = found.map(|found| found["metadata"]["resourceVersion"].as_str().unwrap_or_default());
        if version != expected {
            let cause = format!("{key} has the version {version:?}, not {expected:?}");
            return Err(match version {
                None => ClusterError::NotFound { cause },
                Some(_) => ClusterError::Overtaken { cause },
            });
        }
        if let Some(namespace) = &key.namespace
            && !self.objects.contains_key(&kinds::NAMESPACE.key(None, namespace))
        {
            let cause = format!("namespaces \"{namespace}\" not found");
            return Err(ClusterError::NotFound { cause });
        }
        let mut object = wanted.clone();
        match found.map(|found| found["metadata"]["uid"].clone()) {
            Some(uid) => object["metadata"]["uid"] = uid,
            None => self.make(&mut object),
        }
        Ok(self.put(key, object))
    }

    /// Gives an object an identity and the time of its creation, by a clock that may be wrong.
    fn make(&mut self, object: &mut Value) {
        self.identities += 1;
        object["metadata"]["uid"] = format!("uid-{}", self.identities).into();
        let at = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_795_000_000 + self.skew);
        object["metadata"]["creationTimestamp"] = at.to_string().into();
    }

    /// Stores a new state of an object and tells the watchers.
    pub(super) fn put(&mut self, key: ObjectKey, mut value: Value) -> Object {
        self.version += 1;
        value["metadata"]["resourceVersion"] = self.version.to_string().into();
        let object = Object::new(value.clone());
        self.by_uid.insert(object.uid().to_owned(), key.clone());
        if let Some(owner) = object.text("/metadata/ownerReferences/0/uid") {
            self.owned
                .entry(owner.to_owned())
                .or_default()
                .insert(key.clone());
        }
        self.objects.insert(key, value);
        self.tell(&WatchEvent::Applied(object.clone()), &object);
        object
    }

    /// Makes a Pod; gives its uid.
    pub(super) fn put_pod(&mut self, pod: &PodRef, mut value: Value) -> String {
        self.make(&mut value);
        value["apiVersion"] = "v1".into();
        value["kind"] = "Pod".into();
        value["metadata"]["name"] = pod.name.as_str().into();
        value["metadata"]["namespace"] = pod.namespace.as_str().into();
        self.put(pod_key(pod), value).uid().to_owned()
    }

    /// Changes an object if it still exists.
    pub(super) fn change(&mut self, key: &ObjectKey, change: impl FnOnce(&mut Value)) {
        if let Some(mut value) = self.objects.get(key).cloned() {
            change(&mut value);
            self.put(key.clone(), value);
        }
    }

    pub(super) fn remove(&mut self, key: &ObjectKey) {
        if let Some(value) = self.objects.remove(key) {
            let object = Object::new(value);
            self.by_uid.remove(object.uid());
            if let Some(owner) = object.text("/metadata/ownerReferences/0/uid")
                && let Some(owned) = self.owned.get_mut(owner)
            {
                owned.remove(key);
            }
            self.tell(&WatchEvent::Deleted(object.clone()), &object);
        }
    }

    fn tell(&mut self, event: &WatchEvent, object: &Object) {
        let key = object.key();
        self.watchers.retain(|watcher| {
            watcher.is_muted
                || !is_of(watcher.kind, &key)
                || !matches(object.value(), &watcher.selector)
                || watcher.sender.send(event.clone()).is_ok()
        });
    }

    /// The workload that a Pod belongs to.
    pub(super) fn owner(&self, pod: &PodRef) -> Option<(&ObjectKey, &Value)> {
        let uid = self.objects.get(&pod_key(pod))?["metadata"]["ownerReferences"][0]["uid"].as_str()?;
        self.objects.get_key_value(self.by_uid.get(uid)?)
    }

    /// Everything that belongs to an object.
    pub(super) fn dependents(&self, uid: &str) -> Vec<ObjectKey> {
        self.owned.get(uid).into_iter().flatten().cloned().collect()
    }

    pub(super) fn answers(&self, pod: &PodRef) -> bool {
        let after = self.owner(pod).map(|(key, _)| self.behaviour(key).answers_after);
        match (self.ready_since.get(pod), after) {
            (Some(since), Some(after)) => since.elapsed() >= after,
            _ => false,
        }
    }

    pub(super) fn file(&self, pod: &PodRef, path: &str) -> Result<Vec<u8>, ClusterError> {
        let missing = || ClusterError::Pod {
            cause: format!("`cat` in {pod} failed: {path}: no such file"),
        };
        let (owner, _) = self.owner(pod).ok_or_else(missing)?;
        self.behaviour(owner).files.get(path).cloned().ok_or_else(missing)
    }

    pub(super) fn log(&self, pod: &PodRef, lines: u32) -> String {
        let Some((owner, _)) = self.owner(pod) else {
            return String::new();
        };
        let behaviour = self.behaviour(owner);
        let age = self.started.get(pod).map(Instant::elapsed).unwrap_or_default();
        let mut log: Vec<String> = behaviour
            .log
            .into_iter()
            .filter(|(after, _)| *after <= age)
            .map(|(_, line)| line)
            .collect();
        match behaviour.fate {
            Fate::Crashes(words) => log.extend(words.lines().map(str::to_owned)),
            _ if log.is_empty() => log.push("all is well".to_owned()),
            _ => {}
        }
        let from = log.len().saturating_sub(lines.try_into().unwrap_or(usize::MAX));
        log.split_off(from).join("\n")
    }

    pub(super) fn events(&self, key: &ObjectKey) -> Vec<ObjectEvent> {
        let warning = |reason: &str, message: String| ObjectEvent {
            warning: true,
            reason: reason.to_owned(),
            message,
        };
        let is_pod = key.kind == kinds::POD.kind;
        let workload = if is_pod {
            self.owner(&pod_ref(key)).map(|(owner, _)| owner)
        } else {
            Some(key)
        };
        let mut events = self.recorded.get(key).cloned().unwrap_or_default();
        match workload.map(|workload| self.behaviour(workload).fate) {
            Some(Fate::NotAdmitted(words)) if !is_pod => events.push(warning("FailedCreate", words)),
            Some(Fate::NotScheduled(words)) if is_pod => events.push(warning("FailedScheduling", words)),
            Some(Fate::NotMounted(words)) if is_pod => events.push(warning("FailedMount", words)),
            _ => {}
        }
        events
    }
}

pub(super) fn pod_ref(key: &ObjectKey) -> PodRef {
    PodRef {
        namespace: key.namespace.clone().unwrap_or_default(),
        name: key.name.clone(),
    }
}

pub(super) fn pod_key(pod: &PodRef) -> ObjectKey {
    kinds::POD.key(Some(&pod.namespace), &pod.name)
}

/// Whether the API server serves the kind that a definition brings.
fn is_established(definition: &Value) -> bool {
    let conditions = definition["status"]["conditions"].as_array();
    conditions
        .into_iter()
        .flatten()
        .any(|condition| condition["type"] == "Established" && condition["status"] == "True")
}

/// The same address for the same Service in every run, so that end states can be compared.
fn address(service: &ObjectKey) -> String {
    let hash = hash::of(&json!([service.namespace, service.name]));
    let byte = |at: usize| u8::from_str_radix(&hash[at..at + 2], 16).unwrap_or_default();
    format!("10.96.{}.{}", byte(0), byte(2))
}

/// A label selector like `name=value,name=value`.
fn matches(value: &Value, selector: &str) -> bool {
    selector
        .split(',')
        .filter_map(|part| part.split_once('='))
        .all(|(name, wanted)| value["metadata"]["labels"][name] == json!(wanted))
}

fn is_of(kind: &Kind, key: &ObjectKey) -> bool {
    key.kind == kind.kind && key.api_version == kind.api_version
}
