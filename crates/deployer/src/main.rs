//! `cordanetes`: rolls a Corda network out on Kubernetes. The only crate that prints.

mod arguments;
mod cluster_keys;
mod commands;
mod custody_directory;
mod encryption_at_rest;
mod environment;
mod event_schema;
mod failure;
mod figures;
mod given_secrets;
mod holder;
mod interrupt;
mod json_lines;
mod keys;
mod kubectl;
mod operator_token;
mod passphrase;
mod plan;
mod plan_file;
mod plan_text;
mod printer;
mod problems;
mod report;
mod reporter;
mod screen;
mod store_directory;
mod store_passwords;
mod summary;
mod table;
mod telemetry;
mod topology_file;

use std::process::ExitCode;

/// What a rendering costs is mostly objects made and let go, on every core at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match <arguments::Arguments as clap::Parser>::try_parse() {
        Ok(arguments) => commands::run(arguments).await,
        Err(error) => printer::usage(&error),
    }
}
