//! A thousand steps cost a thousand times one step, not a million.

mod common;

use std::sync::Arc;
use std::time::Instant;

use common::{namespace, rollout, run, server, step};
use rollout::cluster::Cluster as _;
use rollout::cluster::simulated::SimulatedCluster;
use rollout::event::Outcome;
use rollout::plan::plan;
use rollout::{Choices, Options};
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
        told.summary.requests - requests <= 20,
        "{} requests",
        told.summary.requests - requests
    );
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn two_thousand_objects_cost_a_plan_what_twenty_cost() {
    let network = |servers: usize| {
        let names: Vec<String> = (0..servers).map(|number| format!("node-{number}")).collect();
        let mut steps = vec![step("namespaces", vec![namespace("alpha-net")], vec![])];
        steps.extend(names.iter().map(|name| server(name, &json!([]))));
        let edges: Vec<(&str, &str)> = names.iter().map(|name| ("namespaces", name.as_str())).collect();
        rollout(steps, &edges)
    };
    let mut costs = Vec::new();
    for servers in [10, 1000] {
        let cluster = SimulatedCluster::default();
        run(&cluster, network(servers)).await;
        let asked = async |choices: Choices| {
            let before = cluster.requests();
            let options = Options {
                choices,
                ..Options::default()
            };
            let began = Instant::now();
            plan(Arc::new(cluster.clone()), &network(servers), &options)
                .await
                .unwrap();
            (cluster.requests() - before, began.elapsed())
        };
        let (quick, _) = asked(Choices::default()).await;
        let whole = Choices {
            repair: true,
            ..Choices::default()
        };
        let (all, took) = asked(whole).await;
        assert!(took.as_secs() < 30, "{took:?}");
        let before = cluster.requests();
        run(&cluster, network(servers)).await;
        costs.push((quick, all - quick, cluster.requests() - before));
    }
    let [(few, few_dry_runs, few_again), (many, many_dry_runs, many_again)] = costs[..] else {
        panic!("two networks were measured");
    };
    // A request for each kind, however many objects there are; a dry run of each only where that is asked for.
    assert_eq!((few, few_again), (many, many_again));
    assert_eq!((few_dry_runs, many_dry_runs), (21, 2001));
}
