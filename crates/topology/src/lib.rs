//! What the operator declares and what it means: names, validation with spans, the model of a network and
//! its connection matrix. Pure: no client, no clock, no randomness.

pub mod connection;
pub mod declared;
pub mod decode;
pub mod diagnostic;
pub mod model;
pub mod names;
pub mod node;
pub mod source;
mod validate;

pub use diagnostic::{Diagnostic, Diagnostics};
pub use model::Topology;

/// Reads a topology: text to model, or every problem at once.
///
/// # Errors
/// All diagnostics found, ordered by line; the text is not a topology.
pub fn read(source: &source::Source) -> Result<Topology, Diagnostics> {
    let mut diagnostics = Diagnostics::of(source);
    let declared = match source::parse(source) {
        Ok(node) => declared::Topology::decode(&node, &mut diagnostics),
        Err(diagnostic) => {
            diagnostics.push(*diagnostic);
            return Err(diagnostics);
        }
    };
    let topology = validate::validate(&declared, &mut diagnostics);
    match topology {
        Some(topology) if diagnostics.is_empty() => Ok(topology),
        _ => {
            diagnostics.sort();
            Err(diagnostics)
        }
    }
}
