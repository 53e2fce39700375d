//! Makes one certificate as its plan says.

use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CrlDistributionPoint, CustomExtension,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyUsagePurpose, PublicKeyData, SanType,
    SerialNumber,
};
use time::OffsetDateTime;

use crate::facts::ROLE_OID;
use crate::loaded_key::LoadedKey;
use crate::plan::{EntityPlan, Purpose};
use crate::provider::{self, ProviderError};

/// Machines of a cluster may run behind the operator's clock: what is made now is valid a little earlier.
const HEAD_START: SignedDuration = SignedDuration::from_hours(1);

/// From when to when something is valid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Validity {
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
}

impl Validity {
    /// `days` from now.
    pub(crate) fn new(now: Timestamp, days: u32) -> Self {
        let length = SignedDuration::from_hours(24 * i64::from(days));
        Self {
            from: now.saturating_sub(HEAD_START).unwrap_or(now),
            until: now.saturating_add(length).unwrap_or(Timestamp::MAX),
        }
    }

    /// Keeps within the life of who issues it, as the PKI tool does.
    pub(crate) fn within(self, issuer: Self) -> Self {
        Self {
            from: self.from.max(issuer.from),
            until: self.until.min(issuer.until),
        }
    }
}

/// Signs a certificate with its own key.
pub(crate) fn self_signed(
    plan: &EntityPlan,
    validity: Validity,
    key: &LoadedKey,
) -> Result<Certificate, ProviderError> {
    parameters(plan, validity, key, false)?
        .self_signed(key)
        .map_err(|error| key.told(error))
}

/// Signs a certificate with its issuer's key.
pub(crate) fn signed_by(
    plan: &EntityPlan,
    validity: Validity,
    key: &impl PublicKeyData,
    issuer: &Issuer<'_, LoadedKey>,
) -> Result<Certificate, ProviderError> {
    parameters(plan, validity, key, true)?
        .signed_by(key, issuer)
        .map_err(|error| issuer.key().told(error))
}

fn parameters(
    plan: &EntityPlan,
    validity: Validity,
    key: &impl PublicKeyData,
    names_issuer_key: bool,
) -> Result<CertificateParams, ProviderError> {
    let mut parameters = CertificateParams::default();
    parameters.not_before = whole_seconds(validity.from);
    parameters.not_after = whole_seconds(validity.until);
    parameters.serial_number = Some(serial()?);
    parameters.distinguished_name = plan.subject.to_rcgen();
    parameters.is_ca = if plan.purpose == Purpose::Authority {
        IsCa::Ca(BasicConstraints::Unconstrained)
    } else {
        IsCa::ExplicitNoCa
    };
    parameters.key_usages = key_usages(plan.purpose);
    parameters.extended_key_usages = extended_key_usages(plan.purpose);
    parameters.key_identifier_method = KeyIdMethod::PreSpecified(provider::key_identifier(key));
    parameters.use_authority_key_identifier_extension = names_issuer_key;
    for name in &plan.dns_names {
        parameters
            .subject_alt_names
            .push(SanType::DnsName(name.as_str().try_into()?));
    }
    if let Some(url) = &plan.crl_url {
        parameters.crl_distribution_points = vec![CrlDistributionPoint {
            uris: vec![url.clone()],
        }];
    }
    if let Some(role) = plan.role {
        // DER: INTEGER of one byte.
        let integer = vec![2, 1, role.number()];
        parameters.custom_extensions = vec![CustomExtension::from_oid_content(ROLE_OID, integer)];
    }
    Ok(parameters)
}

fn key_usages(purpose: Purpose) -> Vec<KeyUsagePurpose> {
    use KeyUsagePurpose::{CrlSign, DigitalSignature, KeyCertSign};
    match purpose {
        Purpose::Authority => vec![DigitalSignature, KeyCertSign, CrlSign],
        Purpose::CrlSigner => vec![CrlSign],
        Purpose::NetworkMap | Purpose::Tls | Purpose::Tokens => vec![DigitalSignature],
    }
}

/// The PKI tool's default purposes, where TLS may go through the certificate.
fn extended_key_usages(purpose: Purpose) -> Vec<ExtendedKeyUsagePurpose> {
    match purpose {
        Purpose::Authority | Purpose::NetworkMap | Purpose::Tls => {
            vec![
                ExtendedKeyUsagePurpose::ServerAuth,
                ExtendedKeyUsagePurpose::ClientAuth,
            ]
        }
        Purpose::CrlSigner | Purpose::Tokens => Vec::new(),
    }
}

/// Sixteen octets, the most that CENM's own tools write, with a first one that keeps the number positive
/// and its length fixed.
fn serial() -> Result<SerialNumber, ProviderError> {
    let mut bytes = provider::random::<16>()?;
    bytes[0] = bytes[0] & 0x7f | 0x40;
    Ok(SerialNumber::from_slice(bytes.as_slice()))
}

/// Certificates and CRLs count in seconds.
pub(crate) fn whole_seconds(at: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at.as_second())
        .expect("both libraries end with the year 9999 and begin before the year 0")
}
