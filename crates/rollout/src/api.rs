//! Calls to the cluster as the engine makes them: a bounded number at once, and again when a failure may pass.

use std::sync::Arc;
use std::time::Duration;

use kubernetes_objects::manifest::ObjectKey;
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::cluster::{
    ApplyMode, Cluster, ClusterError, ContainerRun, HttpAnswer, ObjectEvent, Output, PodRef, Propagation,
    Right, ServerInfo,
};
use crate::kinds::Kind;
use crate::object::Object;

const FIRST_DELAY: Duration = Duration::from_millis(100);
const LONGEST_DELAY: Duration = Duration::from_secs(5);
/// An API server that restarts is back within this time, even where a virtual machine has to be started for it.
const PATIENCE: Duration = Duration::from_mins(5);
/// Somebody sits and waits for the answer to a question.
const BRIEF_PATIENCE: Duration = Duration::from_secs(10);

/// A cluster with patience and a limit.
#[derive(Clone)]
pub(crate) struct Api {
    cluster: Arc<dyn Cluster>,
    permits: Arc<Semaphore>,
}

impl Api {
    pub(crate) fn new(cluster: Arc<dyn Cluster>, at_once: usize) -> Self {
        Self {
            cluster,
            permits: Arc::new(Semaphore::new(at_once.max(1))),
        }
    }

    pub(crate) fn cluster(&self) -> &dyn Cluster {
        &*self.cluster
    }

    /// Without patience: what does not answer now is told at once.
    #[tracing::instrument(name = "request", level = "debug", skip_all, fields(verb = "version"))]
    pub(crate) async fn server(&self) -> Result<ServerInfo, ClusterError> {
        self.cluster.server().await
    }

    #[tracing::instrument(name = "request", level = "debug", skip_all, fields(verb = "review"))]
    pub(crate) async fn missing_rights(&self, needed: &[Right]) -> Result<Vec<Right>, ClusterError> {
        self.patiently(|| self.cluster.missing_rights(needed)).await
    }

    #[tracing::instrument(name = "request", level = "debug", skip_all, fields(verb = "apply"))]
    pub(crate) async fn apply(&self, object: &Value, mode: ApplyMode) -> Result<Object, ClusterError> {
        self.patiently(|| self.cluster.apply(object, mode)).await
    }

    #[tracing::instrument(name = "request", level = "debug", skip_all, fields(verb = "create"))]
    pub(crate) async fn create(&self, object: &Value) -> Result<Object, ClusterError> {
        self.patiently(|| self.cluster.create(object)).await
    }

    #[tracing::instrument(name = "request", level = "debug", skip_all, fields(verb = "replace"))]
    pub(crate) async fn replace(&self, object: &Value) -> Result<Object, ClusterError> {
        self.patiently(|| self.cluster.replace(object)).await
    }

    #[tracing::instrument(name = "request", level = "debug", skip_all, fields(verb = "get", object = %key))]
    pub(crate) async fn get(&self, key: &ObjectKey) -> Result<Option<Object>, ClusterError> {
        self.patiently(|| self.cluster.get(key)).await
    }

    #[tracing::instrument(name = "request", level = "debug", skip_all, fields(verb = "list", kind = kind.kind))]
    pub(crate) async fn list(
        &self,
        kind: &'static Kind,
        selector: &str,
    ) -> Result<Vec<Object>, ClusterError> {
        self.patiently(|| self.cluster.list(kind, selector)).await
    }

    #[tracing::instrument(name = "request", level = "debug", skip_all, fields(verb = "delete", object = %object.key()))]
    pub(crate) async fn delete(&self, object: &Object, propagation: Propagation) -> Result<(), ClusterError> {
        let key = object.key();
        self.patiently(|| self.cluster.delete(&key, object.uid(), propagation))
            .await
    }

    /// One attempt: whoever asks a Pod asks again anyway.
    #[tracing::instrument(name = "request", level = "debug", skip_all, fields(verb = "http"))]
    pub(crate) async fn http_get(
        &self,
        pod: &PodRef,
        port: u16,
        path: &str,
    ) -> Result<HttpAnswer, ClusterError> {
        let _permit = self.permits.acquire().await;
        self.cluster.http_get(pod, port, path).await
    }

    /// One attempt: a command may have run although its answer was lost.
    #[tracing::instrument(name = "request", level = "debug", skip_all, fields(verb = "exec", %pod, container))]
    pub(crate) async fn exec(
        &self,
        pod: &PodRef,
        container: &str,
        command: &[&str],
    ) -> Result<Output, ClusterError> {
        let _permit = self.permits.acquire().await;
        self.cluster.exec(pod, container, command).await
    }

    /// One attempt, of the run before a restart: it only makes a message better.
    #[tracing::instrument(name = "request", level = "debug", skip_all, fields(verb = "log"))]
    pub(crate) async fn log_tail(
        &self,
        pod: &PodRef,
        container: &str,
        lines: u32,
    ) -> Result<String, ClusterError> {
        let _permit = self.permits.acquire().await;
        let run = ContainerRun::BeforeRestart;
        self.cluster.log_tail(pod, container, lines, run).await
    }

    /// One attempt at the newest line: it only tells whether something goes on.
    pub(crate) async fn log_line(&self, pod: &PodRef, container: &str) -> Result<String, ClusterError> {
        let _permit = self.permits.acquire().await;
        self.cluster
            .log_tail(pod, container, 1, ContainerRun::Newest)
            .await
    }

    /// One attempt: it only makes a message better.
    pub(crate) async fn events(&self, object: &Object) -> Result<Vec<ObjectEvent>, ClusterError> {
        let _permit = self.permits.acquire().await;
        self.cluster.events(&object.key(), object.uid()).await
    }

    /// One attempt: whoever asks asks again anyway.
    pub(crate) async fn get_once(&self, key: &ObjectKey) -> Result<Option<Object>, ClusterError> {
        let _permit = self.permits.acquire().await;
        self.cluster.get(key).await
    }

    /// One attempt: whoever asks asks again anyway.
    pub(crate) async fn list_once(
        &self,
        kind: &'static Kind,
        selector: &str,
    ) -> Result<Vec<Object>, ClusterError> {
        let _permit = self.permits.acquire().await;
        self.cluster.list(kind, selector).await
    }

    async fn patiently<T, F>(&self, attempt: impl Fn() -> F) -> Result<T, ClusterError>
    where
        F: Future<Output = Result<T, ClusterError>>,
    {
        let (permits, attempt) = (&self.permits, &attempt);
        again(PATIENCE, ClusterError::is_transient, || async move {
            let _permit = permits.acquire().await;
            attempt().await
        })
        .await
    }
}

/// For a command that only asks: a busy API server is asked again for a few seconds; one that is not there is told at
/// once, for whoever asked can ask again.
pub(crate) async fn briefly<T, F>(attempt: impl Fn() -> F) -> Result<T, ClusterError>
where
    F: Future<Output = Result<T, ClusterError>>,
{
    let is_busy = |error: &ClusterError| matches!(error, ClusterError::Busy { .. });
    again(BRIEF_PATIENCE, is_busy, attempt).await
}

/// Tries again after pauses that grow, or that the server asks for, until `patience` would be over.
async fn again<T, F>(
    patience: Duration,
    may_pass: impl Fn(&ClusterError) -> bool,
    attempt: impl Fn() -> F,
) -> Result<T, ClusterError>
where
    F: Future<Output = Result<T, ClusterError>>,
{
    let give_up = Instant::now() + patience;
    let mut delay = FIRST_DELAY;
    loop {
        let result = attempt().await;
        let Err(error) = result else { return result };
        let wait = error.retry_after().unwrap_or(delay);
        if !may_pass(&error) || Instant::now() + wait > give_up {
            return Err(error);
        }
        tracing::debug!(%error, wait_ms = wait.as_millis(), "trying again");
        tokio::time::sleep(wait).await;
        delay = (delay * 2).min(LONGEST_DELAY);
    }
}
