//! What exists is never changed; what contradicts it is refused.

use std::collections::BTreeMap;

use certificates::{CertificatePlan, KeyRing, PlanRequest, aliases, files};
use jiff::SignedDuration;
use secrecy::ExposeSecret;

use crate::fixture;

/// Everything that a ring gives out, as one comparable value.
fn contents(ring: &KeyRing) -> BTreeMap<String, Vec<u8>> {
    let plan = fixture::plan();
    let mut contents = BTreeMap::new();
    for entity in &plan.entities {
        let key = ring.private_key(&entity.alias).unwrap().expose_pkcs8();
        contents.insert(format!("key {}", entity.alias), key.to_vec());
        let certificate = ring.certificate(&entity.alias).unwrap();
        contents.insert(format!("certificate {}", entity.alias), certificate.to_vec());
    }
    for crl in &plan.crls {
        contents.insert(crl.file.clone(), ring.crl(&crl.file).unwrap().to_vec());
    }
    for store in &plan.stores {
        let file = ring.store(&store.file).unwrap();
        contents.insert(store.file.clone(), file.bytes.to_vec());
        contents.insert(
            format!("password {}", store.file),
            file.password.expose_secret().into(),
        );
    }
    for secret in &plan.secrets {
        contents.insert(
            format!("secret {secret}"),
            ring.secret(secret).unwrap().expose_secret().into(),
        );
    }
    contents
}

#[test]
fn a_second_run_makes_nothing() {
    let mut ring = KeyRing::new("demo");
    let changes = ring.make_missing(&fixture::plan(), fixture::now()).unwrap();
    assert_eq!(
        changes.to_string(),
        "9 certificates, 4 CRLs, 7 key stores, 2 secrets"
    );
    let before = contents(&ring);

    let later = fixture::now() + SignedDuration::from_hours(1000);
    let changes = ring.make_missing(&fixture::plan(), later).unwrap();
    assert!(changes.is_empty());
    assert_eq!(contents(&ring), before);
}

#[test]
fn a_new_service_adds_only_its_own() {
    let mut ring = fixture::ring();
    let before = contents(&ring);
    let mut request = fixture::request();
    request
        .ssl_identities
        .push(fixture::identity("zone", "cordasslzone"));
    request.secrets.push("zone-database".into());
    let changes = ring
        .make_missing(&CertificatePlan::new(&request).unwrap(), fixture::now())
        .unwrap();

    assert_eq!(changes.certificates, ["cordasslzone"]);
    assert_eq!(changes.stores, ["corda-ssl-zone-keys.jks"]);
    assert_eq!(changes.secrets, ["zone-database"]);
    assert!(changes.crls.is_empty());
    assert_eq!(contents(&ring), before);
}

#[test]
fn a_secret_is_made_at_the_first_call() {
    let mut ring = KeyRing::new("demo");
    assert_eq!(
        ring.secret("token").unwrap_err().to_string(),
        "secret `token` is not in the key ring: add it to the plan, whose missing parts are made at the next run"
    );
    let first = ring.make_secret("token").unwrap().expose_secret().to_owned();
    assert_eq!(ring.make_secret("token").unwrap().expose_secret(), first);
    assert_eq!(ring.secret("token").unwrap().expose_secret(), first);
}

#[test]
fn every_password_is_its_own() {
    let ring = fixture::shared();
    let passwords: std::collections::BTreeSet<String> = fixture::plan()
        .stores
        .iter()
        .map(|store| {
            ring.store(&store.file)
                .unwrap()
                .password
                .expose_secret()
                .to_owned()
        })
        .collect();
    assert_eq!(passwords.len(), fixture::plan().stores.len());
}

/// A later request that differs in one thing, and the sentence that says so.
fn contradicts(ring: &mut KeyRing, change: impl FnOnce(&mut PlanRequest), difference: &str) {
    let before = contents(ring);
    let mut request = fixture::request();
    change(&mut request);
    // What is new must not be made either.
    request.secrets.push("new".into());
    let error = ring
        .make_missing(&CertificatePlan::new(&request).unwrap(), fixture::now())
        .unwrap_err();
    let help = "give it its old value again, or start a new network with a key file of its own";
    assert_eq!(error.to_string(), format!("{difference} is asked for: {help}"));
    assert!(ring.secret("new").is_err());
    assert_eq!(contents(ring), before);
}

#[test]
fn a_plan_that_contradicts_what_exists_is_refused() {
    let mut ring = fixture::ring();
    contradicts(
        &mut ring,
        |request| request.organisation = "Other".into(),
        "`cordarootca` was made with the subject CN=demo Root CA, O=Example Network, L=London, C=GB, \
         and now CN=demo Root CA, O=Other, L=London, C=GB",
    );
    contradicts(
        &mut ring,
        |request| request.crl_base_url = "http://im.example".into(),
        "`cordasubordinateca` was made with the CRL address \
         http://identity-manager.example:10000/certificate-revocation-list/root, \
         and now http://im.example/certificate-revocation-list/root",
    );
    contradicts(
        &mut ring,
        |request| request.ssl_identities[0].dns_names = vec!["auth".into()],
        "`cordasslauthservice` was made with the DNS names auth auth.demo-network.svc.cluster.local, \
         and now auth",
    );
    contradicts(
        &mut ring,
        |request| {
            request.ssl_identities[0].file = "corda-ssl-signer-keys.jks".into();
            request.ssl_identities[1].file = "corda-ssl-auth-keys.jks".into();
        },
        "`corda-ssl-signer-keys.jks` was made with the entries key cordasslsigner, \
         and now key cordasslauthservice",
    );
}

#[test]
fn keys_of_another_network_are_refused() {
    let mut ring = KeyRing::new("other");
    let error = ring.make_missing(&fixture::plan(), fixture::now()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the key file holds the keys of network `other` and not of `demo`: \
         name the key file of `demo`, or one that does not exist yet"
    );
}

#[test]
fn an_ended_authority_issues_nothing() {
    let mut ring = fixture::ring();
    let mut request = fixture::request();
    request
        .ssl_identities
        .push(fixture::identity("zone", "cordasslzone"));
    let late = fixture::now() + SignedDuration::from_hours(24 * 7300);
    let error = ring
        .make_missing(&CertificatePlan::new(&request).unwrap(), late)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "`cordasslzone` cannot be made because its issuer `cordasslrootca` ended on 2046-11-18T12:00:00Z: \
         the network needs a new authority before it can grow"
    );
}

#[test]
fn nothing_secret_is_printed() {
    let ring = fixture::shared();
    let key = ring.private_key(aliases::ROOT).unwrap();
    let store = ring.store(files::JWT_KEYS).unwrap();
    let printed = format!("{ring:?} {key:?} {:?}", store.password);
    assert!(!printed.contains(store.password.expose_secret()));
    assert!(printed.contains("PrivateKey([REDACTED])"));
    assert!(printed.len() < 1500, "{printed}");
}

#[test]
fn a_clock_that_stands_before_the_issuer_makes_nothing() {
    let mut ring = fixture::ring();
    let mut request = fixture::request();
    request
        .ssl_identities
        .push(fixture::identity("zone", "cordasslzone"));
    let plan = CertificatePlan::new(&request).unwrap();
    let before = fixture::now() - jiff::SignedDuration::from_hours(48);
    let refused = ring.make_missing(&plan, before).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "`cordasslzone` cannot be made because its issuer `cordasslrootca` is valid from 2026-11-23T11:00:00Z on, and it is \
         2026-11-21T12:00:00Z by this machine's clock: set the clock right"
    );
    assert!(ring.certificate("cordasslzone").is_err());
}
