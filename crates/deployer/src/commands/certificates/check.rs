//! `cordanetes certificates check`: everything that a product would refuse, at once.

use std::path::Path;

use certificates::KeyRing;
use certificates::inspection::{Finding, Inspection, inspect_ring};
use jiff::Timestamp;
use owo_colors::OwoColorize as _;
use serde::Serialize;
use topology::Topology;

use crate::arguments::{CheckArguments, OutputFormat};
use crate::failure::Failure;
use crate::figures;
use crate::keys::Keys;
use crate::operator_token::OperatorToken;
use crate::printer::{self, Printer};
use crate::store_directory::StoreDirectory;
use crate::topology_file;

#[derive(Serialize)]
struct Report<'a> {
    stores: usize,
    crls: usize,
    findings: &'a [Finding],
}

/// Looks and tells.
pub(crate) fn run(arguments: &CheckArguments, printer: Printer) -> Result<(), Failure> {
    let now = Timestamp::now();
    let directory = Path::new(&arguments.what);
    let (inspection, (stores, crls)) = if directory.is_dir() {
        let directory = StoreDirectory::read(directory, &arguments.stores)?;
        (directory.inspect(now), directory.counts())
    } else {
        let declared = directory
            .is_file()
            .then(|| topology_file::read(directory))
            .transpose()?;
        let network = declared
            .as_ref()
            .map_or(arguments.what.as_str(), |topology| topology.name.as_str());
        let ring = Keys::read(&arguments.custody, network)?;
        if let Some(topology) = &declared {
            in_token(&ring, topology, directory)?;
        }
        let crls = ring.crl_files().count();
        let inspection = inspect_ring(&ring, now);
        let stores = inspection.stores.len();
        (inspection, (stores, crls))
    };
    match arguments.output {
        OutputFormat::Text => {
            for finding in &inspection.findings {
                printer::data(&format!("{} {finding}", "✘".red()))?;
            }
        }
        OutputFormat::Json => {
            let report = Report {
                stores,
                crls,
                findings: &inspection.findings,
            };
            let json = serde_json::to_string(&report)
                .map_err(|error| Failure::internal("the findings cannot be written as JSON", error))?;
            printer::data(&json)?;
        }
    }
    let looked_at = format!(
        "{} and {}",
        figures::count(stores, "store"),
        figures::count(crls, "CRL")
    );
    verdict(&inspection, &arguments.what, &looked_at)?;
    printer.message(&format!("`{}`: {looked_at}, no problem", arguments.what));
    Ok(())
}

/// Asks the token for the operator's keys: each must be there once, never to leave it, and be its certificate's.
fn in_token(ring: &KeyRing, topology: &Topology, file: &Path) -> Result<(), Failure> {
    let folder = file.parent().unwrap_or_else(|| Path::new(""));
    let Some(operator) = OperatorToken::of(&topology.custody, folder) else {
        return Ok(());
    };
    let problems = ring.check_token(&operator.token);
    if let Some(failure) = operator.take_failure() {
        return Err(failure);
    }
    if problems.is_empty() {
        return Ok(());
    }
    for (alias, problem) in &problems {
        printer::data(&format!("{} {alias}: {problem}", "✘".red()))?;
    }
    Err(Failure::Failed {
        message: format!(
            "token `{}` has {}",
            operator.token.label(),
            figures::count(problems.len(), "problem")
        ),
        cause: None,
        help: Some("each line says what to do; then run the command again".to_owned()),
    })
}

/// Fails when anything is wrong.
pub(super) fn verdict(inspection: &Inspection, what: &str, looked_at: &str) -> Result<(), Failure> {
    if inspection.findings.is_empty() {
        return Ok(());
    }
    Err(Failure::Failed {
        message: format!(
            "`{what}` has {} in {looked_at}",
            figures::count(inspection.findings.len(), "problem")
        ),
        cause: None,
        help: Some("each line says what to do; then run the command again".to_owned()),
    })
}
