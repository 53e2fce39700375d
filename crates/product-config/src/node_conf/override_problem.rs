//! What is wrong with an operator's own keys.

use std::fmt;

use crate::version::CordaRelease;

/// A problem with one value of the overrides.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` {kind}", display(path))]
pub struct OverrideProblem {
    /// From the outermost key to the value that is wrong.
    pub path: Vec<PathPart>,
    /// What is wrong.
    pub kind: OverrideProblemKind,
}

/// A step of a path into the overrides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathPart {
    /// A key of a mapping.
    Key(String),
    /// A place in a list, from 0.
    Index(usize),
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OverrideProblemKind {
    /// No release documents the key.
    Unknown {
        /// What the node is.
        release: CordaRelease,
        /// A key of the same block that may be meant.
        nearest: Option<&'static str>,
    },
    /// The key exists, but not for this node.
    NotInRelease {
        /// What the node is.
        release: CordaRelease,
        /// Where it exists, e.g. `in Corda Enterprise only`.
        availability: String,
    },
    /// Cordanetes decides the key.
    Owned {
        /// Why, or where to say it instead.
        reason: &'static str,
    },
    /// The value would be a secret in the topology file.
    Secret,
    /// A key is missing without which the block cannot be.
    Missing {
        /// The key.
        key: &'static str,
    },
    /// The value has the wrong shape.
    WrongType {
        /// What the key takes.
        expected: String,
        /// What is there.
        found: String,
    },
}

impl OverrideProblem {
    /// The path as text: `rpcUsers[0].username`.
    pub fn path_text(&self) -> String {
        display(&self.path)
    }
}

fn display(path: &[PathPart]) -> String {
    path.iter().fold(String::new(), |text, part| match part {
        PathPart::Key(key) if text.is_empty() => key.clone(),
        PathPart::Key(key) => format!("{text}.{key}"),
        PathPart::Index(index) => format!("{text}[{index}]"),
    })
}

impl fmt::Display for OverrideProblemKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown {
                release,
                nearest: Some(nearest),
            } => write!(formatter, "is no key of {release}; did you mean `{nearest}`?"),
            Self::Unknown {
                release,
                nearest: None,
            } => {
                write!(formatter, "is no key of {release}; remove it")
            }
            Self::NotInRelease {
                release,
                availability,
            } => write!(formatter, "exists {availability}, and the node is {release}"),
            Self::Owned { reason } => write!(formatter, "cannot be overridden: {reason}"),
            Self::Secret => formatter.write_str("cannot be overridden: it holds a secret"),
            Self::Missing { key } => write!(formatter, "lacks `{key}`"),
            Self::WrongType { expected, found } => {
                write!(formatter, "takes {expected}, not {found}")
            }
        }
    }
}
