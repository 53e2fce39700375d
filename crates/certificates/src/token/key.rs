//! What finds a key in a token again.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What the ring knows of a private key that a token holds. Nothing of it is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenKey {
    /// The token's label.
    pub token: String,
    /// The key's `CKA_LABEL`.
    pub label: String,
    /// The key's `CKA_ID`; empty when it was made by others, without one.
    #[serde(serialize_with = "encoded", deserialize_with = "decoded")]
    pub id: Vec<u8>,
    /// How many keys the alias has had before this one: rotations count.
    #[serde(default)]
    pub generation: u32,
}

impl TokenKey {
    /// The label of an alias' key: `quickstart cordarootca`, and after a rotation `quickstart cordasslrootca 2`.
    pub(crate) fn label_of(network: &str, alias: &str, generation: u32) -> String {
        let mut label = format!("{network} {alias}");
        if generation > 0 {
            let _infallible = write!(label, " {}", u64::from(generation) + 1);
        }
        label
    }
}

fn encoded<S: Serializer>(id: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(id))
}

fn decoded<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    // What stands in the file is never quoted.
    STANDARD
        .decode(text)
        .map_err(|_| serde::de::Error::custom("not base64"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_count_from_the_second_key_on() {
        let label = |generation| TokenKey::label_of("demo", "cordasslrootca", generation);
        assert_eq!(
            [label(0), label(1), label(2)],
            [
                "demo cordasslrootca",
                "demo cordasslrootca 2",
                "demo cordasslrootca 3"
            ]
        );
    }
}
