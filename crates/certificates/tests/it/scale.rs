//! A large network: what the operator makes for a thousand participants, and how long it takes.

use std::time::{Duration, Instant};

use certificates::custody::Custody;
use certificates::{CertificatePlan, KeyRing};
use secrecy::SecretString;

use crate::fixture;

const PARTICIPANTS: usize = 1000;
/// On two cores, with optimisation for the ciphers only, as tests are built.
const LIMIT: Duration = Duration::from_secs(5);

#[test]
fn a_thousand_participants_take_less_than_five_seconds() {
    let started = Instant::now();
    let mut request = fixture::request();
    // Their nodes make their own keys when they register; the operator makes what opens the nodes' stores, and an
    // RPC password.
    for number in 0..PARTICIPANTS {
        for secret in ["key-store", "trust-store", "rpc"] {
            request.secrets.push(format!("participant-{number}-{secret}"));
        }
    }
    for service in ["gateway", "zone", "identitymanager", "networkmap"] {
        request
            .ssl_identities
            .push(fixture::identity(service, &format!("cordassl{service}")));
    }
    let plan = CertificatePlan::new(&request).unwrap();
    let mut ring = KeyRing::new("demo");
    let changes = ring.make_missing(&plan, fixture::now()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let passphrase = SecretString::from("four words in a row");
    let custody = Custody::lock(folder.path().join("demo.age")).unwrap();
    custody.save(&ring, &passphrase).unwrap();
    let took = started.elapsed();
    let opened = custody.open(&passphrase).unwrap().unwrap();

    assert_eq!(
        changes.to_string(),
        "13 certificates, 4 CRLs, 11 key stores, 3002 secrets"
    );
    assert!(opened.secret("participant-999-rpc").is_ok());
    assert!(took < LIMIT, "{took:?}");
}
