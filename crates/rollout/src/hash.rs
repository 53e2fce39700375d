//! The hash by which an object is known to be unchanged: SHA-256 over JSON with sorted keys.

use std::fmt::Write;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// Hash of a JSON value, the same for every order of its keys.
pub(crate) fn of(value: &Value) -> String {
    let mut hasher = Sha256::new();
    feed(&mut hasher, value);
    hasher
        .finalize()
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

fn feed(hasher: &mut Sha256, value: &Value) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            hasher.update(b"{");
            for (key, value) in entries {
                hasher.update(Value::from(key.as_str()).to_string());
                hasher.update(b":");
                feed(hasher, value);
            }
            hasher.update(b"}");
        }
        Value::Array(items) => {
            hasher.update(b"[");
            for item in items {
                feed(hasher, item);
                hasher.update(b",");
            }
            hasher.update(b"]");
        }
        scalar => hasher.update(scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::of;

    #[test]
    fn order_of_keys_does_not_matter_but_everything_else_does() {
        let text = r#"{"b": {"y": 1, "x": [1, 2]}, "a": "1"}"#;
        let same = r#"{"a": "1", "b": {"x": [1, 2], "y": 1}}"#;
        let parse = |text: &str| serde_json::from_str(text).unwrap();
        assert_eq!(of(&parse(text)), of(&parse(same)));
        let different = [
            json!({}),
            json!([]),
            json!("1"),
            json!(1),
            json!([1, 2]),
            json!([2, 1]),
            json!([[1], 2]),
            json!({"a": 1}),
        ];
        for (position, left) in different.iter().enumerate() {
            for right in &different[position + 1..] {
                assert_ne!(of(left), of(right), "{left} {right}");
            }
        }
    }
}
