//! Artefacts of Maven Central and programs built by Maven, both through the ordinary client.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Result, bail};

use super::recipe::Artefact;
use crate::{
    progress::Stage,
    store::{file_digest, made_once},
};

const COPY_GOAL: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";

/// The file of an artefact, from the cache when it was fetched before.
pub(crate) fn artefact(cache: &Path, artefact: &Artefact, stage: &Stage<'_>) -> Result<PathBuf> {
    let folder = format!("images/artefacts/{}", artefact.coordinates.replace(':', "-"));
    let directory = made_once(cache, &folder, &artefact.sha256, |directory| {
        stage.now(&format!("downloading {}", artefact.coordinates));
        stage.run(
            maven()
                .arg(COPY_GOAL)
                .arg(format!("-Dartifact={}", artefact.coordinates))
                .arg("-Dmdep.stripVersion=true")
                .arg(format!("-DoutputDirectory={}", directory.display()))
                .current_dir(directory),
        )?;
        let found = file_digest(&only_file(directory)?)?;
        if found != artefact.sha256 {
            bail!(
                "{} has the SHA-256 {found} and not {}: it was tampered with, or the recipe is wrong",
                artefact.coordinates,
                artefact.sha256
            );
        }
        Ok(())
    })?;
    only_file(&directory)
}

/// Builds a project of this repository in its own folder.
pub(crate) fn package(project: &Path, stage: &Stage<'_>) -> Result<()> {
    stage.now(&format!("building {}", project.display()));
    stage.run(maven().args(["package", "-DskipTests"]).current_dir(project))
}

/// Runs the tests of a project of this repository.
pub(crate) fn test(project: &Path, stage: &Stage<'_>) -> Result<()> {
    stage.run(maven().arg("test").current_dir(project))
}

fn maven() -> Command {
    let mut maven = Command::new("mvn");
    maven.args(["--batch-mode", "--no-transfer-progress"]);
    maven
}

fn only_file(directory: &Path) -> Result<PathBuf> {
    let mut files = Vec::new();
    for entry in fs_err::read_dir(directory)? {
        files.push(entry?.path());
    }
    match <[PathBuf; 1]>::try_from(files) {
        Ok([file]) => Ok(file),
        Err(files) => bail!(
            "{} should hold one file and holds {}",
            directory.display(),
            files.len()
        ),
    }
}
