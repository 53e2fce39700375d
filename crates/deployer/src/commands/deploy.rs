//! `cordanetes deploy`.

use owo_colors::OwoColorize as _;
use rollout::report::Report;
use rollout::{Options, Rollout};

use super::engine::{self, Telling};
use crate::arguments::DeployArguments;
use crate::failure::Failure;
use crate::json_lines::JsonLines;
use crate::keys::Keys;
use crate::kubectl::{Kubectl, quoted};
use crate::printer::{self, Printer};
use crate::summary::{DeploymentResult, DeploymentSummary, RunFigures};
use crate::{environment, plan, report, topology_file};

/// Rolls out, or continues.
pub(crate) async fn run(arguments: &DeployArguments, printer: Printer) -> Result<(), Failure> {
    // The topology before the cluster: wrong input never contacts one. The cluster before the keys: nobody
    // is asked for a passphrase in vain.
    let topology = topology_file::read(&arguments.topology)?;
    let cluster = engine::connect(&arguments.cluster).await?;
    let mut keys = Keys::open(&arguments.custody, topology.name.as_str())?;
    let prepared = plan::prepare(&topology, &arguments.topology, &mut keys)?;
    let rollout = Rollout {
        network: topology.name.to_string(),
        graph: prepared.graph,
        steps: prepared.steps,
    };
    let resume = format!(
        "{} deploy {}",
        environment::command(),
        quoted(&arguments.topology.display().to_string())
    );
    let json = engine::json_lines(arguments.output)?;
    let telling = Telling {
        json: json.as_ref(),
        printer,
        resume: &resume,
        report: &arguments.report,
    };
    let finished = engine::reported(telling, |cancellation, events| {
        rollout::roll_out(cluster, rollout, Options::default(), cancellation, events)
    })
    .await;
    let told = finished.and_then(|finished| {
        tell(
            arguments,
            printer,
            json.as_ref(),
            prepared.summary,
            &finished.report,
        )
    });
    if let Some(json) = json {
        json.finish();
    }
    told
}

/// Tells how it ended.
fn tell(
    arguments: &DeployArguments,
    printer: Printer,
    json: Option<&JsonLines>,
    summary: DeploymentSummary,
    report: &Report,
) -> Result<(), Failure> {
    let figures = RunFigures::of(report);
    match json {
        None if printer.is_quiet() => {}
        None if figures.changed_nothing() => {
            printer::data(&figures.headline(&summary.network))?;
        }
        None => {
            let command = format!("{} report {}", environment::command(), summary.network);
            let explained = format!(
                "{}\n  all steps: {}\n",
                report::brief(report, report::width()),
                command.cyan()
            );
            printer::data(&summary.text(&figures, &Kubectl::new(&arguments.cluster), &explained))?;
        }
        Some(json) => json.send(&DeploymentResult::new(summary, figures))?,
    }
    Ok(())
}
