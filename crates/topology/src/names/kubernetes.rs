//! Names from which Kubernetes names are composed, with limits such that no composition is too long.

use std::fmt;

/// The longest name of a namespace, Service, Job or label value (RFC 1123 label).
const LABEL_LENGTH: usize = 63;

macro_rules! name_type {
    ($(#[$documentation:meta])* $name:ident, $what:literal, $length:expr) => {
        $(#[$documentation])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The longest that is accepted, in characters.
            pub const MAX_LENGTH: usize = $length;

            /// Takes a name.
            ///
            /// # Errors
            /// A sentence that says which rule the text breaks.
            pub fn new(text: &str) -> Result<Self, String> {
                check_label(text, $what, Self::MAX_LENGTH)?;
                Ok(Self(text.to_owned()))
            }

            /// The name.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

name_type!(
    /// The name of a network, the first part of all its namespaces, e.g. `quickstart`.
    NetworkName, "a network name", 24
);
name_type!(
    /// The name of a notary, participant or RPC client inside a network, e.g. `party-a`.
    NodeName, "a component name", 26
);

// The longest compositions: a participant's namespace and a node's registration Job with the suffix that
// Kubernetes gives its Pods.
const _: () = assert!(
    NetworkName::MAX_LENGTH + "-participant-".len() + NodeName::MAX_LENGTH <= LABEL_LENGTH,
    "a participant's namespace fits"
);
const _: () = assert!(
    NodeName::MAX_LENGTH + "-registration".len() + "-12345".len() <= LABEL_LENGTH,
    "a registration Pod fits"
);

fn check_label(text: &str, what: &str, length: usize) -> Result<(), String> {
    let allowed =
        |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-';
    if text.is_empty() {
        return Err(format!("{what} must not be empty"));
    }
    if let Some(wrong) = text.chars().find(|&character| !allowed(character)) {
        return Err(format!(
            "{what} must not hold `{wrong}`: lower-case letters, digits and `-` only"
        ));
    }
    if !text.starts_with(|character: char| character.is_ascii_lowercase()) || text.ends_with('-') {
        return Err(format!(
            "{what} must begin with a letter and end with a letter or digit"
        ));
    }
    if text.len() > length {
        return Err(format!(
            "{what} may have {length} characters, `{text}` has {}: Kubernetes names composed with it would pass {LABEL_LENGTH}",
            text.len()
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_the_rules() {
        for (text, accepted) in [
            ("party-a", true),
            ("a", true),
            ("p1", true),
            ("", false),
            ("Party", false),
            ("party_a", false),
            ("-a", false),
            ("a-", false),
            ("1a", false),
            ("abcdefghijklmnopqrstuvwxyz", true),
            ("abcdefghijklmnopqrstuvwxyz0", false),
        ] {
            assert_eq!(NodeName::new(text).is_ok(), accepted, "{text}");
        }
    }
}
