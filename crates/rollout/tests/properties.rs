//! What holds for every graph and every order in which things get ready.

mod common;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use common::{Told, content_hashes, end_state, namespace, rollout, run_with, server, step};
use proptest::prelude::*;
use rollout::Options;
use rollout::cluster::simulated::{Behaviour, Fate, Operation, SimulatedCluster};
use rollout::event::{Counts, EventKind, Outcome};
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

/// A run of a case, and what it left.
struct CarriedOut {
    told: Told,
    cluster: SimulatedCluster,
}

fn carry_out(case: &Case) -> Told {
    carry_out_by(case, &Options::default()).told
}

fn carry_out_by(case: &Case, options: &Options) -> CarriedOut {
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
        // Writes overlap, so that a bound on requests has something to bound.
        cluster.slow_down(Operation::Apply, usize::MAX, Duration::from_millis(100));
        let told = run_with(&cluster, rollout(steps, &edges), options.clone()).await;
        CarriedOut { told, cluster }
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
                EventKind::StepStarted { step, release_latency } => {
                    prop_assert!(release_latency.unwrap_or_default().is_zero(), "{step}: {release_latency:?}");
                    started.insert(step.clone(), event.elapsed);
                }
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

    #[test]
    fn no_more_requests_are_under_way_than_allowed(case in case(), concurrency in 1_usize..6) {
        let options = Options { concurrency, ..Options::default() };
        let bound = carry_out_by(&case, &options);
        // The Lease is renewed beside: it must not wait for a turn.
        let most = bound.cluster.most_at_once();
        prop_assert!(most <= concurrency + 1, "{most} requests at once, {concurrency} allowed");
        // The bound costs time, and changes nothing else.
        let free = carry_out(&case);
        prop_assert!(bound.told.summary.duration >= free.summary.duration);
        prop_assert_eq!(result(&bound.told), result(&free));
    }

    #[test]
    fn what_comes_of_it_does_not_depend_on_who_is_quick((case, times) in case_with_other_times()) {
        let mut other = case.clone();
        for ((after, _), time) in other.steps.iter_mut().zip(times) {
            *after = time;
        }
        let [first, second] = [&case, &other].map(|case| carry_out_by(case, &Options::default()));
        prop_assert_eq!(result(&first.told), result(&second.told));
        prop_assert_eq!(content_hashes(&first.cluster), content_hashes(&second.cluster));
        prop_assert_eq!(first.cluster.made(), second.cluster.made());
        prop_assert_eq!(end_state(&first.cluster), end_state(&second.cluster));
    }
}

fn case_with_other_times() -> impl Strategy<Value = (Case, Vec<u64>)> {
    case().prop_flat_map(|case| {
        let times = prop::collection::vec(0_u64..5000, case.steps.len());
        (Just(case), times)
    })
}

/// How a run ended: its outcome, what is done, what failed by what, and what did not start.
fn result(told: &Told) -> (Outcome, Counts, Vec<String>, Vec<String>, Vec<String>) {
    let summary = &told.summary;
    let mut failed: Vec<String> = summary
        .failed
        .iter()
        .map(|failed| format!("{}: {} {}", failed.step, failed.blame.cause, failed.blame.subject))
        .collect();
    failed.sort();
    let done = summary.steps.iter().map(|step| step.step.clone()).collect();
    (
        summary.outcome,
        summary.objects,
        done,
        failed,
        summary.not_done.clone(),
    )
}
