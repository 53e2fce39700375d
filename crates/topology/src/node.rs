//! A YAML document as a tree in which every value and key knows its place. serde would stop at the first
//! shape error; decoding from this tree finds all of them.

/// A stretch of the text, in bytes. All files of a topology lie end to end, so it tells the file as well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub offset: usize,
    /// Length; 0 for a mapping or list, of which only the start is pointed at.
    pub length: usize,
}

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Its place.
    pub span: Span,
}

/// A value as YAML has it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A mapping, in the order written.
    Mapping(Vec<(Key, Node)>),
    /// A list.
    List(Vec<Node>),
    /// A string.
    Text(String),
    /// A whole number.
    Integer(i128),
    /// Any other number.
    Decimal(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// Nothing.
    Null,
    /// An alias, which is refused: what it would stand for is not known.
    Alias,
}

/// A key of a mapping with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The key.
    pub text: String,
    /// Its place.
    pub span: Span,
}

impl Key {
    /// The key of YAML 1.1 that takes over what another mapping has. It is refused: what it would bring is not known.
    pub(crate) const MERGE: &str = "<<";

    /// Whether it stands for keys that are not known.
    pub(crate) fn is_merge(&self) -> bool {
        self.text == Self::MERGE
    }
}

impl Value {
    /// What a person calls such a value.
    pub const fn description(&self) -> &'static str {
        match self {
            Self::Mapping(_) => "a mapping",
            Self::List(_) => "a list",
            Self::Text(_) => "a string",
            Self::Integer(_) => "a whole number",
            Self::Decimal(_) => "a decimal number",
            Self::Boolean(_) => "a boolean",
            Self::Null => "nothing",
            Self::Alias => "an alias",
        }
    }
}
