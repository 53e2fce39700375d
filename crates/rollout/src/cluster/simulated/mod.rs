//! A cluster in memory, for tests: it applies, watches and deletes as an API server would, runs just enough
//! controllers to bring workloads up after a while, and fails when and how it is told to. Time is tokio's, so
//! paused time makes a rollout of minutes take milliseconds.

mod controllers;
mod faults;
mod immutable;
mod state;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures::stream::{self, BoxStream, StreamExt};
use kubernetes_objects::manifest::ObjectKey;
use serde_json::Value;
use tokio::task::JoinSet;

use self::faults::Faults;
pub use self::faults::Operation;
use self::state::State;
use super::{
    ApplyMode, Cluster, ClusterError, FieldOwner, Output, PodRef, Propagation, Right, ServerInfo, WatchEvent,
};
use crate::kinds::Kind;
use crate::object::Object;

/// How a workload behaves, by its name.
#[derive(Clone, Debug)]
pub struct Behaviour {
    /// From its creation until it is ready, has completed, or goes wrong.
    pub after: Duration,
    /// What happens then.
    pub fate: Fate,
    /// Files that its container holds.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Whether a Job waits for its named pipe before it completes.
    pub waits: bool,
    /// From being ready until it answers HTTP with 200; 503 before.
    pub answers_after: Duration,
}

/// What becomes of a workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It works.
    Works,
    /// Its image cannot be pulled, for this reason.
    NoImage(String),
    /// It ends with an error and these last words. A Job fails, a Deployment crashes again and again.
    Crashes(String),
    /// Its Pods are not admitted, for this reason.
    NotAdmitted(String),
    /// It never gets ready.
    Hangs,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            after: Duration::from_secs(1),
            fate: Fate::Works,
            files: BTreeMap::new(),
            waits: false,
            answers_after: Duration::ZERO,
        }
    }
}

/// A simulated cluster; clones are the same cluster.
#[derive(Clone, Default)]
pub struct SimulatedCluster {
    state: Arc<Mutex<State>>,
    faults: Arc<Faults>,
    controllers: Arc<Mutex<JoinSet<()>>>,
}

impl SimulatedCluster {
    /// Says how the workloads of this name behave from now on.
    pub fn behave(&self, name: &str, behaviour: Behaviour) {
        self.state().behaviours.insert(name.to_owned(), behaviour);
    }

    /// Lets the next `count` calls of this kind fail.
    pub fn fail(&self, operation: Operation, count: usize, error: ClusterError) {
        self.faults.add(operation, count, error);
    }

    /// Never answers the call with this number, counted from now; `before` or after it has taken effect.
    pub fn hang_at(&self, call: u64, before: bool) {
        self.faults.hang_at(call, before);
    }

    /// Waits until a call hangs.
    pub async fn hung(&self) {
        self.faults.hung().await;
    }

    /// Calls made so far, watches not counted.
    pub fn calls(&self) -> u64 {
        self.faults.calls()
    }

    /// Lets another field manager own a field of an object.
    pub fn occupy(&self, key: ObjectKey, owner: FieldOwner) {
        self.state().occupied.entry(key).or_default().push(owner);
    }

    /// Takes rights away.
    pub fn forbid(&self, right: Right) {
        self.state().forbidden.push(right);
    }

    /// How often the work of the Job of this name was done.
    pub fn runs(&self, job: &str) -> usize {
        self.state().runs.get(job).copied().unwrap_or_default()
    }

    /// How many objects were written or deleted through the API so far.
    pub fn writes(&self) -> usize {
        self.state().writes
    }

    /// Every object.
    pub fn objects(&self) -> Vec<Object> {
        self.state()
            .objects
            .values()
            .map(|value| Object::new(value.clone()))
            .collect()
    }

    /// Deletes an object as somebody else would, at once.
    pub fn lose(&self, key: &ObjectKey) {
        self.state().remove(key);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs something that goes on by itself for as long as the cluster lives.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.controllers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .spawn(task);
    }
}

#[async_trait]
impl Cluster for SimulatedCluster {
    fn address(&self) -> &'static str {
        "simulated://cluster"
    }

    async fn server(&self) -> Result<ServerInfo, ClusterError> {
        self.faults.enter(Operation::Server).await?;
        Ok(ServerInfo {
            version: "v1.34.4".to_owned(),
        })
    }

    async fn missing_rights(&self, needed: &[Right]) -> Result<Vec<Right>, ClusterError> {
        self.faults.enter(Operation::Server).await?;
        let state = self.state();
        Ok(needed
            .iter()
            .filter(|right| state.forbidden.contains(right))
            .cloned()
            .collect())
    }

    async fn apply(&self, object: &Value, mode: ApplyMode) -> Result<Object, ClusterError> {
        self.faults.enter(Operation::Apply).await?;
        let applied = self.state().apply(object, mode)?;
        if applied.is_new_revision {
            self.bring_up(&applied.object);
        }
        self.faults.leave().await;
        Ok(applied.object)
    }

    async fn create(&self, object: &Value) -> Result<Object, ClusterError> {
        self.faults.enter(Operation::Write).await?;
        let written = self.state().write_first(object, None)?;
        self.faults.leave().await;
        Ok(written)
    }

    async fn replace(&self, object: &Value) -> Result<Object, ClusterError> {
        self.faults.enter(Operation::Write).await?;
        let expected = object["metadata"]["resourceVersion"].as_str().unwrap_or_default();
        let written = self.state().write_first(object, Some(expected))?;
        self.faults.leave().await;
        Ok(written)
    }

    async fn get(&self, key: &ObjectKey) -> Result<Option<Object>, ClusterError> {
        self.faults.enter(Operation::Get).await?;
        Ok(self.state().get(key))
    }

    async fn list(&self, kind: &'static Kind, selector: &str) -> Result<Vec<Object>, ClusterError> {
        self.faults.enter(Operation::List).await?;
        Ok(self.state().list(kind, selector))
    }

    fn watch(&self, kind: &'static Kind, selector: &str) -> BoxStream<'static, WatchEvent> {
        let mut state = self.state();
        state.requests += 1;
        let first = WatchEvent::Replaced(state.list(kind, selector));
        let receiver = state.subscribe(kind, selector);
        let rest = stream::unfold(receiver, async |mut receiver| {
            receiver.recv().await.map(|event| (event, receiver))
        });
        stream::once(async { first }).chain(rest).boxed()
    }

    async fn delete(&self, key: &ObjectKey, uid: &str, _: Propagation) -> Result<(), ClusterError> {
        self.faults.enter(Operation::Delete).await?;
        self.take_down(key, uid);
        self.faults.leave().await;
        Ok(())
    }

    async fn http_get(&self, pod: &PodRef, _: u16, _: &str) -> Result<u16, ClusterError> {
        self.faults.enter(Operation::Http).await?;
        Ok(if self.state().answers(pod) { 200 } else { 503 })
    }

    async fn exec(&self, pod: &PodRef, _: &str, command: &[&str]) -> Result<Output, ClusterError> {
        self.faults.enter(Operation::Exec).await?;
        let result = match command {
            ["sh", "-c", script, path] if script.starts_with("cat") => {
                self.state().file(pod, path).map(Output)
            }
            ["sh", "-c", ..] => {
                self.release(pod);
                Ok(Output(Vec::new()))
            }
            _ => Err(ClusterError::Pod {
                cause: format!("unknown command {command:?}"),
            }),
        };
        self.faults.leave().await;
        result
    }

    async fn log_tail(&self, pod: &PodRef, _: &str, _: u32) -> Result<String, ClusterError> {
        self.faults.enter(Operation::Log).await?;
        Ok(self.state().log(pod))
    }

    async fn warnings(&self, key: &ObjectKey, _: &str) -> Result<Vec<String>, ClusterError> {
        self.faults.enter(Operation::Log).await?;
        Ok(self.state().warnings(key))
    }

    fn requests(&self) -> u64 {
        self.state().requests + self.faults.calls()
    }
}
