//! One run at a time.

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::{cluster, network, try_run};
use rollout::cluster::Cluster as _;
use rollout::cluster::simulated::SimulatedCluster;
use rollout::event::{Outcome, Summary};
use rollout::{Cancellation, DestroyOptions, Options, RolloutError, destroy, roll_out};
use serde_json::Value;
use tokio::sync::mpsc::unbounded_channel;
use tokio::time::{Instant, sleep};

async fn run_as(cluster: &SimulatedCluster, holder: &str) -> Result<Summary, RolloutError> {
    let (events, _told) = unbounded_channel();
    let options = Options {
        holder: holder.to_owned(),
        ..Options::default()
    };
    let cluster = Arc::new(cluster.clone());
    roll_out(cluster, network(), options, Cancellation::default(), events).await
}

async fn lease(cluster: &SimulatedCluster) -> Value {
    let key = common::key(
        "coordination.k8s.io/v1",
        "Lease",
        "alpha-rollout",
        "cordanetes-run",
    );
    let found = cluster.get(&key).await.expect("it answers");
    found.expect("it is there").value().clone()
}

#[tokio::test(start_paused = true)]
async fn a_second_run_is_told_who_holds_the_network_and_the_first_goes_on() {
    let cluster = cluster();
    let second = async {
        // The first has begun and waits for its Pods.
        sleep(Duration::from_millis(500)).await;
        let began = Instant::now();
        let error = run_as(&cluster, "bob@laptop").await.unwrap_err();
        (error, began.elapsed())
    };
    let (first, (error, took)) = tokio::join!(run_as(&cluster, "alice@workstation"), second);
    assert_eq!(first.unwrap().outcome, Outcome::Done);
    let RolloutError::Held { holder, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!(holder, "alice@workstation");
    let text = error.to_string();
    assert!(
        text.starts_with("network `alpha` is being changed by alice@workstation since 20"),
        "{text}"
    );
    // As soon as the holder was heard of, not after a fixed time.
    assert!(took < Duration::from_secs(4), "{took:?}");
    // It was given back, so the next one need not wait.
    assert_eq!(lease(&cluster).await["spec"]["holderIdentity"], "");
    let began = Instant::now();
    run_as(&cluster, "bob@laptop").await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_killed_run_gives_way_when_it_is_not_heard_of_any_more() {
    let cluster = cluster();
    cluster.hang_at(40, true);
    {
        let killed = run_as(&cluster, "alice@workstation");
        tokio::select! {
            _ = killed => panic!("it hangs"),
            () = cluster.hung() => {}
        }
    }
    assert!(
        lease(&cluster).await["spec"]["holderIdentity"]
            .as_str()
            .unwrap()
            .starts_with("alice@workstation")
    );
    let began = Instant::now();
    let summary = run_as(&cluster, "bob@laptop").await.unwrap();
    assert_eq!(summary.outcome, Outcome::Done);
    // The time that a holder may be silent, and a rollout.
    let took = began.elapsed();
    assert!(
        took >= Duration::from_secs(10) && took < Duration::from_secs(30),
        "{took:?}"
    );
    assert_eq!(lease(&cluster).await["spec"]["leaseTransitions"], 2);
}

#[tokio::test(start_paused = true)]
async fn whoever_loses_the_lease_starts_nothing_more() {
    let cluster = cluster();
    let thief = async {
        sleep(Duration::from_millis(500)).await;
        let mut taken = lease(&cluster).await;
        taken["spec"]["holderIdentity"] = "mallory@elsewhere #1".into();
        cluster.replace(&taken).await.unwrap();
    };
    let (told, ()) = tokio::join!(run_as(&cluster, "alice@workstation"), thief);
    let summary = told.unwrap();
    assert_eq!(summary.outcome, Outcome::Failed);
    assert_eq!(summary.lost_to.as_deref(), Some("mallory@elsewhere"));
    assert!(!summary.not_done.is_empty());
    // What is somebody else's is not given back.
    assert_eq!(
        lease(&cluster).await["spec"]["holderIdentity"],
        "mallory@elsewhere #1"
    );
}

#[tokio::test(start_paused = true)]
async fn destroy_needs_the_lease_too_and_takes_it_along() {
    let cluster = cluster();
    let (events, _told) = unbounded_channel();
    let second = async {
        sleep(Duration::from_millis(500)).await;
        let cluster = Arc::new(cluster.clone());
        destroy(
            cluster,
            "alpha",
            DestroyOptions::default(),
            Cancellation::default(),
            events,
        )
        .await
    };
    let (first, refused) = tokio::join!(run_as(&cluster, "alice@workstation"), second);
    assert_eq!(first.unwrap().outcome, Outcome::Done);
    assert!(matches!(refused, Err(RolloutError::Held { .. })), "{refused:?}");

    let (events, _told) = unbounded_channel();
    let options = DestroyOptions {
        delete_data: true,
        holder: Some("bob@laptop".to_owned()),
    };
    let summary = destroy(
        Arc::new(cluster.clone()),
        "alpha",
        options,
        Cancellation::default(),
        events,
    )
    .await
    .unwrap();
    assert_eq!((summary.outcome, summary.lost_to), (Outcome::Done, None));
    assert!(cluster.objects().is_empty());
    // And a new network of that name begins at once.
    let told = try_run(&cluster, network(), Cancellation::default())
        .await
        .unwrap();
    assert_eq!(told.summary.outcome, Outcome::Done);
}
