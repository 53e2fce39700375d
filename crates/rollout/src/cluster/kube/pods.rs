//! What is asked of Pods themselves: HTTP through a port-forward, commands, logs, and what went wrong with them.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http::header::{CONNECTION, HOST};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use k8s_openapi::api::core::v1::{Event, Pod};
use kube::Client;
use kube::api::{Api, AttachParams, ListParams, LogParams};
use kubernetes_objects::manifest::ObjectKey;
use tokio::io::AsyncReadExt;
use tokio::time::timeout;

use super::failure::chain;
use super::{answer, explained};
use crate::cluster::{ClusterError, ContainerRun, HttpAnswer, ObjectEvent, Output, PodRef};

const HTTP_TIME: Duration = Duration::from_secs(10);
/// So many bytes of a body are kept for a message.
const LONGEST_HEAD: usize = 200;
const EXEC_TIME: Duration = Duration::from_secs(30);

fn pods(client: &Client, pod: &PodRef) -> Api<Pod> {
    Api::namespaced(client.clone(), &pod.namespace)
}

pub(super) async fn http_get(
    client: &Client,
    pod: &PodRef,
    port: u16,
    path: &str,
) -> Result<HttpAnswer, ClusterError> {
    timeout(HTTP_TIME, http_get_unlimited(client, pod, port, path))
        .await
        .unwrap_or_else(|_| {
            Err(ClusterError::Pod {
                cause: format!("no answer within {} s", HTTP_TIME.as_secs()),
            })
        })
}

async fn http_get_unlimited(
    client: &Client,
    pod: &PodRef,
    port: u16,
    path: &str,
) -> Result<HttpAnswer, ClusterError> {
    let failed = |error: &dyn std::error::Error| ClusterError::Pod { cause: chain(error) };
    let mut forward = pods(client, pod)
        .portforward(&pod.name, &[port])
        .await
        .map_err(|error| explained(&error))?;
    let refused = forward.take_error(port);
    let stream = forward.take_stream(port).ok_or_else(|| ClusterError::Pod {
        cause: format!("port {port} was not forwarded"),
    })?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| failed(&error))?;
    let request = Request::get(path)
        .header(HOST, "localhost")
        .header(CONNECTION, "close")
        .body(Empty::<Bytes>::new())
        .map_err(|error| failed(&error))?;
    let response = async {
        let response = sender.send_request(request).await?;
        let status = response.status().as_u16();
        // What a product says of its own trouble is worth more than its status.
        let head = if status == 200 {
            String::new()
        } else {
            head(response.into_body()).await
        };
        Ok::<_, hyper::Error>(HttpAnswer { status, head })
    };
    tokio::pin!(response);
    let result = tokio::select! {
        biased;
        result = &mut response => result,
        // The connection is what moves the request; when it ends, the answer is there or never comes.
        _ = connection => response.await,
    };
    forward.abort();
    match result {
        Ok(answer) => Ok(answer),
        Err(error) => {
            let words = match refused {
                Some(refused) => refused.await,
                None => None,
            };
            Err(ClusterError::Pod {
                cause: words.unwrap_or_else(|| chain(&error)),
            })
        }
    }
}

/// The first words of a body, if they are words.
async fn head(mut body: Incoming) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < LONGEST_HEAD
        && let Some(Ok(frame)) = body.frame().await
    {
        if let Ok(data) = frame.into_data() {
            bytes.extend_from_slice(&data);
        }
    }
    bytes.truncate(LONGEST_HEAD);
    let text = String::from_utf8_lossy(&bytes);
    if text.contains(|letter: char| letter.is_control() && !letter.is_whitespace()) {
        return String::new();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) async fn exec(
    client: &Client,
    pod: &PodRef,
    container: &str,
    command: &[&str],
) -> Result<Output, ClusterError> {
    let program = command.first().copied().unwrap_or_default();
    timeout(EXEC_TIME, exec_unlimited(client, pod, container, command))
        .await
        .unwrap_or_else(|_| {
            Err(ClusterError::Pod {
                cause: format!(
                    "`{program}` in {pod} did not end within {} s",
                    EXEC_TIME.as_secs()
                ),
            })
        })
}

async fn exec_unlimited(
    client: &Client,
    pod: &PodRef,
    container: &str,
    command: &[&str],
) -> Result<Output, ClusterError> {
    let program = command.first().copied().unwrap_or_default();
    let failed = |cause: String| ClusterError::Pod {
        cause: format!("`{program}` in {pod} failed: {cause}"),
    };
    let parameters = AttachParams::default()
        .container(container)
        .stdin(false)
        .stdout(true)
        .stderr(true);
    let mut process = pods(client, pod)
        .exec(&pod.name, command.iter().copied(), &parameters)
        .await
        .map_err(|error| explained(&error))?;
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let output = process.stdout();
    let errors = process.stderr();
    let status = process.take_status();
    let read_output = async {
        match output {
            Some(mut output) => output.read_to_end(&mut stdout).await.map(|_| ()),
            None => Ok(()),
        }
    };
    let read_errors = async {
        match errors {
            Some(mut errors) => errors.read_to_end(&mut stderr).await.map(|_| ()),
            None => Ok(()),
        }
    };
    let (first, second) = tokio::join!(read_output, read_errors);
    first.and(second).map_err(|error| failed(error.to_string()))?;
    let status = match status {
        Some(status) => status.await,
        None => None,
    };
    process.join().await.map_err(|error| failed(chain(&error)))?;
    match status {
        Some(status) if status.status.as_deref() == Some("Success") => Ok(Output(stdout)),
        Some(status) => {
            let words = String::from_utf8_lossy(&stderr);
            let words = words.trim();
            let told = if words.is_empty() {
                status.message.unwrap_or_default()
            } else {
                words.to_owned()
            };
            Err(failed(told))
        }
        None => Err(failed("the connection ended without a result".to_owned())),
    }
}

pub(super) async fn log_tail(
    client: &Client,
    pod: &PodRef,
    container: &str,
    lines: u32,
    run: ContainerRun,
) -> Result<String, ClusterError> {
    let api = pods(client, pod);
    let mut parameters = LogParams {
        container: Some(container.to_owned()),
        tail_lines: Some(i64::from(lines)),
        previous: run == ContainerRun::BeforeRestart,
        ..LogParams::default()
    };
    if parameters.previous
        && let Ok(text) = answer(api.logs(&pod.name, &parameters)).await
        && !text.trim().is_empty()
    {
        return Ok(text);
    }
    // No previous run, or its log is gone.
    parameters.previous = false;
    answer(api.logs(&pod.name, &parameters)).await
}

pub(super) async fn events(
    client: &Client,
    key: &ObjectKey,
    uid: &str,
) -> Result<Vec<ObjectEvent>, ClusterError> {
    let api: Api<Event> = Api::namespaced(client.clone(), key.namespace.as_deref().unwrap_or("default"));
    let parameters = ListParams::default()
        .fields(&format!("involvedObject.uid={uid}"))
        .limit(50);
    let mut events = answer(api.list(&parameters)).await?.items;
    // The scheduler sets the one, the kubelet the other.
    events.sort_by_key(|event| {
        let last = event.last_timestamp.as_ref().map(|time| time.0);
        last.or_else(|| event.event_time.as_ref().map(|time| time.0))
    });
    Ok(events
        .into_iter()
        .map(|event| ObjectEvent {
            warning: event.type_.as_deref() == Some("Warning"),
            reason: event.reason.unwrap_or_default(),
            message: event.message.unwrap_or_default(),
        })
        .collect())
}
