//! Where a network stands, asked once and watched.

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::{cluster, deployment, network, run, service};
use futures::StreamExt;
use rollout::RolloutError;
use rollout::cluster::simulated::{Behaviour, Fate, Operation, SimulatedCluster};
use rollout::cluster::{Cluster, ClusterError};
use rollout::status::{self, NetworkStatus, drift};

fn told(status: &NetworkStatus) -> Vec<String> {
    let line = |component: &status::ComponentStatus| {
        let state = if component.ready {
            &component.gate
        } else {
            &component.reason
        };
        format!("{} {} {state}", component.name, component.ready)
    };
    status.components.iter().map(line).collect()
}

#[tokio::test(start_paused = true)]
async fn each_component_with_its_gate_by_one_list_of_each_kind() {
    let cluster = cluster();
    run(&cluster, network()).await;
    let before = cluster.requests();
    let status = status::status(&cluster, "alpha").await.unwrap();
    let replicas = "all replicas of the newest revision are ready";
    assert_eq!(
        told(&status),
        [
            format!("auth true {replicas}"),
            "map true `GET /network-map` answers 200 on port 10000".to_owned(),
            format!("metrics true {replicas}"),
            format!("zone true {replicas}"),
        ]
    );
    assert!(status.is_well());
    // The inventory, four lists and one HTTP gate.
    assert_eq!(cluster.requests() - before, 6);
    assert_eq!(drift(&cluster, "alpha").await.unwrap(), []);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_well_is_told_with_its_reason() {
    let cluster = cluster();
    let fate = Fate::NoImage("not found".to_owned());
    cluster.behave(
        "zone",
        Behaviour {
            fate,
            ..Behaviour::default()
        },
    );
    run(&cluster, network()).await;
    cluster.lose(&deployment("alpha-net", "metrics"));
    cluster.lose(&service("alpha-net", "auth").key());
    let status = status::status(&cluster, "alpha").await.unwrap();
    let lines = told(&status);
    assert!(lines[1].starts_with("map false not there yet"), "{lines:?}");
    assert!(lines[2].starts_with("metrics false it is gone"), "{lines:?}");
    assert!(lines[3].starts_with("zone false Pod alpha-net/zone"), "{lines:?}");
    let steps = |steps: &[status::StepStatus]| steps.iter().map(|step| step.step.clone()).collect::<Vec<_>>();
    assert_eq!(
        (steps(&status.failed_steps), steps(&status.open_steps)),
        (vec!["zone".into()], vec!["subzone".into(), "map".into()])
    );
    let gone: Vec<String> = drift(&cluster, "alpha")
        .await
        .unwrap()
        .iter()
        .map(|drift| drift.object.to_string())
        .collect();
    assert_eq!(gone, ["Deployment alpha-net/metrics", "Service alpha-net/auth"]);
}

#[tokio::test(start_paused = true)]
async fn a_watched_network_is_told_at_every_change() {
    let cluster = cluster();
    let mut watched = status::watch(Arc::new(cluster.clone()), "alpha");
    let none = watched.next().await.unwrap();
    assert!(matches!(none, Err(RolloutError::NoNetwork { .. })), "{none:?}");
    let rolling = tokio::spawn({
        let cluster = cluster.clone();
        async move { run(&cluster, network()).await }
    });
    let mut seen: Vec<usize> = Vec::new();
    loop {
        let status = watched.next().await.unwrap().unwrap();
        seen.push(
            status
                .components
                .iter()
                .filter(|component| component.ready)
                .count(),
        );
        if status.is_well() {
            break;
        }
    }
    assert!(
        seen.is_sorted() && seen.len() >= 4 && seen.ends_with(&[4]),
        "{seen:?}"
    );
    rolling.await.unwrap();
    cluster.lose(&deployment("alpha-net", "metrics"));
    let status = watched.next().await.unwrap().unwrap();
    assert_eq!(told(&status)[2], "metrics false it is gone");
    // Nothing changes any more: nothing is told.
    assert!(
        tokio::time::timeout(Duration::from_mins(2), watched.next())
            .await
            .is_err()
    );
}

#[tokio::test]
async fn no_network_and_no_answer() {
    let cluster = SimulatedCluster::default();
    let none = status::status(&cluster, "alpha").await.unwrap_err();
    assert!(
        none.to_string().starts_with("there is no network `alpha`"),
        "{none}"
    );
    // Whoever asked can ask again: it is told at once.
    let cause = "refused".to_owned();
    cluster.fail(Operation::Get, 1, ClusterError::Unreachable { cause });
    let silent = status::status(&cluster, "alpha").await.unwrap_err();
    assert!(
        silent.to_string().contains("does not answer (refused)"),
        "{silent}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_busy_server_is_asked_again_for_some_seconds() {
    let cluster = cluster();
    run(&cluster, network()).await;
    let busy = |cause: &str, retry_after: Option<u64>| ClusterError::Busy {
        cause: cause.to_owned(),
        retry_after: retry_after.map(Duration::from_secs),
    };
    let both = async || {
        let (status, drift) = (
            status::status(&cluster, "alpha").await,
            drift(&cluster, "alpha").await,
        );
        (
            status.map(|status| status.is_well()),
            drift.map(|drift| drift.len()),
        )
    };
    for (cause, retry_after) in [("429: too many requests", Some(3)), ("500: leader changed", None)] {
        for operation in [Operation::Get, Operation::List] {
            let began = tokio::time::Instant::now();
            cluster.fail(operation, 2, busy(cause, retry_after));
            let (status, drift) = both().await;
            assert!(
                matches!((&status, &drift), (Ok(true), Ok(0))),
                "{cause}: {status:?} {drift:?}"
            );
            let took = began.elapsed();
            assert!(
                took >= Duration::from_secs(retry_after.unwrap_or_default()),
                "{cause}: {took:?}"
            );
        }
    }
    // It stays busy: that is told after ten seconds, in the server's words.
    cluster.fail(Operation::List, 1000, busy("429: too many requests", None));
    let began = tokio::time::Instant::now();
    let told = status::status(&cluster, "alpha").await.unwrap_err().to_string();
    assert!(told.contains("429: too many requests"), "{told}");
    let took = began.elapsed().as_secs();
    assert!((5..=10).contains(&took), "{took} s");
}
