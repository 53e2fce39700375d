//! A HOCON value whose keys keep the order in which they were added.

use std::time::Duration;

use secrecy::SecretString;

/// A value of a key.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// Text; always written in quotes.
    Text(String),
    /// Text that only the writer may see.
    Secret(SecretString),
    /// A whole number.
    Number(i64),
    /// `true` or `false`.
    Boolean(bool),
    /// A value that the product takes from its environment when it starts: `${NAME}`.
    Environment(String),
    /// A list.
    List(Vec<Self>),
    /// A nested block.
    Block(Block),
}

/// Keys with values, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    entries: Vec<(String, Value)>,
}

impl Block {
    pub(crate) const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// Adds a key.
    pub(crate) fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.entries.push((key.into(), value.into()));
        self
    }

    /// Adds a key when it has a value; otherwise the product's default holds.
    pub(crate) fn with_some(self, key: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Adds a list when it is not empty.
    pub(crate) fn with_list<T: Into<Value>>(self, key: &str, values: impl IntoIterator<Item = T>) -> Self {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        if values.is_empty() {
            self
        } else {
            self.with(key, values)
        }
    }

    pub(crate) fn entries(&self) -> &[(String, Value)] {
        &self.entries
    }
}

/// A time that the product wants as a plain number of milliseconds.
pub(crate) fn milliseconds(duration: Duration) -> Value {
    Value::Number(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
}

/// The largest unit that says a duration exactly: `1d`, `90s`, `1500ms`.
fn duration_text(duration: Duration) -> String {
    const UNITS: [(u128, &str); 4] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")];
    let milliseconds = duration.as_millis();
    UNITS
        .iter()
        .find(|(unit, _)| milliseconds > 0 && milliseconds.is_multiple_of(*unit))
        .map_or_else(
            || format!("{milliseconds}ms"),
            |(unit, name)| format!("{}{name}", milliseconds / unit),
        )
}

impl From<Duration> for Value {
    fn from(duration: Duration) -> Self {
        Self::Text(duration_text(duration))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<&SecretString> for Value {
    fn from(secret: &SecretString) -> Self {
        Self::Secret(secret.clone())
    }
}

impl From<bool> for Value {
    fn from(boolean: bool) -> Self {
        Self::Boolean(boolean)
    }
}

impl From<u16> for Value {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Value {
    /// The products' numbers are signed: a larger one is the largest of theirs.
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<Block> for Value {
    fn from(block: Block) -> Self {
        Self::Block(block)
    }
}

impl From<Vec<Self>> for Value {
    fn from(list: Vec<Self>) -> Self {
        Self::List(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_said_in_its_largest_exact_unit() {
        let said = |milliseconds| duration_text(Duration::from_millis(milliseconds));
        assert_eq!(said(10_000), "10s");
        assert_eq!(said(60_000), "1m");
        assert_eq!(said(90_000), "90s");
        assert_eq!(said(86_400_000), "1d");
        assert_eq!(said(7_200_000), "2h");
        assert_eq!(said(1_500), "1500ms");
        assert_eq!(said(0), "0ms");
    }

    #[test]
    fn debug_hides_a_secret() {
        let block = Block::new().with("password", &SecretString::from("hunter2"));
        assert!(!format!("{block:?}").contains("hunter2"));
    }
}
