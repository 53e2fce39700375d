//! A large network: what the operator makes for a thousand participants. How long it takes is measured by `cargo xtask bench`.

use certificates::custody::Custody;
use certificates::{CertificatePlan, KeyRing};
use secrecy::SecretString;

use crate::fixture;

const PARTICIPANTS: usize = 1000;

#[test]
fn what_is_made_for_a_thousand_participants() {
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
    let opened = custody.open(&passphrase).unwrap().unwrap();

    assert_eq!(
        changes.to_string(),
        "13 certificates, 4 CRLs, 11 key stores, 3002 secrets"
    );
    assert!(opened.secret("participant-999-rpc").is_ok());
}
