//! A real cluster, through kube's client.

mod access;
mod connect;
mod count;
mod failure;
mod pods;
mod retry_after;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt};
use kube::Client;
use kube::api::{
    Api, ApiResource, DeleteParams, DynamicObject, ListParams, Patch, PatchParams, PostParams, Preconditions,
    PropagationPolicy,
};
use kube::runtime::{WatchStreamExt, watcher};
use kubernetes_objects::manifest::ObjectKey;
use serde_json::Value;

pub use self::connect::{ConnectError, ConnectOptions};
use self::failure::{explained, overtaken};
use super::{
    ApplyMode, Cluster, ClusterError, ContainerRun, HttpAnswer, ObjectEvent, Output, PodRef, Propagation,
    Right, ServerInfo, WatchEvent,
};
use crate::kinds::Kind;
use crate::labels;
use crate::object::Object;

/// How long one answer may take before the attempt counts as lost.
const ANSWER_TIME: Duration = Duration::from_secs(30);
const PAGE: u32 = 500;

/// A cluster behind a kubeconfig.
#[derive(Clone)]
pub struct KubeCluster {
    client: Client,
    address: String,
    requests: Arc<AtomicU64>,
}

impl KubeCluster {
    fn api(&self, kind: &'static Kind, namespace: Option<&str>) -> Api<DynamicObject> {
        let resource = resource(kind);
        match namespace {
            Some(namespace) if kind.namespaced => {
                Api::namespaced_with(self.client.clone(), namespace, &resource)
            }
            _ => Api::all_with(self.client.clone(), &resource),
        }
    }

    fn api_of(&self, key: &ObjectKey) -> Result<(&'static Kind, Api<DynamicObject>), ClusterError> {
        let kind = Kind::of(key).map_err(|error| ClusterError::Invalid {
            cause: error.to_string(),
        })?;
        Ok((kind, self.api(kind, key.namespace.as_deref())))
    }
}

fn resource(kind: &Kind) -> ApiResource {
    let version = kind.api_version.rsplit('/').next().unwrap_or_default();
    ApiResource {
        group: kind.group().to_owned(),
        version: version.to_owned(),
        api_version: kind.api_version.to_owned(),
        kind: kind.kind.to_owned(),
        plural: kind.plural.to_owned(),
    }
}

/// Items of a list come without their kind.
fn object(kind: &Kind, found: DynamicObject) -> Result<Object, ClusterError> {
    let mut value = serde_json::to_value(found).map_err(|error| ClusterError::Unreadable {
        cause: error.to_string(),
    })?;
    if let Some(map) = value.as_object_mut() {
        map.insert("apiVersion".to_owned(), kind.api_version.into());
        map.insert("kind".to_owned(), kind.kind.into());
    }
    Ok(Object::new(value))
}

/// One attempt with a limit, in our words.
async fn answer<T>(attempt: impl Future<Output = Result<T, kube::Error>> + Send) -> Result<T, ClusterError> {
    match tokio::time::timeout(ANSWER_TIME, attempt).await {
        Ok(result) => result.map_err(|error| explained(&error)),
        Err(_) => Err(ClusterError::Unreachable {
            cause: format!("no answer within {} s", ANSWER_TIME.as_secs()),
        }),
    }
}

/// The same for a write that only the first of several may make.
async fn first_answer<T>(
    attempt: impl Future<Output = Result<T, kube::Error>> + Send,
) -> Result<T, ClusterError> {
    match tokio::time::timeout(ANSWER_TIME, attempt).await {
        Ok(result) => result.map_err(|error| match overtaken(error) {
            Ok(other) => explained(&other),
            Err(overtaken) => overtaken,
        }),
        Err(_) => Err(ClusterError::Unreachable {
            cause: format!("no answer within {} s", ANSWER_TIME.as_secs()),
        }),
    }
}

fn dynamic(value: &Value) -> Result<DynamicObject, ClusterError> {
    serde_json::from_value(value.clone()).map_err(|error| ClusterError::Invalid {
        cause: error.to_string(),
    })
}

#[async_trait]
impl Cluster for KubeCluster {
    fn address(&self) -> &str {
        &self.address
    }

    async fn server(&self) -> Result<ServerInfo, ClusterError> {
        let info = answer(self.client.apiserver_version()).await?;
        Ok(ServerInfo {
            version: info.git_version,
        })
    }

    async fn missing_rights(&self, needed: &[Right]) -> Result<Vec<Right>, ClusterError> {
        access::missing(&self.client, needed).await
    }

    async fn apply(&self, wanted: &Value, mode: ApplyMode) -> Result<Object, ClusterError> {
        let key = Object::new(wanted.clone()).key();
        let (kind, api) = self.api_of(&key)?;
        let parameters = PatchParams {
            dry_run: mode.dry_run,
            force: mode.force,
            ..PatchParams::apply(labels::MANAGER).validation_strict()
        };
        object(
            kind,
            answer(api.patch(&key.name, &parameters, &Patch::Apply(wanted))).await?,
        )
    }

    async fn create(&self, wanted: &Value) -> Result<Object, ClusterError> {
        let key = Object::new(wanted.clone()).key();
        let (kind, api) = self.api_of(&key)?;
        let parameters = PostParams {
            field_manager: Some(labels::MANAGER.to_owned()),
            ..PostParams::default()
        };
        let wanted = dynamic(wanted)?;
        object(kind, first_answer(api.create(&parameters, &wanted)).await?)
    }

    async fn replace(&self, wanted: &Value) -> Result<Object, ClusterError> {
        let key = Object::new(wanted.clone()).key();
        let (kind, api) = self.api_of(&key)?;
        let parameters = PostParams {
            field_manager: Some(labels::MANAGER.to_owned()),
            ..PostParams::default()
        };
        let wanted = dynamic(wanted)?;
        object(
            kind,
            first_answer(api.replace(&key.name, &parameters, &wanted)).await?,
        )
    }

    async fn get(&self, key: &ObjectKey) -> Result<Option<Object>, ClusterError> {
        let (kind, api) = self.api_of(key)?;
        answer(api.get_opt(&key.name))
            .await?
            .map(|found| object(kind, found))
            .transpose()
    }

    async fn list(&self, kind: &'static Kind, selector: &str) -> Result<Vec<Object>, ClusterError> {
        let api = self.api(kind, None);
        let mut parameters = ListParams::default().labels(selector).limit(PAGE);
        let mut objects = Vec::new();
        loop {
            let page = answer(api.list(&parameters)).await?;
            for item in page.items {
                objects.push(object(kind, item)?);
            }
            match page.metadata.continue_.filter(|token| !token.is_empty()) {
                Some(token) => parameters = parameters.continue_token(&token),
                None => return Ok(objects),
            }
        }
    }

    fn watch(&self, kind: &'static Kind, selector: &str) -> BoxStream<'static, WatchEvent> {
        let configuration = watcher::Config::default().labels(selector);
        let stream = watcher(self.api(kind, None), configuration).default_backoff();
        whole_lists(kind, stream).boxed()
    }

    async fn delete(&self, key: &ObjectKey, uid: &str, propagation: Propagation) -> Result<(), ClusterError> {
        let (_, api) = self.api_of(key)?;
        let parameters = DeleteParams {
            propagation_policy: Some(match propagation {
                Propagation::Foreground => PropagationPolicy::Foreground,
                Propagation::Background => PropagationPolicy::Background,
            }),
            preconditions: Some(Preconditions {
                uid: Some(uid.to_owned()),
                ..Preconditions::default()
            }),
            ..DeleteParams::default()
        };
        match tokio::time::timeout(ANSWER_TIME, api.delete(&key.name, &parameters)).await {
            Ok(Ok(_)) => Ok(()),
            // Gone, or another object bears the name by now.
            Ok(Err(kube::Error::Api(status))) if status.is_not_found() || status.is_conflict() => Ok(()),
            Ok(Err(error)) => Err(explained(&error)),
            Err(_) => Err(ClusterError::Unreachable {
                cause: "no answer to a deletion".to_owned(),
            }),
        }
    }

    async fn http_get(&self, pod: &PodRef, port: u16, path: &str) -> Result<HttpAnswer, ClusterError> {
        pods::http_get(&self.client, pod, port, path).await
    }

    async fn exec(&self, pod: &PodRef, container: &str, command: &[&str]) -> Result<Output, ClusterError> {
        pods::exec(&self.client, pod, container, command).await
    }

    async fn log_tail(
        &self,
        pod: &PodRef,
        container: &str,
        lines: u32,
        run: ContainerRun,
    ) -> Result<String, ClusterError> {
        pods::log_tail(&self.client, pod, container, lines, run).await
    }

    async fn events(&self, key: &ObjectKey, uid: &str) -> Result<Vec<ObjectEvent>, ClusterError> {
        pods::events(&self.client, key, uid).await
    }

    fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}

/// Gathers the items of a first list, so that a store can replace its content at once.
fn whole_lists(
    kind: &'static Kind,
    stream: impl Stream<Item = watcher::Result<watcher::Event<DynamicObject>>> + Send + 'static,
) -> impl Stream<Item = WatchEvent> + Send + 'static {
    let unreadable = WatchEvent::Interrupted;
    let mut gathered = Vec::new();
    stream.filter_map(move |event| {
        let told = match event {
            Ok(watcher::Event::Init) => {
                gathered.clear();
                None
            }
            Ok(watcher::Event::InitApply(item)) => match object(kind, item) {
                Ok(item) => {
                    gathered.push(item);
                    None
                }
                Err(error) => Some(unreadable(error)),
            },
            Ok(watcher::Event::InitDone) => Some(WatchEvent::Replaced(std::mem::take(&mut gathered))),
            Ok(watcher::Event::Apply(item)) => {
                Some(object(kind, item).map_or_else(unreadable, WatchEvent::Applied))
            }
            Ok(watcher::Event::Delete(item)) => {
                Some(object(kind, item).map_or_else(unreadable, WatchEvent::Deleted))
            }
            Err(error) => Some(WatchEvent::Interrupted(failure::of_watch(&error))),
        };
        futures::future::ready(told)
    })
}
