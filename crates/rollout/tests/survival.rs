//! Killed anywhere, the same command again ends in the same state with nothing made twice.

mod common;

use std::sync::Arc;

use common::{cluster, end_state, network, outputs, run};
use rollout::cluster::simulated::{Behaviour, SimulatedCluster};
use rollout::event::{Change, EventKind, Outcome};
use rollout::{Cancellation, Options, roll_out};
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
