//! `cordanetes certificates` as its users meet it.

mod place;

use std::fmt::Write as _;

use certificates::{KeyRing, custody};
use insta::assert_snapshot;
use place::Place;
use secrecy::{ExposeSecret as _, SecretString};

#[test]
fn the_plan_of_certificates() {
    let place = Place::new();
    let plan = ["certificates", "plan", "network.yaml"];
    assert_snapshot!(
        "certificates_plan",
        place.told(&[&plan[..], &["--made-on", "2026-11-23"]].concat())
    );
    let json = place.told(&[&plan[..], &["-o", "json"]].concat());
    assert!(json.contains(r#""alias":"cordarootca""#), "{json}");
    assert!(
        place
            .told(&[&plan[..], &["-o", "svg"]].concat())
            .contains("<svg ")
    );
    assert!(!place.0.path().join(".local").exists(), "a plan makes no keys");
}

/// The keys of the quick start, in the custody file.
fn with_keys(place: &Place) -> KeyRing {
    let made = place.told(&[
        "render",
        "network.yaml",
        "--output",
        "objects",
        "--passphrase-file",
        "passphrase",
    ]);
    assert!(made.starts_with("exit 0\n"), "{made}");
    let path = place
        .0
        .path()
        .join(".local/state/cordanetes/custody/quickstart.age");
    custody::read(&path, &SecretString::from("four words in a row")).expect("it opens")
}

/// The stores of a ring as R3's PKI tool lays them out, and the file with their passwords.
fn pki_tool_output(place: &Place, ring: &KeyRing) {
    let folder = place.0.path().join("pki");
    let mut passwords = String::new();
    for part in ["key-stores", "trust-stores", "crl-files"] {
        std::fs::create_dir_all(folder.join(part)).expect("it can be made");
    }
    for name in ring.store_files() {
        let store = ring.store(name).expect("it is there");
        let part = if name.contains("trust") {
            "trust-stores"
        } else {
            "key-stores"
        };
        std::fs::write(folder.join(part).join(name), store.bytes).expect("it can be written");
        let password = store.password.expose_secret();
        writeln!(passwords, "{name} {password}").expect("a string takes everything");
    }
    for name in ring.crl_files() {
        std::fs::write(
            folder.join("crl-files").join(name),
            ring.crl(name).expect("it is there"),
        )
        .expect("it can be written");
    }
    place.file("passwords", &passwords, 0o600);
}

const CHECK: [&str; 5] = ["certificates", "check", "pki", "--store-passwords", "passwords"];

#[test]
fn good_stores_and_keys_have_no_problem() {
    let place = Place::new();
    let ring = with_keys(&place);
    pki_tool_output(&place, &ring);
    assert_snapshot!("check_directory", place.told(&CHECK));
    let network = [
        "certificates",
        "check",
        "quickstart",
        "--passphrase-file",
        "passphrase",
    ];
    assert_snapshot!("check_network", place.told(&network));
    assert_snapshot!(
        "check_network_json",
        place.told(&[&network[..], &["-o", "json", "--quiet"]].concat())
    );
}

#[test]
fn every_problem_of_stores_is_told_at_once() {
    let place = Place::new();
    let ring = with_keys(&place);
    pki_tool_output(&place, &ring);
    let pki = place.0.path().join("pki");
    let cut = |file: &str, length: usize| {
        let path = pki.join(file);
        let bytes = std::fs::read(&path).expect("it is there");
        std::fs::write(&path, &bytes[..length]).expect("it can be written");
    };
    cut("key-stores/network-map-key-store.jks", 100);
    cut("crl-files/tls.crl", 10);
    std::fs::write(pki.join("key-stores/old.jks"), "not a store").expect("it can be written");
    let passwords = std::fs::read_to_string(place.0.path().join("passwords")).expect("it is there");
    let signing = ring
        .store("identity-manager-key-store.jks")
        .expect("it is there")
        .password
        .expose_secret();
    place.file(
        "passwords",
        &(passwords.replace(signing, "wrong") + "* other\n"),
        0o600,
    );
    assert_snapshot!("check_every_problem", place.told(&CHECK));
}

#[test]
fn wrong_ways_to_ask_for_a_check() {
    let place = Place::new();
    assert_snapshot!(
        "check_nowhere",
        place.told(&["certificates", "check", "nowhere", "--custody-directory", "keys"])
    );
    std::fs::create_dir(place.0.path().join("pki")).expect("it can be made");
    assert_snapshot!("check_empty", place.told(&["certificates", "check", "pki"]));
    place.file("pki/a.jks", "", 0o600);
    assert_snapshot!(
        "check_no_passwords",
        place.told(&["certificates", "check", "pki"])
    );
    place.file("passwords", "b.jks x\n", 0o644);
    assert_snapshot!("check_lax_passwords", place.told(&CHECK));
    place.file("passwords", "b.jks x\n", 0o600);
    assert_snapshot!("check_password_missing", place.told(&CHECK));
    place.file("passwords", "* x\nb.jks x\n", 0o600);
    assert_snapshot!("check_password_unused", place.told(&CHECK));
}
