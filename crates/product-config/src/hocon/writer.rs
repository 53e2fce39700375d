//! Writes HOCON that a person can read and that any parser of it reads back unchanged.
//!
//! Strings are JSON strings, which HOCON takes literally: no substitution, no concatenation, whatever they
//! hold. The one thing left to the reader is [`Value::Environment`].

use std::fmt::Write as _;

use secrecy::ExposeSecret;

use super::value::{Block, Value};

/// Longest list that stays on one line.
const LINE: usize = 80;

/// The text of a file whose root is `block`.
pub(crate) fn write(block: &Block) -> String {
    let text = text(block);
    // In this crate's tests whatever is written is read back by another implementation.
    #[cfg(test)]
    super::read_back::check(block, &text);
    text
}

/// The text, which in tests is not read back.
pub(super) fn text(block: &Block) -> String {
    let mut text = String::new();
    entries(&mut text, block, 0);
    text
}

fn entries(text: &mut String, block: &Block, depth: usize) {
    for entry in block.entries() {
        indent(text, depth);
        key(text, &entry.key);
        if matches!(entry.value, Value::Block(_)) {
            text.push(' ');
        } else {
            text.push_str(" = ");
        }
        write_value(text, &entry.value, depth);
        text.push('\n');
    }
}

fn write_value(text: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Text(string) => quoted(text, string),
        Value::Secret(secret) => quoted(text, secret.expose_secret()),
        Value::Number(number) => {
            let _infallible = write!(text, "{number}");
        }
        // `Debug` writes the shortest digits that read back the same, and always a point or an exponent.
        Value::Decimal(number) => {
            let _infallible = write!(text, "{number:?}");
        }
        Value::Boolean(boolean) => text.push_str(if *boolean { "true" } else { "false" }),
        Value::Environment(name) => {
            text.push_str("${");
            key(text, name);
            text.push('}');
        }
        Value::List(values) => list(text, values, depth),
        Value::Block(block) if block.entries().is_empty() => text.push_str("{}"),
        Value::Block(block) => {
            text.push_str("{\n");
            entries(text, block, depth + 1);
            indent(text, depth);
            text.push('}');
        }
    }
}

fn list(text: &mut String, values: &[Value], depth: usize) {
    let nested = values
        .iter()
        .any(|value| matches!(value, Value::Block(_) | Value::List(_)));
    if !nested {
        let mut line = String::from("[");
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                line.push_str(", ");
            }
            write_value(&mut line, value, depth);
        }
        line.push(']');
        if line.len() <= LINE {
            text.push_str(&line);
            return;
        }
    }
    text.push_str("[\n");
    for (index, value) in values.iter().enumerate() {
        indent(text, depth + 1);
        write_value(text, value, depth + 1);
        text.push_str(if index + 1 < values.len() { ",\n" } else { "\n" });
    }
    indent(text, depth);
    text.push(']');
}

fn indent(text: &mut String, depth: usize) {
    for _ in 0..depth {
        text.push_str("  ");
    }
}

/// A key goes without quotes only where no parser can take it for a path, a number or a keyword.
fn key(text: &mut String, name: &str) {
    let plain = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-'))
        && !matches!(name, "include" | "true" | "false" | "null");
    if plain {
        text.push_str(name);
    } else {
        quoted(text, name);
    }
}

fn quoted(text: &mut String, string: &str) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            control if control.is_control() => {
                let _infallible = write!(text, "\\u{:04x}", u32::from(control));
            }
            plain => text.push(plain),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use secrecy::SecretString;

    use super::*;

    fn parsed(text: &str) -> hocon_rs::Value {
        hocon_rs::Config::parse_str(text, None).unwrap_or_else(|error| panic!("{error} in:\n{text}"))
    }

    #[test]
    fn nested_blocks_and_lists_read_well() {
        let store = Block::new()
            .with("location", "/opt/cenm/ssl/a.jks")
            .with("password", "p\"w");
        let block = Block::new()
            .with("port", 5052_u16)
            .with("ssl", Block::new().with("keyStore", store.clone()))
            .with("signing key", Block::new().with("alias", "a"))
            .with("roots", vec![Value::from("a"), Value::from("b")])
            .with("machineName", Value::Environment("POD_UID".into()))
            .with("stores", vec![Value::from(store), Value::from(Block::new())]);
        insta::assert_snapshot!(write(&block), @r#"
        port = 5052
        ssl {
          keyStore {
            location = "/opt/cenm/ssl/a.jks"
            password = "p\"w"
          }
        }
        "signing key" {
          alias = "a"
        }
        roots = ["a", "b"]
        machineName = ${POD_UID}
        stores = [
          {
            location = "/opt/cenm/ssl/a.jks"
            password = "p\"w"
          },
          {}
        ]
        "#);
    }

    #[test]
    fn what_looks_like_a_substitution_stays_text() {
        let text = write(&Block::new().with("password", &SecretString::from("${HOME} # not // a comment")));
        let value = parsed(&text);
        assert_eq!(
            value.get_by_path(["password"]).and_then(|v| v.as_str()),
            Some("${HOME} # not // a comment")
        );
    }

    proptest! {
        #[test]
        fn any_string_survives(string in any::<String>(), name in "[a-zA-Z0-9 ._${}\"-]{1,12}") {
            let list = vec![Value::from(string.as_str()), Value::from(string.as_str())];
            let block = Block::new().with("nested", Block::new().with(name.clone(), string.as_str()).with("list", list));
            let value = parsed(&write(&block));
            let nested = value.get_by_path(["nested"]).expect("the block was written");
            let object = nested.as_object().expect("it is a block");
            if name != "list" {
                prop_assert_eq!(object.get(&name).and_then(|v| v.as_str()), Some(string.as_str()));
            }
            let items = object.get("list").and_then(|v| v.as_array()).expect("it is a list");
            prop_assert!(items.iter().all(|item| item.as_str() == Some(string.as_str())));
        }

        #[test]
        fn any_number_and_boolean_survives(number in any::<i64>(), boolean in any::<bool>()) {
            let block = Block::new().with("number", Value::Number(number)).with("boolean", boolean);
            let value = parsed(&write(&block));
            prop_assert_eq!(value.get_by_path(["number"]).and_then(hocon_rs::Value::as_i64), Some(number));
            prop_assert_eq!(value.get_by_path(["boolean"]).and_then(hocon_rs::Value::as_boolean), Some(boolean));
        }
    }
}
