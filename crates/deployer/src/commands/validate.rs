//! `cordanetes validate`.

use owo_colors::OwoColorize as _;

use crate::arguments::ValidateArguments;
use crate::failure::Failure;
use crate::figures;
use crate::printer::Printer;
use crate::{plan, topology_file};

/// Reads the topology and everything that follows from it alone.
pub(crate) fn run(arguments: &ValidateArguments, printer: Printer) -> Result<(), Failure> {
    let topology = topology_file::read(&arguments.topology)?;
    let graph = plan::graph(&topology)?;
    let steps = figures::count(graph.len(), "step");
    let valid = format!("`{}` is valid", arguments.topology.display());
    printer.message(&format!("{}: network {}, {steps}", valid.green(), topology.name));
    Ok(())
}
