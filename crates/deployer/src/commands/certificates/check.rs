//! `cordanetes certificates check`: everything that a product would refuse, at once.

use std::path::Path;

use certificates::inspection::{Finding, Inspection, inspect_ring};
use jiff::Timestamp;
use owo_colors::OwoColorize as _;
use serde::Serialize;

use crate::arguments::{CheckArguments, OutputFormat};
use crate::failure::Failure;
use crate::figures;
use crate::keys::Keys;
use crate::printer::{self, Printer};
use crate::store_directory::StoreDirectory;

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
        let ring = Keys::read(&arguments.custody, &arguments.what)?;
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
