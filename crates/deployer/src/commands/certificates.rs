//! `cordanetes certificates`: one file a command.

mod calendar;
mod ceremony;
mod check;
mod export;
mod import;
mod issue;
mod list;
mod plan;
mod rotate;

use crate::arguments::{CertificatesArguments, CertificatesCommand};
use crate::failure::Failure;
use crate::printer::Printer;

/// Runs one of its commands.
pub(crate) async fn run(arguments: &CertificatesArguments, printer: Printer) -> Result<(), Failure> {
    match &arguments.command {
        CertificatesCommand::Plan(arguments) => plan::run(arguments),
        CertificatesCommand::Check(arguments) => check::run(arguments, printer),
        CertificatesCommand::Ceremony(arguments) => ceremony::run(arguments, printer),
        CertificatesCommand::Import(arguments) => import::run(arguments, printer),
        CertificatesCommand::List(arguments) => list::run(arguments).await,
        CertificatesCommand::RenewCrls(arguments) => rotate::renew_crls(arguments, printer),
        CertificatesCommand::Rotate(arguments) => rotate::rotate(arguments, printer).await,
        CertificatesCommand::Issue(arguments) => issue::run(arguments, printer),
        CertificatesCommand::Export(arguments) => export::run(arguments, printer),
    }
}
