//! A rollout on a cluster that does not hold still: the API server stops, Pods are evicted, the node takes no Pods,
//! and somebody else wants to deploy at the same time.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use integration::deployer::{Run, Running};

use crate::World;
use crate::custody::key_file;
use crate::rollout::{as_if_undisturbed, deploy, start, succeeded};

/// A namespace of the test's own, without any policy.
const OWN: &str = "integration-upset";
/// How long the API server stays away: longer than leader elections and watches last without it.
const AWAY_SECONDS: u32 = 20;
/// The Jobs whose zone tokens a plain destroy keeps: nobody asks for the tokens a second time.
const HANDED_OVER_BEFORE: &[&str] = &[
    "Job quickstart-network/identity-manager-config",
    "Job quickstart-network/subzone",
];

/// On what a plain destroy has kept, or on nothing: the rollout ends whole all the same, in its one run.
pub(crate) async fn survived(world: Arc<World>) -> Result<()> {
    let cluster = &world.cluster;
    cluster.make_namespace(OWN).await?;
    let mut run = start(&world)?;

    run.reach("wait_started", "identity-manager").await?;
    second_deployer_is_refused(&world).await?;

    let away = cluster.stop_api_server(OWN, AWAY_SECONDS).await?;
    eprintln!("the API server was away for {away:.0?}");

    run.reach("wait_started", "party-a.runs").await?;
    cluster
        .evict("quickstart-network", "app.kubernetes.io/name=network-map")
        .await?;
    drained(&world, &mut run).await?;

    let ended = run.end().await?;
    succeeded(&ended)?;
    eprintln!("rolled out in {:.0?}: {}", ended.duration, ended.figures()?);
    cluster.remove_namespace(OWN).await?;
    as_if_undisturbed(world, HANDED_OVER_BEFORE).await
}

/// Whoever comes second is told who is there, and changes nothing: on this machine by the key file, elsewhere, with a key
/// file of its own, by the Lease.
async fn second_deployer_is_refused(world: &World) -> Result<()> {
    let here = deploy(world).await?;
    refused(&here, "quickstart.age is in use by process ")?;
    let elsewhere = tempfile::tempdir()?;
    // With its permissions, which the deployer looks at.
    std::fs::copy(key_file()?, elsewhere.path().join("quickstart.age"))?;
    let topology = world.deployer.topology("quickstart.yaml");
    let arguments = [
        "deploy",
        topology.to_str().context("the path is UTF-8")?,
        "--output",
        "json",
        "--custody-directory",
        elsewhere.path().to_str().context("the path is UTF-8")?,
    ];
    let there = world.deployer.run(&arguments).await?;
    refused(&there, "network `quickstart` is being changed by ")
}

fn refused(second: &Run, words: &str) -> Result<()> {
    ensure!(
        second.code == Some(1) && second.stderr.contains(words),
        "two at once: {:?}\n{}",
        second.code,
        second.stderr
    );
    let applied = second
        .events
        .iter()
        .any(|event| event["type"] == "object_applied");
    ensure!(!applied, "the second has applied something");
    Ok(())
}

/// As `kubectl drain` does: nothing may be put on the node, and what runs there is evicted. The run says in the
/// scheduler's words what keeps it, and goes on when the node is back.
async fn drained(world: &World, run: &mut Running) -> Result<()> {
    let cluster = &world.cluster;
    cluster.cordon(true).await?;
    let told = async {
        cluster
            .evict("quickstart-participant-party-a", "app.kubernetes.io/name=party-a")
            .await?;
        run.until("the scheduler's words", |event| {
            event["type"] == "step_progress"
                && event["reason"]
                    .as_str()
                    .is_some_and(|reason| reason.contains("node(s) were unschedulable"))
        })
        .await
    }
    .await;
    // The node must come back whatever the test found.
    cluster.cordon(false).await?;
    told
}
