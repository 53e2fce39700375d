//! Programs built from Go modules.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{
    go::{self, Program},
    progress::Progress,
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
            go::require()?;
            let module = format!("sigs.k8s.io/kind@{KIND_VERSION}");
            stage.run(go::command().env("GOBIN", directory).args(["install", &module]))
        })
    })?;
    Ok(made.join("kind"))
}

/// The directory of kind's module: its sources, and the files of its node image.
pub(crate) fn kind_sources() -> Result<PathBuf> {
    Ok(go::fetch(&format!("sigs.k8s.io/kind@{KIND_VERSION}"))?.directory)
}

/// Every program of a node in one.
pub(super) fn node_program(cache: &Path, kind: &Path, progress: &Progress) -> Result<PathBuf> {
    let made = made_once(cache, "node-program", &node_program_hash(kind)?, |directory| {
        progress.stage("kubernetes from its modules", |stage| {
            go::require()?;
            let sources = kind.join("node-program");
            let program = Program {
                linker_flags: &linker_flags(),
                ..Program::of(&sources)
            };
            go::build(stage, &program, &directory.join("node-program"))
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
                go::build(stage, &Program::of(&sources), &directory.join("pause"))
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
