//! What ends a run early: expected failures with cause and next step, each with its exit code.
//!
//! Two tiers. An expected failure (wrong input, a cluster that says no, a step that did not come up) is told
//! in one sentence with the next step. [`Failure::Internal`] is a fault of the program and says so.

use std::error::Error;
use std::fmt::Write as _;
use std::io;
use std::process::ExitCode;

use owo_colors::OwoColorize as _;
use rollout::RolloutError;
use rollout::cause::Root;

use crate::{printer, problems};

/// Any error of a library.
pub(crate) type Cause = Box<dyn Error + Send + Sync>;

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The topology has problems.
    #[error("the topology `{}` is not valid", .0.source_name())]
    InvalidTopology(Box<topology::Diagnostics>),
    /// The topology has problems, which standard output has told.
    #[error("the topology is not valid")]
    Reported {
        /// How many.
        summary: String,
    },
    /// Something else that the user wrote is wrong.
    #[error("{message}")]
    WrongInput {
        /// What is wrong.
        message: String,
        /// What to write instead.
        help: String,
    },
    /// Something outside of the program said no.
    #[error("{message}")]
    Failed {
        /// What could not be done.
        message: String,
        /// Why.
        #[source]
        cause: Option<Cause>,
        /// What to do next, unless the message says it.
        help: Option<String>,
    },
    /// Steps of a rollout failed.
    #[error("{} of {of} steps failed", failed.len())]
    StepsFailed {
        /// Which, and why.
        failed: Vec<FailedStep>,
        /// The fewest things to repair.
        roots: Vec<Root>,
        /// Steps that did not start or did not finish because of them.
        not_done: Vec<String>,
        /// How many steps there are.
        of: usize,
        /// How to continue.
        help: String,
    },
    /// The user stopped the run.
    #[error("interrupted")]
    Interrupted {
        /// How to continue.
        help: String,
    },
    /// All went well, and there is something to do.
    #[error("changes are pending")]
    ChangesPending,
    /// Standard output does not take any more.
    #[error("standard output cannot be written")]
    Output(#[from] io::Error),
    /// A fault of the program.
    #[error("{message}")]
    Internal {
        /// What it was doing.
        message: String,
        /// What went wrong.
        #[source]
        cause: Cause,
    },
}

/// A step that failed.
#[derive(Clone, Debug)]
pub(crate) struct FailedStep {
    /// Its id.
    pub(crate) step: String,
    /// One sentence: object, cause, next step.
    pub(crate) message: String,
}

impl Failure {
    /// An error of a library whose text is a whole sentence with the next step.
    pub(crate) fn from_library(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Failed {
            message: error.to_string(),
            cause: Some(Box::new(error)),
            help: None,
        }
    }

    /// Why a rollout did not begin.
    pub(crate) fn of_rollout(error: RolloutError) -> Self {
        match error {
            RolloutError::StillDeclared { .. } => Self::WrongInput {
                message: error.to_string(),
                help: "see `cordanetes plan FILE` for what has left the topology".to_owned(),
            },
            error => Self::from_library(error),
        }
    }

    /// Something could not be done, because of an error of a library.
    pub(crate) fn failed(
        message: impl Into<String>,
        cause: impl Into<Cause>,
        help: impl Into<String>,
    ) -> Self {
        Self::Failed {
            message: message.into(),
            cause: Some(cause.into()),
            help: Some(help.into()),
        }
    }

    /// The program contradicts itself.
    pub(crate) fn internal(message: impl Into<String>, cause: impl Into<Cause>) -> Self {
        Self::Internal {
            message: message.into(),
            cause: cause.into(),
        }
    }

    /// The code that a script sees.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::InvalidTopology(_) | Self::Reported { .. } | Self::WrongInput { .. } => ExitCode::from(2),
            Self::ChangesPending => ExitCode::from(3),
            Self::Interrupted { .. } => ExitCode::from(130),
            // The reader has seen enough, e.g. `cordanetes graph FILE | head`.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Self::Failed { .. } | Self::StepsFailed { .. } | Self::Output(_) | Self::Internal { .. } => {
                ExitCode::FAILURE
            }
        }
    }

    /// Tells it.
    pub(crate) fn print(&self) {
        match self {
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            // The plan has told it.
            Self::ChangesPending => {}
            Self::InvalidTopology(diagnostics) => printer::error(&problems::text(diagnostics)),
            Self::Reported { summary } => printer::error(summary),
            _ => printer::error(&self.text()),
        }
    }

    fn text(&self) -> String {
        let mut text = format!("{} {self}", "error:".red().bold());
        if let Self::StepsFailed {
            failed,
            roots,
            not_done,
            of: _,
            help: _,
        } = self
        {
            for FailedStep { step, message } in failed {
                let _infallible = write!(text, "\n  {} {step}: {message}", "✘".red());
            }
            for root in roots {
                let _infallible = write!(text, "\n  {} {}", "to repair:".yellow(), repair(root));
            }
            if !not_done.is_empty() {
                let _infallible = write!(text, "\n  {} {}", "not done:".yellow(), not_done.join(", "));
            }
        }
        let mut said = self.to_string();
        let mut source = self.source();
        while let Some(cause) = source {
            let cause_text = cause.to_string();
            // Libraries differ in whether an error's text already holds that of its source.
            if !said.contains(&cause_text) {
                let _infallible = write!(text, "\n  {} {cause_text}", "because".yellow());
                said.push_str(&cause_text);
            }
            source = cause.source();
        }
        if let Some(help) = self.help() {
            let _infallible = write!(text, "\n  {} {help}", "help:".cyan());
        }
        text
    }

    fn help(&self) -> Option<&str> {
        match self {
            Self::WrongInput { help, .. } | Self::StepsFailed { help, .. } | Self::Interrupted { help } => {
                Some(help)
            }
            Self::Failed { help, .. } => help.as_deref(),
            Self::Internal { .. } => {
                Some("this is a fault of cordanetes: report it with the command and this message")
            }
            Self::InvalidTopology(_) | Self::Reported { .. } | Self::Output(_) | Self::ChangesPending => None,
        }
    }
}

/// One thing to repair: what it is, and what hangs on it.
fn repair(root: &Root) -> String {
    let mut text = format!(
        "{} ({}), which failed {}",
        root.blame.cause,
        root.blame.subject,
        root.steps.join(", ")
    );
    if !root.not_started.is_empty() {
        let _infallible = write!(text, " and kept {} from starting", root.not_started.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(failure: &Failure) -> String {
        anstream::adapter::strip_str(&failure.text()).to_string()
    }

    #[test]
    fn a_cause_is_told_once_and_the_next_step_last() {
        let cause = io::Error::new(io::ErrorKind::NotFound, "no such file");
        let failure = Failure::failed("the file `a.yaml` cannot be read", cause, "check the path");
        insta::assert_snapshot!(plain(&failure), @r"
        error: the file `a.yaml` cannot be read
          because no such file
          help: check the path
        ");
        let said = Failure::failed(
            "`a.yaml`: no such file",
            io::Error::other("no such file"),
            "check the path",
        );
        insta::assert_snapshot!(plain(&said), @r"
        error: `a.yaml`: no such file
          help: check the path
        ");
    }

    #[test]
    fn failed_steps_are_told_with_what_they_stop() {
        let message = "Pod bank-network/auth-0 cannot pull its image".to_owned();
        let failure = Failure::StepsFailed {
            failed: vec![FailedStep {
                step: "auth".into(),
                message,
            }],
            roots: vec![Root {
                blame: rollout::cause::Blame {
                    cause: rollout::cause::Cause::ImagePull,
                    subject: "example/cenm:1".into(),
                },
                steps: vec!["auth".into()],
                not_started: vec!["gateway".into()],
            }],
            not_done: vec!["gateway".into(), "zone".into()],
            of: 9,
            help: "run it again".into(),
        };
        insta::assert_snapshot!(plain(&failure), @r"
        error: 1 of 9 steps failed
          ✘ auth: Pod bank-network/auth-0 cannot pull its image
          to repair: image pull (example/cenm:1), which failed auth and kept gateway from starting
          not done: gateway, zone
          help: run it again
        ");
        assert_eq!(failure.exit_code(), ExitCode::FAILURE);
    }

    #[test]
    fn exit_codes() {
        let input = Failure::WrongInput {
            message: String::new(),
            help: String::new(),
        };
        assert_eq!(input.exit_code(), ExitCode::from(2));
        assert_eq!(
            Failure::Interrupted { help: String::new() }.exit_code(),
            ExitCode::from(130)
        );
        let closed = Failure::Output(io::ErrorKind::BrokenPipe.into());
        assert_eq!(closed.exit_code(), ExitCode::SUCCESS);
        let full = Failure::Output(io::ErrorKind::StorageFull.into());
        assert_eq!(full.exit_code(), ExitCode::FAILURE);
    }
}
