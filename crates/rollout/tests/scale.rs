//! Two thousand steps with eight thousand objects (`CORDANETES_STEPS` makes it more) cost ten times what two hundred
//! cost: what the engine does is counted, not timed.

mod common;

use std::sync::Arc;

use common::wide::wide;
use common::{Told, namespace, rollout, run, server, step};
use rollout::cluster::Cluster as _;
use rollout::cluster::simulated::SimulatedCluster;
use rollout::event::{EventKind, Outcome};
use rollout::plan::plan;
use rollout::{Choices, Options};
use serde_json::json;

/// What a run did: looks at facts, objects taken out of the store for that, events, ids named in them.
#[derive(Debug)]
struct Work {
    looks: u64,
    visited: u64,
    events: u64,
    named: u64,
    requests: u64,
}

fn work(told: &Told, requests_before: u64) -> Work {
    let named = told.events.iter().map(|event| match &event.kind {
        EventKind::StepWaiting { on, .. } => on.len(),
        _ => 1,
    });
    Work {
        looks: told.summary.effort.looks,
        visited: told.summary.effort.visited,
        events: told.events.len() as u64,
        named: named.sum::<usize>() as u64,
        requests: told.summary.requests - requests_before,
    }
}

#[tokio::test(start_paused = true)]
async fn work_grows_with_the_number_of_steps_and_not_with_its_square() {
    let measure = async |count: usize| {
        let cluster = SimulatedCluster::default();
        let told = run(&cluster, wide(count)).await;
        assert_eq!(
            (told.summary.outcome, told.summary.done),
            (Outcome::Done, count + 2)
        );
        assert_eq!(told.summary.objects.created, 4 * count + 1);
        let first = work(&told, 0);
        let again = run(&cluster, wide(count)).await;
        assert_eq!(again.summary.objects.written(), 0);
        let second = work(&again, told.summary.requests);
        // Lists and the HTTP gates; nothing for each object.
        assert!(second.requests <= 25 + count as u64, "{second:?}");
        (first, second)
    };
    let steps =
        std::env::var("CORDANETES_STEPS").map_or(2000, |steps| steps.parse().expect("a number of steps"));
    let (small, small_again) = measure(steps / 10).await;
    let (large, large_again) = measure(steps).await;
    println!("a tenth: {small:?}, again {small_again:?}\n{steps} steps: {large:?}, again {large_again:?}");
    for (small, large) in [(small, large), (small_again, large_again)] {
        for (what, small, large) in [
            ("looks", small.looks, large.looks),
            ("objects visited", small.visited, large.visited),
            ("events", small.events, large.events),
            ("ids named in events", small.named, large.named),
            ("requests", small.requests, large.requests),
        ] {
            // Ten times as many steps: ten times as much, and something for what does not divide.
            assert!(
                large <= small * 12 + 1000,
                "{what}: {small} for a tenth, {large} for {steps} steps"
            );
        }
    }
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
            plan(Arc::new(cluster.clone()), &network(servers), &options)
                .await
                .unwrap();
            cluster.requests() - before
        };
        let quick = asked(Choices::default()).await;
        let whole = Choices {
            repair: true,
            ..Choices::default()
        };
        let all = asked(whole).await;
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
