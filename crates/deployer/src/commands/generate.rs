//! `cordanetes generate`: shell completions and manual pages, made from the same structs as the help, and the
//! page of all diagnostics.

use std::io;

use clap::CommandFactory as _;

use crate::arguments::{Arguments, GenerateArguments, Generated};
use crate::event_schema;
use crate::failure::Failure;
use crate::printer;

/// Writes what packagers want.
pub(crate) fn run(arguments: &GenerateArguments) -> Result<(), Failure> {
    let mut command = Arguments::command();
    match &arguments.what {
        Generated::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut command, "cordanetes", &mut script);
            Ok(printer::data(&String::from_utf8_lossy(&script))?)
        }
        Generated::Schema => Ok(printer::data(&event_schema::text()?)?),
        Generated::Diagnostics => Ok(printer::data(&topology::catalogue::markdown())?),
        Generated::Manual { directory } => {
            let written: io::Result<()> =
                fs_err::create_dir_all(directory).and_then(|()| clap_mangen::generate_to(command, directory));
            written.map_err(|error| {
                Failure::failed("the manual pages cannot be written", error, "give another folder")
            })
        }
    }
}
