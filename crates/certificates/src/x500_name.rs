//! An X.500 name in the order that Java prints and Corda compares.

use std::fmt;

use rcgen::string::PrintableString;
use rcgen::{DistinguishedName, DnType, DnValue};
use serde::{Serialize, Serializer};

/// The subject of a certificate. It prints as configuration files want it: `CN=…, O=…, L=…, C=…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct X500Name {
    /// `CN`.
    pub common_name: String,
    /// `O`.
    pub organisation: String,
    /// `L`.
    pub locality: String,
    /// `C`: two capital letters.
    pub country: String,
}

impl X500Name {
    /// The name as `rcgen` writes it. RFC 2253 prints a name backwards, so the country comes first here.
    pub(crate) fn to_rcgen(&self) -> DistinguishedName {
        let Self {
            common_name,
            organisation,
            locality,
            country,
        } = self;
        let mut name = DistinguishedName::new();
        name.push(DnType::CountryName, value(country));
        name.push(DnType::LocalityName, value(locality));
        name.push(DnType::OrganizationName, value(organisation));
        name.push(DnType::CommonName, value(common_name));
        name
    }
}

/// Java encodes a name as `PrintableString` when its characters allow. Doing the same keeps a name that a
/// node builds from its configuration equal, byte for byte, to the one in our certificate.
fn value(text: &str) -> DnValue {
    PrintableString::try_from(text)
        .map_or_else(|_| DnValue::Utf8String(text.to_owned()), DnValue::PrintableString)
}

impl fmt::Display for X500Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            common_name,
            organisation,
            locality,
            country,
        } = self;
        let parts = [
            ("CN", common_name),
            ("O", organisation),
            ("L", locality),
            ("C", country),
        ];
        for (index, (key, value)) in parts.into_iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(formatter, "{separator}{key}={}", escaped(value))?;
        }
        Ok(())
    }
}

impl Serialize for X500Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Escapes the characters that have a meaning in the printed form (RFC 2253 §2.4).
pub(crate) fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let last = value.chars().count().saturating_sub(1);
    for (index, character) in value.chars().enumerate() {
        let at_edge = (index == 0 && matches!(character, ' ' | '#')) || (index == last && character == ' ');
        if at_edge || matches!(character, ',' | '+' | '"' | '\\' | '<' | '>' | ';') {
            text.push('\\');
        }
        text.push(character);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(organisation: &str) -> X500Name {
        X500Name {
            common_name: "demo Root CA".into(),
            organisation: organisation.into(),
            locality: "London".into(),
            country: "GB".into(),
        }
    }

    #[test]
    fn prints_as_java_reads() {
        assert_eq!(
            name("Example").to_string(),
            "CN=demo Root CA, O=Example, L=London, C=GB"
        );
        assert_eq!(
            name("A, B + C").to_string(),
            "CN=demo Root CA, O=A\\, B \\+ C, L=London, C=GB"
        );
        assert_eq!(escaped("#1 \"x\" "), "\\#1 \\\"x\\\"\\ ");
    }

    #[test]
    fn takes_the_narrowest_string_type_as_java_does() {
        let printable = name("Example").to_rcgen();
        assert!(matches!(
            printable.get(&DnType::OrganizationName),
            Some(DnValue::PrintableString(_))
        ));
        let wide = name("Crédit").to_rcgen();
        assert!(matches!(
            wide.get(&DnType::OrganizationName),
            Some(DnValue::Utf8String(_))
        ));
    }
}
