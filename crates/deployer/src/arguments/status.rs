//! `cordanetes status`.

use clap::Args;

use super::{ClusterArguments, OutputFormat};

/// Arguments of `status`.
#[derive(Args, Debug)]
pub(crate) struct StatusArguments {
    /// Name of the network
    #[arg(value_name = "NETWORK")]
    pub(crate) network: String,

    /// Go on telling what changes, until Ctrl-C
    #[arg(long, short)]
    pub(crate) watch: bool,

    /// Also tell what others have changed since it was applied, by field
    #[arg(long, conflicts_with = "watch")]
    pub(crate) drift: bool,

    /// For people, or one JSON object; with `--watch` one for each change
    #[arg(long, short, value_enum, default_value_t = OutputFormat::Text, value_name = "FORMAT")]
    pub(crate) output: OutputFormat,

    #[command(flatten)]
    pub(crate) cluster: ClusterArguments,
}
