//! What keytool and OpenSSL made as R3's PKI tool would is taken into a ring, or refused with everything that is wrong.

use certificates::inspection::inspect_ring;
use certificates::{Away, CertificateFacts, ImportProblem, Imported, KeyRing, aliases, files};
use jiff::Timestamp;

use crate::fixture;
use crate::pki_tool::Output;

fn import(output: &Output) -> (KeyRing, Result<Imported, Vec<ImportProblem>>) {
    let mut ring = KeyRing::new("demo");
    let outcome = ring.import(
        &fixture::plan(),
        &output.stores(),
        &output.crls(),
        Timestamp::now(),
    );
    (ring, outcome)
}

fn taken(output: &Output) -> (KeyRing, Imported) {
    let (ring, outcome) = import(output);
    (
        ring,
        outcome.unwrap_or_else(|problems| panic!("{}", told(&problems))),
    )
}

fn refused(output: &Output) -> String {
    let (ring, outcome) = import(output);
    assert_eq!(
        ring.aliases().count() + ring.crl_files().count(),
        0,
        "nothing is taken"
    );
    told(&outcome.expect_err("it is refused"))
}

fn told(problems: &[ImportProblem]) -> String {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn notes(imported: &Imported) -> String {
    let lines: Vec<String> = imported.notes.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[test]
fn the_output_of_the_pki_tool_is_taken_over() {
    let (mut ring, imported) = taken(&Output::new());
    assert_eq!(
        imported.certificates,
        [
            "cordaidentitymanagerca",
            "cordanetworkmap",
            "cordarootca",
            "cordasslauthservice",
            "cordasslrootca",
            "cordasubordinateca",
            "cordatlscrlsigner",
        ]
    );
    assert_eq!(imported.crls, ["tls.crl", "root.crl", "subordinate.crl"]);
    assert_eq!(imported.made.certificates, ["cordaauthjwk", "cordasslsigner"]);
    assert_eq!(imported.made.crls, [files::SSL_CRL]);
    insta::assert_snapshot!(notes(&imported));

    // Whatever a ring can do goes on from there, under the names that were taken over.
    assert!(inspect_ring(&ring, Timestamp::now()).findings.is_empty());
    let plan = fixture::plan().adopting(&ring);
    assert!(ring.make_missing(&plan, Timestamp::now()).unwrap().is_empty());
    let tls = plan.crl(files::TLS_CRL).unwrap().issuer.to_string();
    assert_eq!(
        tls,
        "CN=Test TLS Signer Certificate, OU=HQ, O=HoldCo LLC, L=New York, C=US"
    );
    let before = ring.certificate(aliases::NETWORK_MAP).unwrap().to_vec();
    ring.rotate(aliases::NETWORK_MAP, &plan, Timestamp::now())
        .unwrap();
    ring.renew_crls(&plan, Timestamp::now()).unwrap();
    assert!(inspect_ring(&ring, Timestamp::now()).findings.is_empty());
    let after = ring.certificate(aliases::NETWORK_MAP).unwrap();
    let subject = |der: &[u8]| CertificateFacts::read(der).unwrap().subject;
    assert_ne!(before, after);
    assert_eq!(subject(&before), subject(after));
    assert!(ring.make_missing(&plan, Timestamp::now()).unwrap().is_empty());
}

#[test]
fn importing_again_changes_nothing() {
    let output = Output::new();
    let (mut ring, _) = taken(&output);
    let plan = fixture::plan().adopting(&ring);
    let root = ring.certificate(aliases::ROOT).unwrap().to_vec();
    let again = ring
        .import(&plan, &output.stores(), &output.crls(), Timestamp::now())
        .unwrap_or_else(|problems| panic!("{}", told(&problems)));
    assert!(again.made.is_empty(), "{:?}", again.made);
    assert_eq!(ring.certificate(aliases::ROOT).unwrap(), root);
}

#[test]
fn another_network_is_not_mixed_in() {
    let mut ring = fixture::shared().clone();
    let output = Output::new();
    let problems = ring
        .import(
            &fixture::plan(),
            &output.stores(),
            &output.crls(),
            Timestamp::now(),
        )
        .expect_err("the ring has other keys");
    insta::assert_snapshot!(told(&problems));
}

#[test]
fn a_root_that_is_kept_elsewhere_stays_there() {
    let output = Output::new().without(&["root-key-store.jks"]);
    let (mut ring, imported) = taken(&output);
    assert_eq!(ring.away(aliases::ROOT), Some(&Away::Offline));
    assert!(ring.private_key(aliases::ROOT).is_err());
    insta::assert_snapshot!(notes(&imported));
    let plan = fixture::plan().adopting(&ring);
    assert!(ring.make_missing(&plan, Timestamp::now()).unwrap().is_empty());

    // Without its list the network waits for a ceremony.
    let output = output.without(&["root.crl"]);
    let (mut ring, imported) = taken(&output);
    assert!(imported.made.is_empty());
    insta::assert_snapshot!("a_root_and_its_list_elsewhere", notes(&imported));
    let plan = fixture::plan().adopting(&ring);
    let refused = ring
        .make_missing(&plan, Timestamp::now())
        .expect_err("a list is missing");
    assert_eq!(
        refused.to_string(),
        "`root.crl` must be signed where the offline keys are: run `cordanetes certificates ceremony` with this topology, \
         follow its checklist, and take back what was signed"
    );
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let mut output = Output::new().without(&["identity-manager-key-store.jks", "corda-ssl-trust-store.jks"]);
    for (name, bytes, password, _) in &mut output.stores {
        match name.as_str() {
            "key-stores/root-key-store.jks" => *password = "wrong".into(),
            "key-stores/corda-ssl-auth-keys.jks" => bytes.truncate(200),
            "trust-stores/network-root-truststore.jks" => *bytes = b"not a store".to_vec(),
            _ => {}
        }
    }
    for (name, bytes) in &mut output.crls {
        if name.ends_with("tls.crl") {
            bytes.truncate(20);
        }
    }
    insta::assert_snapshot!(refused(&output));
}

#[test]
fn a_key_without_its_own_password_is_not_taken() {
    let mut output = Output::new();
    for (name, _, password, key_password) in &mut output.stores {
        if name.ends_with("subordinate-key-store.jks") {
            *key_password = password.clone();
        }
    }
    assert_eq!(
        refused(&output),
        "key-stores/subordinate-key-store.jks, subordinateca: the given password does not open it: give the one that it was \
         made with\n\
         key-stores/subordinate-key-store.jks, subordinateca: …"
            .split('\n')
            .next()
            .unwrap()
    );
}

#[test]
fn certificates_that_lead_nodes_elsewhere_are_refused() {
    let mut request = fixture::request();
    request.crl_base_url = "http://identity.example".into();
    let plan = certificates::CertificatePlan::new(&request).unwrap();
    let output = Output::new();
    let problems = KeyRing::new("demo")
        .import(&plan, &output.stores(), &output.crls(), Timestamp::now())
        .expect_err("the lists would not be found");
    insta::assert_snapshot!(told(&problems));
}
