//! Deploy, deploy again, destroy.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result, ensure};
use integration::deployer::{Run, Running};

use crate::World;
use crate::custody::key_file;

pub(crate) const NETWORK: &str = "quickstart";

/// Every namespace with what a plain destroy must leave in it.
const KEPT: &[(&str, &[&str])] = &[
    (
        "quickstart-network",
        &[
            "PersistentVolumeClaim/auth-database",
            "PersistentVolumeClaim/identity-manager-database",
            "PersistentVolumeClaim/network-map-database",
            "PersistentVolumeClaim/zone-database",
            "Secret/identity-manager-zone-token",
            "Secret/network-map-zone-token",
            "ConfigMap/notary-node-info",
        ],
    ),
    (
        "quickstart-monitoring",
        &["PersistentVolumeClaim/prometheus-data"],
    ),
    (
        "quickstart-notary-notary",
        &["PersistentVolumeClaim/notary-base-directory"],
    ),
    (
        "quickstart-participant-party-a",
        &["PersistentVolumeClaim/party-a-base-directory"],
    ),
    (
        "quickstart-participant-party-b",
        &["PersistentVolumeClaim/party-b-base-directory"],
    ),
];

pub(crate) async fn deploy(world: &World) -> Result<Run> {
    let topology = world.deployer.topology("quickstart.yaml");
    let topology = topology.to_str().context("the path is UTF-8")?;
    world
        .deployer
        .run(&["deploy", topology, "--output", "json"])
        .await
}

/// Starts a rollout, to be watched.
pub(crate) fn start(world: &World) -> Result<Running> {
    let topology = world.deployer.topology("quickstart.yaml");
    world
        .deployer
        .start(&["deploy", topology.to_str().context("the path is UTF-8")?])
}

pub(crate) fn succeeded(run: &Run) -> Result<()> {
    ensure!(
        run.code == Some(0),
        "the deployer ended with {:?}:\n{}",
        run.code,
        run.stderr
    );
    Ok(())
}

/// An earlier story that failed may have left a network, and keys of which some are replaced.
async fn clear(world: &World) -> Result<()> {
    if !world.cluster.namespaces("quickstart-").await?.is_empty() {
        let run = world.deployer.run(&["destroy", NETWORK, "--delete-data"]).await?;
        succeeded(&run)?;
    }
    match std::fs::remove_file(key_file()?) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

pub(crate) async fn from_nothing(world: Arc<World>) -> Result<()> {
    clear(&world).await?;
    let run = deploy(&world).await?;
    succeeded(&run)?;
    let figures = run.figures()?;
    eprintln!("rolled out in {:.0?}: {figures}", run.duration);
    ensure!(figures["changedObjects"].as_u64() > Some(100), "{figures}");
    let made = objects(&world).await?;
    UNDISTURBED.get_or_init(|| made);
    Ok(())
}

/// What a rollout that nothing disturbs has made, as `Kind NAMESPACE/NAME`.
static UNDISTURBED: OnceLock<BTreeSet<String>> = OnceLock::new();

async fn objects(world: &World) -> Result<BTreeSet<String>> {
    let all = world.cluster.fingerprint(NETWORK).await?;
    let name = |line: &String| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    // Pods have names by chance.
    Ok(all
        .iter()
        .filter(|line| !line.starts_with("Pod "))
        .map(name)
        .collect())
}

/// There is what an undisturbed rollout makes but for what had no need to be made, nothing more, and a run finds each
/// object's content as it should be.
pub(crate) async fn as_if_undisturbed(world: Arc<World>, not_needed: &[&str]) -> Result<()> {
    let subzones = subzones(&world).await?;
    ensure!(subzones == 1, "{subzones} subzones were made");
    // Alone, a trial has nothing to compare with.
    if let Some(undisturbed) = UNDISTURBED.get() {
        let objects = objects(&world).await?;
        let other: Vec<&String> = undisturbed.symmetric_difference(&objects).collect();
        ensure!(other == not_needed, "made by one of the two only: {other:?}");
    }
    second_run_changes_nothing(world).await
}

pub(crate) async fn the_payment_moved_the_money(world: Arc<World>) -> Result<()> {
    let log = world
        .cluster
        .job_log("quickstart-participant-party-a", "payment")
        .await?;
    let result = log
        .lines()
        .rev()
        .find_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .with_context(|| format!("the RPC client printed no result:\n{log}"))?;
    eprintln!("{result}");
    ensure!(
        result["result"] == "paid" && result["repeated"] == false,
        "{result}"
    );
    ensure!(result["recipient"] == "O=PartyB, L=New York, C=US", "{result}");
    let number = |key: &str| {
        result[key]
            .as_f64()
            .with_context(|| format!("no {key} in {result}"))
    };
    let moved = number("balanceIssued")? - number("balanceAfter")?;
    ensure!(
        (moved - number("amount")?).abs() < 0.001 && moved > 99.0,
        "{moved} moved: {result}"
    );
    Ok(())
}

pub(crate) async fn second_run_changes_nothing(world: Arc<World>) -> Result<()> {
    let before = world.cluster.fingerprint(NETWORK).await?;
    let run = deploy(&world).await?;
    succeeded(&run)?;
    let figures = run.figures()?;
    eprintln!("run again in {:.1?}: {figures}", run.duration);
    ensure!(figures["changedObjects"].as_u64() == Some(0), "{figures}");
    ensure!(
        run.duration.as_secs() < 60,
        "a run without changes took {:?}",
        run.duration
    );
    let after = world.cluster.fingerprint(NETWORK).await?;
    ensure!(
        before == after,
        "before:\n{}\nafter:\n{}",
        before.join("\n"),
        after.join("\n")
    );
    Ok(())
}

pub(crate) async fn destroy_keeps_data(world: Arc<World>) -> Result<()> {
    let topology = world.deployer.topology("quickstart.yaml");
    let run = world
        .deployer
        .run(&["destroy", topology.to_str().context("the path is UTF-8")?])
        .await?;
    succeeded(&run)?;
    for (namespace, kept) in KEPT {
        let mut found = world.cluster.kept(namespace).await?;
        let mut wanted: Vec<String> = kept.iter().map(|&name| name.to_owned()).collect();
        found.sort();
        wanted.sort();
        ensure!(
            found == wanted,
            "{namespace} has kept {found:?} instead of {wanted:?}"
        );
        let pods = world.cluster.pods(namespace, "").await?;
        ensure!(pods.is_empty(), "{namespace} still has {} Pods", pods.len());
    }
    let left = world.cluster.namespaces("quickstart-").await?;
    ensure!(left.len() == KEPT.len(), "namespaces left: {left:?}");
    Ok(())
}

pub(crate) async fn destroy_leaves_nothing(world: Arc<World>) -> Result<()> {
    let run = world.deployer.run(&["destroy", NETWORK, "--delete-data"]).await?;
    succeeded(&run)?;
    let left = world.cluster.namespaces("quickstart-").await?;
    ensure!(left.is_empty(), "namespaces left: {left:?}");
    Ok(())
}

pub(crate) async fn a_missing_image_is_told(world: Arc<World>) -> Result<()> {
    let text = std::fs::read_to_string(world.deployer.topology("quickstart.yaml"))?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("missing-image.yaml");
    let missing = "localhost/cordanetes/no-such-image:1.0";
    std::fs::write(
        &path,
        text.replace("name: quickstart", "name: missing-image")
            .replace("localhost/cordanetes/cenm-stand-in:0.1.0", missing),
    )?;
    let run = world
        .deployer
        .run(&["deploy", path.to_str().context("the path is UTF-8")?])
        .await?;
    ensure!(run.code == Some(1), "the deployer ended with {:?}", run.code);
    ensure!(
        run.stderr.contains(missing),
        "the image is not named:\n{}",
        run.stderr
    );
    ensure!(
        run.duration.as_secs() < 90,
        "it took {:?} to say so",
        run.duration
    );
    let cleared = world
        .deployer
        .run(&["destroy", "missing-image", "--delete-data"])
        .await?;
    succeeded(&cleared)
}

/// How many subzones Zone has, asked through the Gateway with its own command line.
async fn subzones(world: &World) -> Result<usize> {
    let pods = world
        .cluster
        .pods("quickstart-gateway", "app.kubernetes.io/name=gateway")
        .await?;
    let pod = pods
        .first()
        .and_then(|pod| pod.metadata.name.clone())
        .context("no Gateway Pod")?;
    let password = world
        .cluster
        .secret("quickstart-network", "bootstrap-users", "network-maintainer")
        .await?;
    let script = format!(
        "HOME=/tmp ./cenm context login http://127.0.0.1:8080 -s -u network-maintainer -p {password} > /dev/null \
         && HOME=/tmp ./cenm zone get-subzones -o json"
    );
    let ended = world
        .cluster
        .exec("quickstart-gateway", &pod, &["sh", "-c", &script])
        .await?;
    ensure!(ended.success, "the command line failed: {}", ended.stdout);
    let list: Vec<serde_json::Value> = serde_json::from_str(&ended.stdout)?;
    Ok(list.len())
}
