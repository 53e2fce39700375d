//! `cordanetes certificates`: one struct for each of its commands.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{CustodyArguments, OutputFormat};

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
    /// Look through stores and CRLs for everything that a product would refuse
    Check(CheckArguments),
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

/// Arguments of `certificates check`.
#[derive(Args, Debug)]
pub(crate) struct CheckArguments {
    /// Folder with stores and CRLs, such as the output of R3's PKI tool, or name of a network whose key file
    /// is looked through
    #[arg(value_name = "DIRECTORY|NETWORK")]
    pub(crate) what: String,

    #[command(flatten)]
    pub(crate) stores: StoreArguments,

    /// For people, or one JSON object
    #[arg(long, short, value_enum, default_value_t = OutputFormat::Text, value_name = "FORMAT")]
    pub(crate) output: OutputFormat,

    #[command(flatten)]
    pub(crate) custody: CustodyArguments,
}

/// What opens the stores of others.
#[derive(Args, Debug)]
#[command(next_help_heading = "Stores in a folder")]
pub(crate) struct StoreArguments {
    /// File with a line `STORE PASSWORD [KEY-PASSWORD]` for each store; `*` stands for all others; without it
    /// a terminal is asked
    #[arg(long, value_name = "PATH")]
    pub(crate) store_passwords: Option<PathBuf>,
}
