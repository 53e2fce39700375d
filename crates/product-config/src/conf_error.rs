//! Why a file cannot be written.

use crate::{
    hocon::{self, Block, Value},
    node_conf::OverrideProblem,
    version::{CenmFeature, CenmVersion},
};

/// What was asked for does not exist in that release, or contradicts itself: every problem at once.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{file} cannot be written for {release}: {}", list(problems))]
pub struct ConfError {
    /// The file, e.g. `zone.conf`.
    pub file: &'static str,
    /// The product and its version, e.g. `CENM 1.5.9`.
    pub release: String,
    /// What is wrong; never empty.
    pub problems: Vec<ConfProblem>,
}

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ConfProblem {
    /// A key, or the value that it has, is not known to the release.
    #[error("`{path}` exists {availability}: leave it out or choose such a release")]
    UnknownKey {
        /// Its path, parts separated by points.
        path: String,
        /// Where it exists, e.g. `from CENM 1.6.1 on`.
        availability: String,
    },
    /// The release does not read such a file.
    #[error("the file exists {availability}: pass the settings as arguments")]
    UnknownFile {
        /// Where it exists.
        availability: String,
    },
    /// Two settings that exclude each other, or one that needs another.
    #[error("`{path}` {cause}")]
    Contradiction {
        /// Path of the key.
        path: String,
        /// What is wrong with it, to be read after the path.
        cause: String,
    },
    /// A key of the operator's own.
    #[error(transparent)]
    Override(#[from] OverrideProblem),
}

impl ConfProblem {
    pub(crate) fn contradiction(path: impl Into<String>, cause: impl Into<String>) -> Self {
        Self::Contradiction {
            path: path.into(),
            cause: cause.into(),
        }
    }
}

fn list(problems: &[ConfProblem]) -> String {
    let sentences: Vec<_> = problems.iter().map(ToString::to_string).collect();
    sentences.join("; ")
}

/// A file of CENM while it is written.
pub(crate) struct CenmFile {
    name: &'static str,
    version: CenmVersion,
    problems: Vec<ConfProblem>,
}

impl CenmFile {
    pub(crate) const fn new(name: &'static str, version: CenmVersion) -> Self {
        Self {
            name,
            version,
            problems: Vec::new(),
        }
    }

    /// The whole file came with a release.
    pub(crate) fn exists_since(mut self, feature: CenmFeature) -> Self {
        if self.version < feature.since() {
            let availability = since(feature);
            self.problems.push(ConfProblem::UnknownFile { availability });
        }
        self
    }

    /// What contradicts itself in it.
    pub(crate) fn problems(mut self, problems: impl IntoIterator<Item = ConfProblem>) -> Self {
        self.problems.extend(problems);
        self
    }

    /// The text, or everything that is wrong.
    pub(crate) fn write(self, block: &Block) -> Result<String, ConfError> {
        self.checked(block).map(|()| hocon::write(block))
    }

    /// Everything that is wrong with a file of these keys.
    pub(crate) fn checked(mut self, block: &Block) -> Result<(), ConfError> {
        unknown(block, "", self.version, &mut self.problems);
        if self.problems.is_empty() {
            return Ok(());
        }
        Err(ConfError {
            file: self.name,
            release: format!("CENM {}", self.version),
            problems: self.problems,
        })
    }
}

fn since(feature: CenmFeature) -> String {
    format!("from CENM {} on", feature.since())
}

/// Every key that came after `version`.
fn unknown(block: &Block, path: &str, version: CenmVersion, problems: &mut Vec<ConfProblem>) {
    for entry in block.entries() {
        let path = join(path, &entry.key);
        match entry.feature {
            Some(feature) if version < feature.since() => problems.push(ConfProblem::UnknownKey {
                path,
                availability: since(feature),
            }),
            _ => unknown_below(&entry.value, &path, version, problems),
        }
    }
}

fn unknown_below(value: &Value, path: &str, version: CenmVersion, problems: &mut Vec<ConfProblem>) {
    match value {
        Value::Block(block) => unknown(block, path, version, problems),
        Value::List(values) => {
            for (index, value) in values.iter().enumerate() {
                unknown_below(value, &format!("{path}[{index}]"), version, problems);
            }
        }
        Value::Text(_)
        | Value::Secret(_)
        | Value::Number(_)
        | Value::Decimal(_)
        | Value::Boolean(_)
        | Value::Environment(_) => {}
    }
}

/// A path and the key below it.
pub(crate) fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}
