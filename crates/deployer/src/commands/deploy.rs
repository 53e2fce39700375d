//! `cordanetes deploy`.

use std::path::PathBuf;
use std::sync::Arc;

use owo_colors::OwoColorize as _;
use rollout::Options;
use rollout::plan::PlanFile;
use rollout::report::Report;

use super::engine::{self, Telling};
use crate::arguments::DeployArguments;
use crate::failure::Failure;
use crate::json_lines::JsonLines;
use crate::keys::Keys;
use crate::kubectl::{Kubectl, quoted};
use crate::printer::{self, Printer};
use crate::summary::{DeploymentResult, DeploymentSummary, RunFigures};
use crate::{encryption_at_rest, environment, holder, plan, plan_file, report, topology_file};

/// Rolls out, or continues.
pub(crate) async fn run(arguments: &DeployArguments, printer: Printer) -> Result<(), Failure> {
    // The topology before the cluster: wrong input never contacts one. The cluster before the keys: nobody
    // is asked for a passphrase in vain.
    let file = arguments.plan.as_deref().map(plan_file::read).transpose()?;
    let declared = declared(arguments, file.as_ref())?;
    let topology = topology_file::read(&declared)?;
    let cluster = engine::connect(&arguments.cluster).await?;
    let mut keys = Keys::open(&arguments.custody, topology.name.as_str())?;
    let prepared = plan::prepare(&topology, &declared, &mut keys)?;
    let choices = arguments.choices.choices();
    super::plan::refuse_unknown(&choices, &prepared.steps)?;
    let (rollout, summary) = prepared.into_rollout(&topology);
    let options = Options {
        holder: holder::words(),
        choices,
        plan: file,
        ..Options::default()
    };
    let resume = format!(
        "{} deploy {}{}",
        environment::command(),
        quoted(&declared.display().to_string()),
        arguments.choices.flags()
    );
    let json = engine::json_lines(arguments.output)?;
    let telling = Telling {
        json: json.as_ref(),
        printer,
        resume: &resume,
        report: &arguments.report,
    };
    let finished = engine::reported(telling, async |cancellation, events| {
        encryption_at_rest::check(&topology, Arc::clone(&cluster) as _, printer).await?;
        let examined = rollout::examine(cluster, rollout, options)
            .await
            .map_err(Failure::of_rollout)?;
        // New keys exist only once it is known that the cluster takes them, and before it sees one.
        keys.save()?;
        examined
            .roll_out(cancellation, events)
            .await
            .map_err(Failure::of_rollout)
    })
    .await;
    let told =
        finished.and_then(|finished| tell(arguments, printer, json.as_ref(), summary, &finished.report));
    if let Some(json) = json {
        json.finish();
    }
    told
}

/// The topology that is named, or that a plan was made of.
fn declared(arguments: &DeployArguments, file: Option<&PlanFile>) -> Result<PathBuf, Failure> {
    let planned = file.and_then(|file| file.source.as_deref()).map(PathBuf::from);
    arguments
        .topology
        .clone()
        .or(planned)
        .ok_or_else(|| Failure::WrongInput {
            message: "the plan does not say which topology it was made of".to_owned(),
            help: "give the topology file as well: `cordanetes deploy FILE --plan PATH`".to_owned(),
        })
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
