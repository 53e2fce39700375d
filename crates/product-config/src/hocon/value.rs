//! A HOCON value whose keys keep the order in which they were added.

use std::time::Duration;

use secrecy::SecretString;

use crate::{address::HostPort, version::CenmFeature};

/// A value of a key.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// Text; always written in quotes.
    Text(String),
    /// Text that only the writer may see.
    Secret(SecretString),
    /// A whole number.
    Number(i64),
    /// A decimal number; finite.
    Decimal(f64),
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
    entries: Vec<Entry>,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) value: Value,
    /// What a release of CENM must have to know it; `None` where all do.
    pub(crate) feature: Option<CenmFeature>,
}

impl Block {
    pub(crate) const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// Adds a key.
    pub(crate) fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.entries.push(Entry {
            key: key.into(),
            value: value.into(),
            feature: None,
        });
        self
    }

    /// Adds a key that only releases with a feature know.
    pub(crate) fn with_feature(
        mut self,
        feature: CenmFeature,
        key: &str,
        value: Option<impl Into<Value>>,
    ) -> Self {
        self.entries.extend(value.map(|value| Entry {
            key: key.to_owned(),
            value: value.into(),
            feature: Some(feature),
        }));
        self
    }

    /// Adds a key when it has a value; otherwise the product's default holds.
    pub(crate) fn with_some(self, key: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// These keys after those of another block.
    pub(crate) fn after(self, mut first: Self) -> Self {
        first.entries.extend(self.entries);
        first
    }

    /// Adds a block when it is not empty.
    pub(crate) fn with_block(self, key: &str, block: Self) -> Self {
        if block.entries.is_empty() {
            self
        } else {
            self.with(key, block)
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

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The value of a key, to be changed or put there.
    pub(crate) fn entry(&mut self, key: &str, absent: impl FnOnce() -> Value) -> &mut Value {
        let found = self.entries.iter().position(|entry| entry.key == key);
        let index = found.unwrap_or_else(|| {
            self.entries.push(Entry {
                key: key.to_owned(),
                value: absent(),
                feature: None,
            });
            self.entries.len() - 1
        });
        &mut self.entries[index].value
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Block {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(entries: T) -> Self {
        entries
            .into_iter()
            .fold(Self::new(), |block, (key, value)| block.with(key, value))
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

impl From<&HostPort> for Value {
    fn from(address: &HostPort) -> Self {
        Self::Text(address.to_string())
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

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Decimal(number)
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
