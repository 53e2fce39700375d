//! `cordanetes deploy`.

use std::collections::HashMap;

use kubernetes_objects::step::Step;
use rollout::event::Summary;
use rollout::{Options, Rollout};
use serde::Serialize;

use super::engine;
use crate::arguments::{DeployArguments, OutputFormat};
use crate::failure::Failure;
use crate::keys::Keys;
use crate::kubectl::{Kubectl, quoted};
use crate::printer::{self, Printer};
use crate::summary::{ChainLink, DeploymentSummary, RunFigures};
use crate::{environment, plan, topology_file};

/// The last line for machines.
#[derive(Serialize)]
struct Ending<'a> {
    summary: &'a DeploymentSummary,
    figures: &'a RunFigures,
}

/// Rolls out, or continues.
pub(crate) async fn run(arguments: &DeployArguments, printer: Printer) -> Result<(), Failure> {
    // The topology before the cluster: wrong input never contacts one. The cluster before the keys: nobody
    // is asked for a passphrase in vain.
    let topology = topology_file::read(&arguments.topology)?;
    let cluster = engine::connect(&arguments.cluster).await?;
    let mut keys = Keys::open(&arguments.custody, topology.name.as_str())?;
    let prepared = plan::prepare(&topology, &mut keys)?;
    let titles = titles(&prepared.steps);
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
    let finished = engine::reported(arguments.output, printer, &resume, |cancellation, events| {
        rollout::roll_out(cluster, rollout, Options::default(), cancellation, events)
    })
    .await?;
    let figures = figures(&finished, &titles);
    match arguments.output {
        OutputFormat::Text if printer.is_quiet() => {}
        OutputFormat::Text if figures.changed_nothing() => {
            printer::data(&figures.headline(&prepared.summary.network))?;
        }
        OutputFormat::Text => {
            printer::data(&prepared.summary.text(&figures, &Kubectl::new(&arguments.cluster)))?;
        }
        OutputFormat::Json => {
            let result = Ending {
                summary: &prepared.summary,
                figures: &figures,
            };
            let json = serde_json::to_string(&result)
                .map_err(|error| Failure::internal("the summary cannot be written as JSON", error))?;
            printer::data(&json)?;
        }
    }
    Ok(())
}

/// Titles by step id.
fn titles(steps: &[Step]) -> HashMap<String, String> {
    steps
        .iter()
        .map(|step| (step.id.clone(), step.title.clone()))
        .collect()
}

fn figures(finished: &Summary, titles: &HashMap<String, String>) -> RunFigures {
    let chain = finished.critical_path.steps.iter().map(|step| ChainLink {
        title: titles.get(&step.id).unwrap_or(&step.id).clone(),
        duration: step.duration,
    });
    RunFigures {
        duration: finished.duration,
        steps: finished.done,
        changed_objects: finished.objects.written(),
        requests: finished.requests,
        critical_chain: chain.collect(),
    }
}
