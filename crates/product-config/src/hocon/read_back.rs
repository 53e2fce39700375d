//! Reads what was written with another implementation of HOCON and compares every value.

use secrecy::ExposeSecret;

use super::value::{Block, Value};

/// Fails when `text` does not read back as `block`.
pub(crate) fn check(block: &Block, text: &str) {
    // What a file leaves to its reader's environment is not there when it is read here.
    let readable = environment(block).iter().fold(text.to_owned(), |text, name| {
        text.replace(&format!("${{{name}}}"), "\"environment\"")
    });
    let read: hocon_rs::Value =
        hocon_rs::Config::parse_str(&readable, None).unwrap_or_else(|error| panic!("{error} in:\n{text}"));
    same(&Value::Block(block.clone()), &read, "", text);
}

fn environment(block: &Block) -> Vec<String> {
    fn names(value: &Value) -> Vec<String> {
        match value {
            Value::Environment(name) => vec![name.clone()],
            Value::Block(block) => environment(block),
            Value::List(values) => values.iter().flat_map(names).collect(),
            _ => Vec::new(),
        }
    }
    block
        .entries()
        .iter()
        .flat_map(|entry| names(&entry.value))
        .collect()
}

fn same(written: &Value, read: &hocon_rs::Value, path: &str, text: &str) {
    let equal = match written {
        Value::Text(string) => read.as_str() == Some(string),
        Value::Secret(secret) => read.as_str() == Some(secret.expose_secret()),
        Value::Number(number) => read.as_i64() == Some(*number),
        // The other reader rounds with little care where exponents are large.
        Value::Decimal(number) => read
            .as_f64()
            .is_some_and(|read| (read - number).abs() <= (number.abs() * 1e-12).max(f64::MIN_POSITIVE)),
        Value::Boolean(boolean) => read.as_boolean() == Some(*boolean),
        Value::Environment(_) => read.as_str() == Some("environment"),
        Value::List(values) => {
            let read = read
                .as_array()
                .unwrap_or_else(|| panic!("{path} is no list in:\n{text}"));
            for (index, (value, read)) in values.iter().zip(read).enumerate() {
                same(value, read, &format!("{path}[{index}]"), text);
            }
            values.len() == read.len()
        }
        Value::Block(block) => {
            let read = read
                .as_object()
                .unwrap_or_else(|| panic!("{path} is no block in:\n{text}"));
            for entry in block.entries() {
                let below = format!("{path}.{}", entry.key);
                let read = read
                    .get(&entry.key)
                    .unwrap_or_else(|| panic!("{below} is missing in:\n{text}"));
                same(&entry.value, read, &below, text);
            }
            block.entries().len() == read.len()
        }
    };
    assert!(equal, "{path} reads back as {read:?} in:\n{text}");
}
