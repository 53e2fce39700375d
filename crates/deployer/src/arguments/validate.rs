//! `cordanetes validate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Arguments of `validate`.
#[derive(Args, Debug)]
pub(crate) struct ValidateArguments {
    /// Topology file
    #[arg(value_name = "FILE")]
    pub(crate) topology: PathBuf,

    /// How to tell the problems; JSON and SARIF go to standard output
    #[arg(long, short, value_enum, default_value_t = ProblemFormat::Text, value_name = "FORMAT")]
    pub(crate) output: ProblemFormat,
}

/// How to tell the problems of a topology.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProblemFormat {
    /// For people, with the lines they stand in.
    Text,
    /// One JSON object.
    Json,
    /// SARIF 2.1.0, as pull requests show it.
    Sarif,
}
