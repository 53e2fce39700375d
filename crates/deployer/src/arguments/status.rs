//! `cordanetes status`.

use clap::Args;

use super::{ClusterArguments, OutputFormat};

/// Arguments of `status`.
#[derive(Args, Debug)]
pub(crate) struct StatusArguments {
    /// Name of the network
    #[arg(value_name = "NETWORK")]
    pub(crate) network: String,

    /// For people, or one JSON object
    #[arg(long, short, value_enum, default_value_t = OutputFormat::Text, value_name = "FORMAT")]
    pub(crate) output: OutputFormat,

    #[command(flatten)]
    pub(crate) cluster: ClusterArguments,
}
