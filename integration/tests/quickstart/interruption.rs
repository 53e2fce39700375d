//! A rollout that is killed at ten moments, interrupted by Ctrl-C in two runs, and continued each time by the same
//! command.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use integration::deployer::{Run, Running, Signal};

use crate::World;
use crate::rollout::{as_if_undisturbed, deploy, start, succeeded};

/// When a run is killed: where the least may be repeated, and spread over the whole rollout. Each is the type of an
/// event and the step that it is about.
const MOMENTS: &[(&str, &str)] = &[
    ("step_started", "namespace-network"),
    ("object_applied", "auth-keys"),
    ("object_applied", "auth"),
    ("object_applied", "users"),
    // A zone token is handed over by its Job.
    ("wait_started", "identity-manager-config"),
    ("step_done", "identity-manager"),
    ("wait_started", "notary.registered"),
    // Every call of `create-subzone` makes another one.
    ("wait_started", "subzone"),
    ("step_done", "network-map"),
    ("wait_started", "party-b.runs"),
];

/// The network is not there when this begins.
pub(crate) async fn killed_ten_times(world: Arc<World>) -> Result<()> {
    for (kind, step) in MOMENTS {
        let mut run = start(&world)?;
        run.reach(kind, step).await?;
        run.signal(Signal::Kill).await?;
        let ended = run.end().await?;
        ensure!(
            ended.code.is_none(),
            "it ended with {:?} before it was killed",
            ended.code
        );
    }
    Ok(())
}

/// After Ctrl-C a run ends with its own exit code, a summary and the command that goes on. After two in a row it ends
/// with the same code; they may reach the program as one, so this does not prove that the second ends it sooner.
pub(crate) async fn interrupted_twice(world: Arc<World>) -> Result<()> {
    let polite = start(&world)?;
    let ended = interrupted(polite, &[Signal::Interrupt]).await?;
    let summary = ended
        .events
        .iter()
        .find(|event| event["type"] == "rollout_finished")
        .context("it did not tell how it ended")?;
    ensure!(summary["summary"]["outcome"] == "interrupted", "{summary}");
    ensure!(
        ended.stderr.contains("to continue, run `"),
        "it does not say how to go on:\n{}",
        ended.stderr
    );
    let hurried = start(&world)?;
    interrupted(hurried, &[Signal::Interrupt, Signal::Interrupt]).await?;
    Ok(())
}

/// After all of this the same command ends in the same network.
pub(crate) async fn continued(world: Arc<World>) -> Result<()> {
    let run = deploy(&world).await?;
    succeeded(&run)?;
    as_if_undisturbed(world, &[]).await
}

/// Sends signals while a node starts, and expects the exit code of an interrupted run.
async fn interrupted(mut run: Running, signals: &[Signal]) -> Result<Run> {
    run.reach("wait_started", "party-b.runs").await?;
    for signal in signals {
        run.signal(*signal).await?;
    }
    let ended = run.end().await?;
    ensure!(
        ended.code == Some(130),
        "it ended with {:?}:\n{}",
        ended.code,
        ended.stderr
    );
    Ok(ended)
}
