//! `cordanetes certificates ceremony` as its users meet it, with a custodian who has OpenSSL and the checklist.

#[path = "../../certificates/tests/it/custodian.rs"]
mod custodian;
mod place;

use certificates::custody;
use insta::assert_snapshot;
use place::Place;
use secrecy::SecretString;

fn run(place: &Place, arguments: &[&str]) -> String {
    place.told(&[&["certificates"], arguments, &["--passphrase-file", "passphrase"]].concat())
}

const RENDER: [&str; 6] = [
    "render",
    "network.yaml",
    "--output",
    "objects",
    "--passphrase-file",
    "passphrase",
];

/// What differs from run to run.
fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"20\d\d-\d\d-\d\d", "[date]");
    settings.add_filter(r"([0-9a-f]{2}:){31}[0-9a-f]{2}", "[fingerprint]");
    settings.add_filter(r"fingerprint [0-9a-f]{64}", "fingerprint [sha256]");
    settings
}

/// Holds the ceremony of a folder.
fn held(place: &Place) {
    let keys = place.0.path().join("keys-of-the-custodian");
    std::fs::create_dir_all(&keys).expect("it can be made");
    custodian::holds(&place.0.path().join("quickstart-ceremony"), &keys);
}

/// The fingerprints that the custodian reads, as arguments.
fn fingerprints(place: &Place) -> Vec<String> {
    custodian::fingerprints(&place.0.path().join("quickstart-ceremony"))
        .into_iter()
        .map(|(alias, fingerprint)| format!("--fingerprint={alias}={fingerprint}"))
        .collect()
}

fn accept(place: &Place) -> String {
    let fingerprints = fingerprints(place);
    let fingerprints: Vec<&str> = fingerprints.iter().map(String::as_str).collect();
    let accept = ["ceremony", "accept", "network.yaml", "quickstart-ceremony"];
    run(place, &[&accept[..], &fingerprints].concat())
}

#[test]
fn a_network_with_an_offline_root() {
    let place = Place::new();
    settings().bind(|| {
        assert_snapshot!("prepare", run(&place, &["ceremony", "network.yaml"]));
        assert_snapshot!("folder_exists", run(&place, &["ceremony", "network.yaml"]));
        assert_snapshot!("render_before", place.told(&RENDER));
        assert_snapshot!(
            "accept_nothing",
            run(
                &place,
                &["ceremony", "accept", "network.yaml", "quickstart-ceremony"]
            )
        );
        held(&place);
        assert_snapshot!("accept", accept(&place));
        assert_snapshot!("nothing_to_do", {
            std::fs::remove_dir_all(place.0.path().join("quickstart-ceremony")).expect("it is there");
            run(&place, &["ceremony", "network.yaml"])
        });
    });
    let rendered = place.told(&RENDER);
    assert!(rendered.starts_with("exit 0\n"), "{rendered}");
    let check = run(&place, &["check", "quickstart"]);
    assert!(check.starts_with("exit 0\n"), "{check}");
    let path = place
        .0
        .path()
        .join(".local/state/cordanetes/custody/quickstart.age");
    let ring = custody::read(&path, &SecretString::from("four words in a row")).expect("it opens");
    assert!(ring.private_key("cordarootca").is_err());
    assert!(ring.private_key("cordasubordinateca").is_ok());

    // What needs the root later on says so, and writes what it needs.
    settings().bind(|| assert_snapshot!("renew_crls", run(&place, &["renew-crls", "network.yaml"])));
    held(&place);
    settings().bind(|| assert_snapshot!("accept_again", accept(&place)));
    let check = run(&place, &["check", "quickstart"]);
    assert!(check.starts_with("exit 0\n"), "{check}");
}

#[test]
fn a_rotation_that_an_offline_authority_must_sign() {
    let place = Place::new();
    let all = [
        "ceremony",
        "network.yaml",
        "--offline",
        "cordarootca",
        "--offline",
        "cordasubordinateca",
    ];
    let prepared = run(&place, &all);
    assert!(prepared.starts_with("exit 0\n"), "{prepared}");
    held(&place);
    let accepted = accept(&place);
    assert!(accepted.starts_with("exit 0\n"), "{accepted}");
    let rotate = ["rotate", "network.yaml", "cordanetworkmap"];
    settings().bind(|| {
        assert_snapshot!("rotate_while_a_folder_is_out", run(&place, &rotate));
        std::fs::remove_dir_all(place.0.path().join("quickstart-ceremony")).expect("it is there");
        assert_snapshot!("rotate", run(&place, &rotate));
        held(&place);
        assert_snapshot!("accept_rotation", accept(&place));
    });
    let check = run(&place, &["check", "quickstart"]);
    assert!(check.starts_with("exit 0\n"), "{check}");
}

#[test]
fn wrong_ways_to_ask_for_a_ceremony() {
    let place = Place::new();
    assert!(place.told(&RENDER).starts_with("exit 0\n"));
    assert_snapshot!("root_is_here", run(&place, &["ceremony", "network.yaml"]));
    assert_snapshot!("no_file", run(&place, &["ceremony"]));
    assert_snapshot!(
        "wrong_fingerprint",
        run(
            &place,
            &[
                "ceremony",
                "accept",
                "network.yaml",
                ".",
                "--fingerprint",
                "cordarootca=12:34"
            ]
        )
    );
    assert_snapshot!(
        "not_asked",
        run(&place, &["ceremony", "accept", "network.yaml", "objects"])
    );
}
