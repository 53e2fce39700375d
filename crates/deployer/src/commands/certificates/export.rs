//! `cordanetes certificates export`: what a participant outside of the cluster needs to join, in one archive, and
//! nothing that it must not have.

mod files;

use std::io::{self, Write as _};

use self::files::Bundle;
use crate::arguments::ExportArguments;
use crate::failure::Failure;
use crate::keys::{self, Keys};
use crate::printer::Printer;
use crate::topology_file;

/// Writes the archive.
pub(crate) fn run(arguments: &ExportArguments, printer: Printer) -> Result<(), Failure> {
    let topology = topology_file::read(&arguments.topology)?;
    let ring = Keys::read(&arguments.custody, topology.name.as_str())?;
    let plan = keys::planned(&topology, &ring)?;
    let bundle = Bundle {
        topology: &topology,
        plan: &plan,
        ring: &ring,
        participant: &arguments.participant,
        parameters_hash: arguments.parameters_hash.as_deref(),
    };
    let folder = format!("{}-for-{}", topology.name, arguments.participant);
    let path = arguments
        .output
        .clone()
        .unwrap_or_else(|| format!("{folder}.tar.gz").into());
    let files = bundle.files()?;
    let names: Vec<&str> = files.iter().map(|file| file.name).collect();
    archive(&folder, &files)
        .and_then(|archive| fs_err::write(&path, archive))
        .map_err(|error| {
            Failure::failed(
                "the bundle cannot be written",
                error,
                "give another path with `--output`",
            )
        })?;
    printer.message(&format!("wrote `{}`: {}", path.display(), names.join(", ")));
    let unreachable = bundle.unreachable();
    if !unreachable.is_empty() {
        printer.message(&format!(
            "warning: nobody outside of the cluster reaches {}: expose them before the bundle is used",
            unreachable.join(", ")
        ));
    }
    if bundle.parameters_hash.is_none() {
        printer.message(
            "its check compares no network parameters: `--parameters-hash` says which there should be",
        );
    }
    Ok(())
}

/// One file of a bundle.
struct File {
    name: &'static str,
    content: Vec<u8>,
    executable: bool,
}

/// The same files give the same archive.
fn archive(folder: &str, files: &[File]) -> io::Result<Vec<u8>> {
    let mut archive = tar::Builder::new(flate2::write::GzEncoder::new(
        Vec::new(),
        flate2::Compression::default(),
    ));
    for file in files {
        let mut header = tar::Header::new_gnu();
        header.set_mode(if file.executable { 0o755 } else { 0o644 });
        header.set_size(file.content.len() as u64);
        header.set_mtime(0);
        archive.append_data(&mut header, format!("{folder}/{}", file.name), &file.content[..])?;
    }
    let mut compressed = archive.into_inner()?;
    compressed.flush()?;
    compressed.finish()
}
