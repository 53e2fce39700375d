//! Connections into Pods: commands and forwarded ports, over `WebSockets` as the API server speaks them
//! (`v4.channel.k8s.io`: the first byte of a message says which channel it belongs to).

use futures::{SinkExt as _, StreamExt as _};
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, UPGRADE};
use hyper::upgrade::Upgraded;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use rollout::cluster::Cluster as _;
use rollout::cluster::simulated::SimulatedCluster;
use serde_json::json;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::Answer;
use super::route::Route;

type Socket = WebSocketStream<TokioIo<Upgraded>>;

const STDOUT: u8 = 1;
const STATUS: u8 = 3;
/// A forwarded port has one channel for data and one for errors.
const DATA: u8 = 0;
const ERRORS: u8 = 1;

/// Runs a command and sends what it writes, then how it ended.
pub(super) fn exec(cluster: SimulatedCluster, route: &Route, request: Request<Incoming>) -> Answer {
    let pod = route.pod();
    let command: Vec<String> = route.all("command").map(str::to_owned).collect();
    upgraded(request, move |mut socket| async move {
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        let status = match cluster.exec(&pod, "", &command).await {
            Ok(output) => {
                send(&mut socket, STDOUT, &output.0).await?;
                json!({ "kind": "Status", "apiVersion": "v1", "status": "Success" })
            }
            Err(error) => json!({
                "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": error.to_string(),
            }),
        };
        send(&mut socket, STATUS, status.to_string().as_bytes()).await?;
        socket.close(None).await
    })
}

/// Answers one HTTP request on a port.
pub(super) fn forward(cluster: SimulatedCluster, route: &Route, request: Request<Incoming>) -> Answer {
    let pod = route.pod();
    let port: u16 = route
        .query("ports")
        .and_then(|port| port.parse().ok())
        .expect("one port is asked for");
    upgraded(request, move |mut socket| async move {
        for channel in [DATA, ERRORS] {
            send(&mut socket, channel, &port.to_le_bytes()).await?;
        }
        let mut asked = Vec::new();
        while !asked.ends_with(b"\r\n\r\n") {
            match socket.next().await.transpose()? {
                Some(Message::Binary(bytes)) => asked.extend_from_slice(&bytes[1..]),
                Some(_) => {}
                None => return Ok(()),
            }
        }
        let asked = String::from_utf8_lossy(&asked).into_owned();
        let path = asked.split(' ').nth(1).unwrap_or_default();
        let told = match cluster.http_get(&pod, port, path).await {
            Ok(answer) => {
                let length = answer.head.len();
                let head = "connection: close\r\ncontent-length:";
                format!(
                    "HTTP/1.1 {} Told\r\n{head} {length}\r\n\r\n{}",
                    answer.status, answer.head
                )
            }
            Err(_) => return socket.close(None).await,
        };
        send(&mut socket, DATA, told.as_bytes()).await?;
        // The client closes when it has read the answer.
        while socket.next().await.transpose()?.is_some() {}
        Ok(())
    })
}

async fn send(socket: &mut Socket, channel: u8, content: &[u8]) -> Result<(), Error> {
    let message: Vec<u8> = [&[channel], content].concat();
    socket.send(Message::binary(message)).await
}

fn upgraded<Talk>(
    mut request: Request<Incoming>,
    talk: impl FnOnce(Socket) -> Talk + Send + 'static,
) -> Answer
where
    Talk: Future<Output = Result<(), Error>> + Send,
{
    let key = request
        .headers()
        .get(SEC_WEBSOCKET_KEY)
        .cloned()
        .expect("it is a WebSocket");
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let Ok(upgraded) = upgrade.await else { return };
        let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, None).await;
        // A client that goes away in the middle is what some tests are about.
        let _ended = talk(socket).await;
    });
    Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(UPGRADE, "websocket")
        .header(CONNECTION, "Upgrade")
        .header(SEC_WEBSOCKET_ACCEPT, derive_accept_key(key.as_bytes()))
        .header(SEC_WEBSOCKET_PROTOCOL, "v4.channel.k8s.io")
        .body(Empty::new().boxed_unsync())
        .expect("the answer is whole")
}
