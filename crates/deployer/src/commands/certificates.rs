//! `cordanetes certificates`: one file a command.

mod calendar;
mod ceremony;
mod check;
mod deliver;
mod export;
mod import;
mod issue;
mod list;
mod plan;
mod rotate;

use std::fmt::Display;
use std::path::Path;

use owo_colors::OwoColorize as _;

use crate::arguments::{CertificatesArguments, CertificatesCommand};
use crate::failure::Failure;
use crate::figures;
use crate::printer::{self, Printer};

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
        CertificatesCommand::Deliver(arguments) => deliver::run(arguments, printer),
    }
}

/// Tells every problem of what others have made, and gives the failure: all of a folder is taken, or nothing.
fn nothing_taken(verb: &str, directory: &Path, problems: &[impl Display]) -> Result<Failure, Failure> {
    for problem in problems {
        printer::data(&format!("{} {problem}", "✘".red()))?;
    }
    Ok(Failure::WrongInput {
        message: format!(
            "nothing was {verb}: `{}` has {}",
            directory.display(),
            figures::count(problems.len(), "problem")
        ),
        help: "each line says what to do; then run the command again".to_owned(),
    })
}
