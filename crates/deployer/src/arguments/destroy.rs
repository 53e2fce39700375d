//! `cordanetes destroy`.

use clap::Args;

use super::{ClusterArguments, OutputFormat, ReportOption};

/// Arguments of `destroy`.
#[derive(Args, Debug)]
pub(crate) struct DestroyArguments {
    /// Name of the network, or its topology file
    #[arg(value_name = "NETWORK|FILE")]
    pub(crate) network: String,

    /// Also delete ledgers, databases and the keys of the nodes. They cannot be had back
    #[arg(long)]
    pub(crate) delete_data: bool,

    /// Events for people, or one JSON object a line on standard output
    #[arg(long, short, value_enum, default_value_t = OutputFormat::Text, value_name = "FORMAT")]
    pub(crate) output: OutputFormat,

    #[command(flatten)]
    pub(crate) report: ReportOption,

    #[command(flatten)]
    pub(crate) cluster: ClusterArguments,
}
