//! What the engine itself takes for networks of more and more steps, on the simulated cluster: the first rollout, one
//! that finds everything in place, and the report. Each size is told beside the smallest of the same run; a network
//! eight times as large whose steps take three times as long each is too slow, and fails.

#![expect(clippy::print_stdout, reason = "a table of figures is what it is for")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use common::wide::wide;
use common::{Told, run};
use rollout::cluster::simulated::SimulatedCluster;
use rollout::event::Outcome;
use rollout::history::Recording;
use rollout::report::Report;

const SIZES: [u32; 4] = [500, 1000, 2000, 4000];
/// The quickest of so many counts: others use the machine as well.
const ROUNDS: usize = 3;
/// By how much a step of the largest network may take longer than one of the smallest.
const MOST_GROWTH: f64 = 3.0;

/// What is measured.
const QUESTIONS: [&str; 3] = ["first rollout", "nothing to change", "report"];

fn main() -> ExitCode {
    // `cargo test` runs benchmarks too, to see that they still work.
    let is_trial = !std::env::args().any(|argument| argument == "--bench");
    let (sizes, rounds) = if is_trial {
        (&SIZES[..1], 1)
    } else {
        (&SIZES[..], ROUNDS)
    };
    let mut quickest: Vec<[Duration; 3]> = Vec::new();
    for size in sizes {
        let counted = (0..rounds).map(|_| measure(*size));
        let least = counted.reduce(|least, one| std::array::from_fn(|at| least[at].min(one[at])));
        quickest.push(least.expect("there is a round"));
    }
    println!(
        "{:<20} {:>7} {:>11} {:>13} {:>9}",
        "", "steps", "takes", "a step takes", "against"
    );
    let mut is_linear = true;
    for (at, question) in QUESTIONS.into_iter().enumerate() {
        let of_step = |place: usize| quickest[place][at] / sizes[place];
        for (place, size) in sizes.iter().enumerate() {
            let ratio = of_step(place).as_secs_f64() / of_step(0).as_secs_f64();
            is_linear &= ratio <= MOST_GROWTH;
            println!(
                "{question:<20} {size:>7} {:>8} ms {:>10} us {ratio:>8.2}x",
                quickest[place][at].as_millis(),
                of_step(place).as_micros()
            );
        }
    }
    if is_linear {
        ExitCode::SUCCESS
    } else {
        println!(
            "a step of a large network takes more than {MOST_GROWTH} times as long as one of a small one"
        );
        ExitCode::FAILURE
    }
}

fn measure(steps: u32) -> [Duration; 3] {
    let count = usize::try_from(steps).expect("it fits");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without input and output always starts");
    runtime.block_on(async {
        let cluster = SimulatedCluster::default();
        let (first, told) = timed(&cluster, count).await;
        assert_eq!(told.summary.objects.created, 4 * count + 1);
        let (again, same) = timed(&cluster, count).await;
        assert_eq!(same.summary.objects.written(), 0);
        let began = Instant::now();
        let mut recording = Recording::default();
        for event in &told.events {
            recording.event(event);
        }
        let report = Report::of(recording.record().expect("it has begun"));
        assert_eq!(report.steps.len(), count + 2);
        [first, again, began.elapsed()]
    })
}

async fn timed(cluster: &SimulatedCluster, count: usize) -> (Duration, Told) {
    let network = wide(count);
    let began = Instant::now();
    let told = run(cluster, network).await;
    assert_eq!(told.summary.outcome, Outcome::Done);
    (began.elapsed(), told)
}
