//! Values of Secrets never leave the engine. They are told apart by a fingerprint under a key that exists only
//! while one plan is made: nobody can try out guesses against it afterwards.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use kubernetes_objects::manifest::ObjectKey;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::Sha256;

use super::difference::Difference;

/// Shorter values are no secrets, and would be found in everything.
const SHORTEST_SECRET: usize = 6;

/// A field that differs, as it may be shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Where, e.g. `.spec.template.spec.containers[main].image`.
    pub path: String,
    /// The value now; values of Secrets are masked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub old: Option<Value>,
    /// The value then; values of Secrets are masked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub new: Option<Value>,
}

/// Hides secrets for the time of one plan.
pub(crate) struct Mask {
    key: [u8; 32],
}

impl Mask {
    pub(crate) fn new() -> Result<Self, getrandom::Error> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        Ok(Self { key })
    }

    /// The differences of an object without what must not be seen. `secrets` are values that were taken from
    /// Secrets into this object.
    pub(crate) fn hide(
        &self,
        object: &ObjectKey,
        found: Vec<Difference>,
        secrets: &[String],
    ) -> Vec<FieldChange> {
        let shown = |path: &str, value: Value| {
            if object.kind == "Secret" && (path.starts_with(".data") || path.starts_with(".stringData")) {
                self.masked(&value)
            } else {
                self.without(value, secrets)
            }
        };
        found
            .into_iter()
            .map(|one| FieldChange {
                old: one.old.map(|value| shown(&one.path, value)),
                new: one.new.map(|value| shown(&one.path, value)),
                path: one.path,
            })
            .collect()
    }

    /// Every value of a map, or one value, replaced by its length and fingerprint.
    fn masked(&self, value: &Value) -> Value {
        match value {
            Value::Object(map) => map
                .iter()
                .map(|(name, value)| (name.clone(), self.masked(value)))
                .collect(),
            Value::String(text) => {
                let bytes = STANDARD
                    .decode(text)
                    .unwrap_or_else(|_| text.clone().into_bytes());
                self.words(&bytes).into()
            }
            other => self.words(other.to_string().as_bytes()).into(),
        }
    }

    fn words(&self, secret: &[u8]) -> String {
        format!("<{} bytes, {}>", secret.len(), self.fingerprint(secret))
    }

    fn fingerprint(&self, secret: &[u8]) -> String {
        let mut text = keyed(&self.key, secret);
        text.truncate(8);
        text
    }

    /// The value with every known secret in it replaced.
    fn without(&self, value: Value, secrets: &[String]) -> Value {
        match value {
            Value::String(mut text) => {
                for secret in secrets.iter().filter(|secret| secret.len() >= SHORTEST_SECRET) {
                    if text.contains(secret.as_str()) {
                        text = text.replace(secret.as_str(), &self.words(secret.as_bytes()));
                    }
                }
                Value::String(text)
            }
            Value::Array(items) => items
                .into_iter()
                .map(|item| self.without(item, secrets))
                .collect(),
            Value::Object(map) => map
                .into_iter()
                .map(|(name, value)| (name, self.without(value, secrets)))
                .collect(),
            other => other,
        }
    }
}

/// HMAC-SHA256 as hexadecimal digits.
pub(super) fn keyed(key: &[u8; 32], content: &[u8]) -> String {
    let mut code = Hmac::<Sha256>::new_from_slice(key).expect("an HMAC takes a key of any length");
    code.update(content);
    code.finalize()
        .into_bytes()
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds;

    fn change(path: &str, old: Value, new: Value) -> Difference {
        Difference {
            path: path.into(),
            old: Some(old),
            new: Some(new),
        }
    }

    #[test]
    fn secrets_are_masked_and_told_apart_for_one_plan_only() {
        let secret = kinds::SECRET.key(Some("n"), "s");
        let (first, second) = (STANDARD.encode("hunter2!"), STANDARD.encode("hunter3!"));
        let found = vec![change(".data.password", json!(first), json!(second))];
        let mask = Mask::new().unwrap();
        let shown = mask.hide(&secret, found.clone(), &[]);
        let text = serde_json::to_string(&shown).unwrap();
        assert!(!text.contains("hunter") && !text.contains(&first), "{text}");
        assert_ne!(shown[0].old, shown[0].new);
        assert!(
            shown[0]
                .old
                .as_ref()
                .unwrap()
                .as_str()
                .unwrap()
                .starts_with("<8 bytes, ")
        );
        // Another plan has another key, so fingerprints cannot be collected.
        assert_ne!(
            Mask::new().unwrap().hide(&secret, found, &[])[0].old,
            shown[0].old
        );
        // A new Secret as a whole: names stay, values go.
        let whole = vec![Difference {
            path: ".data".into(),
            old: None,
            new: Some(json!({ "a": first })),
        }];
        let shown = serde_json::to_string(&mask.hide(&secret, whole, &[])).unwrap();
        assert!(
            shown.contains("\"a\":\"<8 bytes") && !shown.contains(&first),
            "{shown}"
        );
    }

    #[test]
    fn secrets_that_were_bound_into_other_objects_are_masked_there() {
        let job = kinds::JOB.key(Some("n"), "j");
        let found = vec![change(
            ".spec.args",
            json!(["--token=abcdef-1"]),
            json!(["--token=none"]),
        )];
        let shown = Mask::new()
            .unwrap()
            .hide(&job, found, &["abcdef-1".to_owned(), String::new()]);
        let text = serde_json::to_string(&shown).unwrap();
        assert!(
            !text.contains("abcdef-1") && text.contains("--token=<8 bytes, "),
            "{text}"
        );
    }
}
