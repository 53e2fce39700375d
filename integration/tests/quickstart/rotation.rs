//! Keys, certificates and passwords are replaced while payments go on, each by the command that an operator gives.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use integration::cluster::Cluster;
use integration::deployer::Signal;
use integration::probe::Probe;
use k8s_openapi::api::core::v1::Pod;
use serde_json::json;

use crate::World;
use crate::custody::ring;
use crate::rollout::{NETWORK, deploy, second_run_changes_nothing, start, succeeded};

const PARTY_A: &str = "quickstart-participant-party-a";
const PARTY_B: &str = "quickstart-participant-party-b";
const NETWORK_MAP: &str = "quickstart-network";

/// The signer of network maps, the TLS key of a service and the password of a store, by one rollout. No
/// node restarts; one that is made to finds its way back.
pub(crate) async fn leaves_and_passwords(world: Arc<World>) -> Result<()> {
    let before = ring()?;
    for name in [
        "cordanetworkmap",
        "cordasslauthservice",
        "corda-ssl-trust-store.jks",
    ] {
        succeeded(&rotate(&world, name).await?)?;
    }
    let after = ring()?;
    for alias in ["cordanetworkmap", "cordasslauthservice"] {
        ensure!(
            before.private_key(alias)?.expose_pkcs8() != after.private_key(alias)?.expose_pkcs8(),
            "{alias} has its old key"
        );
    }
    let nodes = nodes(&world).await?;
    let work = async { succeeded(&deploy(&world).await?) };
    Box::pin(while_paying(&world, "leaves", work)).await?;
    ensure!(nodes == self::nodes(&world).await?, "a node has restarted");
    world
        .cluster
        .evict(PARTY_B, "app.kubernetes.io/name=party-b")
        .await?;
    // It waits until the node is back.
    succeeded(&deploy(&world).await?)?;
    second_run_changes_nothing(Arc::clone(&world)).await?;
    world.cluster.pay(PARTY_A, "after-leaves").await?;
    crate::custody::every_key_is_where_the_plan_says(world).await
}

/// The authority that all services of CENM trust, in three steps; the second is killed in the middle and continued, and
/// no step can be taken before the last one is everywhere.
pub(crate) async fn ssl_authority(world: Arc<World>) -> Result<()> {
    const ROOT: &str = "cordasslrootca";
    let old = ring()?.certificate(ROOT)?.to_vec();
    let nodes = nodes(&world).await?;
    let work = async {
        succeeded(&rotate(&world, ROOT).await?)?;
        refused_for_now(&world, ROOT).await?;
        succeeded(&deploy(&world).await?)?;

        succeeded(&rotate(&world, ROOT).await?)?;
        let mut run = start(&world)?;
        // The first service has its new certificate.
        run.reach("step_done", "auth").await?;
        run.signal(Signal::Kill).await?;
        run.end().await?;
        refused_for_now(&world, ROOT).await?;
        succeeded(&deploy(&world).await?)?;

        succeeded(&rotate(&world, ROOT).await?)?;
        succeeded(&deploy(&world).await?)
    };
    Box::pin(while_paying(&world, "authority", work)).await?;
    ensure!(nodes == self::nodes(&world).await?, "a node has restarted");
    let ring = ring()?;
    ensure!(ring.certificate(ROOT)? != old, "the authority is the old one");
    let left: BTreeSet<&str> = ring.aliases().filter(|alias| alias.starts_with(ROOT)).collect();
    ensure!(left == BTreeSet::from([ROOT]), "authorities left: {left:?}");
    let list = world
        .deployer
        .run(&["certificates", "list", NETWORK, "--fail-if-expiring", "45d"])
        .await?;
    succeeded(&list)?;
    second_run_changes_nothing(Arc::clone(&world)).await?;
    crate::custody::every_key_is_where_the_plan_says(world).await
}

/// What the products cannot do is refused, with what to do instead, and changes nothing.
pub(crate) async fn refused(world: Arc<World>) -> Result<()> {
    for name in ["cordarootca", "cordaidentitymanagerca", "party-a"] {
        let before = ring()?;
        let run = rotate(&world, name).await?;
        ensure!(run.code == Some(1), "{name}: {:?}\n{}", run.code, run.stderr);
        ensure!(
            before.aliases().eq(ring()?.aliases()),
            "{name}: the key file has changed"
        );
    }
    Ok(())
}

/// The nodes' Pods with their uids: what CENM's services show each other is nothing to them.
async fn nodes(world: &World) -> Result<Vec<String>> {
    let all = world.cluster.fingerprint(NETWORK).await?;
    let nodes = ["notary/notary-0 ", "party-a/party-a-0 ", "party-b/party-b-0 "];
    Ok(all
        .into_iter()
        .filter(|line| line.starts_with("Pod ") && nodes.iter().any(|node| line.contains(node)))
        .collect())
}

/// The last step of a rotation is not everywhere yet, so there is no next one.
async fn refused_for_now(world: &World, name: &str) -> Result<()> {
    let run = rotate(world, name).await?;
    ensure!(
        run.code == Some(1) && run.stderr.contains("the next step would break TLS"),
        "a step was taken too early: {:?}\n{}",
        run.code,
        run.stderr
    );
    Ok(())
}

async fn rotate(world: &World, name: &str) -> Result<integration::deployer::Run> {
    let topology = world.deployer.topology("quickstart.yaml");
    let topology = topology.to_str().context("the path is UTF-8")?;
    world
        .deployer
        .run(&["certificates", "rotate", topology, name])
        .await
}

/// Does something while payments follow each other and the Network Map is tried from a node's place; every payment
/// must go through, and at least one must.
async fn while_paying(world: &World, name: &str, work: impl Future<Output = Result<()>>) -> Result<()> {
    let cluster = &world.cluster;
    cluster.pay(PARTY_A, &format!("before-{name}")).await?;
    let done = AtomicBool::new(false);
    let work = async {
        let worked = work.await;
        done.store(true, Ordering::Relaxed);
        worked
    };
    let payments = async {
        let mut paid = 0;
        while !done.load(Ordering::Relaxed) {
            cluster.pay(PARTY_A, &format!("{name}-{paid}")).await?;
            paid += 1;
        }
        anyhow::Ok(paid)
    };
    let (worked, paid, away) = tokio::join!(work, payments, longest_absence(cluster, &done));
    worked?;
    let (paid, away) = (paid?, away?);
    eprintln!("{name}: {paid} payments went through; the Network Map was away for {away:.1?} at most");
    ensure!(paid > 0, "no payment was made in the meantime");
    ensure!(
        away < Duration::from_mins(2),
        "the Network Map was away for {away:?}, longer than a restart takes"
    );
    Ok(())
}

/// How long the Network Map could not be reached at a stretch, as its nodes see it. It has one replica, so each restart
/// of it is a planned absence.
async fn longest_absence(cluster: &Cluster, done: &AtomicBool) -> Result<Duration> {
    let node = Probe {
        namespace: PARTY_A,
        name: "probe",
        labels: json!({
            "app.kubernetes.io/name": "party-a",
            // Not the network's label: a rollout removes what has it and is not declared.
            "app.kubernetes.io/component": "participant"
        }),
        service_account: "party-a",
    };
    cluster.delete::<Pod>(PARTY_A, "probe").await?;
    node.start(cluster).await?;
    let address = cluster.service_ip(NETWORK_MAP, "network-map").await?;
    let mut longest = Duration::ZERO;
    let mut last_seen = Instant::now();
    let mut seen = false;
    while !done.load(Ordering::Relaxed) {
        let opens = node.opens(cluster, &address, 10000).await?;
        if opens {
            longest = longest.max(last_seen.elapsed());
            last_seen = Instant::now();
            seen = true;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    cluster.delete::<Pod>(PARTY_A, "probe").await?;
    ensure!(seen, "the Network Map was never reached");
    Ok(longest)
}
