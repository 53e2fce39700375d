//! What a node and the Signing Service would make: a TLS certificate whose CRL another issuer signs, and the
//! Identity Manager's CRL.

use std::path::Path;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use certificates::{KeyRing, aliases, files};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CrlDistributionPoint,
    CustomExtension, DnType, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, SerialNumber,
};
use time::{Duration, OffsetDateTime};
use x509_parser::prelude::{FromDer, X509Certificate};
use yasna::Tag;

use crate::fixture;

/// Node's chain without the root, leaf first, in DER form.
pub(crate) const CHAIN: &str = "node-chain.der";
/// The Identity Manager's CRL.
pub(crate) const DOORMAN_CRL: &str = "doorman.crl";

fn parameters(name: &str, ca: IsCa) -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = rcgen::DistinguishedName::new();
    parameters.distinguished_name.push(DnType::OrganizationName, name);
    parameters.is_ca = ca;
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyCertSign];
    parameters.not_before = OffsetDateTime::now_utc() - Duration::days(1);
    parameters.not_after = OffsetDateTime::now_utc() + Duration::days(300);
    parameters.use_authority_key_identifier_extension = true;
    parameters
}

/// `cRLDistributionPoints` with the CRL's own issuer, as a node writes it from `tlsCertCrlDistPoint` and
/// `tlsCertCrlIssuer`.
fn indirect_point(ring: &KeyRing, url: &str) -> CustomExtension {
    let signer = ring.certificate(aliases::TLS_CRL_SIGNER).unwrap();
    let (_, signer) = X509Certificate::from_der(signer).unwrap();
    let content = yasna::construct_der(|writer| {
        writer.write_sequence_of(|writer| {
            writer.next().write_sequence(|writer| {
                writer.next().write_tagged(Tag::context(0), |writer| {
                    writer.write_tagged_implicit(Tag::context(0), |writer| {
                        writer.write_sequence(|writer| {
                            writer.next().write_tagged_implicit(Tag::context(6), |writer| {
                                writer.write_ia5_string(url);
                            });
                        });
                    });
                });
                writer.next().write_tagged_implicit(Tag::context(2), |writer| {
                    writer.write_sequence(|writer| {
                        writer.next().write_tagged(Tag::context(4), |writer| {
                            writer.write_der(signer.subject().as_raw());
                        });
                    });
                });
            });
        });
    });
    CustomExtension::from_oid_content(&[2, 5, 29, 31], content)
}

/// Writes [`CHAIN`] and [`DOORMAN_CRL`].
pub(crate) fn write_files(ring: &KeyRing, folder: &Path) {
    let plan = fixture::plan();
    let authority = ring.certificate(aliases::IDENTITY_MANAGER).unwrap();
    let key = ring
        .private_key(aliases::IDENTITY_MANAGER)
        .unwrap()
        .expose_pkcs8();
    let doorman = Issuer::from_ca_cert_der(&authority.into(), KeyPair::try_from(key).unwrap()).unwrap();

    let pair = KeyPair::try_from(key).unwrap();
    let identifier = digest(&SHA1_FOR_LEGACY_USE_ONLY, pair.public_key_raw())
        .as_ref()
        .to_vec();

    let node_key = KeyPair::generate().unwrap();
    let mut node = parameters("PartyA", IsCa::Ca(BasicConstraints::Unconstrained));
    node.crl_distribution_points = vec![CrlDistributionPoint {
        uris: vec![plan.doorman_crl_url.clone()],
    }];
    let node_certificate = node.signed_by(&node_key, &doorman).unwrap();
    let node = Issuer::new(node, node_key);

    let mut tls = parameters("PartyA TLS", IsCa::ExplicitNoCa);
    tls.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    tls.custom_extensions = vec![indirect_point(ring, &plan.crl(files::TLS_CRL).unwrap().url)];
    let tls_certificate = tls.signed_by(&KeyPair::generate().unwrap(), &node).unwrap();

    let authorities = ring.chain(aliases::IDENTITY_MANAGER).unwrap();
    let chain: Vec<&[u8]> = [
        &**tls_certificate.der(),
        &**node_certificate.der(),
        authorities[0],
        authorities[1],
    ]
    .to_vec();
    fs_err::write(folder.join(CHAIN), chain.concat()).unwrap();

    let crl = CertificateRevocationListParams {
        this_update: OffsetDateTime::now_utc() - Duration::days(1),
        next_update: OffsetDateTime::now_utc() + Duration::days(7),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: Vec::new(),
        key_identifier_method: KeyIdMethod::PreSpecified(identifier),
    };
    fs_err::write(
        folder.join(DOORMAN_CRL),
        &**crl.signed_by(&doorman).unwrap().der(),
    )
    .unwrap();
}
