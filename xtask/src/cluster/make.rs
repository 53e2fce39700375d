//! Making the cluster, and taking it away.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result};

use super::{CONTROL_PLANE, Cluster, NAME, link_programs, read_record, write_record};
use crate::{
    engine::Engine,
    node_image::{self, programs},
    places::{Places, create_private_directory},
    progress::{Progress, Stage, output},
};

/// The repository of node images made here, inside of the engine.
const NODE_IMAGES: &str = "localhost/cordanetes/node";

/// What kind's own nodes have.
const POD_SUBNET: &str = "10.244.0.0/16";

/// Makes the cluster with everything that it needs. What an earlier run has left half-made is taken away first.
pub(super) fn make(places: &Places, progress: &Progress, workers: u8) -> Result<Engine> {
    let started = Instant::now();
    let engine = Engine::ensure(places, progress)?;
    delete(places, &engine, progress)?;
    create_private_directory(&places.cluster())?;
    let node_image = node_image(places, &engine, progress)?;
    let kind = programs::kind(&places.cache, progress)?;
    link_programs(places, &kind)?;

    let configuration = places.cluster().join("kind.yaml");
    fs_err::write(&configuration, configuration_of(&engine, &node_image, workers))?;
    let cluster = Cluster {
        engine,
        places: places.clone(),
    };
    progress.stage(&format!("cluster {NAME}"), |stage| {
        stage.run(
            cluster
                .kind(progress)?
                .args(["create", "cluster", "--name", NAME, "--wait", "180s", "--image"])
                .arg(&node_image.reference)
                .arg("--config")
                .arg(&configuration)
                .arg("--kubeconfig")
                .arg(places.kubeconfig()),
        )?;
        restrict(&places.kubeconfig())?;
        wait_until_ready(&cluster, stage)
    })?;
    write_record(places, &node_image.reference, started.elapsed())?;
    Ok(cluster.engine)
}

/// Whether the node image was made here, by a recipe that has changed since.
pub(super) fn is_outdated(places: &Places) -> Result<bool> {
    let record = read_record(places)?.unwrap_or_default();
    let made_by = record.get("nodeImage").and_then(serde_json::Value::as_str);
    match made_by.and_then(|image| image.strip_prefix(NODE_IMAGES)) {
        Some(tag) => Ok(tag.trim_start_matches(':') != node_image::hash(places)?),
        None => Ok(false),
    }
}

/// Deletes the cluster, whole or half-made, and what is known of it.
pub(super) fn delete(places: &Places, engine: &Engine, progress: &Progress) -> Result<()> {
    if containers(engine)?.is_empty() {
        remove_directory(&places.cluster())?;
        return Ok(());
    }
    // Without its record it counts as half-made, so that a run that is killed from here on is repeated.
    crate::daemon::remove_if_there(&places.cluster().join(super::RECORD))?;
    progress.stage(&format!("deleting cluster {NAME}"), |stage| {
        stage.run(
            kind_command(places, engine, progress)?
                .args(["delete", "cluster", "--name", NAME, "--kubeconfig"])
                .arg(places.kubeconfig()),
        )
    })?;
    remove_directory(&places.cluster())
}

/// Removes the node images that were made here from an engine that stays.
pub(super) fn remove_node_images(engine: &Engine, progress: &Progress) -> Result<()> {
    let images = output(engine.docker().args(["image", "ls", "--quiet", NODE_IMAGES]))?;
    let images = String::from_utf8_lossy(&images.stdout).into_owned();
    if images.trim().is_empty() {
        return Ok(());
    }
    progress.stage("removing node images", |stage| {
        stage.run(
            engine
                .docker()
                .args(["image", "rm", "--force"])
                .args(images.lines()),
        )
    })
}

/// The kind program, with its engine.
pub(super) fn kind_command(places: &Places, engine: &Engine, progress: &Progress) -> Result<Command> {
    let kind = programs::kind(&places.cache, progress)?;
    let mut command = engine.enter(kind);
    command
        .env("PATH", engine.path(&places.programs())?)
        .env("KIND_EXPERIMENTAL_PROVIDER", "docker");
    Ok(command)
}

/// The names of the cluster's containers, running or not.
pub(super) fn containers(engine: &Engine) -> Result<Vec<String>> {
    let label = format!("label=io.x-k8s.kind.cluster={NAME}");
    let names = output(
        engine
            .docker()
            .args(["ps", "--all", "--format", "{{.Names}}", "--filter", &label]),
    )?;
    Ok(String::from_utf8_lossy(&names.stdout)
        .lines()
        .map(str::to_owned)
        .collect())
}

struct NodeImage {
    reference: String,
    /// Whether it was made here; its Kubernetes then has its images under names of its own.
    own: bool,
}

/// kind's published image where it can be pulled, else the one that is made here.
fn node_image(places: &Places, engine: &Engine, progress: &Progress) -> Result<NodeImage> {
    if engine.can_pull() {
        let published = published_image()?;
        let there = engine.has_image(&published)
            || progress
                .stage("kind's node image", |stage| {
                    stage.run(engine.docker().args(["pull", &published]))
                })
                .is_ok();
        if there {
            return Ok(NodeImage {
                reference: published,
                own: false,
            });
        }
        progress.say("kind's node image cannot be pulled: making one here");
    }
    let reference = format!("{NODE_IMAGES}:{}", node_image::hash(places)?);
    if !engine.has_image(&reference) {
        let archive = node_image::ensure(places, progress)?;
        progress.stage("importing the node image", |stage| {
            stage.run(
                engine
                    .docker()
                    .args(["import", "--change", "ENV container=docker"])
                    .args([
                        "--change",
                        "ENTRYPOINT [\"/usr/local/bin/entrypoint\",\"/sbin/init\"]",
                    ])
                    .arg(archive)
                    .arg(&reference),
            )
        })?;
    }
    Ok(NodeImage { reference, own: true })
}

/// The node image that this version of kind was published with, by digest.
fn published_image() -> Result<String> {
    let source: PathBuf = programs::kind_sources()?.join("pkg/apis/config/defaults/image.go");
    let text = fs_err::read_to_string(&source)?;
    text.lines()
        .find_map(|line| line.strip_prefix("const Image = \"")?.strip_suffix('"'))
        .map(str::to_owned)
        .with_context(|| format!("{} names no image", source.display()))
}

fn configuration_of(engine: &Engine, image: &NodeImage, workers: u8) -> String {
    let mut text = format!(
        "kind: Cluster\n\
         apiVersion: kind.x-k8s.io/v1alpha4\n\
         name: {NAME}\n\
         networking:\n  podSubnet: {POD_SUBNET}\n\
         nodes:\n- role: control-plane\n"
    );
    for _ in 0..workers {
        text.push_str("- role: worker\n");
    }
    if image.own {
        text.push_str(
            "kubeadmConfigPatches:\n\
             - |\n  kind: ClusterConfiguration\n  imageRepository: localhost\n  dns:\n    imageRepository: localhost\n",
        );
    }
    if engine.restricts_oom_score() {
        text.push_str(
            "containerdConfigPatches:\n\
             - |-\n  [plugins.\"io.containerd.grpc.v1.cri\"]\n    restrict_oom_score_adj = true\n",
        );
    }
    text
}

/// Waits until names resolve, volumes are made and policies are enforced.
fn wait_until_ready(cluster: &Cluster, stage: &Stage<'_>) -> Result<()> {
    let waited_for = output(cluster.kubectl().args([
        "get",
        "deployments,daemonsets",
        "--all-namespaces",
        "--output",
        "jsonpath={range .items[*]}{.metadata.namespace} {.kind}/{.metadata.name}{\"\\n\"}{end}",
    ]))?;
    for line in String::from_utf8_lossy(&waited_for.stdout).lines() {
        let (namespace, workload) = line.split_once(' ').context("kubectl printed no namespace")?;
        stage.now(&format!("waiting for {workload}"));
        stage.run(
            cluster
                .kubectl()
                .args(["rollout", "status", "--timeout=180s", "--namespace", namespace])
                .arg(workload.to_lowercase()),
        )?;
    }
    anyhow::ensure!(
        cluster.engine.runs(CONTROL_PLANE),
        "the control plane's container does not run"
    );
    Ok(())
}

fn restrict(kubeconfig: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs_err::set_permissions(kubeconfig, std::fs::Permissions::from_mode(0o600))?;
    Ok(())
}

fn remove_directory(directory: &Path) -> Result<()> {
    if directory.exists() {
        fs_err::remove_dir_all(directory)?;
    }
    Ok(())
}
