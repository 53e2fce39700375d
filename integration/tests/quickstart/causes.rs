//! Faults of a real cluster, each told by its cause: one fault for each of four networks, rolled out side by side.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use integration::deployer::{Run, Signal};
use integration::variation::Variation;
use k8s_openapi::api::admissionregistration::v1::{
    ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding,
};
use k8s_openapi::api::core::v1::ResourceQuota;
use serde_json::json;

use crate::World;
use crate::rollout::succeeded;

/// What is wrong with a network, and what the deployer must say.
struct Fault {
    network: &'static str,
    /// What is put into the topology for the Auth Service, which everything else waits for.
    auth: &'static str,
    cause: &'static str,
    /// The thing that is to blame.
    subject: &'static str,
    /// What the message must hold: the words of whoever said no.
    words: &'static str,
}

const FAULTS: &[Fault] = &[
    Fault {
        network: "no-such-node",
        auth: "placement: { nodeSelector: { disktype: none } }",
        cause: "unschedulable",
        subject: "node(s) didn't match Pod's node affinity/selector",
        words: "0/1 nodes are available",
    },
    Fault {
        network: "no-command",
        // This image has no Java.
        auth: "image: localhost/cordanetes/prometheus:2.42",
        cause: "crash",
        subject: "auth",
        words: "java",
    },
    Fault {
        network: "no-quota",
        auth: "memory: 512Mi",
        cause: "quota",
        subject: "quota `no-pods`",
        words: "exceeded quota: no-pods",
    },
    Fault {
        network: "no-admission",
        auth: "memory: 512Mi",
        cause: "admission",
        subject: "ValidatingAdmissionPolicy `no-auth`",
        words: "nobody may run an Auth Service here",
    },
];

pub(crate) async fn each_is_named(world: Arc<World>) -> Result<()> {
    let told = futures::future::join_all(FAULTS.iter().map(|fault| told(&world, fault))).await;
    world
        .cluster
        .delete_global::<ValidatingAdmissionPolicyBinding>("no-auth")
        .await?;
    world
        .cluster
        .delete_global::<ValidatingAdmissionPolicy>("no-auth")
        .await?;
    let wrong: Vec<String> = told
        .into_iter()
        .zip(FAULTS)
        .filter_map(|(told, fault)| Some(format!("{}: {:?}", fault.network, told.err()?)))
        .collect();
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

async fn told(world: &World, fault: &Fault) -> Result<()> {
    let topology = Variation::of(
        &world.deployer.topology("quickstart.yaml"),
        &[
            ("name: quickstart", &format!("name: {}", fault.network)),
            (
                "  identityManager:\n",
                &format!("  auth:\n    {}\n  identityManager:\n", fault.auth),
            ),
        ],
    )?;
    let path = topology.path()?;
    match fault.cause {
        "quota" => allow_no_pods(world, fault.network, &path).await?,
        "admission" => admit_no_auth(world, fault.network).await?,
        _ => {}
    }
    let run = world.deployer.run(&["deploy", &path, "--output", "json"]).await?;
    let checked = check(&run, fault);
    let cleared = world
        .deployer
        .run(&["destroy", fault.network, "--delete-data"])
        .await?;
    checked?;
    succeeded(&cleared)
}

fn check(run: &Run, fault: &Fault) -> Result<()> {
    ensure!(
        run.code == Some(1),
        "it ended with {:?}:\n{}",
        run.code,
        run.stderr
    );
    let summary = run
        .events
        .iter()
        .find(|event| event["type"] == "rollout_finished")
        .map(|event| &event["summary"])
        .context("it did not tell how it ended")?;
    let roots = summary["roots"].as_array().context("it has roots")?;
    ensure!(roots.len() == 1, "one fault has several roots: {roots:?}");
    let root = &roots[0];
    ensure!(
        root["cause"] == fault.cause
            && root["subject"]
                .as_str()
                .is_some_and(|subject| subject.contains(fault.subject)),
        "the blame is {root}\n{}",
        run.stderr
    );
    ensure!(root["steps"] == json!(["auth"]), "not only auth failed: {root}");
    let stopped = root["not_started"]
        .as_array()
        .context("it says what did not start")?;
    ensure!(
        stopped.contains(&json!("gateway")),
        "the Gateway waits for auth: {root}"
    );
    ensure!(
        run.stderr.contains(fault.words),
        "`{}` is not told:\n{}",
        fault.words,
        run.stderr
    );
    ensure!(
        run.stderr.contains("deploy"),
        "the command that goes on is not told:\n{}",
        run.stderr
    );
    Ok(())
}

/// Puts a quota into the namespace of a network before anything else runs there.
async fn allow_no_pods(world: &World, network: &str, path: &str) -> Result<()> {
    let mut run = world.deployer.start(&["deploy", path])?;
    run.reach("step_done", "namespace-network").await?;
    run.signal(Signal::Kill).await?;
    run.end().await?;
    world
        .cluster
        .apply::<ResourceQuota>(json!({
            "apiVersion": "v1",
            "kind": "ResourceQuota",
            "metadata": { "namespace": format!("{network}-network"), "name": "no-pods" },
            "spec": { "hard": { "pods": "0" } }
        }))
        .await?;
    // What ran before the quota stays: it is made again below it.
    world.cluster.evict_all(&format!("{network}-network")).await
}

async fn admit_no_auth(world: &World, network: &str) -> Result<()> {
    world
        .cluster
        .apply_global::<ValidatingAdmissionPolicy>(json!({
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingAdmissionPolicy",
            "metadata": { "name": "no-auth" },
            "spec": {
                "failurePolicy": "Fail",
                "matchConstraints": { "resourceRules": [{
                    "apiGroups": ["apps"], "apiVersions": ["v1"],
                    "operations": ["CREATE", "UPDATE"], "resources": ["deployments"]
                }] },
                "matchConditions": [{
                    "name": "its-namespace",
                    "expression": format!("request.namespace == '{network}-network'")
                }],
                "validations": [{
                    "expression": "object.metadata.name != 'auth'",
                    "message": "nobody may run an Auth Service here"
                }]
            }
        }))
        .await?;
    world
        .cluster
        .apply_global::<ValidatingAdmissionPolicyBinding>(json!({
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingAdmissionPolicyBinding",
            "metadata": { "name": "no-auth" },
            "spec": { "policyName": "no-auth", "validationActions": ["Deny"] }
        }))
        .await
}
