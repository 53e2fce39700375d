//! `cordanetes certificates`: one file a command.

mod plan;

use crate::arguments::{CertificatesArguments, CertificatesCommand};
use crate::failure::Failure;

/// Runs one of its commands.
pub(crate) fn run(arguments: &CertificatesArguments) -> Result<(), Failure> {
    match &arguments.command {
        CertificatesCommand::Plan(arguments) => plan::run(arguments),
    }
}
