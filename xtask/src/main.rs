//! The developers' door: `cargo xtask deploy|destroy|cluster|images|enter|test|check|fuzz|bench`.

mod bench;
mod checks;
mod cluster;
mod daemon;
mod deploy;
mod engine;
mod fuzz;
mod go;
mod images;
mod node_image;
mod packages;
mod places;
mod progress;
mod secret_stores;
mod store;

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

use crate::{cluster::Cluster, engine::runtime, places::Places, progress::Progress};

/// Tasks of Cordanetes' developers.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Rolls a network out: on the development cluster, which is made if it is not up, or with
    /// `--context NAME` on that one, and then nothing of this machine is touched
    Deploy {
        /// The topology file, then options of `cordanetes deploy`
        #[arg(
            required = true,
            trailing_var_arg = true,
            allow_hyphen_values = true,
            value_name = "FILE"
        )]
        arguments: Vec<OsString>,
    },
    /// Takes a network away
    Destroy {
        /// The topology file or the network's name, then options of `cordanetes destroy`
        #[arg(
            required = true,
            trailing_var_arg = true,
            allow_hyphen_values = true,
            value_name = "FILE|NETWORK"
        )]
        arguments: Vec<OsString>,
    },
    /// Makes, shows or takes away the development cluster on this machine
    #[command(subcommand)]
    Cluster(ClusterTask),
    /// Makes the images that the development cluster runs
    Images,
    /// Runs a command where the development cluster can be reached, with its kubeconfig: `enter kubectl get pods`
    Enter {
        /// The command and its arguments
        #[arg(
            required = true,
            trailing_var_arg = true,
            allow_hyphen_values = true,
            value_name = "COMMAND"
        )]
        command: Vec<OsString>,
    },
    /// Runs every test, the ones on the development cluster included
    Test {
        /// Build Vault as well, which takes two cores ten minutes, and run the test that needs it
        #[arg(long)]
        with_vault: bool,
    },
    /// Checks formatting and lints, and runs the tests that need no cluster
    Check,
    /// Measures what networks of many participants cost, and tells which aims are missed
    Bench,
    /// Reads random topologies, and looks for one that breaks the reader
    Fuzz {
        /// How long
        #[arg(long, default_value_t = 60, value_name = "NUMBER")]
        seconds: u32,
    },
}

#[derive(Debug, Subcommand)]
enum ClusterTask {
    /// Makes the cluster if it is not up
    Up {
        /// Nodes beside the control plane, when the cluster is made
        #[arg(long, default_value_t = 0, value_name = "NUMBER")]
        workers: u8,
    },
    /// Takes the cluster away with all that is on it, keys included, and the engine if it was started here
    Down {
        /// Remove downloads and builds as well
        #[arg(long)]
        purge_cache: bool,
    },
    /// Shows what runs where
    Status,
    /// Loads docker-archives into the cluster's nodes
    Load {
        /// The archives
        #[arg(required = true, value_name = "ARCHIVE")]
        archives: Vec<PathBuf>,
    },
}

fn main() -> ExitCode {
    let mut arguments = std::env::args_os();
    let name = arguments.next().unwrap_or_default();
    if Path::new(&name)
        .file_name()
        .is_some_and(|name| name == runtime::NAME)
    {
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
    let progress = Progress::new(&places.logs());
    match task {
        Task::Deploy { arguments } => return deploy::deploy(&places, &progress, &arguments),
        Task::Destroy { arguments } => return deploy::destroy(&places, &progress, &arguments),
        Task::Cluster(task) => run_cluster_task(task, &places, &progress)?,
        Task::Images => {
            for image in images::ensure(&places, &progress)?.images {
                anstream::println!("{} {}", image.reference, image.id);
            }
        }
        Task::Enter { command } => {
            let cluster = Cluster::ensure(&places, &progress)?;
            let (program, arguments) = command.split_first().context("name a command")?;
            let status = cluster
                .enter(program)?
                .args(arguments)
                .status()
                .with_context(|| format!("cannot start {}", program.display()))?;
            return deploy::exit_code(status);
        }
        Task::Test { with_vault } => checks::test(&places, &progress, with_vault)?,
        Task::Check => checks::check(&places, &progress)?,
        Task::Bench => return bench::bench(&places, &progress),
        Task::Fuzz { seconds } => fuzz::fuzz(&places, &progress, seconds)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn run_cluster_task(task: ClusterTask, places: &Places, progress: &Progress) -> Result<()> {
    let started = Instant::now();
    match task {
        ClusterTask::Up { workers } => {
            Cluster::ensure_with_workers(places, progress, workers)?;
            progress.say(&format!(
                "the cluster is up after {}",
                progress::duration(started.elapsed())
            ));
            Ok(())
        }
        ClusterTask::Down { purge_cache } => cluster::down(places, progress, purge_cache),
        ClusterTask::Status => cluster::print_status(places),
        ClusterTask::Load { archives } => {
            let cluster = Cluster::ensure(places, progress)?;
            archives
                .iter()
                .try_for_each(|archive| cluster.load_archive(archive, progress))
        }
    }
}
