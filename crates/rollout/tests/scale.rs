//! A thousand steps cost a thousand times one step, not a million.

mod common;

use std::time::Instant;

use common::{namespace, rollout, run, server, step};
use rollout::cluster::simulated::SimulatedCluster;
use rollout::event::Outcome;
use serde_json::json;

#[tokio::test(start_paused = true)]
async fn a_thousand_steps() {
    let names: Vec<String> = (0..1000).map(|number| format!("node-{number}")).collect();
    let mut steps = vec![step("namespaces", vec![namespace("alpha-net")], vec![])];
    let mut edges = Vec::new();
    for (number, name) in names.iter().enumerate() {
        steps.push(server(name, &json!([])));
        // Chains of ten.
        edges.push(if number % 10 == 0 {
            ("namespaces", name.as_str())
        } else {
            (names[number - 1].as_str(), name.as_str())
        });
    }
    let (cluster, began) = (SimulatedCluster::default(), Instant::now());
    let told = run(&cluster, rollout(steps.clone(), &edges)).await;
    assert_eq!((told.summary.outcome, told.summary.done), (Outcome::Done, 1001));
    let requests = told.summary.requests;
    let told = run(&cluster, rollout(steps, &edges)).await;
    assert_eq!(told.summary.objects.written(), 0);
    assert!(
        told.summary.requests - requests <= 15,
        "{} requests",
        told.summary.requests - requests
    );
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}
