//! `cordanetes render`.

use std::path::PathBuf;

use clap::Args;

use super::CustodyArguments;

/// Arguments of `render`.
#[derive(Args, Debug)]
pub(crate) struct RenderArguments {
    /// Topology file
    #[arg(value_name = "FILE")]
    pub(crate) topology: PathBuf,

    /// Folder for the files: one for each step, in the order of the rollout. They hold secrets
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) output: PathBuf,

    #[command(flatten)]
    pub(crate) custody: CustodyArguments,
}
