//! The Docker engine that the cluster's nodes run in: the machine's own, or a private one.

mod private;
pub(crate) mod runtime;

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Result, bail};

use crate::{
    packages,
    places::Places,
    progress::{self, Progress},
};

pub(crate) use private::PrivateEngine;

/// An engine that answers.
#[derive(Debug)]
pub(crate) enum Engine {
    /// Somebody else's: it was there before and stays.
    Found { docker: PathBuf },
    /// Started here, in namespaces of its own.
    Private(PrivateEngine),
}

impl Engine {
    /// The engine to use if there is one already; starts nothing.
    pub(crate) fn find(places: &Places) -> Result<Option<Self>> {
        if let Some(engine) = PrivateEngine::find(places)? {
            return Ok(Some(Self::Private(engine)));
        }
        Ok(["docker", "/usr/bin/docker"]
            .into_iter()
            .map(PathBuf::from)
            .find(|docker| answers(docker))
            .map(|docker| Self::Found { docker }))
    }

    /// The engine to use, started if none answers.
    pub(crate) fn ensure(places: &Places, progress: &Progress) -> Result<Self> {
        if let Some(engine) = Self::find(places)? {
            return Ok(engine);
        }
        if !packages::can_install() {
            bail!(
                "no Docker engine answers `docker info`; start Docker, or set DOCKER_HOST to one that runs \
                 (only root on Debian can have one started by this command)"
            );
        }
        packages::ensure(progress, private::NEEDED)?;
        // Installing the package starts the engine where systemd runs.
        if let Some(engine) = Self::find(places)? {
            return Ok(engine);
        }
        progress
            .stage("docker engine", |stage| PrivateEngine::start(places, stage))
            .map(Self::Private)
    }

    /// A command that runs where the cluster can be reached, and reaches the engine.
    pub(crate) fn enter(&self, program: impl AsRef<OsStr>) -> Command {
        match self {
            Self::Found { .. } => Command::new(program),
            Self::Private(engine) => engine.enter(program.as_ref()),
        }
    }

    /// The engine's own client.
    pub(crate) fn docker(&self) -> Command {
        match self {
            Self::Found { docker } => Command::new(docker),
            Self::Private(engine) => engine.enter(OsStr::new(private::CLIENT)),
        }
    }

    /// PATH for programs that call `docker` by its name.
    pub(crate) fn path(&self, first: &Path) -> Result<OsString> {
        let mut directories = vec![first.to_owned()];
        if matches!(self, Self::Private(_)) {
            directories.push(private::client_directory());
        }
        directories.extend(std::env::split_paths(
            &std::env::var_os("PATH").unwrap_or_default(),
        ));
        Ok(std::env::join_paths(directories)?)
    }

    /// Whether an image can be pulled: never from an engine without a way out.
    pub(crate) fn can_pull(&self) -> bool {
        matches!(self, Self::Found { .. })
    }

    /// Whether processes in this engine's containers may lower their OOM score, as kubelet asks for.
    pub(crate) fn restricts_oom_score(&self) -> bool {
        matches!(self, Self::Private(_)) && !runtime::has_resource_capability()
    }

    /// Where it is, for people.
    pub(crate) fn describe(&self, places: &Places) -> String {
        match self {
            Self::Found { docker } => {
                let host = std::env::var("DOCKER_HOST").unwrap_or_else(|_| "its default address".to_owned());
                format!("the machine's own, {} at {host}", docker.display())
            }
            Self::Private(engine) => format!(
                "private, process {} in namespaces of its own, below {}",
                engine.process(),
                places.engine().display()
            ),
        }
    }

    /// Whether a container is there and runs.
    pub(crate) fn runs(&self, container: &str) -> bool {
        progress::output(
            self.docker()
                .args(["inspect", "--format", "{{.State.Running}}", container]),
        )
        .is_ok_and(|output| output.stdout.starts_with(b"true"))
    }

    /// Whether an image is there.
    pub(crate) fn has_image(&self, image: &str) -> bool {
        progress::output(
            self.docker()
                .args(["image", "inspect", "--format", "{{.Id}}", image]),
        )
        .is_ok()
    }
}

fn answers(docker: &Path) -> bool {
    Command::new(docker)
        .args(["version", "--format", "{{.Server.Version}}"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
