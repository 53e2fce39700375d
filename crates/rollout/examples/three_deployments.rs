//! Three Deployments, each started when the one before it is ready, with the `rollout` crate alone.
//!
//! ```text
//! cargo run -p rollout --example three_deployments                    the current context of the kubeconfig
//! cargo run -p rollout --example three_deployments -- --simulated     a cluster in memory
//! cargo run -p rollout --example three_deployments -- --destroy       takes them away again
//! ```
//!
//! `--image IMAGE` names another image than Kubernetes' own, which every node has. Ctrl-C stops it; the same command
//! goes on where it stopped.

#![expect(clippy::print_stdout, reason = "it is a program: the library prints nothing")]

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use dependency_graph::{DependencyGraph, GraphError, Node};
use kubernetes_objects::manifest::{Manifest, ObjectKey};
use kubernetes_objects::step::{Gate, Step};
use rollout::cluster::Cluster;
use rollout::cluster::kube::{ConnectOptions, KubeCluster};
use rollout::cluster::simulated::SimulatedCluster;
use rollout::event::{EventKind, RolloutEvent, Summary};
use rollout::{CancellationToken, DestroyOptions, Options, Rollout, RolloutError, destroy, roll_out};
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const NETWORK: &str = "three-deployments";
const IMAGE: &str = "registry.k8s.io/pause:3.10";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // It fails when a provider is installed already, and there is only this one in the build.
    let _installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let given = |name: &str| arguments.iter().any(|argument| argument == name);
    let image = arguments
        .iter()
        .skip_while(|argument| *argument != "--image")
        .nth(1);
    let cluster: Arc<dyn Cluster> = if given("--simulated") {
        Arc::new(SimulatedCluster::default())
    } else {
        Arc::new(KubeCluster::connect(&ConnectOptions::default()).await?)
    };
    let stop = CancellationToken::new();
    let ctrl_c = {
        let stop = stop.clone();
        async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                stop.cancel();
            }
            std::future::pending::<()>().await;
        }
    };
    let work = async {
        if given("--destroy") {
            take_away(cluster, stop).await
        } else {
            Box::pin(deploy(cluster, image.map_or(IMAGE, |image| image), stop)).await
        }
    };
    let summary = tokio::select! {
        summary = work => summary?,
        () = ctrl_c => return Ok(()),
    };
    println!(
        "{:?} after {:.1?}, {} requests",
        summary.outcome, summary.duration, summary.requests
    );
    Ok(())
}

/// Rolls them out and tells what happens.
pub(crate) async fn deploy(
    cluster: Arc<dyn Cluster>,
    image: &str,
    stop: CancellationToken,
) -> Result<Summary, Box<dyn Error>> {
    let (events, told) = unbounded_channel();
    let run = roll_out(
        cluster,
        three_deployments(image)?,
        Options::default(),
        stop.into(),
        events,
    );
    Ok(Box::pin(telling(run, told)).await?)
}

/// Takes them away; the cluster knows what there is.
pub(crate) async fn take_away(
    cluster: Arc<dyn Cluster>,
    stop: CancellationToken,
) -> Result<Summary, Box<dyn Error>> {
    let (events, told) = unbounded_channel();
    let options = DestroyOptions {
        delete_data: true,
        ..DestroyOptions::default()
    };
    Ok(telling(destroy(cluster, NETWORK, options, stop.into(), events), told).await?)
}

/// Runs the engine and prints its events beside it.
async fn telling(
    run: impl Future<Output = Result<Summary, RolloutError>>,
    mut told: UnboundedReceiver<RolloutEvent>,
) -> Result<Summary, RolloutError> {
    // The engine drops its sender at the end, which ends the loop.
    let print = async {
        while let Some(event) = told.recv().await {
            match event.kind {
                EventKind::StepStarted { step, .. } => println!("{:>8.2?}  {step} starts", event.elapsed),
                EventKind::StepProgress { step, reason } => {
                    println!("{:>8.2?}  {step}: {reason}", event.elapsed);
                }
                EventKind::StepDone { step, .. } => println!("{:>8.2?}  {step} is done", event.elapsed),
                EventKind::StepFailed { message, .. } => println!("{:>8.2?}  {message}", event.elapsed),
                _ => {}
            }
        }
    };
    let (summary, ()) = tokio::join!(run, print);
    summary
}

/// A namespace, and one after the other three Deployments in it.
fn three_deployments(image: &str) -> Result<Rollout, GraphError> {
    let namespace = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": NETWORK } });
    let mut steps = vec![step("namespace", vec![Manifest::from(namespace)], vec![])];
    for name in ["one", "two", "three"] {
        let (key, manifest) = deployment(name, image);
        steps.push(step(name, vec![manifest], vec![Gate::Ready(key)]));
    }
    let graph = steps.iter().fold(DependencyGraph::builder(), |builder, step| {
        builder.step(Node {
            id: step.id.clone(),
            stage: String::new(),
            title: step.title.clone(),
            group: NETWORK.to_owned(),
        })
    });
    let graph = graph
        .edge("namespace", "one", "it lives in it")
        .edge("one", "two", "it calls one")
        .edge("two", "three", "it calls two")
        .build()?;
    Ok(Rollout {
        network: NETWORK.to_owned(),
        graph,
        steps,
    })
}

fn step(id: &str, manifests: Vec<Manifest>, gates: Vec<Gate>) -> Step {
    Step {
        id: id.to_owned(),
        stage: "",
        title: format!("{id} is there"),
        manifests,
        gates,
        outputs: None,
        deadline: Duration::from_mins(2),
    }
}

fn deployment(name: &str, image: &str) -> (ObjectKey, Manifest) {
    let labels = json!({ "app": name });
    let manifest = Manifest::from(json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": name, "namespace": NETWORK },
        "spec": {
            "selector": { "matchLabels": labels },
            "template": {
                "metadata": { "labels": labels },
                "spec": { "containers": [{ "name": "main", "image": image }] },
            },
        },
    }));
    (manifest.key(), manifest)
}
