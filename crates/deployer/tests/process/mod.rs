//! The program as a process beside an API server: what it tells is read as it comes, and every wait has an end.

use std::collections::BTreeMap;
use std::process::{Output, Stdio};
use std::time::Duration;

use rollout::cluster::simulated::{Behaviour, SimulatedCluster};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::api_server::ApiServer;
use super::place::{Place, told};

/// What anything may take, on a machine that has much else to do; a run that comes to a dead one's Lease waits 10 s.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);
const TOKEN: &str = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
/// The Jobs of the quick start that must not do their work twice.
const RUN_ONCE: [&str; 3] = ["users", "identity-manager-config", "subzone"];

/// A cluster on which the quick start comes up at once.
fn cluster() -> SimulatedCluster {
    let cluster = SimulatedCluster::default();
    let quick = Behaviour {
        after: Duration::from_millis(5),
        ..Behaviour::default()
    };
    let handing_over = |path: &str, content: &[u8]| Behaviour {
        waits: true,
        files: [(path.to_owned(), content.to_vec())].into(),
        ..quick.clone()
    };
    for job in ["identity-manager-config", "subzone"] {
        cluster.behave(job, handing_over("/outputs/token", TOKEN.as_bytes()));
    }
    let node_info = handing_over("/outputs/nodeInfo", b"corda\x01\x00\x00\xff more");
    cluster.behave("notary-registration", node_info);
    cluster.behave_by_default(quick);
    cluster
}

/// A folder with the quick start in it, and an API server that its kubeconfig names.
pub(crate) struct World {
    pub(crate) place: Place,
    pub(crate) server: ApiServer,
}

impl World {
    pub(crate) fn new() -> Self {
        let (place, server) = (Place::new(), ApiServer::start(cluster()));
        server.kubeconfig(&place);
        Self { place, server }
    }

    /// The program, which dies with whoever holds it: a failed test leaves no process behind.
    fn command(&self, arguments: &[&str]) -> Command {
        let command = self
            .place
            .command(&[arguments, &["--kubeconfig", "kubeconfig"]].concat());
        let mut command = Command::from(command);
        command.kill_on_drop(true);
        command
    }

    /// Exit code and what a command tells.
    pub(crate) fn told(&self, arguments: &[&str]) -> String {
        let mut command = self.command(arguments);
        let output: Output = self
            .server
            .runtime
            .block_on(async { timeout(PATIENCE, command.output()).await })
            .expect("it ends")
            .expect("the program runs");
        told(&output)
    }

    /// Begins a run that tells its events.
    pub(crate) fn start(&self, arguments: &[&str]) -> Run {
        let _context = self.server.runtime.enter();
        let mut child = self
            .command(&[arguments, &["--output", "json"]].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let stdout = child.stdout.take().expect("it is piped");
        Run {
            child,
            events: BufReader::new(stdout).lines(),
            runtime: self.server.runtime.handle().clone(),
        }
    }

    pub(crate) fn deploy(&self) -> Run {
        self.start(&["deploy", "network.yaml", "--passphrase-file", "passphrase"])
    }

    /// Deploys to the end, and checks that nothing was made twice, whatever was before.
    pub(crate) fn deploy_to_the_end(&self) -> Ended {
        let ended = self.deploy().end();
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let cluster = &self.server.cluster;
        for job in RUN_ONCE {
            assert_eq!(cluster.runs(job), 1, "{job}");
        }
        let made = cluster.made().into_iter();
        let twice: BTreeMap<_, _> = made.filter(|(_, times)| *times != 1).collect();
        assert!(twice.is_empty(), "{twice:?}");
        ended
    }
}

/// A run under way.
pub(crate) struct Run {
    child: Child,
    events: Lines<BufReader<ChildStdout>>,
    runtime: Handle,
}

impl Run {
    /// Reads events until one is of this type.
    pub(crate) fn until(&mut self, kind: &str) -> Value {
        self.until_told(kind, |_| true)
    }

    /// Reads events until one is of this type and says what is waited for.
    pub(crate) fn until_told(&mut self, kind: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let (events, errors) = (&mut self.events, &mut self.child.stderr);
        let read = async {
            loop {
                let line = events.next_line().await.expect("events can be read");
                if line.is_none() {
                    let mut told = String::new();
                    let errors = errors.as_mut().expect("it is piped");
                    errors.read_to_string(&mut told).await.expect("it is text");
                    assert_eq!(told, "", "it ended before {kind}");
                }
                let event: Value = serde_json::from_str(&line.unwrap_or_default()).expect("events are JSON");
                if event["type"] == kind && is_it(&event) {
                    return event;
                }
            }
        };
        let event = self.runtime.block_on(async { timeout(PATIENCE, read).await });
        assert!(event.is_ok(), "{kind} does not come");
        event.unwrap_or_default()
    }

    pub(crate) fn signal(&self, name: &str) {
        let process = self.child.id().expect("it has not ended");
        let sent = std::process::Command::new("kill")
            .args([name, &process.to_string()])
            .status();
        assert!(sent.expect("kill runs").success());
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("it can be asked").is_none()
    }

    /// Waits until it has ended, and reads what it has told since it was last read.
    pub(crate) fn end(mut self) -> Ended {
        let mut errors = self.child.stderr.take().expect("it is piped");
        let mut lines = self.events;
        let events = async {
            let mut events = Vec::new();
            while let Some(line) = lines.next_line().await.expect("events can be read") {
                events.push(serde_json::from_str(&line).expect("events are JSON"));
            }
            events
        };
        let stderr = async {
            let mut stderr = String::new();
            errors.read_to_string(&mut stderr).await.expect("it is text");
            stderr
        };
        // Both at once: a process whose errors nobody reads stops once the pipe is full.
        let all = async { tokio::join!(events, stderr, self.child.wait()) };
        let (events, stderr, status) = self
            .runtime
            .block_on(async { timeout(PATIENCE, all).await })
            .expect("it ends");
        Ended {
            code: status.expect("it can be waited for").code(),
            events,
            stderr,
        }
    }
}

/// How a run ended.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) events: Vec<Value>,
    pub(crate) stderr: String,
}

impl Ended {
    /// What it says of the whole rollout.
    pub(crate) fn summary(&self) -> &Value {
        let finished = |event: &&Value| event["type"] == "rollout_finished";
        let told = self.events.iter().find(finished);
        &told.expect("it tells how it ended")["summary"]
    }

    pub(crate) fn assert_interrupted(&self) {
        assert_eq!(self.code, Some(130), "{}", self.stderr);
        assert_eq!(self.summary()["outcome"], "interrupted");
        let help = "what is done stays; to continue, run `cordanetes deploy network.yaml`";
        assert!(self.stderr.contains(help), "{}", self.stderr);
    }

    /// The steps that events of this type are about.
    pub(crate) fn steps(&self, kind: &str) -> Vec<Value> {
        let of_kind = self.events.iter().filter(|event| event["type"] == kind);
        of_kind.map(|event| event["step"].clone()).collect()
    }

    /// Checks that it found everything as it should be.
    pub(crate) fn assert_changed_nothing(&self) {
        let objects = &self.summary()["objects"];
        let changed = (&objects["created"], &objects["configured"]);
        assert_eq!(changed, (&json!(0), &json!(0)));
    }
}
