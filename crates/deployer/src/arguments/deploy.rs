//! `cordanetes deploy`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{ChoiceArguments, ClusterArguments, CustodyArguments, ReportOption};

/// Arguments of `deploy`.
#[derive(Args, Debug)]
pub(crate) struct DeployArguments {
    /// Topology file
    #[arg(value_name = "FILE", required_unless_present = "plan")]
    pub(crate) topology: Option<PathBuf>,

    /// Do exactly what this plan says, or nothing if the cluster or the topology has moved since
    #[arg(long, value_name = "PATH", conflicts_with_all = ["adopt", "take_ownership", "recreate", "repair", "no_prune", "prune_data"])]
    pub(crate) plan: Option<PathBuf>,

    /// Events and summary for people, or one JSON object a line on standard output
    #[arg(long, short, value_enum, default_value_t = OutputFormat::Text, value_name = "FORMAT")]
    pub(crate) output: OutputFormat,

    #[command(flatten)]
    pub(crate) report: ReportOption,

    #[command(flatten)]
    pub(crate) choices: ChoiceArguments,

    #[command(flatten)]
    pub(crate) cluster: ClusterArguments,

    #[command(flatten)]
    pub(crate) custody: CustodyArguments,
}

/// For whom the output is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// People.
    #[value(alias = "table")]
    Text,
    /// Machines.
    Json,
}
