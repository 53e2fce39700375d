//! What holds for every graph and every order in which things get ready.

mod common;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use common::{Told, namespace, rollout, run, server, step};
use proptest::prelude::*;
use rollout::cluster::simulated::{Behaviour, Fate, SimulatedCluster};
use rollout::event::EventKind;
use serde_json::json;

#[derive(Clone, Debug)]
struct Case {
    /// Milliseconds until each step is ready, and whether its image is missing.
    steps: Vec<(u64, bool)>,
    edges: Vec<(usize, usize)>,
}

fn case() -> impl Strategy<Value = Case> {
    prop::collection::vec((0_u64..5000, prop::bool::weighted(0.15)), 1..12).prop_flat_map(|steps| {
        let count = steps.len();
        prop::collection::vec((0..count, 0..count), 0..count * 2).prop_map(move |pairs| Case {
            steps: steps.clone(),
            edges: pairs
                .into_iter()
                .filter(|(left, right)| left != right)
                .map(|(left, right)| (left.min(right), left.max(right)))
                .collect(),
        })
    })
}

fn name(number: usize) -> String {
    format!("s{number}")
}

fn carry_out(case: &Case) -> Told {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without input and output always starts");
    runtime.block_on(async {
        let cluster = SimulatedCluster::default();
        let mut steps = vec![step("namespaces", vec![namespace("alpha-net")], vec![])];
        let names: Vec<String> = (0..case.steps.len()).map(name).collect();
        let mut edges = Vec::new();
        for (name, (milliseconds, broken)) in names.iter().zip(&case.steps) {
            let fate = if *broken {
                Fate::NoImage("no such image".into())
            } else {
                Fate::Works
            };
            let after = Duration::from_millis(*milliseconds);
            cluster.behave(
                name,
                Behaviour {
                    after,
                    fate,
                    ..Behaviour::default()
                },
            );
            steps.push(server(name, &json!([])));
            edges.push(("namespaces", name.as_str()));
        }
        edges.extend(
            case.edges
                .iter()
                .map(|(from, to)| (names[*from].as_str(), names[*to].as_str())),
        );
        run(&cluster, rollout(steps, &edges)).await
    })
}

/// Broken steps and everything behind them.
fn lost(case: &Case) -> HashSet<usize> {
    let mut lost: HashSet<usize> = (0..case.steps.len())
        .filter(|number| case.steps[*number].1)
        .collect();
    // Edges point to greater numbers, so one pass in their order is enough.
    let mut edges = case.edges.clone();
    edges.sort_unstable();
    for (from, to) in edges {
        if lost.contains(&from) {
            lost.insert(to);
        }
    }
    lost
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn each_step_waits_for_its_prerequisites_and_for_nothing_else(case in case()) {
        let told = carry_out(&case);
        let (mut started, mut done) = (HashMap::new(), HashMap::new());
        for event in &told.events {
            match &event.kind {
                EventKind::StepStarted { step } => drop(started.insert(step.clone(), event.elapsed)),
                EventKind::StepDone { step, .. } => drop(done.insert(step.clone(), event.elapsed)),
                _ => {}
            }
        }
        let lost = lost(&case);
        for number in 0..case.steps.len() {
            let id = name(number);
            prop_assert_eq!(done.contains_key(&id), !lost.contains(&number), "{}", id);
            let before = case.edges.iter().filter(|(_, to)| *to == number).map(|(from, _)| *from);
            let before: Vec<usize> = before.collect();
            let free = before.iter().all(|from| !lost.contains(from));
            prop_assert_eq!(started.contains_key(&id), free, "{}", id);
            if free {
                let names = before.into_iter().map(name).chain(["namespaces".to_owned()]);
                let released = names.map(|name| done[&name]).max();
                prop_assert_eq!(Some(started[&id]), released, "{}", id);
            }
        }
        let failed: HashSet<_> = told.summary.failed.iter().map(|failed| failed.step.clone()).collect();
        for (id, _) in started.iter().filter(|(id, _)| !done.contains_key(*id)) {
            prop_assert!(failed.contains(id));
        }
    }
}
