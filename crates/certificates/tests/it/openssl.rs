//! What OpenSSL makes of the same files: signatures, chains, revocation, PKCS#12.

use certificates::{CertificateFacts, CertificatePlan, KeyAlgorithm, KeyRing, aliases};
use secrecy::ExposeSecret;

use crate::chains::{accepts_chains, write_certificate};
use crate::{fixture, java, tool};

#[test]
fn openssl_accepts_the_chains_with_their_crls() {
    accepts_chains(fixture::shared());
}

/// Each kind of key signs certificates and CRLs of each other kind somewhere.
#[test]
fn openssl_accepts_chains_of_every_kind_of_key() {
    use KeyAlgorithm::{EcP256, Rsa2048, Rsa3072, Rsa4096};

    let mut request = fixture::request();
    for (alias, key) in [
        (aliases::ROOT, Rsa4096),
        (aliases::SUBORDINATE, EcP256),
        (aliases::IDENTITY_MANAGER, Rsa2048),
        (aliases::NETWORK_MAP, Rsa3072),
        (aliases::SSL_ROOT, Rsa2048),
    ] {
        request.algorithms.of.insert(alias.into(), key);
    }
    let plan = CertificatePlan::new(&request).unwrap();
    let mut ring = KeyRing::new("demo");
    ring.make_missing(&plan, jiff::Timestamp::now()).unwrap();
    for entity in &plan.entities {
        let facts = CertificateFacts::read(ring.certificate(&entity.alias).unwrap()).unwrap();
        assert_eq!(facts.key, Some(entity.key), "{}", entity.alias);
    }
    accepts_chains(&ring);
}

#[test]
fn openssl_verifies_every_crl() {
    let ring = fixture::shared();
    let folder = tempfile::tempdir().unwrap();
    java::write_files(ring, folder.path());
    for crl in &fixture::plan().crls {
        let signer = write_certificate(ring, &crl.signer, folder.path());
        let file = folder.path().join(&crl.file);
        let arguments = [
            "crl",
            "-inform",
            "DER",
            "-in",
            file.to_str().unwrap(),
            "-CAfile",
            &signer,
            "-noout",
        ];
        assert_eq!(
            tool::run("openssl", &arguments, ""),
            "verify OK\n",
            "{}",
            crl.file
        );
    }
}

#[test]
fn openssl_opens_the_stores() {
    let ring = fixture::shared();
    let folder = tempfile::tempdir().unwrap();
    java::write_files(ring, folder.path());
    for store in &fixture::plan().stores {
        let path = folder.path().join(&store.file);
        let password = ring.store(&store.file).unwrap().password.expose_secret();
        let arguments = [
            "pkcs12",
            "-in",
            path.to_str().unwrap(),
            "-info",
            "-noenc",
            "-passin",
            "stdin",
        ];
        let printed = tool::run("openssl", &arguments, password);
        assert!(printed.contains("MAC: sha256, Iteration 10000"), "{printed}");
        assert!(
            printed.contains("PBES2, PBKDF2, AES-256-CBC, Iteration 10000"),
            "{printed}"
        );
    }
}
