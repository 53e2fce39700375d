//! `cordanetes report`: an earlier run, from the history in the cluster.

use rollout::cluster::Cluster as _;
use rollout::history::{History, RunRecord};
use rollout::report::Report;
use rollout::{Inventory, RolloutError};

use super::engine;
use crate::arguments::{ReportArguments, ReportFormat};
use crate::failure::Failure;
use crate::printer;
use crate::report::{self, headline};

/// Reads and tells.
pub(crate) async fn run(arguments: &ReportArguments) -> Result<(), Failure> {
    let cluster = engine::connect(&arguments.cluster).await?;
    let network = &arguments.network;
    let history = History::read(&*cluster, network)
        .await
        .map_err(Failure::from_library)?;
    let numbers: Vec<u32> = history.numbers().collect();
    let Some(&last) = numbers.last() else {
        let known = Inventory::read(&*cluster, network)
            .await
            .map_err(Failure::from_library)?
            .is_some();
        return Err(none(network, known, cluster.address()));
    };
    let wanted = arguments.run.unwrap_or(last);
    let read = |number| history.run(number).transpose().map_err(Failure::from_library);
    if arguments.list {
        let runs = numbers
            .iter()
            .map(|number| Ok((*number, read(*number)?)))
            .collect::<Result<Vec<_>, Failure>>()?;
        return list(&runs, arguments.output);
    }
    let record = read(wanted)?.ok_or_else(|| {
        let known: Vec<String> = numbers.iter().map(u32::to_string).collect();
        Failure::WrongInput {
            message: format!("there is no run {wanted} of {network} any more"),
            help: format!("the history has the runs {}", known.join(", ")),
        }
    })?;
    let text = report::render(&Report::of(&record), arguments.output, report::width())?;
    Ok(printer::data(&text)?)
}

fn none(network: &str, known: bool, address: &str) -> Failure {
    if known {
        return Failure::Failed {
            message: format!("no run of {network} is kept"),
            cause: None,
            help: Some("the next `deploy` that changes something leaves a report".to_owned()),
        };
    }
    let (network, address) = (network.to_owned(), address.to_owned());
    Failure::from_library(RolloutError::NoNetwork { network, address })
}

fn list(runs: &[(u32, Option<RunRecord>)], format: ReportFormat) -> Result<(), Failure> {
    let reports = runs
        .iter()
        .filter_map(|(number, record)| Some((number, Report::of(record.as_ref()?))));
    let lines: Vec<String> = match format {
        ReportFormat::Text => reports
            .map(|(number, report)| format!("{number:>5}  {:.0}  {}", report.began, headline(&report)))
            .collect(),
        ReportFormat::Json => reports
            .map(|(number, report)| {
                serde_json::json!({
                    "run": number,
                    "began": report.began,
                    "action": report.action,
                    "outcome": report.outcome,
                    "duration": report.duration.as_secs_f64(),
                })
                .to_string()
            })
            .collect(),
        ReportFormat::Html => {
            return Err(Failure::WrongInput {
                message: "the list of runs is no page".to_owned(),
                help: "leave `--list` out, or ask for text or JSON".to_owned(),
            });
        }
    };
    Ok(printer::data(&lines.join("\n"))?)
}
