//! The deployer as a user calls it: the built program, its exit code and what it prints.

use std::{
    env,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use serde_json::Value;
use tokio::process::{Child, Command};

/// How a run ended.
#[derive(Debug)]
pub struct Run {
    /// The exit code; `None` after a signal.
    pub code: Option<i32>,
    /// What it printed for machines: one JSON value a line.
    pub events: Vec<Value>,
    /// What it told people.
    pub stderr: String,
    /// How long it took.
    pub duration: Duration,
}

impl Run {
    /// The last line: the summary and the figures.
    pub fn figures(&self) -> Result<&Value> {
        self.events
            .last()
            .map(|ending| &ending["figures"])
            .context("the run printed nothing")
    }
}

/// A deployer with its custody.
pub struct Deployer {
    program: PathBuf,
    checkout: PathBuf,
}

impl Deployer {
    /// The one that `cargo xtask test` has built.
    pub fn from_environment() -> Result<Self> {
        let program = env::var_os("CORDANETES_DEPLOYER").context("run the tests by `cargo xtask test`")?;
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let checkout = here.parent().context("the crate has a parent folder")?.to_owned();
        Ok(Self {
            program: program.into(),
            checkout,
        })
    }

    /// A topology of the checkout.
    pub fn topology(&self, name: &str) -> PathBuf {
        self.checkout.join("topologies").join(name)
    }

    /// Runs a command to its end.
    pub async fn run(&self, arguments: &[&str]) -> Result<Run> {
        ended(self.command(arguments).args(["--context", "kind-cordanetes"])).await
    }

    /// Runs a command that asks no cluster.
    pub async fn run_without_cluster(&self, arguments: &[&str]) -> Result<Run> {
        ended(&mut self.command(arguments)).await
    }

    /// Starts a command, to be killed.
    pub fn start(&self, arguments: &[&str]) -> Result<Child> {
        self.command(arguments)
            .args(["--context", "kind-cordanetes"])
            // Nobody reads what it prints: a full pipe would hold it up.
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("the deployer cannot be started")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }
}

async fn ended(command: &mut Command) -> Result<Run> {
    let started = Instant::now();
    let output = command.output().await.context("the deployer cannot be started")?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    Ok(Run {
        code: output.status.code(),
        events: stdout
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        duration: started.elapsed(),
    })
}
