//! The deployer as a user calls it: the built program, its exit code and what it prints.

use std::{
    env,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};

use crate::cluster::within;

/// How long a rollout may take until something that is waited for happens in it.
const PATIENCE_SECONDS: u64 = 900;

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

    /// Starts a command with `--output json`, to be watched and interrupted.
    pub fn start(&self, arguments: &[&str]) -> Result<Running> {
        let mut child = self
            .command(arguments)
            .args(["--output", "json", "--context", "kind-cordanetes"])
            .spawn()
            .context("the deployer cannot be started")?;
        let output = child.stdout.take().context("no standard output")?;
        let mut errors = child.stderr.take().context("no standard error")?;
        Ok(Running {
            child,
            started: Instant::now(),
            events: Vec::new(),
            lines: BufReader::new(output).lines(),
            // A full pipe would hold the run up.
            stderr: tokio::spawn(async move { read_all(&mut errors).await }),
        })
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

async fn read_all(errors: &mut ChildStderr) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    errors.read_to_end(&mut bytes).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A run that goes on.
pub struct Running {
    child: Child,
    started: Instant,
    events: Vec<Value>,
    lines: Lines<BufReader<ChildStdout>>,
    stderr: tokio::task::JoinHandle<std::io::Result<String>>,
}

/// A signal of the terminal or of whoever is in a hurry.
#[derive(Clone, Copy, Debug)]
pub enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// The end without a word.
    Kill,
}

impl Running {
    /// Reads events until one is as wanted; it is an error if the run ends before.
    pub async fn until(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Result<()> {
        within(PATIENCE_SECONDS, what, async {
            loop {
                let Some(line) = self.lines.next_line().await? else {
                    let code = self.child.wait().await?.code();
                    let told = (&mut self.stderr).await??;
                    bail!("the run ended with {code:?} before {what}:\n{told}");
                };
                let event: Value = serde_json::from_str(&line)
                    .with_context(|| format!("no JSON on standard output: {line}"))?;
                let found = wanted(&event);
                self.events.push(event);
                if found {
                    return Ok(());
                }
            }
        })
        .await?
    }

    /// Reads until an event of a type tells of a step.
    pub async fn reach(&mut self, kind: &str, step: &str) -> Result<()> {
        self.until(&format!("{kind} of {step}"), |event| {
            event["type"] == kind && event["step"] == step
        })
        .await
    }

    /// Sends a signal.
    pub async fn signal(&self, signal: Signal) -> Result<()> {
        let id = self.child.id().context("the run has ended by itself")?;
        let name = match signal {
            Signal::Interrupt => "-INT",
            Signal::Kill => "-KILL",
        };
        let sent = Command::new("kill")
            .args([name, &id.to_string()])
            .status()
            .await?;
        ensure!(sent.success(), "the signal could not be sent: {sent}");
        Ok(())
    }

    /// Reads on to the end.
    pub async fn end(mut self) -> Result<Run> {
        within(PATIENCE_SECONDS, "the end of the run", async {
            while let Some(line) = self.lines.next_line().await? {
                // A killed program may leave half a line.
                self.events.extend(serde_json::from_str::<Value>(&line));
            }
            let status = self.child.wait().await?;
            Ok(Run {
                code: status.code(),
                events: self.events,
                stderr: self.stderr.await??,
                duration: self.started.elapsed(),
            })
        })
        .await?
    }
}
