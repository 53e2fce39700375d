//! `cordanetes certificates`: one struct for each of its commands.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Arguments of `certificates`.
#[derive(Args, Debug)]
pub(crate) struct CertificatesArguments {
    #[command(subcommand)]
    pub(crate) command: CertificatesCommand,
}

/// What to do with keys and certificates.
#[derive(Debug, Subcommand)]
pub(crate) enum CertificatesCommand {
    /// Print what authorities, certificates, CRLs and stores a topology needs, and who holds each key
    Plan(PlanArguments),
}

/// Arguments of `certificates plan`.
#[derive(Args, Debug)]
pub(crate) struct PlanArguments {
    /// Topology file
    #[arg(value_name = "FILE")]
    pub(crate) topology: PathBuf,

    /// Trees and tables, a picture, or data
    #[arg(long, short, value_enum, default_value_t = PlanFormat::Text, value_name = "FORMAT")]
    pub(crate) output: PlanFormat,

    /// Day on which everything would be made, from which ends are counted; today if absent
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) made_on: Option<jiff::civil::Date>,
}

/// How to print a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// Trees of certificates, tables of CRLs and stores.
    Text,
    /// A picture of the hierarchies and the holders.
    Svg,
    /// One JSON object.
    Json,
}
