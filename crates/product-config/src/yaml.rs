//! Writing the YAML files of the monitoring tools.

use serde::Serialize;

/// The text of a file. The files' types hold only text, numbers, booleans, lists and maps with text keys.
pub(crate) fn write<T: Serialize>(value: &T) -> String {
    serde_saphyr::to_string(value).expect("text, numbers, lists and maps with text keys always serialise")
}
