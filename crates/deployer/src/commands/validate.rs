//! `cordanetes validate`.

use owo_colors::OwoColorize as _;

use crate::arguments::{ProblemFormat, ValidateArguments};
use crate::failure::Failure;
use crate::printer::{self, Printer};
use crate::{figures, plan, problems, topology_file};

/// Reads the topology and everything that follows from it alone.
pub(crate) fn run(arguments: &ValidateArguments, printer: Printer) -> Result<(), Failure> {
    let result = topology_file::read(&arguments.topology);
    let diagnostics = match &result {
        Err(Failure::InvalidTopology(diagnostics)) => Some(&**diagnostics),
        Ok(_) => None,
        // Nothing was read, so there is nothing to report on.
        Err(_) => return result.map(drop),
    };
    let report = match arguments.output {
        ProblemFormat::Text => None,
        ProblemFormat::Json => Some(problems::json(&arguments.topology.to_string_lossy(), diagnostics)),
        ProblemFormat::Sarif => Some(problems::sarif(diagnostics)),
    };
    if let Some(report) = report {
        printer::data(&report.map_err(|error| Failure::internal("the report", error))?)?;
        if let Some(diagnostics) = diagnostics {
            let summary = problems::summary(diagnostics);
            return Err(Failure::Reported { summary });
        }
    }
    let topology = result?;
    let graph = plan::graph(&topology)?;
    let steps = figures::count(graph.len(), "step");
    let valid = format!("`{}` is valid", arguments.topology.display());
    printer.message(&format!("{}: network {}, {steps}", valid.green(), topology.name));
    Ok(())
}
