//! What the commands that change a cluster have in common: connect, run the engine, tell about it.

use std::cell::Cell;
use std::future::Future;
use std::sync::Arc;

use rollout::Cancellation;
use rollout::cluster::kube::{ConnectOptions, KubeCluster};
use rollout::event::{Outcome, RolloutEvent, Summary};
use rollout::history::Recording;
use rollout::report::Report;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::watch;

use crate::arguments::{ClusterArguments, OutputFormat, ReportOption};
use crate::failure::{FailedStep, Failure};
use crate::interrupt::{Interrupt, Urgency};
use crate::json_lines::JsonLines;
use crate::printer::Printer;
use crate::{report, reporter};

/// Connects by the usual kubeconfig rules.
pub(crate) async fn connect(arguments: &ClusterArguments) -> Result<Arc<KubeCluster>, Failure> {
    let options = ConnectOptions {
        kubeconfig: arguments.kubeconfig.clone(),
        context: arguments.context.clone(),
    };
    let cluster = KubeCluster::connect(&options)
        .await
        .map_err(Failure::from_library)?;
    Ok(Arc::new(cluster))
}

/// The stream for machines, if they are whom the output is for.
pub(crate) fn json_lines(output: OutputFormat) -> Result<Option<JsonLines>, Failure> {
    match output {
        OutputFormat::Text => Ok(None),
        OutputFormat::Json => JsonLines::to_standard_output()
            .map(Some)
            .map_err(|error| Failure::internal("no thread can be started", error)),
    }
}

/// How a run is told.
pub(crate) struct Telling<'run> {
    /// The stream for machines, if they are whom it is told to.
    pub(crate) json: Option<&'run JsonLines>,
    /// The voice for people.
    pub(crate) printer: Printer,
    /// The command that goes on where the run ended.
    pub(crate) resume: &'run str,
    /// Whether a report is wanted.
    pub(crate) report: &'run ReportOption,
}

/// A run that ended well.
pub(crate) struct Finished {
    /// The result.
    pub(crate) summary: Summary,
    /// The run, explained.
    pub(crate) report: Report,
}

/// Runs the engine with a reporter beside it, and turns the way it ended into a result.
pub(crate) async fn reported<F, R>(telling: Telling<'_>, engine: F) -> Result<Finished, Failure>
where
    F: FnOnce(Cancellation, UnboundedSender<RolloutEvent>) -> R,
    R: Future<Output = Result<Summary, Failure>>,
{
    let cancellation = Cancellation::default();
    let interrupt = Interrupt::listen(cancellation.clone())?;
    let begun = Cell::new(false);
    let mut recording = Recording::default();
    let (events, receiver) = unbounded_channel();
    let report = reporter::report(
        reporter::choose(telling.json, telling.printer),
        receiver,
        interrupt.watch(),
        &begun,
        &mut recording,
    );
    let work = async {
        tokio::select! {
            summary = engine(cancellation, events) => Some(summary),
            // The engine asks the cluster a few things before it starts, and a dead cluster takes its time.
            () = interrupted_before(&begun, interrupt.watch()) => None,
        }
    };
    // The engine drops its sender at the end, which ends the report.
    let (summary, reported) = tokio::join!(work, report);
    let Some(summary) = summary else {
        return Err(Failure::Interrupted {
            help: "nothing was changed".to_owned(),
        });
    };
    let summary = summary?;
    let report = recording
        .record()
        .map(Report::of)
        .ok_or_else(|| Failure::internal("the run cannot be explained", "it told no first event"))?;
    let written = match &telling.report.report {
        Some(file) => report::write(&report, file).map(|()| {
            telling
                .printer
                .message(&format!("report: {}", file.path().display()));
        }),
        None => Ok(()),
    };
    // How the run ended matters more than how it was told.
    if let Some(taker) = &summary.lost_to {
        return Err(Failure::Failed {
            message: format!("another run has taken the network over: {taker}"),
            cause: None,
            help: Some(format!(
                "what is done stays; once that run has ended, run `{}` to continue",
                telling.resume
            )),
        });
    }
    let summary = ended(summary, telling.resume)?;
    reported?;
    written?;
    Ok(Finished { summary, report })
}

/// Returns at a signal that comes before the run has begun; afterwards the engine ends in good order.
async fn interrupted_before(begun: &Cell<bool>, mut urgency: watch::Receiver<Urgency>) {
    let heard = urgency
        .wait_for(|urgency| *urgency != Urgency::None)
        .await
        .is_ok();
    if !heard || begun.get() {
        std::future::pending::<()>().await;
    }
}

fn ended(summary: Summary, resume: &str) -> Result<Summary, Failure> {
    match summary.outcome {
        Outcome::Done => Ok(summary),
        Outcome::Interrupted => Err(Failure::Interrupted {
            help: format!("what is done stays; to continue, run `{resume}`"),
        }),
        Outcome::Failed => {
            let failed: Vec<FailedStep> = summary
                .failed
                .into_iter()
                .map(|failed| FailedStep {
                    step: failed.step,
                    message: failed.message,
                })
                .collect();
            Err(Failure::StepsFailed {
                of: summary.done + failed.len() + summary.not_done.len(),
                failed,
                roots: summary.roots,
                not_done: summary.not_done,
                help: format!("what is done stays; once the cause is gone, run `{resume}` to continue"),
            })
        }
    }
}
