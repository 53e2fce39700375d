//! `cordanetes validate`.

use std::path::PathBuf;

use clap::Args;

/// Arguments of `validate`.
#[derive(Args, Debug)]
pub(crate) struct ValidateArguments {
    /// Topology file
    #[arg(value_name = "FILE")]
    pub(crate) topology: PathBuf,
}
