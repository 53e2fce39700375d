//! What a certificate says, read back from its bytes.

use jiff::Timestamp;
use serde::Serialize;
use thiserror::Error;
use x509_parser::extensions::{DistributionPointName, GeneralName, ParsedExtension};
use x509_parser::oid_registry::Oid;
use x509_parser::prelude::{FromDer, X509Certificate, X509Name};
use x509_parser::public_key::PublicKey;
use x509_parser::time::ASN1Time;
use x509_parser::x509::SubjectPublicKeyInfo;

use crate::plan::KeyAlgorithm;
use crate::provider;
use crate::x500_name::{NamePart, X500Name, escaped};

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificateFacts {
    /// Subject, as configuration files write it.
    pub subject: String,
    /// Subject by its parts; `None` when it has one that no Corda name has.
    #[serde(skip)]
    pub name: Option<X500Name>,
    /// Issuer, in the form of the subject.
    pub issuer: String,
    /// Serial number in hexadecimal digits.
    pub serial: String,
    /// First moment of its life.
    pub not_before: Timestamp,
    /// Last moment of its life.
    pub not_after: Timestamp,
    /// Kind of key; `None` for kinds that are not made here.
    pub key: Option<KeyAlgorithm>,
    /// Whether it may issue certificates.
    pub authority: bool,
    /// Number of Corda's role.
    pub role: Option<u8>,
    /// Subject alternative names that are DNS names.
    pub dns_names: Vec<String>,
    /// Where its CRL is published.
    pub crl_urls: Vec<String>,
    /// SHA-256 of the whole certificate.
    pub sha256: String,
}

/// Why bytes are no certificate or CRL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FactsError {
    /// Not a certificate.
    #[error("this is no X.509 certificate in DER form: give another file")]
    Certificate,
    /// Not a CRL.
    #[error("this is no X.509 CRL in DER form: give another file")]
    Crl,
}

/// Corda's certificate role.
pub(crate) const ROLE_OID: &[u64] = &[1, 3, 6, 1, 4, 1, 50530, 1, 1];

impl CertificateFacts {
    /// Reads a certificate in DER form.
    pub fn read(der: &[u8]) -> Result<Self, FactsError> {
        let damaged = || FactsError::Certificate;
        let (_, certificate) = X509Certificate::from_der(der).map_err(|_| damaged())?;
        let names = certificate.subject_alternative_name().map_err(|_| damaged())?;
        let constraints = certificate.basic_constraints().map_err(|_| damaged())?;
        Ok(Self {
            subject: printed(certificate.subject()),
            name: X500Name::read(certificate.subject()),
            issuer: printed(certificate.issuer()),
            serial: certificate.raw_serial_as_string().replace(':', ""),
            not_before: timestamp(certificate.validity().not_before).ok_or_else(damaged)?,
            not_after: timestamp(certificate.validity().not_after).ok_or_else(damaged)?,
            key: algorithm_of(certificate.public_key()),
            authority: constraints.is_some_and(|constraints| constraints.value.ca),
            role: role(&certificate),
            dns_names: names
                .map(|names| dns_names(&names.value.general_names))
                .unwrap_or_default(),
            crl_urls: crl_urls(&certificate),
            sha256: provider::sha256_hex(der),
        })
    }
}

/// The public key of a certificate, as the bit string holds it.
pub(crate) fn public_key(der: &[u8]) -> Result<Vec<u8>, FactsError> {
    let (_, certificate) = X509Certificate::from_der(der).map_err(|_| FactsError::Certificate)?;
    Ok(certificate.public_key().subject_public_key.data.to_vec())
}

pub(crate) fn timestamp(time: ASN1Time) -> Option<Timestamp> {
    Timestamp::from_second(time.timestamp()).ok()
}

/// Prints a name as Java does: last part first.
pub(crate) fn printed(name: &X509Name<'_>) -> String {
    let mut parts: Vec<String> = name
        .iter_attributes()
        .map(|attribute| {
            let value = attribute.as_str().map_or_else(|_| "?".to_owned(), escaped);
            format!("{}={value}", key(attribute.attr_type()))
        })
        .collect();
    parts.reverse();
    parts.join(", ")
}

fn key(oid: &Oid<'_>) -> String {
    NamePart::of(oid).map_or_else(|| oid.to_id_string(), |part| part.key().to_owned())
}

/// The kind of a public key; `None` for kinds that are not made here.
pub(crate) fn algorithm_of(key: &SubjectPublicKeyInfo<'_>) -> Option<KeyAlgorithm> {
    match key.parsed().ok()? {
        PublicKey::EC(point) if point.key_size() == 256 => Some(KeyAlgorithm::EcP256),
        PublicKey::RSA(key) => match key.key_size() {
            2048 => Some(KeyAlgorithm::Rsa2048),
            3072 => Some(KeyAlgorithm::Rsa3072),
            4096 => Some(KeyAlgorithm::Rsa4096),
            _ => None,
        },
        _ => None,
    }
}

/// The extension holds a DER INTEGER of one byte.
fn role(certificate: &X509Certificate<'_>) -> Option<u8> {
    let extension = certificate.extensions().iter().find(|extension| {
        extension
            .oid
            .iter()
            .is_some_and(|parts| parts.eq(ROLE_OID.iter().copied()))
    })?;
    match extension.value {
        [2, 1, number] => Some(*number),
        _ => None,
    }
}

fn dns_names(names: &[GeneralName<'_>]) -> Vec<String> {
    names
        .iter()
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some((*name).to_owned()),
            _ => None,
        })
        .collect()
}

fn crl_urls(certificate: &X509Certificate<'_>) -> Vec<String> {
    let mut urls = Vec::new();
    for extension in certificate.extensions() {
        if let ParsedExtension::CRLDistributionPoints(points) = extension.parsed_extension() {
            for point in points.iter() {
                urls.extend(point.distribution_point.iter().flat_map(urls_of));
            }
        }
    }
    urls
}

/// The addresses that a distribution point names.
pub(crate) fn urls_of(point: &DistributionPointName<'_>) -> Vec<String> {
    match point {
        DistributionPointName::FullName(names) => names
            .iter()
            .filter_map(|name| match name {
                GeneralName::URI(url) => Some((*url).to_owned()),
                _ => None,
            })
            .collect(),
        DistributionPointName::NameRelativeToCRLIssuer(_) => Vec::new(),
    }
}
