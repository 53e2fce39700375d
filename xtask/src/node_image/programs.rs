//! Programs built from Go modules.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    progress::{Progress, Stage, output},
    store::{Recipe, made_once},
};

/// The version of kind, and of the files that its node image is made from.
pub(crate) const KIND_VERSION: &str = "v0.33.0";

/// The version that the node program says it is; its go.mod has the modules of that version.
pub(crate) const KUBERNETES_VERSION: &str = "v1.34.4";

/// The kind program.
pub(crate) fn kind(cache: &Path, progress: &Progress) -> Result<PathBuf> {
    let made = made_once(cache, "kind", KIND_VERSION, |directory| {
        progress.stage("kind", |stage| {
            require_go()?;
            let module = format!("sigs.k8s.io/kind@{KIND_VERSION}");
            stage.run(go().env("GOBIN", directory).args(["install", &module]))
        })
    })?;
    Ok(made.join("kind"))
}

/// The directory of kind's module: its sources, and the files of its node image.
pub(crate) fn kind_sources() -> Result<PathBuf> {
    let module = format!("sigs.k8s.io/kind@{KIND_VERSION}");
    // Outside of any module: it must not be looked for in one's go.mod.
    let answer = output(go().current_dir("/").args(["mod", "download", "-json", &module]))?;
    let answer: serde_json::Value = serde_json::from_slice(&answer.stdout)?;
    let directory = answer.get("Dir").and_then(serde_json::Value::as_str);
    Ok(PathBuf::from(
        directory.context("go mod download did not say where the module is")?,
    ))
}

/// Every program of a node in one.
pub(super) fn node_program(cache: &Path, kind: &Path, progress: &Progress) -> Result<PathBuf> {
    let made = made_once(cache, "node-program", &node_program_hash(kind)?, |directory| {
        progress.stage("kubernetes from its modules", |stage| {
            require_go()?;
            build(
                stage,
                &kind.join("node-program"),
                &linker_flags(),
                &directory.join("node-program"),
            )
        })
    })?;
    Ok(made.join("node-program"))
}

pub(super) fn node_program_hash(kind: &Path) -> Result<String> {
    Ok(Recipe::default()
        .text(&linker_flags())
        .files(&kind.join("node-program"))?
        .hash())
}

/// The node program if it was built already, for people who want its `kubectl`.
pub(crate) fn built_node_program(cache: &Path, kind: &Path) -> Result<Option<PathBuf>> {
    let program = cache
        .join("node-program")
        .join(node_program_hash(kind)?)
        .join("node-program");
    Ok(program.exists().then_some(program))
}

/// The program that holds a pod's namespaces.
pub(super) fn pause(cache: &Path, kind: &Path, progress: &Progress) -> Result<PathBuf> {
    let sources = kind.join("pause");
    let made = made_once(
        cache,
        "pause",
        &Recipe::default().files(&sources)?.hash(),
        |directory| {
            progress.stage("pause", |stage| {
                build(stage, &sources, "-s -w", &directory.join("pause"))
            })
        },
    )?;
    Ok(made.join("pause"))
}

fn linker_flags() -> String {
    let mut numbers = KUBERNETES_VERSION.trim_start_matches('v').split('.');
    let (major, minor) = (
        numbers.next().unwrap_or_default(),
        numbers.next().unwrap_or_default(),
    );
    // Clients cannot read the version of a server that was linked without these.
    let version = "k8s.io/component-base/version";
    format!(
        "-s -w -X {version}.gitVersion={KUBERNETES_VERSION} -X {version}.gitMajor={major} -X {version}.gitMinor={minor}"
    )
}

fn build(stage: &Stage<'_>, sources: &Path, linker_flags: &str, to: &Path) -> Result<()> {
    stage.now("finding what to compile");
    let total = stage
        .output(go().current_dir(sources).args(["list", "-deps", "."]))?
        .lines()
        .count();
    let mut compiled = 0;
    stage.run_showing(
        go().current_dir(sources)
            .env("CGO_ENABLED", "0")
            .args([
                "build",
                "-v",
                "-trimpath",
                "-buildvcs=false",
                "-ldflags",
                linker_flags,
                "-o",
            ])
            .arg(to)
            .arg("."),
        |line| {
            if line.starts_with("go: ") {
                return Some(line.to_owned());
            }
            compiled += 1;
            Some(format!("compiled {compiled} of up to {total} packages: {line}"))
        },
    )
}

fn go() -> Command {
    Command::new("go")
}

fn require_go() -> Result<()> {
    if output(go().arg("version")).is_err() {
        bail!(
            "Go is needed to build Kubernetes and kind; install Go 1.26 or later and run the command again"
        );
    }
    Ok(())
}
