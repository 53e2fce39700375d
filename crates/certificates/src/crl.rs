//! Makes and reads the static CRLs.
//!
//! Written by hand because a CRL that covers certificates of other issuers must say that it is indirect
//! (RFC 5280 §5.2.5): nodes refuse the TLS CRL without it, and rcgen has no word for it.

use jiff::Timestamp;
use rcgen::{PKCS_RSA_SHA256, PublicKeyData, SigningKey};
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::{CertificateRevocationList, FromDer, X509Certificate};
use yasna::models::{GeneralizedTime, ObjectIdentifier, UTCTime};
use yasna::{DERWriter, Tag};

use crate::certificate::{Validity, whole_seconds};
use crate::facts::{FactsError, printed, timestamp, urls_of};
use crate::loaded_key::LoadedKey;
use crate::plan::CrlPlan;
use crate::provider::ProviderError;

const SHA256_WITH_RSA: &[u64] = &[1, 2, 840, 113_549, 1, 1, 11];
const ECDSA_WITH_SHA256: &[u64] = &[1, 2, 840, 10045, 4, 3, 2];
const AUTHORITY_KEY_IDENTIFIER: &[u64] = &[2, 5, 29, 35];
const CRL_NUMBER: &[u64] = &[2, 5, 29, 20];
const ISSUING_DISTRIBUTION_POINT: &[u64] = &[2, 5, 29, 28];

/// Makes a CRL that revokes nothing.
pub(crate) fn make(
    plan: &CrlPlan,
    number: u64,
    validity: Validity,
    key: &LoadedKey,
    signer: &X509Certificate<'_>,
) -> Result<Vec<u8>, ProviderError> {
    let to_be_signed = yasna::construct_der(|writer| {
        writer.write_sequence(|writer| {
            // Version 2: it has extensions.
            writer.next().write_u8(1);
            write_algorithm(writer.next(), key);
            writer.next().write_der(signer.subject().as_raw());
            write_time(writer.next(), validity.from);
            write_time(writer.next(), validity.until);
            writer.next().write_tagged(Tag::context(0), |writer| {
                writer.write_sequence(|writer| {
                    if let Some(identifier) = subject_key_identifier(signer) {
                        write_extension(writer.next(), AUTHORITY_KEY_IDENTIFIER, false, |writer| {
                            writer.write_sequence(|writer| {
                                writer.next().write_tagged_implicit(Tag::context(0), |writer| {
                                    writer.write_bytes(identifier);
                                });
                            });
                        });
                    }
                    write_extension(writer.next(), CRL_NUMBER, false, |writer| {
                        writer.write_u64(number);
                    });
                    if plan.indirect {
                        write_extension(writer.next(), ISSUING_DISTRIBUTION_POINT, true, |writer| {
                            write_indirect_point(writer, &plan.url);
                        });
                    }
                });
            });
        });
    });
    let signature = key.sign(&to_be_signed).map_err(|error| key.told(error))?;
    Ok(yasna::construct_der(|writer| {
        writer.write_sequence(|writer| {
            writer.next().write_der(&to_be_signed);
            write_algorithm(writer.next(), key);
            writer.next().write_bitvec_bytes(&signature, signature.len() * 8);
        });
    }))
}

/// With parameters for RSA (RFC 4055 §5) and without for EC (RFC 5758 §3.2).
fn write_algorithm(writer: DERWriter<'_>, key: &impl PublicKeyData) {
    let rsa = key.algorithm() == &PKCS_RSA_SHA256;
    writer.write_sequence(|writer| {
        let algorithm = if rsa { SHA256_WITH_RSA } else { ECDSA_WITH_SHA256 };
        writer.next().write_oid(&ObjectIdentifier::from_slice(algorithm));
        if rsa {
            writer.next().write_null();
        }
    });
}

/// RFC 5280 §5.1.2.4 wants the short form up to 2049.
fn write_time(writer: DERWriter<'_>, at: jiff::Timestamp) {
    let at = whole_seconds(at);
    if (1950..2050).contains(&at.year()) {
        writer.write_utctime(&UTCTime::from_datetime(at));
    } else {
        writer.write_generalized_time(&GeneralizedTime::from_datetime(at));
    }
}

fn write_extension(writer: DERWriter<'_>, oid: &[u64], critical: bool, value: impl FnOnce(DERWriter<'_>)) {
    writer.write_sequence(|writer| {
        writer.next().write_oid(&ObjectIdentifier::from_slice(oid));
        if critical {
            writer.next().write_bool(true);
        }
        writer.next().write_bytes(&yasna::construct_der(value));
    });
}

/// `IssuingDistributionPoint` with the address and `indirectCRL`. The address must be the one that nodes put
/// into their TLS certificates.
fn write_indirect_point(writer: DERWriter<'_>, url: &str) {
    writer.write_sequence(|writer| {
        writer.next().write_tagged(Tag::context(0), |writer| {
            writer.write_tagged_implicit(Tag::context(0), |writer| {
                writer.write_sequence(|writer| {
                    writer
                        .next()
                        .write_tagged_implicit(Tag::context(6), |writer| writer.write_ia5_string(url));
                });
            });
        });
        writer
            .next()
            .write_tagged_implicit(Tag::context(4), |writer| writer.write_bool(true));
    });
}

fn subject_key_identifier<'a>(certificate: &'a X509Certificate<'_>) -> Option<&'a [u8]> {
    certificate
        .extensions()
        .iter()
        .find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::SubjectKeyIdentifier(identifier) => Some(identifier.0),
            _ => None,
        })
}

/// What a CRL says about where it belongs.
pub(crate) struct CrlFacts {
    pub(crate) issuer: String,
    /// Its number; 0 when it has none.
    pub(crate) number: u64,
    /// When the next one comes at the latest.
    pub(crate) next_update: Option<Timestamp>,
    /// Address in an indirect CRL.
    pub(crate) indirect_url: Option<String>,
}

/// Reads a CRL in DER form.
pub(crate) fn read(der: &[u8]) -> Result<CrlFacts, FactsError> {
    let (_, crl) = CertificateRevocationList::from_der(der).map_err(|_| FactsError::Crl)?;
    let indirect_url = crl
        .extensions()
        .iter()
        .find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::IssuingDistributionPoint(point) if point.indirect_crl => point
                .distribution_point
                .as_ref()
                .and_then(|point| urls_of(point).into_iter().next()),
            _ => None,
        });
    Ok(CrlFacts {
        issuer: printed(crl.issuer()),
        number: crl
            .crl_number()
            .and_then(|number| u64::try_from(number.clone()).ok())
            .unwrap_or_default(),
        next_update: crl.next_update().and_then(timestamp),
        indirect_url,
    })
}
