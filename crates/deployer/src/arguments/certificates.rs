//! `cordanetes certificates`: one struct for each of its commands.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand, ValueEnum};

use crate::environment;

use super::{ClusterArguments, CustodyArguments, OutputFormat};

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
    /// List until when each certificate and CRL lives: in the key file and the cluster, or in a folder
    List(ListArguments),
    /// Sign every static CRL again, before it ends
    RenewCrls(RenewArguments),
    /// Take the keys, certificates and CRLs that R3's PKI tool or others have made into the key file
    Import(ImportArguments),
    /// Write requests and a checklist for keys that stay offline; `accept` takes back what was signed
    Ceremony(CeremonyArguments),
    /// Replace a key with its certificate, or the password of a store; an SSL authority in three steps
    Rotate(RotateArguments),
    /// Issue the certificate of a key in the HSM of the Signing Service, from a request that its tools wrote
    Issue(IssueArguments),
    /// Write the archive that a participant outside of the cluster needs to join
    Export(ExportArguments),
    /// Write what the store of `delivery` must hold, as files to be loaded: they hold private keys
    Deliver(DeliverArguments),
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
    /// is looked through, or its topology file: then its token is as well
    #[arg(value_name = "DIRECTORY|NETWORK|FILE")]
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
    /// and without the same lines in `CORDANETES_STORE_PASSWORDS` a terminal is asked
    #[arg(long, value_name = "PATH", env = environment::STORE_PASSWORDS_FILE, hide_env_values = true)]
    pub(crate) store_passwords: Option<PathBuf>,
}

/// Arguments of `certificates import`.
#[derive(Args, Debug)]
pub(crate) struct ImportArguments {
    /// Topology file of the network that the keys are of
    #[arg(value_name = "FILE")]
    pub(crate) topology: PathBuf,

    /// Folder with stores and CRLs, such as the output of R3's PKI tool
    #[arg(value_name = "DIRECTORY")]
    pub(crate) directory: PathBuf,

    #[command(flatten)]
    pub(crate) stores: StoreArguments,

    #[command(flatten)]
    pub(crate) custody: CustodyArguments,
}

/// Arguments of `certificates ceremony`.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct CeremonyArguments {
    #[command(subcommand)]
    pub(crate) command: Option<CeremonyCommand>,

    /// Topology file
    #[arg(value_name = "FILE", required = true)]
    pub(crate) topology: Option<PathBuf>,

    /// Key that stays offline; once said, the key file knows it [default for a new network: cordarootca and
    /// cordatlscrlsigner]
    #[arg(long, value_name = "ALIAS")]
    pub(crate) offline: Vec<String>,

    /// Folder to write [default: NETWORK-ceremony]
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) output: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) custody: CustodyArguments,
}

/// The way back.
#[derive(Debug, Subcommand)]
pub(crate) enum CeremonyCommand {
    /// Take back what was signed: all of it, or nothing and every problem
    Accept(AcceptArguments),
}

/// Arguments of `certificates ceremony accept`.
#[derive(Args, Debug)]
pub(crate) struct AcceptArguments {
    /// Topology file
    #[arg(value_name = "FILE")]
    pub(crate) topology: PathBuf,

    /// The folder of the ceremony, with what was signed in `signed`
    #[arg(value_name = "DIRECTORY")]
    pub(crate) directory: PathBuf,

    /// SHA-256 of a certificate that signed itself, as the custodian has read it
    #[arg(long, value_name = "ALIAS=SHA256", value_parser = fingerprint)]
    pub(crate) fingerprint: Vec<(String, String)>,

    #[command(flatten)]
    pub(crate) custody: CustodyArguments,
}

/// Arguments of `certificates list`.
#[derive(Args, Debug)]
pub(crate) struct ListArguments {
    /// Name of a network, or folder with stores and CRLs
    #[arg(value_name = "NETWORK|DIRECTORY")]
    pub(crate) what: String,

    /// End with exit code 1 when anything ends within this time, e.g. `45d` or `6w`
    #[arg(long, value_name = "TIME")]
    pub(crate) fail_if_expiring: Option<Days>,

    /// A table, one JSON object, or a calendar
    #[arg(long, short, value_enum, default_value_t = ListFormat::Text, value_name = "FORMAT")]
    pub(crate) output: ListFormat,

    /// Look into the key file only
    #[arg(long)]
    pub(crate) no_cluster: bool,

    #[command(flatten)]
    pub(crate) stores: StoreArguments,

    #[command(flatten)]
    pub(crate) custody: CustodyArguments,

    #[command(flatten)]
    pub(crate) cluster: ClusterArguments,
}

/// How to print a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// A table, what ends first at the top.
    Text,
    /// One JSON object.
    Json,
    /// iCalendar (RFC 5545): each end as an event with a reminder.
    Ics,
}

/// A number of days, written `45d` or `6w`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Days(pub(crate) u32);

impl FromStr for Days {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is no time: write days or weeks, e.g. `45d` or `6w`");
        let (number, days) = match (text.strip_suffix('d'), text.strip_suffix('w')) {
            (Some(number), _) => (number, 1),
            (_, Some(number)) => (number, 7),
            _ => return Err(wrong()),
        };
        let number: u32 = number.parse().map_err(|_| wrong())?;
        number.checked_mul(days).map(Self).ok_or_else(wrong)
    }
}

/// Arguments of `certificates renew-crls`.
#[derive(Args, Debug)]
pub(crate) struct RenewArguments {
    /// Topology file
    #[arg(value_name = "FILE")]
    pub(crate) topology: PathBuf,

    #[command(flatten)]
    pub(crate) custody: CustodyArguments,
}

/// Arguments of `certificates rotate`.
#[derive(Args, Debug)]
pub(crate) struct RotateArguments {
    /// Topology file
    #[arg(value_name = "FILE")]
    pub(crate) topology: PathBuf,

    /// Alias of a certificate, e.g. `cordasslsigner`, or file of a store whose password is to be replaced
    #[arg(value_name = "ALIAS|STORE")]
    pub(crate) name: String,

    #[command(flatten)]
    pub(crate) custody: CustodyArguments,

    #[command(flatten)]
    pub(crate) cluster: ClusterArguments,
}

/// Arguments of `certificates issue`.
#[derive(Args, Debug)]
pub(crate) struct IssueArguments {
    /// Topology file
    #[arg(value_name = "FILE")]
    pub(crate) topology: PathBuf,

    /// Alias of the key in the HSM, as `certificates plan` names it
    #[arg(value_name = "ALIAS")]
    pub(crate) alias: String,

    /// Certificate signing request of that key (PKCS#10, PEM or DER); only its key counts, the rest is the plan's
    #[arg(value_name = "REQUEST")]
    pub(crate) request: PathBuf,

    #[command(flatten)]
    pub(crate) custody: CustodyArguments,
}

/// Arguments of `certificates export`.
#[derive(Args, Debug)]
pub(crate) struct ExportArguments {
    /// Topology file
    #[arg(value_name = "FILE")]
    pub(crate) topology: PathBuf,

    /// For whom; part of the archive's name
    #[arg(long, value_name = "NAME", value_parser = participant)]
    pub(crate) participant: String,

    /// Hash of the network parameters, which the bundle's check then compares
    #[arg(long, value_name = "SHA256", value_parser = sha256)]
    pub(crate) parameters_hash: Option<String>,

    /// Archive to write [default: NETWORK-for-NAME.tar.gz]
    #[arg(long, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) custody: CustodyArguments,
}

/// Arguments of `certificates deliver`.
#[derive(Args, Debug)]
pub(crate) struct DeliverArguments {
    /// Topology file
    #[arg(value_name = "FILE")]
    pub(crate) topology: PathBuf,

    /// Folder to make; delete it when its files are loaded
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) output: PathBuf,

    #[command(flatten)]
    pub(crate) custody: CustodyArguments,
}

fn participant(text: &str) -> Result<String, String> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !text.is_empty() && text.len() <= 63 && text.bytes().all(fits) {
        Ok(text.to_owned())
    } else {
        Err("write 1 to 63 lower-case letters, digits and `-`, e.g. `bank-a`".to_owned())
    }
}

fn fingerprint(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(alias, digits)| (alias.to_owned(), digits.replace([':', ' '], "").to_lowercase()))
        .filter(|(alias, digits)| {
            let is_sha256 = digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            !alias.is_empty() && is_sha256
        })
        .ok_or_else(|| {
            "write an alias, `=`, and 64 hexadecimal digits, with or without `:` between them".to_owned()
        })
}

fn sha256(text: &str) -> Result<String, String> {
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(text.to_owned())
    } else {
        Err("write 64 hexadecimal digits".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_days_or_weeks() {
        assert_eq!("45d".parse(), Ok(Days(45)));
        assert_eq!("6w".parse(), Ok(Days(42)));
        for wrong in ["45", "d", "-1d", "9999999999d", "1y"] {
            assert!(wrong.parse::<Days>().is_err(), "{wrong}");
        }
    }
}
