//! Reads a topology file with what it includes: the model, or every problem at once, those of the products' own keys
//! among them.

use std::io;
use std::path::Path;

use kubernetes_objects::node_configuration;
use topology::{ReadError, Topology};

use crate::failure::Failure;

/// Reads and checks a topology.
pub(crate) fn read(path: &Path) -> Result<Topology, Failure> {
    topology::read_file_with(path, &node_configuration::check).map_err(|error| match error {
        ReadError::Invalid(diagnostics) => Failure::InvalidTopology(diagnostics),
        ReadError::Unreadable(error) => unreadable(error),
    })
}

fn unreadable(error: io::Error) -> Failure {
    let help = "give the path of a topology file, e.g. `topologies/quickstart.yaml`";
    match error.kind() {
        // The argument is wrong, not the machine.
        io::ErrorKind::NotFound | io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory => {
            Failure::WrongInput {
                message: format!("the topology cannot be read: {error}"),
                help: help.to_owned(),
            }
        }
        _ => Failure::failed("the topology cannot be read", error, help),
    }
}
