//! `cordanetes generate`: for packagers.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use clap_complete::Shell;

/// Arguments of `generate`.
#[derive(Args, Debug)]
pub(crate) struct GenerateArguments {
    #[command(subcommand)]
    pub(crate) what: Generated,
}

/// What to generate.
#[derive(Debug, Subcommand)]
pub(crate) enum Generated {
    /// Completions for a shell, to standard output
    Completions {
        /// The shell
        shell: Shell,
    },
    /// JSON Schema of the events of `--output json`, to standard output
    Schema,
    /// The page of all diagnostics, as Markdown, to standard output
    Diagnostics,
    /// Manual pages, one a command, into a folder
    Manual {
        /// The folder
        directory: PathBuf,
    },
}
