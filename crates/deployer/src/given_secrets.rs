//! Secrets that a topology refers to on the operator's side: environment variables and files.

use std::{collections::HashSet, path::Path};

use kubernetes_objects::given::{GivenSecrets, describe, references};
use secrecy::SecretString;
use topology::{Topology, model::SecretReference};

use crate::{failure::Failure, passphrase};

/// Reads each reference once. Files are relative to the topology's folder, and only their owner may read them.
///
/// # Errors
/// What cannot be read, all of it at once.
pub(crate) fn read(topology: &Topology, folder: &Path) -> Result<GivenSecrets, Failure> {
    let mut given = GivenSecrets::default();
    let mut seen = HashSet::new();
    let mut problems = Vec::new();
    for (component, reference) in references(topology) {
        if !seen.insert(reference) {
            continue;
        }
        match value(reference, folder) {
            Ok(Some(value)) => given.insert(reference.clone(), value),
            // The cluster has it.
            Ok(None) => {}
            Err(problem) => problems.push(format!("{component} needs {}, {problem}", describe(reference))),
        }
    }
    if problems.is_empty() {
        return Ok(given);
    }
    Err(Failure::WrongInput {
        message: problems.join("\n"),
        help: "set the variables and files that the topology names, each file with mode 600".to_owned(),
    })
}

/// A reference of the operator's side: its value, or what is wrong with it; none when the cluster has it.
pub(crate) fn value(reference: &SecretReference, folder: &Path) -> Result<Option<SecretString>, String> {
    let text = match reference {
        SecretReference::Secret { .. } | SecretReference::External { .. } => return Ok(None),
        SecretReference::Environment(variable) => match std::env::var(variable) {
            Ok(text) => text,
            Err(std::env::VarError::NotPresent) => return Err("which is not set".to_owned()),
            Err(std::env::VarError::NotUnicode(_)) => return Err("which is not text".to_owned()),
        },
        SecretReference::File(path) => passphrase::private_text("secret", &folder.join(path))
            .map_err(|failure| format!("but {failure}"))?
            .trim_end_matches(['\r', '\n'])
            .to_owned(),
    };
    if text.is_empty() {
        return Err("which is empty".to_owned());
    }
    Ok(Some(text.into()))
}
