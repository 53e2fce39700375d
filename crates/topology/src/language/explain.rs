//! What a key means, found by its path.

use super::{
    mapping::Mapping,
    schema::text,
    shape::{Key, Kind, MappingShape},
};
use crate::{declared::Topology, decode::nearest};

/// A key, or the whole file, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Its path, e.g. `participants[].rpcClients[].name`; empty for the file.
    pub path: String,
    /// What it means.
    pub documentation: String,
    /// What may stand there, in words.
    pub kind: String,
    /// What is accepted in detail, with an example.
    pub form: Vec<String>,
    /// Whether it must be there.
    pub required: bool,
    /// What holds when it is missing.
    pub default: Option<String>,
    /// The setting that it drives.
    pub drives: Option<String>,
    /// The keys below it: name, then what it means.
    pub keys: Vec<(String, String)>,
}

/// No key has this path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{parent} has no key `{key}`; {hint}")]
pub struct NoSuchKey {
    parent: String,
    key: String,
    hint: String,
}

/// Explains a path: keys with dots between them. Lists and chosen names need no mark of their own: both
/// `participants.name` and `participants[].name` are understood.
///
/// # Errors
/// A part of the path is no key; the nearest one is offered.
pub fn explain(path: &str) -> Result<Explanation, NoSuchKey> {
    let mut shape = Some(Topology::shape());
    let mut found: Option<Key> = None;
    let mut written = String::new();
    for part in path.split('.').map(|part| part.trim_end_matches("[]")) {
        if part.is_empty() || part == "*" {
            continue;
        }
        let parent = shape.ok_or_else(|| NoSuchKey {
            parent: format!("`{written}`"),
            key: part.to_owned(),
            hint: "it holds a single value".to_owned(),
        })?;
        let key = key_of(&parent, part)?;
        if !written.is_empty() {
            written.push('.');
        }
        written.push_str(key.name);
        written.push_str(mark(&key.kind));
        shape = below(&key.kind);
        found = Some(key);
    }
    Ok(match found {
        Some(key) => of_key(written, &key, shape.as_ref()),
        None => of_file(&Topology::shape()),
    })
}

fn key_of(parent: &MappingShape, part: &str) -> Result<Key, NoSuchKey> {
    if let Some(key) = parent.keys.iter().find(|key| key.name == part) {
        return Ok(key.clone());
    }
    let names: Vec<_> = parent.keys.iter().map(|key| key.name).collect();
    Err(NoSuchKey {
        parent: parent.name.to_owned(),
        key: part.to_owned(),
        hint: nearest(part, &names).map_or_else(
            || format!("it has: {}", names.join(", ")),
            |near| format!("did you mean `{near}`?"),
        ),
    })
}

/// How a path shows that more than one value stands there.
const fn mark(kind: &Kind) -> &'static str {
    match kind {
        Kind::List(_) => "[]",
        Kind::Named(_) => ".*",
        _ => "",
    }
}

/// The mapping that a kind leads to.
fn below(kind: &Kind) -> Option<MappingShape> {
    match kind {
        Kind::Mapping(shape) => Some(shape()),
        Kind::List(kind) | Kind::Named(kind) => below(kind),
        _ => None,
    }
}

fn of_file(shape: &MappingShape) -> Explanation {
    Explanation {
        path: String::new(),
        documentation: text(shape.documentation),
        kind: "mapping".to_owned(),
        form: Vec::new(),
        required: true,
        default: None,
        drives: None,
        keys: keys(Some(shape)),
    }
}

fn of_key(path: String, key: &Key, shape: Option<&MappingShape>) -> Explanation {
    Explanation {
        path,
        documentation: text(key.documentation),
        kind: key.kind.description(),
        form: form(&key.kind),
        required: key.required,
        default: key.default.map(str::to_owned),
        drives: key.drives.map(str::to_owned),
        keys: keys(shape),
    }
}

fn keys(shape: Option<&MappingShape>) -> Vec<(String, String)> {
    shape
        .into_iter()
        .flat_map(|shape| &shape.keys)
        .map(|key| (key.name.to_owned(), text(key.documentation)))
        .collect()
}

fn form(kind: &Kind) -> Vec<String> {
    match kind {
        Kind::Text(format) => vec![
            format.documentation.to_owned(),
            format!("for example `{}`", format.example),
        ],
        Kind::Choice(choices) => choices
            .iter()
            .map(|choice| format!("`{}`: {}", choice.word, text(choice.documentation)))
            .collect(),
        Kind::List(kind) | Kind::Named(kind) => form(kind),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_by_its_path() {
        for (path, written) in [
            ("name", "name"),
            ("participants.rpcClients.name", "participants[].rpcClients[].name"),
            ("participants[].database.kind", "participants[].database.kind"),
            ("classes.heap", "classes.*.heap"),
            (
                "cenm.signingService.hsm.utimaco.keyGroup",
                "cenm.signingService.hsm.utimaco.keyGroup",
            ),
        ] {
            assert_eq!(explain(path).map(|it| it.path), Ok(written.to_owned()), "{path}");
        }
    }

    #[test]
    fn what_is_no_key_is_told_with_the_nearest() {
        for (path, message) in [
            (
                "participant",
                "the topology has no key `participant`; did you mean `participants`?",
            ),
            ("name.first", "`name` has no key `first`; it holds a single value"),
        ] {
            assert_eq!(
                explain(path).map_err(|it| it.to_string()),
                Err(message.to_owned())
            );
        }
    }

    #[test]
    fn every_key_says_what_it_means() {
        fn check(shape: &MappingShape) {
            for key in &shape.keys {
                assert!(
                    text(key.documentation).ends_with('.'),
                    "{} of {}",
                    key.name,
                    shape.name
                );
                if let Some(shape) = below(&key.kind) {
                    check(&shape);
                }
            }
        }
        check(&Topology::shape());
    }
}
