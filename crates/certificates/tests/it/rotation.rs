//! Rotation: every step leaves a ring that is whole, and services before and after a step trust each other.

use std::fmt::Write as _;

use certificates::inspection::inspect_ring;
use certificates::{CertificateFacts, KeyRing, SslRotation, aliases, custody::Custody, files};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};

use crate::{fixture, tool};

fn whole(ring: &KeyRing, now: Timestamp) {
    let found: Vec<String> = inspect_ring(ring, now)
        .findings
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(found, [""; 0]);
    // What rendering asks for is not seen as a difference.
    assert!(
        ring.clone()
            .make_missing(&fixture::plan(), now)
            .unwrap()
            .is_empty()
    );
}

fn later() -> Timestamp {
    fixture::now() + SignedDuration::from_hours(24 * 30)
}

#[test]
fn a_leaf_is_replaced_with_its_store_and_password_and_nothing_else() {
    for (alias, file) in [
        ("cordasslsigner", "corda-ssl-signer-keys.jks"),
        (aliases::NETWORK_MAP, files::NETWORK_MAP_KEYS),
        (aliases::JWT, files::JWT_KEYS),
    ] {
        let before = fixture::ring();
        let mut ring = before.clone();
        let changes = ring.rotate(alias, &fixture::plan(), later()).unwrap();
        assert_eq!(
            (changes.certificates, changes.stores),
            (vec![alias.to_owned()], vec![file.to_owned()])
        );
        for other in before.aliases() {
            let same = before.certificate(other).unwrap() == ring.certificate(other).unwrap();
            assert_eq!(same, other != alias, "{other}");
        }
        for other in before.store_files() {
            let (old, new) = (before.store(other).unwrap(), ring.store(other).unwrap());
            assert_eq!(old.bytes == new.bytes, other != file, "{other}");
            let same = old.password.expose_secret() == new.password.expose_secret();
            assert_eq!(same, other != file, "{other}");
        }
        let facts = |ring: &KeyRing| CertificateFacts::read(ring.certificate(alias).unwrap()).unwrap();
        let (old, new) = (facts(&before), facts(&ring));
        assert_eq!((old.subject, old.role), (new.subject, new.role));
        assert_ne!(old.serial, new.serial);
        whole(&ring, later());
        assert_eq!(
            ring.journal().last().unwrap().what,
            format!("rotated {alias}: 1 certificates, 0 CRLs, 1 key stores, 0 secrets")
        );
    }
}

#[test]
fn a_password_is_replaced_and_the_content_stays() {
    let before = fixture::ring();
    let mut ring = before.clone();
    ring.rotate_password(files::NETWORK_MAP_KEYS, later()).unwrap();
    let (old, new) = (
        before.store(files::NETWORK_MAP_KEYS).unwrap(),
        ring.store(files::NETWORK_MAP_KEYS).unwrap(),
    );
    assert_ne!(old.password.expose_secret(), new.password.expose_secret());
    assert_eq!(
        before.certificate(aliases::NETWORK_MAP).unwrap(),
        ring.certificate(aliases::NETWORK_MAP).unwrap()
    );
    whole(&ring, later());
    assert_eq!(
        ring.rotate_password("other.jks", later())
            .unwrap_err()
            .to_string(),
        "`other.jks` was never made: deploy the network first"
    );
}

#[test]
fn crls_are_signed_again_with_the_next_number() {
    let before = fixture::ring();
    let mut ring = before.clone();
    let renewed = ring.renew_crls(&fixture::plan(), later()).unwrap();
    assert_eq!(renewed, ["tls.crl", "root.crl", "subordinate.crl", "ssl.crl"]);
    whole(&ring, later());
    let end = |ring: &KeyRing, file: &str| {
        let crls = ring.lifespans();
        crls.iter().find(|crl| crl.name == file).unwrap().ends
    };
    for file in renewed {
        let gained = end(&ring, &file).duration_since(end(&before, &file));
        assert_eq!(gained, SignedDuration::from_hours(24 * 30), "{file}");
    }
    ring.renew_crls(&fixture::plan(), later()).unwrap();
    let (_, crl) = x509_parser::parse_x509_crl(ring.crl(files::TLS_CRL).unwrap()).unwrap();
    assert_eq!(crl.crl_number().map(ToString::to_string), Some("3".into()));
}

/// After each step services that have taken it and services that have not yet speak to each other.
#[test]
fn an_ssl_authority_is_replaced_while_everybody_speaks() {
    let now = Timestamp::now();
    let mut ring = fixture::shared().clone();
    let mut steps = vec![ring.clone()];
    let mut told = Vec::new();
    for expected in [SslRotation::BothTrusted, SslRotation::Reissued, SslRotation::None] {
        let changes = ring.rotate(aliases::SSL_ROOT, &fixture::plan(), now).unwrap();
        told.push(changes.to_string());
        assert_eq!(ring.ssl_rotation(), expected);
        whole(&ring, now);
        ring = kept(&ring);
        steps.push(ring.clone());
    }
    assert_eq!(
        told,
        [
            "0 certificates, 0 CRLs, 1 key stores, 0 secrets",
            "2 certificates, 1 CRLs, 3 key stores, 0 secrets",
            "0 certificates, 0 CRLs, 1 key stores, 0 secrets",
        ]
    );
    let folder = tempfile::tempdir().unwrap();
    for (position, ring) in steps.iter().enumerate() {
        for file in [
            "corda-ssl-auth-keys.jks",
            "corda-ssl-signer-keys.jks",
            files::SSL_TRUST,
        ] {
            fs_err::write(
                folder.path().join(format!("{position}-{file}")),
                ring.store(file).unwrap().bytes,
            )
            .unwrap();
        }
    }
    // Server and client are of neighbouring steps, in both directions.
    let mut commands = String::new();
    for (server, client) in [(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2), (3, 3)] {
        let named = |step: usize, file: &str| {
            let store = steps[step].store(file).unwrap();
            format!("{step}-{file} {}", store.password.expose_secret())
        };
        writeln!(
            commands,
            "tls2 {} {} {} {} auth.demo-network.svc.cluster.local",
            named(server, "corda-ssl-auth-keys.jks"),
            named(server, files::SSL_TRUST),
            named(client, "corda-ssl-signer-keys.jks"),
            named(client, files::SSL_TRUST),
        )
        .unwrap();
    }
    let printed = tool::run(
        "java",
        &[crate::java::CHECK, folder.path().to_str().unwrap()],
        &commands,
    );
    let line = "tls auth.demo-network.svc.cluster.local from CN=demo signer SSL, O=Example Network, L=London, C=GB\n";
    assert_eq!(printed, line.repeat(7));
}

/// The ring as it comes back out of its file: a rotation continues after any break.
fn kept(ring: &KeyRing) -> KeyRing {
    let folder = tempfile::tempdir().unwrap();
    let passphrase = SecretString::from("x");
    let custody = Custody::lock(folder.path().join("demo.age")).unwrap();
    custody.save(ring, &passphrase).unwrap();
    custody.open(&passphrase).unwrap().unwrap()
}

#[test]
fn what_the_products_cannot_do_is_refused_with_what_to_do_instead() {
    let mut ring = fixture::ring();
    let mut refused = |alias: &str| {
        ring.rotate(alias, &fixture::plan(), later())
            .unwrap_err()
            .to_string()
    };
    insta::assert_snapshot!(
        [
            aliases::ROOT,
            aliases::SUBORDINATE,
            aliases::IDENTITY_MANAGER,
            aliases::TLS_CRL_SIGNER,
            "identity-private-key",
            "cordaclienttls",
            "other",
        ]
        .map(&mut refused)
        .join("\n")
    );
    assert_eq!(ring.journal().len(), 1, "nothing but the making is noted");
}
