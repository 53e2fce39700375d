//! Killed anywhere, the same command again ends in the same state with nothing made twice.

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use common::{
    cluster, content_hashes, end_state, killed_at_event, network, outputs, quick_start, quick_start_cluster,
    run, run_once_jobs, try_run,
};
use kubernetes_objects::manifest::ObjectKey;
use rollout::cluster::simulated::{Behaviour, Operation, SimulatedCluster};
use rollout::cluster::{ClusterError, PodRef};
use rollout::event::{Change, EventKind, Outcome};
use rollout::{Cancellation, Options, roll_out};
use serde_json::Value;
use tokio::sync::mpsc::unbounded_channel;

/// Runs until the given call hangs, then drops everything as a killed process would. False if it ended before.
async fn killed_at(cluster: &SimulatedCluster, call: u64, before: bool) -> bool {
    cluster.hang_at(call, before);
    let (sender, _receiver) = unbounded_channel();
    let rollout = roll_out(
        Arc::new(cluster.clone()),
        network(),
        Options::default(),
        Cancellation::default(),
        sender,
    );
    tokio::select! {
        biased;
        () = cluster.hung() => true,
        _ = rollout => false,
    }
}

#[tokio::test(start_paused = true)]
async fn a_kill_at_every_call_ends_in_the_same_state() {
    let undisturbed = cluster();
    run(&undisturbed, network()).await;
    let wanted = end_state(&undisturbed);
    let mut points = 0;
    for before in [true, false] {
        for call in 1.. {
            let cluster = cluster();
            if !killed_at(&cluster, call, before).await {
                break;
            }
            points += 1;
            let told = run(&cluster, network()).await;
            let point = format!("killed {} call {call}", if before { "before" } else { "after" });
            assert_eq!(
                told.summary.outcome,
                Outcome::Done,
                "{point}: {:?}",
                told.summary.failed
            );
            for (found, wanted) in end_state(&cluster).iter().zip(&wanted) {
                assert_eq!(found, wanted, "{point}");
            }
            assert_eq!(end_state(&cluster).len(), wanted.len(), "{point}");
            assert_eq!(
                (cluster.runs("users"), cluster.runs("subzone")),
                (1, 1),
                "{point}"
            );
            assert_eq!(
                run(&cluster, network()).await.summary.objects.written(),
                0,
                "{point}"
            );
        }
    }
    assert!(points >= 50, "only {points} points were tried");
}

/// An uninterrupted run, and what it left.
struct Undisturbed {
    /// How many events it told.
    events: usize,
    hashes: BTreeMap<String, String>,
    made: BTreeMap<ObjectKey, usize>,
    state: Vec<Value>,
}

impl Undisturbed {
    async fn new() -> Self {
        let cluster = quick_start_cluster();
        let events = run(&cluster, quick_start()).await.events.len();
        let hashes = content_hashes(&cluster);
        assert!(hashes.len() >= 35, "only {} objects: {hashes:?}", hashes.len());
        Self {
            events,
            hashes,
            made: made(&cluster),
            state: end_state(&cluster),
        }
    }
}

/// How often each object was made; a run that was killed leaves nothing to tell, so its history may never be.
fn made(cluster: &SimulatedCluster) -> BTreeMap<ObjectKey, usize> {
    let mut made = cluster.made();
    made.retain(|key, _| key.name != "cordanetes-history");
    made
}

async fn arrives_as_if_nothing_had_happened(cluster: &SimulatedCluster, wanted: &Undisturbed, point: &str) {
    let told = run(cluster, quick_start()).await;
    assert_eq!(
        told.summary.outcome,
        Outcome::Done,
        "{point}: {:?}",
        told.summary.failed
    );
    assert_eq!(content_hashes(cluster), wanted.hashes, "{point}");
    // Nothing was made twice, not even to be thrown away.
    assert_eq!(made(cluster), wanted.made, "{point}");
    let found = end_state(cluster);
    for (found, wanted) in found.iter().zip(&wanted.state) {
        assert_eq!(found, wanted, "{point}");
    }
    assert_eq!(found.len(), wanted.state.len(), "{point}");
    for job in run_once_jobs() {
        assert_eq!(cluster.runs(job), 1, "{job} after {point}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_kill_at_every_event_of_a_recorded_run_ends_in_the_same_state() {
    let wanted = Undisturbed::new().await;
    let recorded = wanted.events;
    let mut points = 0;
    for events in 1..recorded {
        let cluster = quick_start_cluster();
        if killed_at_event(&cluster, quick_start(), events).await {
            points += 1;
            arrives_as_if_nothing_had_happened(&cluster, &wanted, &format!("a kill at event {events}")).await;
        }
    }
    println!("killed at {points} of {recorded} events");
    assert!(points >= 100, "only {points} points were tried");
}

#[tokio::test(start_paused = true)]
async fn stopped_or_aborted_at_every_event_it_can_be_continued() {
    let wanted = Undisturbed::new().await;
    let recorded = wanted.events;
    let mut interrupted = 0;
    for abort in [false, true] {
        for events in (1..recorded).step_by(3) {
            let cluster = quick_start_cluster();
            let cancellation = Cancellation::default();
            let (sender, mut receiver) = unbounded_channel();
            let stop = async {
                for _ in 0..events {
                    receiver.recv().await;
                }
                if abort {
                    cancellation.abort();
                } else {
                    cancellation.stop();
                }
            };
            let rollout = roll_out(
                Arc::new(cluster.clone()),
                quick_start(),
                Options::default(),
                cancellation.clone(),
                sender,
            );
            let (summary, ()) = tokio::join!(rollout, stop);
            let summary = summary.expect("the rollout begins");
            interrupted += usize::from(summary.outcome == Outcome::Interrupted);
            let mut told_after = 0;
            while let Ok(event) = receiver.try_recv() {
                told_after += usize::from(matches!(event.kind, EventKind::StepStarted { .. }));
            }
            // What was told before the signal was heard may still be among them, no more than one instant's worth.
            assert!(
                told_after <= 4,
                "{told_after} steps were started after the signal"
            );
            let point = format!("{} at event {events}", if abort { "an abort" } else { "a stop" });
            arrives_as_if_nothing_had_happened(&cluster, &wanted, &point).await;
        }
    }
    println!("interrupted {interrupted} times");
    assert!(interrupted >= 100, "only {interrupted} runs were interrupted");
}

#[tokio::test(start_paused = true)]
async fn a_job_whose_pod_is_lost_with_its_files_starts_anew_and_is_kept_whole() {
    let cluster = cluster();
    let drained = async {
        // The Job holds its files, and the engine cannot fetch them yet.
        cluster.fail(
            Operation::Exec,
            2,
            ClusterError::Pod {
                cause: "connection lost".into(),
            },
        );
        while cluster.runs("subzone") == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let pod = PodRef {
            namespace: "alpha-net".into(),
            name: "subzone-0".into(),
        };
        cluster.evict(&pod);
    };
    let (told, ()) = tokio::join!(try_run(&cluster, network(), Cancellation::default()), drained);
    assert_eq!(told.unwrap().summary.outcome, Outcome::Done);
    // Its work was lost before anybody had it: only then it is done again.
    assert_eq!(cluster.runs("subzone"), 2);
}

#[tokio::test(start_paused = true)]
async fn killed_again_and_again_it_still_arrives() {
    let cluster = cluster();
    let mut kills = 0;
    // Each attempt gets a few calls further than the ones every run begins with.
    while killed_at(&cluster, 24, kills % 2 == 0).await {
        kills += 1;
        assert!(kills < 200, "no progress");
    }
    let told = run(&cluster, network()).await;
    assert_eq!(
        (told.summary.outcome, told.summary.objects.written()),
        (Outcome::Done, 0)
    );
    assert_eq!((cluster.runs("users"), cluster.runs("subzone")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn lost_outputs_are_made_again_and_kept_ones_are_not() {
    let cluster = cluster();
    run(&cluster, network()).await;

    // The Job was cleared away, its outputs are there: it is not run again.
    cluster.lose(&outputs().job);
    let told = run(&cluster, network()).await;
    assert_eq!((told.summary.objects.written(), cluster.runs("subzone")), (0, 1));

    // An output is lost: the Job is run again.
    run(&cluster, network()).await;
    cluster.lose(&outputs().files[0].target);
    let told = run(&cluster, network()).await;
    assert_eq!(
        (told.summary.outcome, cluster.runs("subzone")),
        (Outcome::Done, 2)
    );
}

#[tokio::test(start_paused = true)]
async fn a_completed_job_without_its_outputs_is_run_again() {
    let cluster = cluster();
    run(&cluster, network()).await;
    cluster.lose(&outputs().files[1].target);
    let told = run(&cluster, network()).await;
    let job = told.events.iter().find_map(|event| match &event.kind {
        EventKind::ObjectApplied { object, change, .. } if *object == outputs().job => Some(*change),
        _ => None,
    });
    assert_eq!(
        (job, told.summary.outcome, cluster.runs("subzone")),
        (Some(Change::Recreated), Outcome::Done, 2)
    );
}

#[tokio::test(start_paused = true)]
async fn wrong_outputs_are_never_kept() {
    let cluster = cluster();
    let files = [("/out/token".to_owned(), b"null\n".to_vec())].into();
    cluster.behave(
        "subzone",
        Behaviour {
            waits: true,
            files,
            ..Behaviour::default()
        },
    );
    let told = run(&cluster, network()).await;
    assert_eq!(
        told.failure("subzone"),
        "Job alpha-net/subzone handed over /out/token, which is not a UUID (5 bytes); correct what it runs and \
         deploy again"
    );
    assert!(cluster.objects().iter().all(|object| object.name() != "token"));
}

#[tokio::test(start_paused = true)]
async fn a_job_that_does_not_wait_is_found_out() {
    let cluster = cluster();
    cluster.behave("subzone", Behaviour::default());
    let told = run(&cluster, network()).await;
    assert_eq!(
        told.failure("subzone"),
        "Job alpha-net/subzone completed without handing over its files; its container must wait for the pipe"
    );
    assert_eq!(cluster.runs("subzone"), 2);
}
