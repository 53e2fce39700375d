//! The tests, and what is checked before a change is offered.

use std::process::Command;

use anyhow::{Result, anyhow, bail};

use crate::{
    deploy::{self, Build, cargo},
    images::maven,
    packages::{self, Needed},
    places::Places,
    progress::Progress,
    secret_stores,
};

/// What reads the key stores that the tests of `certificates` have written, holds keys as an HSM would, and builds what
/// asks Corda about them and about `node.conf`.
const NEEDED: &[Needed] = &[
    Needed {
        file: "/usr/bin/javac",
        package: "default-jdk-headless",
    },
    Needed {
        file: "/usr/bin/openssl",
        package: "openssl",
    },
    Needed {
        file: "/usr/lib/softhsm/libsofthsm2.so",
        package: "softhsm2",
    },
    Needed {
        file: "/usr/bin/mvn",
        package: "maven",
    },
];

/// Every test: those that need nothing, then those that need the development cluster. Always of the whole workspace: for
/// a part of it cargo would build the libraries anew, with fewer features.
pub(crate) fn test(places: &Places, progress: &Progress, with_vault: bool) -> Result<()> {
    packages::ensure(progress, NEEDED)?;
    // Their compilers fill the time in which the tests of one crate wait for those of another.
    let (stores, tested) = std::thread::scope(|scope| {
        let stores = scope.spawn(|| secret_stores::ensure(places, progress, with_vault));
        let tested = without_cluster(places, progress);
        (stores.join(), tested)
    });
    tested?;
    let stores = stores.map_err(|_| anyhow!("a stage panicked"))??;
    let prepared = deploy::prepare(places, progress, Build::WithTests)?;
    let cargo = cargo(places);
    let inside = |test: &[&str]| -> Result<Command> {
        let mut command = prepared.cluster.enter(cargo.get_program())?;
        command
            .current_dir(&places.checkout)
            .args(["test", "--offline", "--workspace", "--test"])
            .args(test);
        Ok(command)
    };
    // The API server's own rules, without Pods.
    run(progress, &mut inside(&["live", "--", "--ignored"])?)?;
    // By name, so that the story's own summary is the last line.
    run(
        progress,
        inside(&["quickstart_network"])?
            .env("CORDANETES_DEPLOYER", &prepared.deployer)
            .envs(stores)
            .envs(deploy::custody(places)?),
    )
}

/// The tests that need no cluster; the others are built, because inside of the cluster's network nothing can be downloaded.
fn without_cluster(places: &Places, progress: &Progress) -> Result<()> {
    run(
        progress,
        cargo(places).args(["test", "--workspace", "--exclude", "integration"]),
    )?;
    run(
        progress,
        cargo(places).args([
            "test",
            "--workspace",
            "--test",
            "certificate_acceptance",
            "--test",
            "node_conf",
            "--test",
            "external_secrets",
        ]),
    )?;
    progress.stage("tests of the stand-in for CENM", |stage| {
        maven::test(&places.checkout.join("integration/cenm-stand-in"), stage)
    })?;
    run(progress, cargo(places).args(["test", "--workspace", "--no-run"]))
}

/// Formatting, lints and the tests that need no cluster.
pub(crate) fn check(places: &Places, progress: &Progress) -> Result<()> {
    packages::ensure(progress, NEEDED)?;
    run(progress, cargo(places).args(["fmt", "--all", "--check"]))?;
    let lints = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ];
    run(progress, cargo(places).args(lints))?;
    run(
        progress,
        cargo(places).args(["test", "--workspace", "--exclude", "integration"]),
    )
}

fn run(progress: &Progress, command: &mut Command) -> Result<()> {
    let words: Vec<_> = command
        .get_args()
        .skip_while(|argument| !["fmt", "clippy", "test"].iter().any(|word| argument == word))
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let shown = format!("cargo {}", words.join(" "));
    progress.say(&format!("$ {shown}"));
    let status = command.status()?;
    if !status.success() {
        bail!("`{shown}` ended with {status}");
    }
    Ok(())
}
