//! `cordanetes certificates`: one file a command.

mod check;
mod plan;

use crate::arguments::{CertificatesArguments, CertificatesCommand};
use crate::failure::Failure;
use crate::printer::Printer;

/// Runs one of its commands.
pub(crate) fn run(arguments: &CertificatesArguments, printer: Printer) -> Result<(), Failure> {
    match &arguments.command {
        CertificatesCommand::Plan(arguments) => plan::run(arguments),
        CertificatesCommand::Check(arguments) => check::run(arguments, printer),
    }
}
