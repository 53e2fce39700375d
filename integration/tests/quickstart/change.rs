//! Changes of a network that runs: planned and carried out exactly, told and repaired when somebody else made them,
//! taken back when they were wrong, and what left the topology removed.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use integration::deployer::Run;
use integration::variation::Variation;
use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use serde_json::{Value, json};

use crate::World;
use crate::rollout::{NETWORK, deploy, second_run_changes_nothing, succeeded};

const PARTY_A: &str = "quickstart-participant-party-a";
const PARTY_B: &str = "quickstart-participant-party-b";
const GATEWAY: &str = "quickstart-gateway";

/// The line of the quick start after which settings of party-b stand.
const PARTY_B_LINE: &str = "    legalName: O=PartyB, L=New York, C=US\n";

/// `plan` names what would change; `deploy --plan` does that, refuses after a change by hand, and touches nothing else.
pub(crate) async fn a_plan_is_carried_out_exactly(world: Arc<World>) -> Result<()> {
    let cluster = &world.cluster;
    let changed = with_party_b(&world, "    heap: 400Mi\n")?;
    let path = changed.path()?;

    let pending = world
        .deployer
        .run(&["plan", &path, "--detailed-exit-code", "--output", "json"])
        .await?;
    ensure!(pending.code == Some(3), "{:?}: {}", pending.code, pending.stderr);
    let objects = pending_objects(pending.events.first().context("a plan is printed")?)?;
    ensure!(
        objects.contains(&format!("StatefulSet {PARTY_B}/party-b")),
        "the node is not in the plan: {objects:?}"
    );
    let elsewhere: Vec<&String> = objects
        .iter()
        .filter(|object| !object.contains(PARTY_B))
        .collect();
    ensure!(elsewhere.is_empty(), "a heap of party-b changes {elsewhere:?}");

    let file = changed.beside("plan.json")?;
    succeeded(&world.deployer.run(&["plan", &path, "--out", &file]).await?)?;
    let note = json!({ "metadata": { "annotations": { "integration.test/touched": "by hand" } } });
    cluster
        .change::<StatefulSet>(PARTY_B, "party-b", "somebody", note)
        .await?;
    let before = cluster.fingerprint(NETWORK).await?;
    let moved = world.deployer.run(&["deploy", "--plan", &file]).await?;
    ensure!(
        moved.code == Some(1) && moved.stderr.contains("is not what would happen now"),
        "a plan is carried out on a cluster that has moved: {:?}\n{}",
        moved.code,
        moved.stderr
    );
    ensure!(
        cluster.fingerprint(NETWORK).await? == before,
        "a refused plan has changed something"
    );
    succeeded(&world.deployer.run(&["plan", &path, "--out", &file]).await?)?;
    let done = world
        .deployer
        .run(&["deploy", "--plan", &file, "--output", "json"])
        .await?;
    succeeded(&done)?;
    let after = cluster.fingerprint(NETWORK).await?;
    let touched = difference(&before, &after);
    ensure!(
        touched
            .iter()
            .any(|line| line.starts_with(&format!("Pod {PARTY_B}/party-b-0"))),
        "the node was not restarted: {touched:?}"
    );
    let others: Vec<&String> = touched.iter().filter(|line| !line.contains(PARTY_B)).collect();
    ensure!(others.is_empty(), "it touched {others:?}");
    ensure!(
        written(&done)? == objects,
        "the plan was {objects:?}, done was {:?}",
        written(&done)?
    );
    Ok(())
}

/// A change that cannot work stops the node that it is about, is told with the node's own words, and goes away with it.
pub(crate) async fn a_wrong_change_is_told_and_taken_back(world: Arc<World>) -> Result<()> {
    let wrong = with_party_b(&world, "    jvmArguments: [\"-XX:+NoSuchOption\"]\n")?;
    let run = world
        .deployer
        .run(&["deploy", &wrong.path()?, "--output", "json"])
        .await?;
    ensure!(run.code == Some(1), "{:?}: {}", run.code, run.stderr);
    let roots = run
        .events
        .iter()
        .find(|event| event["type"] == "rollout_finished")
        .map(|event| event["summary"]["roots"].clone())
        .context("it did not tell how it ended")?;
    ensure!(
        roots.as_array().is_some_and(|roots| roots.len() == 1)
            && roots[0]["cause"] == "crash"
            && roots[0]["steps"] == json!(["party-b.runs"]),
        "{roots}\n{}",
        run.stderr
    );
    ensure!(
        run.stderr.contains("Unrecognized VM option 'NoSuchOption'"),
        "the JVM's last words are not told:\n{}",
        run.stderr
    );
    succeeded(&deploy(&world).await?)?;
    second_run_changes_nothing(world).await
}

/// What another hand changed is told by field, left by a plain deploy, and put back on request.
pub(crate) async fn drift_is_told_and_repaired(world: Arc<World>) -> Result<()> {
    let cluster = &world.cluster;
    let scaled = json!({ "spec": { "replicas": 0 } });
    cluster
        .change::<Deployment>(GATEWAY, "gateway", "somebody", scaled)
        .await?;
    let told = world
        .deployer
        .run(&["status", NETWORK, "--drift", "--output", "json"])
        .await?;
    ensure!(told.code == Some(1), "drift ends with {:?}", told.code);
    let drift = told
        .events
        .first()
        .map(|status| status["drift"].clone())
        .context("a status is printed")?;
    let drift = drift.as_array().context("it has drift")?;
    ensure!(
        drift.len() == 1
            && drift[0].to_string().contains("gateway")
            && drift[0].to_string().contains(".spec.replicas")
            && drift[0].to_string().contains("somebody"),
        "{drift:?}"
    );

    let topology = world.deployer.topology("quickstart.yaml");
    let topology = topology.to_str().context("the path is UTF-8")?;
    let repair = world
        .deployer
        .run(&["deploy", topology, "--repair", "--output", "json"])
        .await?;
    succeeded(&repair)?;
    ensure!(
        written(&repair)? == BTreeSet::from([format!("Deployment {GATEWAY}/gateway")]),
        "it wrote {:?}",
        written(&repair)?
    );
    let well = world.deployer.run(&["status", NETWORK, "--drift"]).await?;
    succeeded(&well)
}

/// A client that leaves the topology leaves the cluster, its Secret only by name; back in the file it comes back.
pub(crate) async fn what_left_is_removed(world: Arc<World>) -> Result<()> {
    let source = world.deployer.topology("quickstart.yaml");
    let text = std::fs::read_to_string(&source)?;
    let begin = text
        .find("    rpcClients:\n")
        .context("the quick start has an RPC client")?;
    let end = text[begin..]
        .find("  - name: party-b")
        .map(|length| begin + length)
        .context("party-b comes after it")?;
    let without = Variation::of(&source, &[(&text[begin..end], "")])?;
    let path = without.path()?;
    let job = format!("Job {PARTY_A}/payment");
    let secret = format!("Secret {PARTY_A}/payment");
    ensure!(
        exists(&world, &job).await? && exists(&world, &secret).await?,
        "nothing to remove"
    );

    succeeded(&world.deployer.run(&["deploy", &path]).await?)?;
    ensure!(!exists(&world, &job).await?, "the Job is still there");
    ensure!(
        exists(&world, &secret).await?,
        "a Secret was removed without its name"
    );
    let named = [
        "deploy",
        &path,
        "--prune-data",
        "Secret/quickstart-participant-party-a/payment",
    ];
    succeeded(&world.deployer.run(&named).await?)?;
    ensure!(!exists(&world, &secret).await?, "the Secret is still there");

    succeeded(&deploy(&world).await?)?;
    ensure!(exists(&world, &job).await?, "the Job did not come back");
    second_run_changes_nothing(world).await
}

fn with_party_b(world: &World, settings: &str) -> Result<Variation> {
    Variation::of(
        &world.deployer.topology("quickstart.yaml"),
        &[(PARTY_B_LINE, &format!("{PARTY_B_LINE}{settings}"))],
    )
}

/// `Kind NAMESPACE/NAME` of what a plan would write or delete.
fn pending_objects(plan: &Value) -> Result<BTreeSet<String>> {
    let mut pending = BTreeSet::new();
    for step in plan["steps"].as_array().context("a plan has steps")? {
        for object in step["objects"].as_array().context("a step has objects")? {
            if object["action"] != "unchanged" && object["action"] != "keep" {
                pending.insert(name(object)?);
            }
        }
    }
    Ok(pending)
}

/// `Kind NAMESPACE/NAME` of what a run has written or deleted.
fn written(run: &Run) -> Result<BTreeSet<String>> {
    run.events
        .iter()
        .filter(|event| event["type"] == "object_applied")
        .filter(|event| event["change"] != "unchanged" && event["change"] != "kept")
        .map(|event| name(&event["object"]))
        .collect()
}

fn name(object: &Value) -> Result<String> {
    let text = |key: &str| {
        object[key]
            .as_str()
            .with_context(|| format!("no {key} in {object}"))
    };
    Ok(format!(
        "{} {}/{}",
        text("kind")?,
        text("namespace")?,
        text("name")?
    ))
}

fn difference(before: &[String], after: &[String]) -> Vec<String> {
    let (before, after): (BTreeSet<_>, BTreeSet<_>) = (before.iter().collect(), after.iter().collect());
    before
        .symmetric_difference(&after)
        .map(ToString::to_string)
        .collect()
}

/// Whether the network has an object, as `Kind NAMESPACE/NAME`.
async fn exists(world: &World, object: &str) -> Result<bool> {
    let all = world.cluster.fingerprint(NETWORK).await?;
    Ok(all.iter().any(|line| line.starts_with(&format!("{object} "))))
}
