//! Every certificate and CRL, read back field by field.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use certificates::{CertificateFacts, EntityPlan, IssuedBy, KeyAlgorithm, KeyRing, Purpose, aliases, files};
use jiff::{SignedDuration, Timestamp};
use x509_parser::extensions::{DistributionPointName, GeneralName, ParsedExtension};
use x509_parser::prelude::{CertificateRevocationList, FromDer, X509Certificate};

use crate::fixture;

const ECDSA_WITH_SHA256: &str = "1.2.840.10045.4.3.2";
const SHA256_WITH_RSA: &str = "1.2.840.113549.1.1.11";
const CORDA_ROLE: &str = "1.3.6.1.4.1.50530.1.1";

fn parsed<'a>(ring: &'a KeyRing, alias: &str) -> X509Certificate<'a> {
    X509Certificate::from_der(ring.certificate(alias).unwrap())
        .unwrap()
        .1
}

fn extension<'a>(certificate: &'a X509Certificate<'_>, oid: &str) -> Option<(&'a [u8], bool)> {
    certificate
        .extensions()
        .iter()
        .find(|extension| extension.oid.to_id_string() == oid)
        .map(|extension| (extension.value, extension.critical))
}

fn subject_key(certificate: &X509Certificate<'_>) -> Vec<u8> {
    certificate
        .extensions()
        .iter()
        .find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::SubjectKeyIdentifier(key) => Some(key.0.to_vec()),
            _ => None,
        })
        .unwrap()
}

fn authority_key(certificate: &X509Certificate<'_>) -> Option<Vec<u8>> {
    certificate
        .extensions()
        .iter()
        .find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::AuthorityKeyIdentifier(key) => Some(key.key_identifier.as_ref()?.0.to_vec()),
            _ => None,
        })
}

fn check_entity(ring: &KeyRing, plan: &EntityPlan) {
    let alias = plan.alias.as_str();
    let certificate = parsed(ring, alias);
    let facts = CertificateFacts::read(ring.certificate(alias).unwrap()).unwrap();
    assert_eq!(facts.subject, plan.subject.to_string());
    assert_eq!(facts.key, Some(plan.key), "{alias}");
    assert_eq!(facts.dns_names, plan.dns_names, "{alias}");
    assert_eq!(
        facts.crl_urls,
        plan.crl_url.iter().cloned().collect::<Vec<_>>(),
        "{alias}"
    );

    // As Corda names keys: Java takes a CRL that names its issuer otherwise for an indirect one.
    let key = &certificate.public_key().subject_public_key.data;
    let sha1 = digest(&SHA1_FOR_LEGACY_USE_ONLY, key);
    assert_eq!(subject_key(&certificate), sha1.as_ref(), "{alias}");

    // The same octets as its issuer's subject, and its issuer's key.
    let issuer_alias = match &plan.issued_by {
        IssuedBy::Itself => alias,
        IssuedBy::Authority(authority) => authority,
    };
    let issuer = parsed(ring, issuer_alias);
    assert_eq!(
        certificate.issuer().as_raw(),
        issuer.subject().as_raw(),
        "{alias}"
    );
    if issuer_alias != alias {
        assert_eq!(authority_key(&certificate), Some(subject_key(&issuer)), "{alias}");
    }

    let signer_key = if plan.key == KeyAlgorithm::Rsa2048 {
        SHA256_WITH_RSA
    } else {
        ECDSA_WITH_SHA256
    };
    let algorithm = &certificate.signature_algorithm;
    assert_eq!(algorithm.algorithm.to_id_string(), signer_key, "{alias}");
    assert_eq!(
        algorithm.parameters.is_some(),
        plan.key == KeyAlgorithm::Rsa2048,
        "{alias}: only RSA has a NULL"
    );

    let serial = certificate.raw_serial();
    assert!(
        serial.len() <= 16 && serial[0] & 0x80 == 0 && serial[0] != 0,
        "{alias}: {serial:02x?}"
    );

    let authority = plan.purpose == Purpose::Authority;
    let constraints = certificate.basic_constraints().unwrap().unwrap();
    assert!(
        constraints.critical && constraints.value.ca == authority,
        "{alias}"
    );
    assert_eq!(constraints.value.path_len_constraint, None, "{alias}");
    let usage = certificate.key_usage().unwrap().unwrap();
    assert!(usage.critical, "{alias}");
    assert_eq!(usage.value.key_cert_sign(), authority, "{alias}");
    assert_eq!(
        usage.value.crl_sign(),
        authority || plan.purpose == Purpose::CrlSigner,
        "{alias}"
    );
    assert_eq!(
        usage.value.digital_signature(),
        plan.purpose != Purpose::CrlSigner,
        "{alias}"
    );
    let purposes = certificate.extended_key_usage().unwrap();
    let tls = matches!(
        plan.purpose,
        Purpose::Authority | Purpose::NetworkMap | Purpose::Tls
    );
    assert_eq!(
        purposes.is_some_and(|p| p.value.server_auth && p.value.client_auth),
        tls,
        "{alias}"
    );

    let role = plan.role.map(|role| (vec![2, 1, role.number()], false));
    let found = extension(&certificate, CORDA_ROLE).map(|(value, critical)| (value.to_vec(), critical));
    assert_eq!(found, role, "{alias}");
}

#[test]
fn every_certificate_says_what_its_plan_says() {
    let ring = fixture::shared();
    let plan = fixture::plan();
    for entity in &plan.entities {
        check_entity(ring, entity);
    }
    assert_eq!(ring.aliases().count(), plan.entities.len());
    assert_eq!(ring.chain("cordasslsigner").unwrap().len(), 2);
    assert_eq!(ring.chain(aliases::NETWORK_MAP).unwrap().len(), 3);
}

#[test]
fn roles_and_constraints_are_those_that_nodes_demand() {
    let ring = fixture::shared();
    let facts = |alias: &str| CertificateFacts::read(ring.certificate(alias).unwrap()).unwrap();
    for (alias, role, authority) in [
        (aliases::ROOT, None, true),
        (aliases::SUBORDINATE, None, true),
        (aliases::IDENTITY_MANAGER, Some(1), true),
        (aliases::NETWORK_MAP, Some(2), false),
        (aliases::TLS_CRL_SIGNER, None, false),
        (aliases::SSL_ROOT, None, true),
        (aliases::JWT, None, false),
        ("cordasslauthservice", None, false),
    ] {
        let facts = facts(alias);
        assert_eq!((facts.role, facts.authority), (role, authority), "{alias}");
    }
}

#[test]
fn a_child_ends_with_its_issuer_at_the_latest() {
    let mut ring = fixture::ring();
    let later: Timestamp = fixture::now() + SignedDuration::from_hours(24 * 365);
    let mut request = fixture::request();
    request
        .ssl_identities
        .push(fixture::identity("zone", "cordasslzone"));
    let plan = certificates::CertificatePlan::new(&request).unwrap();
    ring.make_missing(&plan, later).unwrap();

    let facts = |alias: &str| CertificateFacts::read(ring.certificate(alias).unwrap()).unwrap();
    let (root, leaf) = (facts(aliases::SSL_ROOT), facts("cordasslzone"));
    assert_eq!(root.not_before, fixture::now() - SignedDuration::from_hours(1));
    assert_eq!(
        root.not_after,
        fixture::now() + SignedDuration::from_hours(24 * 7300)
    );
    assert_eq!(leaf.not_before, later - SignedDuration::from_hours(1));
    assert_eq!(leaf.not_after, root.not_after);
}

#[test]
fn crls_are_signed_for_the_right_certificates() {
    let ring = fixture::shared();
    for plan in &fixture::plan().crls {
        let (_, crl) = CertificateRevocationList::from_der(ring.crl(&plan.file).unwrap()).unwrap();
        let signer = parsed(ring, &plan.signer);
        assert_eq!(crl.issuer().as_raw(), signer.subject().as_raw(), "{}", plan.file);
        assert_eq!(
            crl.signature_algorithm.algorithm.to_id_string(),
            ECDSA_WITH_SHA256
        );
        assert_eq!(crl.iter_revoked_certificates().count(), 0);
        let life = crl.next_update().unwrap().timestamp() - crl.last_update().timestamp();
        assert_eq!(life, 3650 * 24 * 3600 + 3600, "{}", plan.file);
        assert_eq!(crl.crl_number().map(ToString::to_string), Some("1".into()));

        let point = crl
            .extensions()
            .iter()
            .find_map(|extension| match extension.parsed_extension() {
                ParsedExtension::IssuingDistributionPoint(point) => Some((point, extension.critical)),
                _ => None,
            });
        assert_eq!(point.is_some(), plan.file == files::TLS_CRL);
        if let Some((point, critical)) = point {
            assert!(critical && point.indirect_crl && !point.only_contains_ca_certs);
            let Some(DistributionPointName::FullName(names)) = &point.distribution_point else {
                panic!("the TLS CRL names no address");
            };
            assert_eq!(names, &[GeneralName::URI(&plan.url)]);
        }
    }
}
