//! Host names that are baked into certificates and configs.

use std::fmt;

/// A DNS name of at least two labels, e.g. `identity-manager.quickstart.test` (RFC 1123). IP addresses are
/// refused: the CRL host stays in certificates for their whole life (reference §3.4).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DnsName(String);

impl DnsName {
    /// Takes a name.
    ///
    /// # Errors
    /// A sentence that says which rule the text breaks.
    pub fn new(text: &str) -> Result<Self, String> {
        if text.parse::<std::net::IpAddr>().is_ok() {
            return Err(format!(
                "`{text}` is an IP address: a DNS name is needed, it stays in certificates for years"
            ));
        }
        if text.len() > 253 {
            return Err(format!(
                "a host name may have 253 characters, this has {}",
                text.len()
            ));
        }
        if !text.contains('.') {
            return Err(format!("`{text}` has no domain: write the whole name"));
        }
        for label in text.split('.') {
            if label.is_empty() || label.len() > 63 {
                return Err(format!(
                    "each part of the host name `{text}` must have 1 to 63 characters"
                ));
            }
            let allowed = |character: char| {
                character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-'
            };
            if !label.chars().all(allowed) || label.starts_with('-') || label.ends_with('-') {
                return Err(format!(
                    "`{label}` in `{text}` is not a DNS label: lower-case letters, digits and inner `-` only"
                ));
            }
        }
        Ok(Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DnsName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_names_keep_the_rules() {
        for (text, accepted) in [
            ("network-map.quickstart.test", true),
            ("a.b", true),
            ("localhost", false),
            ("10.0.0.1", false),
            ("::1", false),
            ("Upper.test", false),
            ("a..test", false),
            ("-a.test", false),
        ] {
            assert_eq!(DnsName::new(text).is_ok(), accepted, "{text}");
        }
    }
}
