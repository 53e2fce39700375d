//! `cordanetes deploy`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{ClusterArguments, CustodyArguments, ReportOption};

/// Arguments of `deploy`.
#[derive(Args, Debug)]
pub(crate) struct DeployArguments {
    /// Topology file
    #[arg(value_name = "FILE")]
    pub(crate) topology: PathBuf,

    /// Events and summary for people, or one JSON object a line on standard output
    #[arg(long, short, value_enum, default_value_t = OutputFormat::Text, value_name = "FORMAT")]
    pub(crate) output: OutputFormat,

    #[command(flatten)]
    pub(crate) report: ReportOption,

    #[command(flatten)]
    pub(crate) cluster: ClusterArguments,

    #[command(flatten)]
    pub(crate) custody: CustodyArguments,
}

/// For whom the output is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// People.
    Text,
    /// Machines.
    Json,
}
