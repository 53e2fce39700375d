//! Names: of the network and its parts, of parties, and of what exists in the cluster already.

use std::fmt;

use super::{Problem, Text, text_scalar};
use crate::{
    language::Format,
    names::{DnsName, NetworkName, NodeName, X500Name},
};

impl Text for NetworkName {
    const FORMAT: &'static Format = &Format {
        name: "network name",
        documentation: "1 to 24 characters: lower-case letters, digits, `-`; begins with a letter, ends with a letter or digit",
        pattern: Some("^[a-z]([a-z0-9-]{0,22}[a-z0-9])?$"),
        example: "trade",
    };

    fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        Self::new(text).map_err(|message| vec![Problem::new("topology::network-name", message)])
    }
}

impl Text for NodeName {
    const FORMAT: &'static Format = &Format {
        name: "component name",
        documentation: "1 to 26 characters: lower-case letters, digits, `-`; begins with a letter, ends with a letter or digit; with these limits no Kubernetes name made of it passes 63",
        pattern: Some("^[a-z]([a-z0-9-]{0,24}[a-z0-9])?$"),
        example: "bank-a",
    };

    fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        Self::new(text).map_err(|message| vec![Problem::new("topology::component-name", message)])
    }
}

impl Text for DnsName {
    const FORMAT: &'static Format = &Format {
        name: "host",
        documentation: "a DNS name of two labels or more, lower case, up to 253 characters; no IP address",
        pattern: Some("^[a-z0-9-]+(\\.[a-z0-9-]+)+$"),
        example: "identity-manager.trade.example",
    };

    fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        Self::new(text).map_err(|message| vec![Problem::new("topology::host-name", message)])
    }
}

impl Text for X500Name {
    const FORMAT: &'static Format = &Format {
        name: "legal name",
        documentation: "an X.500 name as Corda takes it: `O` (up to 128 characters, at least two letters, begins with a capital if with a letter), `L` and `C` (ISO 3166-1, or `ZZ`) must be there, `CN`, `OU` and `ST` may; other values up to 64 characters; the order does not matter",
        pattern: Some("^.+=.+(,.+=.+)+$"),
        example: "O=Bank A, L=Oslo, C=NO",
    };

    fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        Self::new(text).map_err(|problems| {
            problems
                .into_iter()
                .map(|problem| {
                    Problem::new("topology::legal-name", problem)
                        .label("invalid X.500 name")
                        .help("write it like `O=PartyA, L=London, C=GB`")
                })
                .collect()
        })
    }
}

macro_rules! text_type {
    ($(#[$documentation:meta])* $name:ident, $what:literal, $accepts:expr, $code:literal, $rule:literal, $pattern:literal, $example:literal) => {
        $(#[$documentation])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// As it is written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl Text for $name {
            const FORMAT: &'static Format = &Format {
                name: $what,
                documentation: $rule,
                pattern: Some($pattern),
                example: $example,
            };

            fn parse(text: &str) -> Result<Self, Vec<Problem>> {
                let accepts: fn(&str) -> bool = $accepts;
                if accepts(text) {
                    return Ok(Self(text.to_owned()));
                }
                Err(vec![
                    Problem::new($code, format!("`{text}` is not a {}", $what))
                        .help(concat!("write ", $rule)),
                ])
            }
        }

        text_scalar!($name);
    };
}

text_type!(
    /// The name of an object that exists in the cluster already (RFC 1123 subdomain).
    ObjectName, "Kubernetes name",
    |text| text.len() <= 253 && text.split('.').all(is_dns_label),
    "topology::object-name",
    "lower-case letters, digits, `-` and `.`, up to 253 characters",
    "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", "bank-a-database"
);
text_type!(
    /// A key of a Secret or `ConfigMap`.
    SecretKey, "key of a Secret",
    |text| (1..=253).contains(&text.len())
        && text.chars().all(|it| it.is_ascii_alphanumeric() || "-_.".contains(it)),
    "topology::secret-key",
    "letters, digits, `-`, `_` and `.`",
    "^[A-Za-z0-9._-]+$", "password"
);
text_type!(
    /// A path in a store of secrets, or its beginning.
    StorePath, "path of a store",
    |text| text.len() <= 128
        && text.split('/').all(|part| {
            !part.is_empty()
                && part != "."
                && part != ".."
                && part.chars().all(|it| it.is_ascii_alphanumeric() || "-_.".contains(it))
        }),
    "topology::store-path",
    "letters, digits, `-`, `_` and `.`, in parts with `/` between them, up to 128 characters",
    "^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$", "corda/trade"
);
text_type!(
    /// An environment variable.
    VariableName, "environment variable",
    |text| !text.is_empty()
        && !text.starts_with(|it: char| it.is_ascii_digit())
        && text.chars().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_'),
    "topology::variable-name",
    "capital letters, digits and `_`, not beginning with a digit",
    "^[A-Z_][A-Z0-9_]*$", "BANK_A_DATABASE_PASSWORD"
);
text_type!(
    /// A key or value of a Kubernetes label, with the prefix of a key.
    Label, "Kubernetes label",
    |text| {
        let name = text.rsplit('/').next().unwrap_or_default();
        text.len() <= 317
            && (1..=63).contains(&name.len())
            && name.starts_with(|it: char| it.is_ascii_alphanumeric())
            && name.ends_with(|it: char| it.is_ascii_alphanumeric())
            && text.chars().all(|it| it.is_ascii_alphanumeric() || "-_./".contains(it))
    },
    "topology::label",
    "up to 63 letters, digits, `-`, `_` and `.`, a key with a DNS prefix and `/` if it has one",
    "^[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?$", "topology.kubernetes.io/zone"
);

text_scalar!(NetworkName, NodeName, DnsName, X500Name);

fn is_dns_label(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 63
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text
            .chars()
            .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-')
}
