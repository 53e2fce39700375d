//! Reads a topology file: the text, then the model or every problem at once.

use std::io::Read as _;
use std::path::Path;

use topology::Topology;
use topology::source::Source;

use crate::failure::Failure;

/// More than any real topology, and little enough to read by mistake.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Reads and checks a topology.
pub(crate) fn read(path: &Path) -> Result<Topology, Failure> {
    let source = Source::new(path.display().to_string(), text(path)?);
    topology::read(&source).map_err(|diagnostics| Failure::InvalidTopology(Box::new(diagnostics)))
}

fn text(path: &Path) -> Result<String, Failure> {
    let unreadable = |error: std::io::Error| {
        let help = "give the path of a topology file, e.g. `topologies/quickstart.yaml`";
        Failure::failed("the topology cannot be read", error, help)
    };
    let file = fs_err::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::WrongInput {
            message: format!("`{}` is larger than 4 MiB and so no topology", path.display()),
            help: "give the path of a topology file".to_owned(),
        });
    }
    String::from_utf8(bytes).map_err(|error| Failure::WrongInput {
        message: format!(
            "`{}` is not text: byte {} is not UTF-8",
            path.display(),
            error.utf8_error().valid_up_to()
        ),
        help: "save the topology as UTF-8".to_owned(),
    })
}
