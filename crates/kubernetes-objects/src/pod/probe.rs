//! Probes: product facts asked by the kubelet (reference §8.5).

use k8s_openapi::{
    api::core::v1::{Container, ExecAction, HTTPGetAction, Probe, TCPSocketAction},
    apimachinery::pkg::util::intstr::IntOrString,
};

/// How long a container may take to start, in seconds; the rollout's own deadlines are shorter.
const START_BUDGET: i32 = 900;

/// What is asked.
#[derive(Clone, Debug)]
pub enum Question {
    /// Does the port accept a connection?
    Tcp(u16),
    /// Does `GET path` answer with success?
    Http(u16, &'static str),
    /// Does the command end well?
    Command(Vec<String>),
}

/// The three probes of a container that stays up.
pub struct Probes {
    /// Asked each second until it holds; readiness and liveness start then.
    pub startup: Probe,
    /// While it fails no Service sends traffic.
    pub readiness: Probe,
    /// When it fails for a minute the container is restarted.
    pub liveness: Probe,
}

impl Probes {
    /// Starts when `start` holds, stays ready and alive while `port` accepts connections: what depends on
    /// another service is never a reason to restart this one.
    pub fn new(start: Question, port: u16) -> Self {
        Self {
            startup: Probe {
                failure_threshold: Some(START_BUDGET),
                ..probe(start, 1)
            },
            readiness: Probe {
                failure_threshold: Some(2),
                ..probe(Question::Tcp(port), 10)
            },
            liveness: Probe {
                failure_threshold: Some(3),
                ..probe(Question::Tcp(port), 20)
            },
        }
    }

    /// Gives them to a container.
    pub fn put_into(self, container: &mut Container) {
        let Self {
            startup,
            readiness,
            liveness,
        } = self;
        container.startup_probe = Some(startup);
        container.readiness_probe = Some(readiness);
        container.liveness_probe = Some(liveness);
    }
}

/// Ready once a line stands in a log: for what has no port that says more. Alive is whatever has not ended.
pub fn once_told(question: Question) -> (Probe, Probe) {
    let startup = Probe {
        failure_threshold: Some(START_BUDGET),
        ..probe(question.clone(), 1)
    };
    (startup, probe(question, 10))
}

/// The readiness of a container that hands files over: they are complete.
pub fn file_exists(path: &str) -> Probe {
    probe(
        Question::Command(vec!["test".into(), "-f".into(), path.into()]),
        1,
    )
}

fn probe(question: Question, period_seconds: i32) -> Probe {
    let mut probe = Probe {
        period_seconds: Some(period_seconds),
        timeout_seconds: Some(5),
        ..Probe::default()
    };
    let port = |number: u16| IntOrString::Int(number.into());
    match question {
        Question::Tcp(number) => {
            probe.tcp_socket = Some(TCPSocketAction {
                port: port(number),
                host: None,
            });
        }
        Question::Http(number, path) => {
            probe.http_get = Some(HTTPGetAction {
                port: port(number),
                path: Some(path.into()),
                ..HTTPGetAction::default()
            });
        }
        Question::Command(command) => {
            probe.exec = Some(ExecAction {
                command: Some(command),
            });
        }
    }
    probe
}
