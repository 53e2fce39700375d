//! `cordanetes deploy`.

use std::collections::HashMap;

use kubernetes_objects::step::Step;
use rollout::event::Summary;
use rollout::{Options, Rollout};

use super::engine;
use crate::arguments::DeployArguments;
use crate::failure::Failure;
use crate::json_lines::JsonLines;
use crate::keys::Keys;
use crate::kubectl::{Kubectl, quoted};
use crate::printer::{self, Printer};
use crate::summary::{ChainLink, DeploymentResult, DeploymentSummary, RunFigures};
use crate::{environment, plan, topology_file};

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
    let json = engine::json_lines(arguments.output)?;
    let finished = engine::reported(json.as_ref(), printer, &resume, |cancellation, events| {
        rollout::roll_out(cluster, rollout, Options::default(), cancellation, events)
    })
    .await;
    let told = finished.and_then(|finished| {
        tell(
            arguments,
            printer,
            json.as_ref(),
            prepared.summary,
            figures(&finished, &titles),
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
    figures: RunFigures,
) -> Result<(), Failure> {
    match json {
        None if printer.is_quiet() => {}
        None if figures.changed_nothing() => {
            printer::data(&figures.headline(&summary.network))?;
        }
        None => {
            printer::data(&summary.text(&figures, &Kubectl::new(&arguments.cluster)))?;
        }
        Some(json) => json.send(&DeploymentResult::new(summary, figures))?,
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
