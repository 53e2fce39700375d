//! What the commands that change a cluster have in common: connect, run the engine, tell about it.

use std::future::Future;
use std::sync::Arc;

use rollout::cluster::kube::{ConnectOptions, KubeCluster};
use rollout::event::{Outcome, RolloutEvent, Summary};
use rollout::{Cancellation, RolloutError};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::arguments::{ClusterArguments, OutputFormat};
use crate::failure::{FailedStep, Failure};
use crate::interrupt::Interrupt;
use crate::printer::Printer;
use crate::reporter;

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

/// Runs the engine with a reporter beside it, and turns the way it ended into a result.
pub(crate) async fn reported<F, R>(
    output: OutputFormat,
    printer: Printer,
    resume: &str,
    engine: F,
) -> Result<Summary, Failure>
where
    F: FnOnce(Cancellation, UnboundedSender<RolloutEvent>) -> R,
    R: Future<Output = Result<Summary, RolloutError>>,
{
    let cancellation = Cancellation::default();
    let interrupt = Interrupt::listen(cancellation.clone())?;
    let (events, receiver) = unbounded_channel();
    let report = reporter::report(reporter::choose(output, printer), receiver, interrupt.watch());
    // The engine drops its sender at the end, which ends the report.
    let (summary, reported) = tokio::join!(engine(cancellation, events), report);
    let summary = summary.map_err(Failure::from_library)?;
    ended(summary, resume).and_then(|summary| {
        reported?;
        Ok(summary)
    })
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
                not_done: summary.not_done,
                help: format!("what is done stays; once the cause is gone, run `{resume}` to continue"),
            })
        }
    }
}
