//! What a topology may hold, as data.

/// A mapping with its keys.
#[derive(Clone, Debug)]
pub struct MappingShape {
    /// What messages call it, e.g. `a notary`.
    pub name: &'static str,
    /// What it is.
    pub documentation: &'static str,
    /// Whether exactly one of the keys must be there, e.g. for a reference to a secret.
    pub one_of: bool,
    /// Its keys, in the order of the declaration.
    pub keys: Vec<Key>,
}

/// A key of a mapping.
#[derive(Clone, Debug)]
pub struct Key {
    /// As it is written.
    pub name: &'static str,
    /// What it means.
    pub documentation: &'static str,
    /// What may stand there.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// What holds when it is missing, for people.
    pub default: Option<&'static str>,
    /// The setting of the product, or the field of the Kubernetes object, that it drives.
    pub drives: Option<&'static str>,
}

/// What may stand at a key.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Text of a form.
    Text(&'static Format),
    /// One of a few words.
    Choice(&'static [ChoiceShape]),
    /// `true` or `false`.
    Boolean,
    /// A whole number, limits included.
    Integer {
        /// The least.
        least: u64,
        /// The greatest.
        greatest: u64,
    },
    /// A list of one kind.
    List(&'static Self),
    /// A mapping with keys of its own; made on demand, since mappings nest.
    Mapping(fn() -> MappingShape),
    /// A mapping whose keys are names that the operator chooses.
    Named(&'static Self),
    /// Any tree: it is checked against another table.
    Tree,
}

/// The form of a text.
#[derive(Debug)]
pub struct Format {
    /// What it is called, e.g. `legal name`.
    pub name: &'static str,
    /// What is accepted.
    pub documentation: &'static str,
    /// A regular expression (ECMA 262) that every accepted text matches; not every text that matches is accepted.
    pub pattern: Option<&'static str>,
    /// One that is accepted.
    pub example: &'static str,
}

/// One word of a choice.
#[derive(Debug)]
pub struct ChoiceShape {
    /// As it is written.
    pub word: &'static str,
    /// What it means.
    pub documentation: &'static str,
}

impl Kind {
    /// What a person calls it.
    pub fn description(&self) -> String {
        match self {
            Self::Text(format) => format.name.to_owned(),
            Self::Choice(choices) => choices
                .iter()
                .map(|choice| format!("`{}`", choice.word))
                .collect::<Vec<_>>()
                .join(", "),
            Self::Boolean => "boolean".to_owned(),
            Self::Integer {
                least,
                greatest: u64::MAX,
            } => format!("whole number from {least}"),
            Self::Integer { least, greatest } => format!("whole number from {least} to {greatest}"),
            Self::List(kind) => format!("list of {}", kind.description()),
            Self::Mapping(_) | Self::Tree => "mapping".to_owned(),
            Self::Named(kind) => format!("mapping from names to {}", kind.description()),
        }
    }
}
