//! An API server for the program as a process: what `cordanetes` asks of Kubernetes, answered over HTTP by the
//! simulated cluster. It can hold a request back, so that a test can look at what is done meanwhile.

mod answer;
mod pods;
mod refusal;
mod route;

use std::convert::Infallible;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use rollout::cluster::simulated::SimulatedCluster;
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::kubeconfig;
use super::place::Place;
use super::process::PATIENCE;

type Answer = Response<UnsyncBoxBody<Bytes, Infallible>>;

/// Runs until it is dropped.
pub(crate) struct ApiServer {
    pub(crate) cluster: SimulatedCluster,
    port: u16,
    held: Arc<Held>,
    pub(crate) runtime: Runtime,
}

/// When a held request takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Once it is let go.
    Later,
    /// Before it is held: only the answer does not come.
    Now,
}

#[derive(Default)]
struct Held {
    wanted: Mutex<Option<(Method, String, Effect)>>,
    caught: Notify,
    release: Notify,
}

impl Held {
    fn wanted(&self) -> MutexGuard<'_, Option<(Method, String, Effect)>> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this is the request to hold, which is held once.
    fn takes(&self, method: &Method, path: &str) -> Option<Effect> {
        let mut wanted = self.wanted();
        let (_, _, effect) = wanted
            .as_ref()
            .filter(|(of, end, _)| of == method && path.ends_with(end.as_str()))?;
        let effect = *effect;
        *wanted = None;
        Some(effect)
    }

    async fn hold(&self) {
        self.caught.notify_one();
        self.release.notified().await;
    }
}

impl ApiServer {
    pub(crate) fn start(cluster: SimulatedCluster) -> Self {
        let runtime = Runtime::new().expect("a runtime starts");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("it has an address").port();
        listener
            .set_nonblocking(true)
            .expect("it can be asked without waiting");
        let held = Arc::new(Held::default());
        runtime.spawn(serve(listener, cluster.clone(), Arc::clone(&held)));
        Self {
            cluster,
            port,
            held,
            runtime,
        }
    }

    /// Writes a kubeconfig for it.
    pub(crate) fn kubeconfig(&self, place: &Place) {
        kubeconfig::write(place, self.port);
    }

    /// Holds the next request of this method whose path ends so.
    pub(crate) fn hold(&self, method: Method, end: &str, effect: Effect) {
        *self.held.wanted() = Some((method, end.to_owned(), effect));
    }

    /// Waits until the request has come that is to be held.
    pub(crate) fn wait_until_held(&self) {
        let caught = async { timeout(PATIENCE, self.held.caught.notified()).await };
        self.runtime.block_on(caught).expect("the request comes");
    }

    /// Lets the held request go on.
    pub(crate) fn release(&self) {
        self.held.release.notify_one();
    }
}

async fn serve(listener: TcpListener, cluster: SimulatedCluster, held: Arc<Held>) {
    let listener = tokio::net::TcpListener::from_std(listener).expect("it is without waiting");
    loop {
        let (stream, _) = listener.accept().await.expect("a connection is taken");
        let (cluster, held) = (cluster.clone(), Arc::clone(&held));
        tokio::spawn(async move {
            let service = service_fn(|request: Request<Incoming>| {
                let (cluster, held) = (cluster.clone(), Arc::clone(&held));
                async move { Ok::<_, Infallible>(answer(&cluster, &held, request).await) }
            });
            // A client that goes away in the middle is what some tests are about.
            let _ended = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .with_upgrades()
                .await;
        });
    }
}

async fn answer(cluster: &SimulatedCluster, held: &Held, request: Request<Incoming>) -> Answer {
    let holds = held.takes(request.method(), request.uri().path());
    if holds == Some(Effect::Later) {
        held.hold().await;
    }
    let answer = answer::answered(cluster, request)
        .await
        .unwrap_or_else(|error| refusal::refused(&error));
    if holds == Some(Effect::Now) {
        held.hold().await;
    }
    answer
}
