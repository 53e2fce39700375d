//! `cordanetes plan`.

use std::path::PathBuf;

use clap::Args;

use super::{ChoiceArguments, ClusterArguments, CustodyArguments, OutputFormat};

/// Arguments of `plan`.
#[derive(Args, Debug)]
pub(crate) struct RolloutPlanArguments {
    /// Topology file
    #[arg(value_name = "FILE")]
    pub(crate) topology: PathBuf,

    /// Write the plan to this file, for `deploy --plan`. Keys that are missing are made first
    #[arg(long, value_name = "PATH")]
    pub(crate) out: Option<PathBuf>,

    /// Exit with 3 when changes are pending
    #[arg(long)]
    pub(crate) detailed_exit_code: bool,

    /// For people, or one JSON object
    #[arg(long, short, value_enum, default_value_t = OutputFormat::Text, value_name = "FORMAT")]
    pub(crate) output: OutputFormat,

    #[command(flatten)]
    pub(crate) choices: ChoiceArguments,

    #[command(flatten)]
    pub(crate) cluster: ClusterArguments,

    #[command(flatten)]
    pub(crate) custody: CustodyArguments,
}
