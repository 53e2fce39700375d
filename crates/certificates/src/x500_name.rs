//! An X.500 name in the order that Java prints and Corda compares.

use std::fmt;

use rcgen::string::PrintableString;
use rcgen::{DistinguishedName, DnType, DnValue};
use serde::{Deserialize, Serialize, Serializer};
use x509_parser::oid_registry::{
    OID_X509_COMMON_NAME, OID_X509_COUNTRY_NAME, OID_X509_LOCALITY_NAME, OID_X509_ORGANIZATION_NAME,
    OID_X509_ORGANIZATIONAL_UNIT, OID_X509_STATE_OR_PROVINCE_NAME, Oid,
};
use x509_parser::prelude::X509Name;

/// The subject of a certificate. It prints as configuration files want it: `CN=…, O=…, L=…, C=…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct X500Name {
    /// In the order in which they are printed.
    parts: Vec<(NamePart, String)>,
}

/// A part of a name: those that a Corda name may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum NamePart {
    #[serde(rename = "CN")]
    CommonName,
    #[serde(rename = "OU")]
    OrganisationalUnit,
    #[serde(rename = "O")]
    Organisation,
    #[serde(rename = "L")]
    Locality,
    #[serde(rename = "ST")]
    State,
    #[serde(rename = "C")]
    Country,
}

impl NamePart {
    const ALL: [Self; 6] = [
        Self::CommonName,
        Self::OrganisationalUnit,
        Self::Organisation,
        Self::Locality,
        Self::State,
        Self::Country,
    ];

    /// What stands before the `=`.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::CommonName => "CN",
            Self::OrganisationalUnit => "OU",
            Self::Organisation => "O",
            Self::Locality => "L",
            Self::State => "ST",
            Self::Country => "C",
        }
    }

    fn oid(self) -> Oid<'static> {
        match self {
            Self::CommonName => OID_X509_COMMON_NAME,
            Self::OrganisationalUnit => OID_X509_ORGANIZATIONAL_UNIT,
            Self::Organisation => OID_X509_ORGANIZATION_NAME,
            Self::Locality => OID_X509_LOCALITY_NAME,
            Self::State => OID_X509_STATE_OR_PROVINCE_NAME,
            Self::Country => OID_X509_COUNTRY_NAME,
        }
    }

    const fn to_rcgen(self) -> DnType {
        match self {
            Self::CommonName => DnType::CommonName,
            Self::OrganisationalUnit => DnType::OrganizationalUnitName,
            Self::Organisation => DnType::OrganizationName,
            Self::Locality => DnType::LocalityName,
            Self::State => DnType::StateOrProvinceName,
            Self::Country => DnType::CountryName,
        }
    }

    /// The part of this object identifier.
    pub(crate) fn of(oid: &Oid<'_>) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.oid() == *oid)
    }
}

impl X500Name {
    /// The name that the authorities of a network have.
    pub(crate) fn new(common_name: String, organisation: &str, locality: &str, country: &str) -> Self {
        Self {
            parts: vec![
                (NamePart::CommonName, common_name),
                (NamePart::Organisation, organisation.to_owned()),
                (NamePart::Locality, locality.to_owned()),
                (NamePart::Country, country.to_owned()),
            ],
        }
    }

    /// The common name; empty where there is none.
    pub fn common_name(&self) -> &str {
        self.parts
            .iter()
            .find(|(part, _)| *part == NamePart::CommonName)
            .map_or("", |(_, value)| value)
    }

    /// A name with these parts, in the order in which they are printed.
    pub(crate) const fn of_parts(parts: Vec<(NamePart, String)>) -> Self {
        Self { parts }
    }

    /// The parts, in the order in which they are printed.
    pub(crate) fn parts(&self) -> &[(NamePart, String)] {
        &self.parts
    }

    /// Reads a name of a certificate; `None` when it has a part that no Corda name has, or one twice.
    pub(crate) fn read(name: &X509Name<'_>) -> Option<Self> {
        let mut parts: Vec<(NamePart, String)> = Vec::new();
        for attribute in name.iter_attributes() {
            let part = NamePart::of(attribute.attr_type())?;
            if parts.iter().any(|(known, _)| *known == part) {
                return None;
            }
            parts.push((part, attribute.as_str().ok()?.to_owned()));
        }
        parts.reverse();
        Some(Self { parts })
    }

    /// The name as `rcgen` writes it. RFC 2253 prints a name backwards, so the country comes first here.
    pub(crate) fn to_rcgen(&self) -> DistinguishedName {
        let mut name = DistinguishedName::new();
        for (part, text) in self.parts.iter().rev() {
            name.push(part.to_rcgen(), value(text));
        }
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
        for (index, (part, value)) in self.parts.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(formatter, "{separator}{}={}", part.key(), escaped(value))?;
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
        X500Name::new("demo Root CA".into(), organisation, "London", "GB")
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
