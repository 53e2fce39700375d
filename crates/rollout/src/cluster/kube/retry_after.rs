//! `Retry-After` of a busy API server. Where it turns a request away before it has looked at it (API Priority and
//! Fairness, KEP-1040), it answers with words instead of a `Status`, and says how long to wait in a header only
//! (RFC 9110, section 10.2.3), which the client does not hand on. Such an answer becomes the `Status` that it stands for.

use std::error::Error;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt as _, Either, Full, Limited};
use kube::client::Body;
use serde_json::json;
use tower::{Layer, Service};

/// Words that are read of an answer.
const LONGEST_WORDS: usize = 2000;

#[derive(Clone, Copy)]
pub(super) struct RetryAfterLayer;

impl<S> Layer<S> for RetryAfterLayer {
    type Service = RetryAfter<S>;

    fn layer(&self, inner: S) -> RetryAfter<S> {
        RetryAfter(inner)
    }
}

#[derive(Clone)]
pub(super) struct RetryAfter<S>(S);

impl<S, B> Service<Request<Body>> for RetryAfter<S>
where
    S: Service<Request<Body>, Response = Response<B>>,
    S::Future: Send + 'static,
    S::Error: Send,
    B: hyper::body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Response<Answer<B>>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response<Answer<B>>, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let answer = self.0.call(request);
        async move { Ok(with_status(answer.await?).await) }.boxed()
    }
}

/// The body as it came, or one made of its header.
type Answer<B> = Either<B, Full<Bytes>>;

async fn with_status<B>(answer: Response<B>) -> Response<Answer<B>>
where
    B: hyper::body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let Some(seconds) = seconds(&answer) else {
        return answer.map(Either::Left);
    };
    let (mut head, body) = answer.into_parts();
    let words = Limited::new(body, LONGEST_WORDS).collect().await;
    let words = words.map(|words| String::from_utf8_lossy(&words.to_bytes()).trim().to_owned());
    let message = words
        .ok()
        .filter(|words| !words.is_empty())
        .unwrap_or_else(|| head.status.to_string());
    let status = json!({
        "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": head.status.as_u16(),
        "reason": head.status.canonical_reason().unwrap_or_default().replace(' ', ""),
        "message": message, "details": { "retryAfterSeconds": seconds },
    });
    head.headers.remove(CONTENT_LENGTH);
    head.headers
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Response::from_parts(head, Either::Right(Full::from(status.to_string())))
}

/// What an answer says by its header alone.
fn seconds<B>(answer: &Response<B>) -> Option<u32> {
    let is_json = answer
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/json"));
    if is_json || !matches!(answer.status().as_u16(), 429 | 503) {
        return None;
    }
    answer
        .headers()
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use kube::client::ClientBuilder;
    use tower_test::mock::pair;

    use super::*;
    use crate::cluster::kube::KubeCluster;
    use crate::cluster::{Cluster as _, ClusterError};

    /// What the engine hears of an answer.
    async fn heard(code: u16, headers: &[(&str, &str)], body: &str) -> ClusterError {
        let (service, mut server) = pair::<Request<Body>, Response<Body>>();
        let client = ClientBuilder::new(service, "default")
            .with_layer(&RetryAfterLayer)
            .build();
        let cluster = KubeCluster::with_client(client, "mock");
        let answer = async {
            let (_, send) = server.next_request().await.expect("a request is sent");
            let response = Response::builder().status(code);
            let response = headers
                .iter()
                .fold(response, |response, (name, value)| response.header(*name, *value));
            let body = Body::from(body.as_bytes().to_vec());
            send.send_response(response.body(body).expect("the answer is whole"));
        };
        let (server, ()) = tokio::join!(cluster.server(), answer);
        server.expect_err("it was refused")
    }

    #[tokio::test]
    async fn a_header_alone_is_heard_and_a_status_is_left_as_it_is() {
        let busy = |cause: &str, seconds: Option<u64>| ClusterError::Busy {
            cause: cause.to_owned(),
            retry_after: seconds.map(Duration::from_secs),
        };
        let words = "Too many requests, please try again later.";
        let plain = ("content-type", "text/plain; charset=utf-8");
        let five = ("retry-after", "5");
        assert_eq!(
            heard(429, &[plain, five], &format!("{words}\n")).await,
            busy(words, Some(5))
        );
        assert_eq!(
            heard(429, &[five], "").await,
            busy("429 Too Many Requests", Some(5))
        );
        let away = "apiserver is shutting down";
        assert_eq!(
            heard(503, &[plain, ("retry-after", "2")], away).await,
            busy(away, Some(2))
        );
        let date = ("retry-after", "Sat, 28 Nov 2026 08:00:00 GMT");
        assert!(matches!(
            heard(429, &[plain, date], words).await,
            ClusterError::Busy {
                retry_after: None,
                ..
            }
        ));
        let status = json!({
            "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 429, "reason": "TooManyRequests",
            "message": "too many", "details": { "retryAfterSeconds": 4 },
        });
        let json = ("content-type", "application/json");
        assert_eq!(
            heard(429, &[json, five], &status.to_string()).await,
            busy("too many", Some(4))
        );
        assert!(matches!(
            heard(500, &[plain, five], "no").await,
            ClusterError::Busy {
                retry_after: None,
                ..
            }
        ));
    }
}
