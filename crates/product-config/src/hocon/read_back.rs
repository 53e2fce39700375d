//! Reads what was written with another implementation of HOCON and compares every value. Then once more with the
//! most hostile of strings in the place of every text and secret.

use secrecy::ExposeSecret;

use super::{
    value::{Block, Value},
    writer,
};

/// What a careless writer would end, begin, substitute, escape or lose.
const HOSTILE: &str = "\"\"\" \\ ' ${HOME} ${?NONE} $ # // { [ ] } = : , += include \"x\"\r\n\t\u{0}\u{7f}\u{85}\u{2028}\u{feff}ü€𝄞 ";

/// Fails when `text` does not read back as `block`, or the same with hostile strings does not.
pub(crate) fn check(block: &Block, text: &str) {
    read_back(block, text);
    let hostile = hostile_block(block);
    read_back(&hostile, &writer::text(&hostile));
}

fn hostile_block(block: &Block) -> Block {
    let entries = block.entries().iter();
    entries
        .map(|entry| (entry.key.as_str(), hostile(&entry.value)))
        .collect()
}

fn hostile(value: &Value) -> Value {
    match value {
        Value::Text(text) => Value::Text(format!("{HOSTILE}{text}{HOSTILE}")),
        Value::Secret(secret) => Value::Secret(format!("{HOSTILE}{}", secret.expose_secret()).into()),
        Value::List(values) => Value::List(values.iter().map(hostile).collect()),
        Value::Block(block) => Value::Block(hostile_block(block)),
        other => other.clone(),
    }
}

fn read_back(block: &Block, text: &str) {
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
