//! What works: making, signing, keeping, rotating, and going on after a break.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use certificates::custody::{self, Custody};
use certificates::inspection::inspect_ring;
use certificates::{
    Away, CertificateFacts, CertificatePlan, Holder, KeyAlgorithm, KeyRing, PlanRequest, SslRotation, Token,
    aliases,
};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;

use crate::soft_hsm::{label_of, private_keys, session, token};
use crate::{chains, fixture};

pub(crate) const TRIALS: &[(&str, fn())] = &[
    ("no_key_can_be_taken_out", no_key_can_be_taken_out),
    ("the_key_file_holds_none_of_them", the_key_file_holds_none_of_them),
    ("every_kind_of_key_signs", every_kind_of_key_signs),
    ("what_was_broken_off_goes_on", what_was_broken_off_goes_on),
    ("the_ssl_root_is_rotated", the_ssl_root_is_rotated),
    ("the_pin_is_asked_for_once", the_pin_is_asked_for_once),
    ("a_look_leaves_nothing_in_it", a_look_leaves_nothing_in_it),
];

/// The fixture's network, its operator's keys in a token of this label.
pub(crate) fn plan(token: &str, change: impl FnOnce(&mut PlanRequest)) -> CertificatePlan {
    let mut request = fixture::request();
    request.operator_token = Some(token.to_owned());
    change(&mut request);
    CertificatePlan::new(&request).unwrap()
}

/// What the operator holds in that plan.
fn operators(plan: &CertificatePlan) -> BTreeSet<&str> {
    plan.entities
        .iter()
        .filter(|entity| matches!(entity.holder, Holder::OperatorToken(_)))
        .map(|entity| entity.alias.as_str())
        .collect()
}

/// A ring made with that token now.
pub(crate) fn made(plan: &CertificatePlan, token: &Token) -> KeyRing {
    let mut ring = KeyRing::new("demo");
    ring.connect_token(token.clone());
    ring.make_missing(plan, Timestamp::now()).unwrap();
    ring
}

fn no_problem(ring: &KeyRing, token: &Token, now: Timestamp) {
    let found: Vec<String> = inspect_ring(ring, now)
        .findings
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(found, [""; 0]);
    assert!(
        ring.check_token(token).is_empty(),
        "{:?}",
        ring.check_token(token)
    );
}

fn no_key_can_be_taken_out() {
    let trial = "no_key_can_be_taken_out";
    let given = token(trial);
    let label = label_of(trial);
    let plan = plan(&label, |request| {
        request
            .algorithms
            .of
            .insert(aliases::ROOT.into(), KeyAlgorithm::Rsa2048);
    });
    made(&plan, &given.token);

    // Somebody who knows the PIN tries, with a program of his own.
    let session = session(&label);
    let keys = private_keys(&session, None);
    assert_eq!(keys.len(), operators(&plan).len());
    assert_eq!(keys.len(), 4, "root, subordinate, TLS revocation list, SSL root");
    let wrapping = session
        .generate_key(
            &Mechanism::AesKeyGen,
            &[
                Attribute::ValueLen(32.into()),
                Attribute::Wrap(true),
                Attribute::Token(false),
            ],
        )
        .unwrap();
    for key in keys {
        let secrets = [
            AttributeType::Value,
            AttributeType::PrivateExponent,
            AttributeType::Prime1,
        ];
        for secret in secrets {
            let read = session.get_attributes(key, &[secret]);
            assert!(
                matches!(&read, Ok(values) if values.is_empty()) || read.is_err(),
                "{secret:?} was read"
            );
        }
        let wrapped = session.wrap_key(&Mechanism::AesKeyWrapPad, wrapping, key);
        assert!(
            matches!(wrapped, Err(Error::Pkcs11(RvError::KeyUnextractable, _))),
            "{wrapped:?}"
        );
        for opening in [Attribute::Extractable(true), Attribute::Sensitive(false)] {
            let opened = session.update_attributes(key, &[opening]);
            assert!(opened.is_err(), "a key can be opened afterwards");
        }
    }
}

fn the_key_file_holds_none_of_them() {
    let trial = "the_key_file_holds_none_of_them";
    let given = token(trial);
    let plan = plan(&label_of(trial), |_| {});
    let ring = made(&plan, &given.token);
    let operators = operators(&plan);
    let passphrase = SecretString::from("correct horse battery staple");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.age");
    Custody::lock(&path).unwrap().save(&ring, &passphrase).unwrap();

    // As `age -d` prints it.
    let identity = age::scrypt::Identity::new(passphrase.clone());
    let text = age::decrypt(&identity, &fs_err::read(&path).unwrap()).unwrap();
    let text: serde_json::Value = serde_json::from_slice(&text).unwrap();
    for entity in &plan.entities {
        let stored = &text["entities"][&entity.alias];
        let is_operators = operators.contains(entity.alias.as_str());
        assert_eq!(stored.get("privateKey").is_none(), is_operators, "{stored}");
        assert!(stored["certificate"].is_string());
    }
    let root = &text["entities"][aliases::ROOT]["away"]["token"];
    assert_eq!(root["label"], "demo cordarootca");
    assert_eq!(root["token"], label_of(trial));

    let mut opened = custody::read(&path, &passphrase).unwrap();
    assert_eq!(opened.away(aliases::ROOT), ring.away(aliases::ROOT));
    assert_eq!(
        opened.private_key(aliases::ROOT).unwrap_err().to_string(),
        format!(
            "the private key of `cordarootca` is in token `{}`, and not in the key file: it signs there and never leaves it",
            label_of(trial)
        )
    );
    // Later runs sign with what the file refers to.
    opened.connect_token(given.token.clone());
    let renewed = opened.renew_crls(&plan, Timestamp::now()).unwrap();
    assert_eq!(renewed.len(), 4);
    chains::accepts_chains(&opened);
    no_problem(&opened, &given.token, Timestamp::now());
}

fn every_kind_of_key_signs() {
    use KeyAlgorithm::{EcP256, Rsa2048, Rsa3072, Rsa4096};

    let trial = "every_kind_of_key_signs";
    let given = token(trial);
    let plan = plan(&label_of(trial), |request| {
        for (alias, key) in [
            (aliases::ROOT, Rsa4096),
            (aliases::SUBORDINATE, EcP256),
            (aliases::TLS_CRL_SIGNER, Rsa3072),
            (aliases::SSL_ROOT, Rsa2048),
        ] {
            request.algorithms.of.insert(alias.into(), key);
        }
    });
    let ring = made(&plan, &given.token);
    for entity in &plan.entities {
        let facts = CertificateFacts::read(ring.certificate(&entity.alias).unwrap()).unwrap();
        assert_eq!(facts.key, Some(entity.key), "{}", entity.alias);
    }
    chains::accepts_chains(&ring);
    no_problem(&ring, &given.token, Timestamp::now());
}

fn what_was_broken_off_goes_on() {
    let trial = "what_was_broken_off_goes_on";
    let given = token(trial);
    let label = label_of(trial);
    let plan = plan(&label, |_| {});
    // Its ring is lost before it is saved.
    let lost = made(&plan, &given.token);
    let session = session(&label);
    let before = private_keys(&session, None).len();
    let ring = made(&plan, &given.token);
    assert_eq!(private_keys(&session, None).len(), before, "no second keys");
    assert_eq!(ring.away(aliases::ROOT), lost.away(aliases::ROOT));
    chains::accepts_chains(&ring);
}

fn the_ssl_root_is_rotated() {
    let trial = "the_ssl_root_is_rotated";
    let given = token(trial);
    let label = label_of(trial);
    let plan = plan(&label, |_| {});
    let mut ring = made(&plan, &given.token);
    let mut now = Timestamp::now();
    let mut labels = Vec::new();
    for round in 0..2 {
        for step in 0..3 {
            now += SignedDuration::from_hours(1);
            ring.rotate(aliases::SSL_ROOT, &plan, now).unwrap();
            no_problem(&ring, &given.token, now);
            assert_eq!(ring.ssl_rotation() == SslRotation::None, step == 2, "{round}");
        }
        let Some(Away::Token(key)) = ring.away(aliases::SSL_ROOT) else {
            panic!("it is in the token");
        };
        labels.push(key.label.clone());
    }
    // A key that was replaced is never taken again.
    assert_eq!(labels, ["demo cordasslrootca 2", "demo cordasslrootca 3"]);
    let session = session(&label);
    assert_eq!(private_keys(&session, Some("demo cordasslrootca")).len(), 1);
    // A leaf's key is made as ever, and its certificate signed in the token.
    ring.rotate("cordasslsigner", &plan, now).unwrap();
    no_problem(&ring, &given.token, now);
}

fn the_pin_is_asked_for_once() {
    let trial = "the_pin_is_asked_for_once";
    let given = token(trial);
    let asked = || given.asked.load(Ordering::Relaxed);
    let plan = plan(&label_of(trial), |_| {});
    let mut ring = made(&plan, &given.token);
    assert_eq!(asked(), 1);

    let fresh = token(trial);
    ring.connect_token(fresh.token.clone());
    assert!(ring.make_missing(&plan, Timestamp::now()).unwrap().is_empty());
    ring.rotate(aliases::JWT, &plan, Timestamp::now()).unwrap();
    ring.rotate_password("network-map-key-store.jks", Timestamp::now())
        .unwrap();
    assert_eq!(
        fresh.asked.load(Ordering::Relaxed),
        0,
        "nothing of the operator's is needed"
    );
    ring.renew_crls(&plan, Timestamp::now()).unwrap();
    assert_eq!(fresh.asked.load(Ordering::Relaxed), 1);
}

fn a_look_leaves_nothing_in_it() {
    let trial = "a_look_leaves_nothing_in_it";
    let label = label_of(trial);
    let whole = plan(&label, |_| {});
    let mut ring = KeyRing::new("demo");
    ring.imagine_token();
    ring.make_missing(&whole, Timestamp::now()).unwrap();
    assert!(private_keys(&session(&label), None).is_empty());

    // A service more than the ring has: its certificate would be signed in the token.
    let given = token(trial);
    let mut ring = made(&whole, &given.token);
    let grown = plan(&label, |request| {
        request
            .ssl_identities
            .push(fixture::identity("zone", "cordasslzone"));
    });
    ring.imagine_token();
    let changes = ring.make_missing(&grown, Timestamp::now()).unwrap();
    assert_eq!(changes.certificates, ["cordasslzone"]);
    assert_eq!(private_keys(&session(&label), None).len(), 4);
}
