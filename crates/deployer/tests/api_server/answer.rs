//! What is answered, by what is asked for.

use std::convert::Infallible;

use futures::StreamExt as _;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::{Method, Request, Response};
use rollout::cluster::simulated::SimulatedCluster;
use rollout::cluster::{ApplyMode, Cluster as _, ClusterError, ContainerRun, Propagation, WatchEvent};
use rollout::kinds::Kind;
use rollout::object::Object;
use serde_json::{Value, json};

use super::route::Route;
use super::{Answer, pods};

/// What the simulated cluster says to a request.
pub(super) async fn answered(
    cluster: &SimulatedCluster,
    request: Request<Incoming>,
) -> Result<Answer, ClusterError> {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    if uri.path() == "/version" {
        let version = cluster.server().await?.version;
        let rest = "";
        return Ok(whole(&json!({
            "major": "1", "minor": "34", "gitVersion": version, "gitCommit": rest, "gitTreeState": rest, "buildDate": rest,
            "goVersion": rest, "compiler": rest, "platform": rest,
        })));
    }
    if uri.path().ends_with("/selfsubjectaccessreviews") {
        return Ok(whole(&json!({
            "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": {},
            "status": { "allowed": true },
        })));
    }
    let route = Route::of(&uri).ok_or_else(|| ClusterError::NotFound {
        cause: format!("there is no {}", uri.path()),
    })?;
    if route.plural == "events" {
        let metadata = json!({ "resourceVersion": "1" });
        return Ok(whole(
            &json!({ "apiVersion": "v1", "kind": "EventList", "metadata": metadata, "items": [] }),
        ));
    }
    match (route.subresource.as_str(), &method) {
        ("log", _) => {
            let log = cluster
                .log_tail(&route.pod(), "", 20, ContainerRun::Newest)
                .await?;
            return Ok(Response::new(Full::from(log).boxed_unsync()));
        }
        ("exec", _) => return Ok(pods::exec(cluster.clone(), &route, request)),
        ("portforward", _) => return Ok(pods::forward(cluster.clone(), &route, request)),
        _ => {}
    }
    let kind = route.kind()?;
    match method {
        Method::GET => read(cluster, kind, &route).await,
        Method::PATCH => {
            let mode = ApplyMode {
                dry_run: route.query("dryRun").is_some(),
                force: route.query("force").as_deref() == Some("true"),
            };
            Ok(whole(cluster.apply(&body(request).await, mode).await?.value()))
        }
        Method::POST => Ok(whole(cluster.create(&body(request).await).await?.value())),
        Method::PUT => Ok(whole(cluster.replace(&body(request).await).await?.value())),
        Method::DELETE => {
            let wanted = body(request).await;
            let uid = wanted["preconditions"]["uid"].as_str().unwrap_or_default();
            cluster
                .delete(&route.key(kind), uid, Propagation::Foreground)
                .await?;
            Ok(whole(
                &json!({ "kind": "Status", "apiVersion": "v1", "status": "Success" }),
            ))
        }
        other => Err(ClusterError::Invalid {
            cause: format!("{other} is not served"),
        }),
    }
}

async fn read(
    cluster: &SimulatedCluster,
    kind: &'static Kind,
    route: &Route,
) -> Result<Answer, ClusterError> {
    if !route.name.is_empty() {
        let key = route.key(kind);
        let found = cluster.get(&key).await?.ok_or_else(|| ClusterError::NotFound {
            cause: format!("{} \"{}\" not found", kind.plural, key.name),
        })?;
        return Ok(whole(found.value()));
    }
    let selector = route.query("labelSelector").unwrap_or_default();
    if route.query("watch").is_some() {
        return Ok(watched(cluster, kind, &selector));
    }
    let found = cluster.list(kind, &selector).await?;
    let items: Vec<&Value> = found.iter().map(Object::value).collect();
    Ok(whole(&json!({
        "apiVersion": kind.api_version, "kind": format!("{}List", kind.kind),
        "metadata": { "resourceVersion": "1" }, "items": items,
    })))
}

async fn body(request: Request<Incoming>) -> Value {
    let bytes = request
        .into_body()
        .collect()
        .await
        .expect("the body comes")
        .to_bytes();
    serde_json::from_slice(&bytes).expect("the body is JSON")
}

pub(super) fn whole(value: &Value) -> Answer {
    let mut answer = Response::new(Full::from(value.to_string()).boxed_unsync());
    let json = hyper::header::HeaderValue::from_static("application/json");
    answer.headers_mut().insert(hyper::header::CONTENT_TYPE, json);
    answer
}

/// Everything there is as changes, then every change.
fn watched(cluster: &SimulatedCluster, kind: &'static Kind, selector: &str) -> Answer {
    let events = cluster.watch(kind, selector).flat_map(|event| {
        let told: Vec<(&str, Object)> = match event {
            WatchEvent::Replaced(all) => all.into_iter().map(|object| ("MODIFIED", object)).collect(),
            WatchEvent::Applied(object) => vec![("MODIFIED", object)],
            WatchEvent::Deleted(object) => vec![("DELETED", object)],
            WatchEvent::Interrupted(_) => Vec::new(),
        };
        futures::stream::iter(told)
    });
    let lines = events.map(|(kind, object)| {
        let line = json!({ "type": kind, "object": object.value() }).to_string() + "\n";
        Ok::<_, Infallible>(Frame::data(Bytes::from(line)))
    });
    Response::new(StreamBody::new(lines).boxed_unsync())
}
