//! `cordanetes certificates deliver`: what the operator's store of secrets must hold before a rollout, as files that can
//! be loaded. Nothing of it is printed.

mod vault;

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use kubernetes_objects::delivery::DeliveredSecret;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};
use topology::model::Delivery;

use crate::arguments::DeliverArguments;
use crate::failure::Failure;
use crate::figures;
use crate::keys::Keys;
use crate::printer::Printer;
use crate::{plan, topology_file};

/// The list of names and files.
const INDEX: &str = "index.csv";

/// Writes the files. Keys that are missing are made first, as a rollout would.
pub(crate) fn run(arguments: &DeliverArguments, printer: Printer) -> Result<(), Failure> {
    let topology = topology_file::read(&arguments.topology)?;
    if topology.delivery == Delivery::Secrets {
        return Err(Failure::WrongInput {
            message: "the topology delivers keys as Secrets, which a rollout applies itself: there is nothing to load"
                .to_owned(),
            help: "add `delivery` with `externalSecrets` or `vaultAgent`".to_owned(),
        });
    }
    let mut keys = Keys::open(&arguments.custody, topology.name.as_str())?;
    let prepared = plan::prepare(&topology, &arguments.topology, &mut keys)?;
    let mut files = files(&prepared.delivered)?;
    if let Delivery::VaultAgent(vault) = &topology.delivery {
        files.extend(vault::files(vault, &prepared.delivered));
    }
    // What is loaded and then lost would be the end of the network.
    keys.save()?;
    let directory = &arguments.output;
    write(directory, &files).map_err(|error| {
        Failure::failed(
            "the files cannot be written",
            error,
            "give a folder that does not exist yet with `--output`",
        )
    })?;
    printer.message(&format!(
        "wrote {} to `{}`; load what its {INDEX} lists, then delete the folder: it holds private keys",
        figures::count(prepared.delivered.len(), "secret"),
        directory.display()
    ));
    Ok(())
}

/// A file to write. What it holds may be secret.
struct File {
    name: String,
    content: SecretString,
    executable: bool,
}

impl File {
    fn plain(name: impl Into<String>, content: String) -> Self {
        Self {
            name: name.into(),
            content: content.into(),
            executable: false,
        }
    }
}

/// One JSON object a secret, and the list of them.
fn files(delivered: &[DeliveredSecret]) -> Result<Vec<File>, Failure> {
    let mut files = Vec::new();
    let mut index = "name,file\n".to_owned();
    for secret in delivered {
        let name = format!("secrets/{}.json", secret.path);
        let _infallible = writeln!(index, "{},{name}", secret.path);
        let content: Map<String, Value> = secret
            .properties
            .iter()
            .map(|(property, value)| (property.clone(), value.expose_secret().into()))
            .collect();
        let text = serde_json::to_string_pretty(&content)
            .map_err(|error| Failure::internal("a secret cannot be written as JSON", error))?;
        files.push(File::plain(name, text + "\n"));
    }
    files.push(File::plain(INDEX, index));
    Ok(files)
}

/// For their owner only, in a folder that was not there: nothing is replaced, and no secret of an earlier run is left
/// among them.
fn write(directory: &Path, files: &[File]) -> io::Result<()> {
    fs_err::create_dir_all(directory.parent().unwrap_or(directory))?;
    let mut builder = std::fs::DirBuilder::new();
    builder.mode(0o700).create(directory)?;
    builder.recursive(true);
    for file in files {
        let path = directory.join(&file.name);
        if let Some(parent) = path.parent() {
            builder.create(parent)?;
        }
        let mut options = fs_err::OpenOptions::new();
        options.write(true).create_new(true);
        options
            .options_mut()
            .mode(if file.executable { 0o700 } else { 0o600 });
        let mut output = options.open(path)?;
        output.write_all(file.content.expose_secret().as_bytes())?;
    }
    Ok(())
}
