//! CRLs: fresh, signed by a key that somebody trusts, and of the right kind.

use std::collections::BTreeMap;

use jiff::Timestamp;
use x509_parser::prelude::{CertificateRevocationList, FromDer, X509Certificate};

use crate::crl;
use crate::facts::timestamp;
use crate::inspection::problem::{Finding, Problem};
use crate::inspection::{CrlInput, last_part};
use crate::plan::files;

/// Everything that a node would refuse in a CRL.
pub(super) fn check(
    input: &CrlInput<'_>,
    authorities: &BTreeMap<String, Vec<u8>>,
    now: Timestamp,
    findings: &mut Vec<Finding>,
) {
    let mut problem = |problem| findings.push(Finding::of(input.name, None, problem));
    let (Ok((_, list)), Ok(facts)) = (
        CertificateRevocationList::from_der(input.bytes),
        crl::read(input.bytes),
    ) else {
        problem(Problem::NoCrl);
        return;
    };
    let issuer = || facts.issuer.clone();
    let named: Vec<X509Certificate<'_>> = authorities
        .values()
        .filter_map(|der| X509Certificate::from_der(der).ok())
        .map(|(_, certificate)| certificate)
        .filter(|certificate| certificate.subject().as_raw() == list.issuer().as_raw())
        .collect();
    let signed = |certificate: &X509Certificate<'_>| list.verify_signature(certificate.public_key()).is_ok();
    if named.is_empty() {
        problem(Problem::CrlIssuer { issuer: issuer() });
    } else if !named.iter().any(signed) {
        problem(Problem::CrlSignature { issuer: issuer() });
    }
    match list.next_update().and_then(timestamp) {
        None => problem(Problem::CrlEndless),
        Some(ended) if ended <= now => problem(Problem::CrlExpired { ended }),
        Some(_) => {}
    }
    if let Some(begins) = timestamp(list.last_update()).filter(|begins| *begins > now) {
        problem(Problem::CrlNotYetValid {
            begins,
            now: now.round(jiff::Unit::Second).unwrap_or(now),
        });
    }
    if last_part(input.name) == files::TLS_CRL && facts.indirect_url.is_none() {
        problem(Problem::CrlDirect);
    }
}
