//! Traces over OTLP, as protobuf over HTTP.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use opentelemetry::KeyValue;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::runtime::Handle;

use crate::failure::Failure;

/// How long a collector may take for one answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes of an answer that are read.
const LONGEST_ANSWER: usize = 1 << 20;

/// Where traces go, and what went wrong on the way.
#[derive(Clone)]
pub(super) struct Exporter {
    endpoint: String,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    /// The SDK exports from a thread without a runtime.
    runtime: Handle,
    problem: Arc<Mutex<Option<String>>>,
}

/// Starts exporting to the collector at this base URL, e.g. `http://localhost:4318`.
pub(super) fn start(endpoint: &str) -> Result<(SdkTracerProvider, Exporter), Failure> {
    let wrong = |cause: String| Failure::WrongInput {
        message: format!("`{endpoint}` is no address of a collector: {cause}"),
        help: "give its base URL for OTLP over HTTP, e.g. `http://localhost:4318`".to_owned(),
    };
    let url: http::Uri = endpoint
        .parse()
        .map_err(|error: http::uri::InvalidUri| wrong(error.to_string()))?;
    if !matches!(url.scheme_str(), Some("http" | "https")) {
        return Err(wrong(
            "it begins neither with http:// nor with https://".to_owned(),
        ));
    }
    let connector = HttpsConnectorBuilder::new()
        .with_native_roots()
        .map_err(|error| Failure::internal("the system's certificates", error))?
        .https_or_http()
        .enable_http1()
        .build();
    let exporter = Exporter {
        endpoint: endpoint.to_owned(),
        client: Client::builder(TokioExecutor::new()).build(connector),
        runtime: Handle::current(),
        problem: Arc::default(),
    };
    let spans = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_http_client(exporter.clone())
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .build()
        .map_err(|error| wrong(error.to_string()))?;
    let resource = Resource::builder()
        .with_service_name("cordanetes")
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(spans)
        .with_resource(resource)
        .build();
    Ok((provider, exporter))
}

impl Exporter {
    pub(super) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The first thing that went wrong.
    pub(super) fn problem(&self) -> Option<String> {
        self.problem
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    async fn send(self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self.client.request(request.map(Full::new)).await?;
        let (head, body) = answer.into_parts();
        if !head.status.is_success() {
            return Err(format!("it answers {}", head.status).into());
        }
        let body = Limited::new(body, LONGEST_ANSWER).collect().await?.to_bytes();
        Ok(Response::from_parts(head, body))
    }
}

#[async_trait]
impl HttpClient for Exporter {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let exporter = self.clone();
        let sending = async move { tokio::time::timeout(PATIENCE, exporter.send(request)).await };
        let sent = match self.runtime.spawn(sending).await {
            Ok(Ok(sent)) => sent,
            Ok(Err(_)) => Err(format!("no answer within {} s", PATIENCE.as_secs()).into()),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = &sent {
            let mut problem = self.problem.lock().unwrap_or_else(PoisonError::into_inner);
            problem.get_or_insert_with(|| chain(&**error));
        }
        sent
    }
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

impl fmt::Debug for Exporter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Exporter({})", self.endpoint)
    }
}
