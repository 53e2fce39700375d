//! What each command does; one file a command.

mod certificates;
mod deploy;
mod destroy;
mod engine;
mod explain;
mod generate;
mod graph;
mod plan;
mod render;
mod report;
mod status;
mod validate;

use std::process::ExitCode;

use tracing::{Instrument as _, info_span};

use crate::arguments::{Arguments, Command};
use crate::failure::Failure;
use crate::printer::Printer;
use crate::telemetry;

/// Runs a command and tells its failure.
pub(crate) async fn run(arguments: Arguments) -> ExitCode {
    let printer = Printer::new(&arguments.global);
    let telemetry = match telemetry::start(&arguments.global.log, printer) {
        Ok(telemetry) => telemetry,
        Err(failure) => {
            failure.print();
            return failure.exit_code();
        }
    };
    // It fails when a provider is installed already, and there is only this one in the build.
    let _installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let name = arguments.command.name();
    let result = carry_out(arguments.command, printer)
        .instrument(info_span!("command", name))
        .await;
    telemetry.finish();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            failure.exit_code()
        }
    }
}

async fn carry_out(command: Command, printer: Printer) -> Result<(), Failure> {
    match command {
        Command::Validate(arguments) => validate::run(&arguments, printer),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Graph(arguments) => graph::run(&arguments, printer),
        Command::Render(arguments) => render::run(&arguments, printer),
        Command::Plan(arguments) => Box::pin(plan::run(&arguments, printer)).await,
        Command::Deploy(arguments) => Box::pin(deploy::run(&arguments, printer)).await,
        Command::Status(arguments) => Box::pin(status::run(&arguments, printer)).await,
        Command::Report(arguments) => report::run(&arguments).await,
        Command::Destroy(arguments) => Box::pin(destroy::run(&arguments, printer)).await,
        Command::Certificates(arguments) => Box::pin(certificates::run(&arguments, printer)).await,
        Command::Generate(arguments) => generate::run(&arguments),
    }
}
