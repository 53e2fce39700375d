//! Taking a network away.

mod common;

use std::sync::Arc;

use common::{cluster, network, run};
use rollout::cluster::simulated::SimulatedCluster;
use rollout::event::{Change, EventKind, Outcome, RolloutEvent, Summary};
use rollout::{Cancellation, DestroyOptions, Inventory, RolloutError, destroy};
use tokio::sync::mpsc::unbounded_channel;

async fn take_away(
    cluster: &SimulatedCluster,
    delete_data: bool,
) -> Result<(Summary, Vec<RolloutEvent>), RolloutError> {
    let (sender, mut receiver) = unbounded_channel();
    let options = DestroyOptions {
        delete_data,
        ..DestroyOptions::default()
    };
    let summary = destroy(
        Arc::new(cluster.clone()),
        "alpha",
        options,
        Cancellation::default(),
        sender,
    )
    .await?;
    let mut events = Vec::new();
    while let Ok(event) = receiver.try_recv() {
        events.push(event);
    }
    Ok((summary, events))
}

fn names(cluster: &SimulatedCluster) -> Vec<String> {
    cluster
        .objects()
        .iter()
        .map(|object| object.key().to_string())
        .collect()
}

fn deleted(events: &[RolloutEvent]) -> Vec<String> {
    events
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::ObjectApplied {
                object,
                change: Change::Deleted,
                ..
            } => Some(object.to_string()),
            _ => None,
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn data_is_kept_and_the_rest_goes_in_reverse_order() {
    let cluster = cluster();
    run(&cluster, network()).await;
    let (summary, events) = take_away(&cluster, false).await.unwrap();
    assert_eq!(summary.outcome, Outcome::Done);
    insta::assert_snapshot!(names(&cluster).join("\n"), @"
    ConfigMap alpha-net/subzone
    Namespace alpha-net
    Secret alpha-net/keys
    Secret alpha-net/token
    ");
    let order = deleted(&events);
    let at = |name: &str| order.iter().position(|one| one == name).unwrap();
    assert!(at("StatefulSet alpha-net/map") < at("Job alpha-net/subzone"));
    assert!(at("Job alpha-net/subzone") < at("Deployment alpha-net/zone"));
    assert!(at("Deployment alpha-net/zone") < at("Deployment alpha-net/auth"));
    assert!(at("Deployment alpha-net/metrics") < at("NetworkPolicy alpha-net/deny"));
    assert!(at("NetworkPolicy alpha-net/deny") < at("Namespace alpha-rollout"));

    // A second time there is nothing to do; a new rollout uses what was kept.
    let (summary, _) = take_away(&cluster, false).await.unwrap();
    assert_eq!(
        (summary.outcome, summary.objects.deleted, summary.objects.kept),
        (Outcome::Done, 0, 4)
    );
    let told = run(&cluster, network()).await;
    assert_eq!(
        (told.summary.outcome, cluster.runs("subzone")),
        (Outcome::Done, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn with_data_nothing_is_left() {
    let cluster = cluster();
    run(&cluster, network()).await;
    let (summary, _) = take_away(&cluster, true).await.unwrap();
    assert_eq!((summary.outcome, summary.objects.kept), (Outcome::Done, 0));
    assert_eq!(names(&cluster), [] as [&str; 0]);
    let error = take_away(&cluster, true).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no network `alpha` on simulated://cluster; `cordanetes deploy` makes one"
    );
}

#[tokio::test(start_paused = true)]
async fn labels_are_enough_when_the_inventory_is_lost() {
    let cluster = cluster();
    run(&cluster, network()).await;
    cluster.lose(&Inventory::key("alpha"));
    let (summary, _) = take_away(&cluster, true).await.unwrap();
    assert_eq!(summary.outcome, Outcome::Done);
    assert_eq!(names(&cluster), [] as [&str; 0]);
}

#[tokio::test(start_paused = true)]
async fn another_network_is_not_touched() {
    let cluster = cluster();
    run(&cluster, network()).await;
    let before = names(&cluster);
    let mut other = common::rollout(
        vec![common::step(
            "namespaces",
            vec![common::namespace("beta-net")],
            vec![],
        )],
        &[],
    );
    other.network = "beta".into();
    run(&cluster, other).await;
    let (sender, _receiver) = unbounded_channel();
    let options = DestroyOptions {
        delete_data: true,
        ..DestroyOptions::default()
    };
    destroy(
        Arc::new(cluster.clone()),
        "beta",
        options,
        Cancellation::default(),
        sender,
    )
    .await
    .unwrap();
    assert_eq!(names(&cluster), before);
}

#[tokio::test(start_paused = true)]
async fn a_finalizer_that_hangs_is_named_with_what_stays_behind_it() {
    let cluster = cluster();
    run(&cluster, network()).await;
    let zone = common::deployment("alpha-net", "zone");
    cluster.edit(&zone, |value| {
        value["metadata"]["finalizers"] = serde_json::json!(["example.com/hold"]);
    });
    // Nobody needs the file: the inventory is enough.
    let (summary, _) = take_away(&cluster, true).await.unwrap();
    assert_eq!(summary.outcome, Outcome::Failed);
    let failed: Vec<&str> = summary.failed.iter().map(|failed| failed.step.as_str()).collect();
    assert_eq!(failed, ["zone"]);
    let message = &summary.failed[0].message;
    let words = "Deployment alpha-net/zone is being deleted and waits for example.com/hold";
    assert!(message.contains(words), "{message}");
    // What it stands on stays, and is named.
    let stays = [
        "destroy-namespaces",
        "destroy-network-policies",
        "namespaces",
        "keys",
        "auth",
    ];
    assert_eq!(summary.failed[0].not_started, stays);
}
