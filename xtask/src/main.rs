//! The developers' door: `cargo xtask deploy|destroy|cluster|test|check|enter`.

mod cluster;
mod daemon;
mod engine;
mod images;
mod node_image;
mod packages;
mod places;
mod progress;
mod store;

use std::{ffi::OsString, path::Path, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::{cluster::Cluster, engine::runtime, places::Places, progress::Progress};

/// Tasks of Cordanetes' developers.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Makes, shows or takes away the development cluster on this machine.
    #[command(subcommand)]
    Cluster(ClusterTask),
    /// Builds the images that the cluster's Pods run, and shows their ids.
    Images,
    /// Runs a command where the cluster can be reached, with its kubeconfig: `enter kubectl get pods`.
    Enter {
        /// The command and its arguments.
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<OsString>,
    },
}

#[derive(Debug, Subcommand)]
enum ClusterTask {
    /// Makes the cluster if it is not up.
    Up,
    /// Takes the cluster away, with the engine if it was started here.
    Down {
        /// Removes downloads and builds as well.
        #[arg(long)]
        purge_cache: bool,
    },
    /// Shows what runs where.
    Status,
    /// Loads docker-archives into the cluster's nodes.
    Load {
        /// The archives.
        #[arg(required = true)]
        archives: Vec<std::path::PathBuf>,
    },
}

fn main() -> ExitCode {
    let mut arguments = std::env::args_os();
    let name = arguments.next().unwrap_or_default();
    if Path::new(&name).file_name().is_some_and(|name| name == runtime::NAME) {
        let error = runtime::become_runc(arguments.collect());
        anstream::eprintln!("{error:#}");
        return ExitCode::FAILURE;
    }
    match run(Arguments::parse().task) {
        Ok(code) => code,
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<ExitCode> {
    let places = Places::of_this_machine()?;
    let progress = Progress::new(&places.logs())?;
    match task {
        Task::Cluster(ClusterTask::Up) => {
            Cluster::ensure(&places, &progress)?;
        }
        Task::Cluster(ClusterTask::Down { purge_cache }) => cluster::down(&places, &progress, purge_cache)?,
        Task::Cluster(ClusterTask::Status) => cluster::print_status(&places)?,
        Task::Cluster(ClusterTask::Load { archives }) => {
            Cluster::ensure(&places, &progress)?.load_images(&archives, &progress)?;
        }
        Task::Images => {
            let built = images::ensure(&places, &progress)?;
            for image in &built.images {
                anstream::println!("{} {}", image.id, image.reference);
            }
            anstream::println!("{}", built.archive(&progress, |_| true)?.display());
        }
        Task::Enter { command } => {
            let cluster = Cluster::ensure(&places, &progress)?;
            let (program, arguments) = command.split_first().expect("clap requires one");
            let status = cluster.enter(program)?.args(arguments).status()?;
            return Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from));
        }
    }
    Ok(ExitCode::SUCCESS)
}
