//! What the operator declares and what it means: names, validation with spans, the model of a network and
//! its connection matrix. No client, no clock, no randomness; only `folder` touches the disk.

pub mod catalogue;
pub mod connection;
pub mod declared;
pub mod decode;
pub mod diagnostic;
pub mod folder;
pub mod include;
pub mod language;
mod limit;
pub mod model;
pub mod names;
pub mod node;
mod reader;
pub mod scalar;
mod secret_scan;
pub mod source;
mod validate;

use std::io;
use std::path::Path;

pub use diagnostic::{Diagnostic, Diagnostics};
pub use model::Topology;

use include::{Files, MOST_BYTES, Preloaded};
use node::{Span, Value};
use source::Source;

/// Why there is no topology.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The root file cannot be read.
    #[error(transparent)]
    Unreadable(#[from] io::Error),
    /// It was read, and has problems.
    #[error("the topology `{}` is not valid", .0.source_name())]
    Invalid(Box<Diagnostics>),
}

/// Reads a topology from disk, with the files that it includes.
///
/// # Errors
/// The root file cannot be read, or everything that is wrong with what it declares.
pub fn read_file(path: &Path) -> Result<Topology, ReadError> {
    read_file_with(path, &no_more_rules)
}

/// As [`read_file`], with rules that this crate cannot know, such as the keys of a product's own files. They are asked
/// once there is a model.
///
/// # Errors
/// As [`read_file`]; what the further rules tell stands among the rest, in the order of the files.
pub fn read_file_with(path: &Path, rules: &Rules) -> Result<Topology, ReadError> {
    let (source, folder) = folder::open(path)?;
    check(&source, &folder, rules).map_err(|diagnostics| ReadError::Invalid(Box::new(diagnostics)))
}

/// Rules that this crate cannot know: what is wrong with a model.
pub type Rules = dyn Fn(&Topology, &mut Diagnostics);

fn no_more_rules(_: &Topology, _: &mut Diagnostics) {}

/// Reads a topology that is one text and includes nothing: text to model, or every problem at once.
///
/// # Errors
/// All diagnostics found, ordered by line; the text is not a topology.
pub fn read(source: &Source) -> Result<Topology, Diagnostics> {
    read_with(source, &Preloaded::default())
}

/// Reads a topology whose included files are found elsewhere.
///
/// # Errors
/// All diagnostics found, ordered by file and line, the root file first.
pub fn read_with(source: &Source, files: &dyn Files) -> Result<Topology, Diagnostics> {
    check(source, files, &no_more_rules)
}

fn check(source: &Source, files: &dyn Files, rules: &Rules) -> Result<Topology, Diagnostics> {
    let mut diagnostics = Diagnostics::of(source);
    let topology = read_into(source, files, &mut diagnostics);
    if let Some(topology) = &topology {
        rules(topology, &mut diagnostics);
    }
    match topology {
        Some(topology) if diagnostics.is_empty() => Ok(topology),
        _ => {
            diagnostics.finish();
            Err(diagnostics)
        }
    }
}

fn read_into(source: &Source, files: &dyn Files, diagnostics: &mut Diagnostics) -> Option<Topology> {
    if source.text.len() > MOST_BYTES {
        let message = format!("the file is larger than {} MiB", MOST_BYTES / 1024 / 1024);
        diagnostics.push(
            Diagnostic::new("topology::too-large", Span::default(), message)
                .label("begins here")
                .help("give the path of a topology file"),
        );
        return None;
    }
    let mut root = reader::parse(source, 0, diagnostics)?;
    if !matches!(root.value, Value::Mapping(_)) {
        let found = root.value.description();
        diagnostics.push(
            Diagnostic::new(
                "topology::wrong-type",
                root.span,
                format!("the topology must be a mapping of keys, not {found}"),
            )
            .label(format!("{found} stands here"))
            .help("begin it with `name:`"),
        );
        return None;
    }
    limit::lists(&mut root, diagnostics);
    include::resolve(&mut root, files, diagnostics);
    // Files that are short each may be long together.
    limit::lists(&mut root, diagnostics);
    secret_scan::scan(&root, diagnostics);
    let declared = <declared::Topology as language::Mapping>::decode(&root, diagnostics);
    // Each key and value was looked at by itself. Rules of several together would take what an alias hides for missing.
    if diagnostics.hides_something() {
        return None;
    }
    validate::validate(&declared, diagnostics)
}
