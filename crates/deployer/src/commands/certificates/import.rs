//! `cordanetes certificates import`: keys that others made, into the key file; all that fits, or nothing.

use certificates::{Imported, Note};
use jiff::Timestamp;
use owo_colors::OwoColorize as _;

use crate::arguments::ImportArguments;
use crate::environment;
use crate::failure::Failure;
use crate::figures;
use crate::keys::{self, Keys};
use crate::printer::Printer;
use crate::store_directory::StoreDirectory;
use crate::topology_file;

/// Imports, or tells every problem.
pub(crate) fn run(arguments: &ImportArguments, printer: Printer) -> Result<(), Failure> {
    let topology = topology_file::read(&arguments.topology)?;
    let directory = StoreDirectory::read(&arguments.directory, &arguments.stores)?;
    let mut keys = Keys::open(&arguments.custody, topology.name.as_str())?;
    let plan = keys::planned(&topology, keys.ring())?;
    let outcome =
        keys.try_change(|ring| ring.import(&plan, &directory.stores(), &directory.crls(), Timestamp::now()))?;
    match outcome {
        Ok(Imported {
            certificates,
            crls,
            made,
            notes,
        }) => {
            for note in &notes {
                printer.message(&format!("{} {note}", mark(note)));
            }
            printer.message(&format!(
                "imported {} and {} into the keys of `{}`: {}",
                figures::count(certificates.len(), "certificate"),
                figures::count(crls.len(), "CRL"),
                topology.name,
                [certificates, crls].concat().join(", "),
            ));
            if !made.is_empty() {
                printer.message(&format!("made what was not there: {made}"));
            }
            printer.message(&format!(
                "the network uses them with `{} deploy {}`; then destroy the folder and its copies",
                environment::command(),
                arguments.topology.display()
            ));
            Ok(())
        }
        Err(problems) => Err(super::nothing_taken("imported", &arguments.directory, &problems)?),
    }
}

fn mark(note: &Note) -> String {
    match note {
        Note::SslRootInService { .. } => "!".yellow().to_string(),
        _ => "·".to_owned(),
    }
}
