//! A cluster in memory, for tests: it applies, watches and deletes as an API server would, runs just enough
//! controllers to bring workloads up after a while, and fails when and how it is told to. Time is tokio's, so
//! paused time makes a rollout of minutes take milliseconds.

mod behaviour;
mod chaos;
mod containers;
mod controllers;
mod disturbance;
mod faults;
mod immutable;
mod state;
mod volumes;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures::stream::{self, BoxStream, StreamExt};
use kubernetes_objects::manifest::ObjectKey;
use serde_json::Value;
use tokio::task::JoinSet;

pub use self::behaviour::{Behaviour, Fate};
use self::faults::Faults;
pub use self::faults::Operation;
use self::state::State;
use super::{
    ApplyMode, Cluster, ClusterError, ContainerRun, FieldOwner, HttpAnswer, ObjectEvent, Output, PodRef,
    Propagation, Right, ServerInfo, WatchEvent,
};
use crate::kinds::Kind;
use crate::object::Object;

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

    /// Says how all other workloads behave.
    pub fn behave_by_default(&self, behaviour: Behaviour) {
        self.state().usual = behaviour;
    }

    /// Lets the next `count` calls of this kind fail.
    pub fn fail(&self, operation: Operation, count: usize, error: ClusterError) {
        self.faults.add(operation, count, error);
    }

    /// Lets the next `count` calls of this kind take longer, as a slow webhook does.
    pub fn slow_down(&self, operation: Operation, count: usize, by: Duration) {
        self.faults.slow_down(operation, count, by);
    }

    /// Lets the next `count` calls of this kind take effect and loses their answers.
    pub fn lose_answers(&self, operation: Operation, count: usize) {
        self.faults.lose_answers(operation, count);
    }

    /// Records something about an object, as a controller would.
    pub fn record(&self, key: &ObjectKey, event: ObjectEvent) {
        self.state().recorded.entry(key.clone()).or_default().push(event);
    }

    /// How many calls met with a random mishap so far.
    pub fn mishaps(&self) -> u64 {
        self.faults.mishaps()
    }

    /// How many calls were under way at once at most.
    pub fn most_at_once(&self) -> usize {
        self.faults.most_at_once()
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

    /// Sets the status of an object, as its controller would.
    pub fn set_status(&self, key: &ObjectKey, status: Value) {
        self.state().change(key, |value| value["status"] = status);
    }

    /// Changes an object as somebody else would, at once.
    pub fn edit(&self, key: &ObjectKey, edit: impl FnOnce(&mut Value)) {
        self.state().change(key, edit);
        // Whoever takes the last finalizer away lets the object go.
        self.let_go(key);
    }

    /// How often callers of the API made an object of each name: once, unless it was deleted in between.
    pub fn made(&self) -> BTreeMap<ObjectKey, usize> {
        self.state().made.clone()
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
        let _call = self.faults.enter(Operation::Server, "version").await?;
        Ok(ServerInfo {
            version: "v1.34.4".to_owned(),
        })
    }

    async fn missing_rights(&self, needed: &[Right]) -> Result<Vec<Right>, ClusterError> {
        let _call = self.faults.enter(Operation::Server, "rights").await?;
        let state = self.state();
        Ok(needed
            .iter()
            .filter(|right| state.forbidden.contains(right))
            .cloned()
            .collect())
    }

    async fn apply(&self, object: &Value, mode: ApplyMode) -> Result<Object, ClusterError> {
        let about = Object::new(object.clone()).key().to_string();
        let call = self.faults.enter(Operation::Apply, &about).await?;
        let applied = self.state().apply(object, mode)?;
        if applied.is_new_revision {
            self.bring_up(&applied.object);
            self.hold_back(&applied.object);
        }
        call.leave().await?;
        Ok(applied.object)
    }

    async fn create(&self, object: &Value) -> Result<Object, ClusterError> {
        let about = Object::new(object.clone()).key().to_string();
        let call = self.faults.enter(Operation::Write, &about).await?;
        let written = self.state().write_first(object, None)?;
        call.leave().await?;
        Ok(written)
    }

    async fn replace(&self, object: &Value) -> Result<Object, ClusterError> {
        let about = Object::new(object.clone()).key().to_string();
        let call = self.faults.enter(Operation::Write, &about).await?;
        let expected = object["metadata"]["resourceVersion"].as_str().unwrap_or_default();
        let written = self.state().write_first(object, Some(expected))?;
        call.leave().await?;
        Ok(written)
    }

    async fn get(&self, key: &ObjectKey) -> Result<Option<Object>, ClusterError> {
        let call = self.faults.enter(Operation::Get, &key.to_string()).await?;
        let found = self.state().get(key);
        call.leave().await?;
        Ok(found)
    }

    async fn list(&self, kind: &'static Kind, selector: &str) -> Result<Vec<Object>, ClusterError> {
        let about = format!("{} {selector}", kind.plural);
        let call = self.faults.enter(Operation::List, &about).await?;
        let found = self.state().list(kind, selector);
        call.leave().await?;
        Ok(found)
    }

    fn watch(&self, kind: &'static Kind, selector: &str) -> BoxStream<'static, WatchEvent> {
        let is_down = self.faults.is_down();
        let mut state = self.state();
        state.requests += 1;
        let receiver = state.subscribe(kind, selector, is_down);
        stream::unfold(receiver, async |mut receiver| {
            receiver.recv().await.map(|event| (event, receiver))
        })
        .boxed()
    }

    async fn delete(&self, key: &ObjectKey, uid: &str, _: Propagation) -> Result<(), ClusterError> {
        let call = self.faults.enter(Operation::Delete, &key.to_string()).await?;
        self.take_down(key, uid);
        call.leave().await
    }

    async fn http_get(&self, pod: &PodRef, _: u16, _: &str) -> Result<HttpAnswer, ClusterError> {
        let call = self.faults.enter(Operation::Http, &pod.to_string()).await?;
        let (status, head) = if self.state().answers(pod) {
            (200, String::new())
        } else {
            (503, "starting".to_owned())
        };
        call.leave().await?;
        Ok(HttpAnswer { status, head })
    }

    async fn exec(&self, pod: &PodRef, _: &str, command: &[&str]) -> Result<Output, ClusterError> {
        let about = format!("{pod} {}", command.join(" "));
        let call = self.faults.enter(Operation::Exec, &about).await?;
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
        call.leave().await?;
        result
    }

    async fn log_tail(
        &self,
        pod: &PodRef,
        _: &str,
        lines: u32,
        _: ContainerRun,
    ) -> Result<String, ClusterError> {
        let _call = self.faults.enter(Operation::Log, &pod.to_string()).await?;
        Ok(self.state().log(pod, lines))
    }

    async fn events(&self, key: &ObjectKey, _: &str) -> Result<Vec<ObjectEvent>, ClusterError> {
        let _call = self.faults.enter(Operation::Log, &key.to_string()).await?;
        Ok(self.state().events(key))
    }

    fn requests(&self) -> u64 {
        self.state().requests + self.faults.calls()
    }
}
