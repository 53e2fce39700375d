//! `cordanetes report`.

use clap::{Args, ValueEnum};

use super::ClusterArguments;
use crate::report::ReportFile;

/// Arguments of `report`.
#[derive(Args, Debug)]
pub(crate) struct ReportArguments {
    /// Name of the network
    #[arg(value_name = "NETWORK")]
    pub(crate) network: String,

    /// Number of the run; the last one if absent
    #[arg(long, value_name = "NUMBER")]
    pub(crate) run: Option<u32>,

    /// Which runs there are
    #[arg(long, conflicts_with = "run")]
    pub(crate) list: bool,

    /// Text, one HTML page, or one JSON object, on standard output
    #[arg(long, short, value_enum, default_value_t = ReportFormat::Text, value_name = "FORMAT")]
    pub(crate) output: ReportFormat,

    #[command(flatten)]
    pub(crate) cluster: ClusterArguments,
}

/// The forms of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// Bars and tables.
    Text,
    /// One page that needs nothing else.
    Html,
    /// For machines.
    Json,
}

/// Shared by the commands that run the engine.
#[derive(Args, Clone, Debug)]
pub(crate) struct ReportOption {
    /// Also write a report of the run: FILE.html, FILE.txt or FILE.json
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<ReportFile>,
}
