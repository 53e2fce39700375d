//! Go: what is built from modules, and where modules lie.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::progress::{Stage, output};

/// A module in Go's cache.
#[derive(Debug, Deserialize)]
pub(crate) struct Fetched {
    /// Its folder, which is read-only.
    #[serde(rename = "Dir")]
    pub(crate) directory: PathBuf,
    /// Its hash in Go's checksum database.
    #[serde(rename = "Sum")]
    pub(crate) sum: String,
}

/// Fetches `PATH@VERSION` if it is not there.
pub(crate) fn fetch(module: &str) -> Result<Fetched> {
    // Outside of any module: it must not be looked for in one's go.mod.
    let answer = output(
        command()
            .current_dir("/")
            .args(["mod", "download", "-json", module]),
    )?;
    serde_json::from_slice(&answer.stdout)
        .with_context(|| format!("`go mod download -json {module}` did not say where the module is"))
}

/// What to build.
#[derive(Debug)]
pub(crate) struct Program<'a> {
    /// The folder with its main package and `go.mod`.
    pub(crate) sources: &'a Path,
    pub(crate) linker_flags: &'a str,
    pub(crate) tags: &'a str,
    /// Whether hashes that `go.sum` lacks are taken from Go's checksum database.
    pub(crate) may_add_hashes: bool,
}

impl<'a> Program<'a> {
    /// Without debug information, and otherwise as `go` builds it.
    pub(crate) const fn of(sources: &'a Path) -> Self {
        Self {
            sources,
            linker_flags: "-s -w",
            tags: "",
            may_add_hashes: false,
        }
    }
}

/// Builds a program, without C.
pub(crate) fn build(stage: &Stage<'_>, program: &Program<'_>, to: &Path) -> Result<()> {
    let modules = if program.may_add_hashes {
        "-mod=mod"
    } else {
        "-mod=readonly"
    };
    let go = |verb: &str| {
        let mut command = command();
        command
            .current_dir(program.sources)
            .args([verb, modules, "-tags", program.tags]);
        command
    };
    stage.now("finding what to compile");
    let total = stage.output(go("list").args(["-deps", "."]))?.lines().count();
    let mut compiled = 0;
    stage.run_showing(
        go("build")
            .env("CGO_ENABLED", "0")
            .args([
                "-v",
                "-trimpath",
                "-buildvcs=false",
                "-ldflags",
                program.linker_flags,
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

pub(crate) fn command() -> Command {
    Command::new("go")
}

/// Says what to install where there is no Go.
pub(crate) fn require() -> Result<()> {
    if output(command().arg("version")).is_err() {
        bail!(
            "Go is needed to build Kubernetes, kind, External Secrets and Vault; install Go 1.26 or later and run the command again"
        );
    }
    Ok(())
}
