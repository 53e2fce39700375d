//! `cordanetes certificates issue`: the certificate of a key in the HSM of the Signing Service, on request.

use std::io::Read as _;

use certificates::{Issued, RequestedKey};
use jiff::Timestamp;

use crate::arguments::IssueArguments;
use crate::environment;
use crate::failure::Failure;
use crate::keys::{self, Keys};
use crate::printer::Printer;
use crate::topology_file;

/// More than a request with the largest key.
const LARGEST: u64 = 64 * 1024;

/// Issues, and keeps the certificate in the key file.
pub(crate) fn run(arguments: &IssueArguments, printer: Printer) -> Result<(), Failure> {
    let topology = topology_file::read(&arguments.topology)?;
    let refused = |error: certificates::IssueError| match error {
        error @ certificates::IssueError::Make(_) => Failure::from_library(error),
        error => Failure::WrongInput {
            message: format!("`{}` is not issued", arguments.alias),
            help: error.to_string(),
        },
    };
    let mut request = Vec::new();
    fs_err::File::open(&arguments.request)
        .and_then(|file| file.take(LARGEST).read_to_end(&mut request))
        .map_err(|error| Failure::failed("the request cannot be read", error, "check the path"))?;
    let key = RequestedKey::read(&request).map_err(refused)?;
    let mut keys = Keys::open(&arguments.custody, topology.name.as_str())?;
    keys.use_custody_of(&topology, &arguments.topology);
    let plan = keys::planned(&topology, keys.ring())?;
    let issued = keys.issue(&arguments.alias, &key, &plan, Timestamp::now(), refused)?;
    let what = match issued {
        Issued::New => "issued its certificate",
        Issued::Replaced => "issued a certificate in place of that of its last key",
        Issued::Already => "there is a certificate of this key already",
    };
    printer.message(&format!("`{}`: {what}", arguments.alias));
    let awaited = keys.ring().awaited(&plan);
    if awaited.is_empty() {
        printer.message(&format!(
            "every key in the HSM has its certificate: the network gets them with `{} deploy {}`",
            environment::command(),
            arguments.topology.display()
        ));
    } else {
        printer.message(&format!("still to be issued: `{}`", awaited.join("`, `")));
    }
    Ok(())
}
