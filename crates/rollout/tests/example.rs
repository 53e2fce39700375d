//! The example, run against the simulated cluster: three Deployments in order, stopped by a token and continued.

#[expect(dead_code, reason = "its main runs it against a real cluster")]
#[path = "../examples/three_deployments.rs"]
mod three_deployments;

use std::sync::Arc;
use std::time::Duration;

use rollout::CancellationToken;
use rollout::cluster::simulated::SimulatedCluster;
use rollout::event::Outcome;

#[tokio::test(start_paused = true)]
async fn three_deployments_come_up_in_order_and_go_again() {
    let cluster = Arc::new(SimulatedCluster::default());
    let never = CancellationToken::new();
    let summary = three_deployments::deploy(cluster.clone(), "example/main:1", never.clone())
        .await
        .unwrap();
    assert_eq!((summary.outcome, summary.done), (Outcome::Done, 4));
    let ends: Vec<Duration> = summary
        .steps
        .iter()
        .map(|step| step.started + step.duration)
        .collect();
    assert!(ends.is_sorted(), "{:?}", summary.steps);
    for pair in summary.steps.windows(2) {
        assert_eq!(pair[1].started, pair[0].started + pair[0].duration);
    }
    let gone = three_deployments::take_away(cluster.clone(), never)
        .await
        .unwrap();
    assert_eq!(gone.outcome, Outcome::Done);
    assert!(cluster.objects().is_empty(), "{:?}", cluster.objects());
}

#[tokio::test(start_paused = true)]
async fn a_token_stops_it_and_the_same_call_goes_on() {
    let cluster = Arc::new(SimulatedCluster::default());
    let stop = CancellationToken::new();
    let stopping = async {
        tokio::time::sleep(Duration::from_millis(1500)).await;
        stop.cancel();
    };
    let run = three_deployments::deploy(cluster.clone(), "example/main:1", stop.clone());
    let (summary, ()) = tokio::join!(run, stopping);
    let summary = summary.unwrap();
    assert_eq!((summary.outcome, summary.done), (Outcome::Interrupted, 2));
    let summary = three_deployments::deploy(cluster, "example/main:1", CancellationToken::new())
        .await
        .unwrap();
    assert_eq!((summary.outcome, summary.done), (Outcome::Done, 4));
}
