//! The operator's keys in a token, as users meet it: SoftHSM with a folder of the test's own.

mod place;

use std::fmt::Write as _;
use std::process::{Command, Output};

use certificates::{Away, KeyRing, aliases, custody};
use insta::assert_snapshot;
use place::{Place, told};
use secrecy::SecretString;

/// Debian's `softhsm2`.
const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "492817";

/// What the operator holds of the quick start.
const OPERATORS: [&str; 4] = [
    aliases::ROOT,
    aliases::SUBORDINATE,
    aliases::TLS_CRL_SIGNER,
    aliases::SSL_ROOT,
];

/// The quick start with its operator's keys in a token, which exists and is empty.
fn with_token(pin: &str) -> Place {
    let place = Place::new();
    std::fs::create_dir(place.0.path().join("tokens")).expect("it can be made");
    place.file(
        "softhsm2.conf",
        &format!(
            "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
            place.0.path().join("tokens").display()
        ),
        0o644,
    );
    declare(&place, MODULE, "trade", pin);
    place.file("pin", &format!("{PIN}\n"), 0o600);
    let made = Command::new("softhsm2-util")
        .args(["--init-token", "--free", "--label", "trade"])
        .args(["--pin", PIN, "--so-pin", "918273"])
        .env("SOFTHSM2_CONF", place.0.path().join("softhsm2.conf"))
        .output()
        .expect("`softhsm2-util` is needed by this test: install Debian's package `softhsm2`");
    assert!(made.status.success(), "{made:?}");
    place
}

/// Writes the topology with this token.
fn declare(place: &Place, module: &str, token: &str, pin: &str) {
    let path = place.0.path().join("network.yaml");
    let topology = std::fs::read_to_string(&path).expect("it is there");
    let topology = topology.split("\ncustody:").next().unwrap_or_default();
    place.file(
        "network.yaml",
        &format!("{topology}\ncustody:\n  pkcs11: {{ module: {module}, token: {token}{pin} }}\n"),
        0o644,
    );
}

const BY_FILE: &str = ", pin: { file: pin }";
const BY_ENVIRONMENT: &str = ", pin: { environment: TOKEN_PIN }";
const ROTATE: [&str; 6] = [
    "certificates",
    "rotate",
    "network.yaml",
    "cordasslsigner",
    "--passphrase-file",
    "passphrase",
];
const RENDER: [&str; 6] = [
    "render",
    "network.yaml",
    "--output",
    "objects",
    "--passphrase-file",
    "passphrase",
];

fn run(place: &Place, arguments: &[&str], pin: Option<&str>) -> Output {
    let mut command = place.command(arguments);
    command.env("SOFTHSM2_CONF", place.0.path().join("softhsm2.conf"));
    if let Some(pin) = pin {
        command.env("TOKEN_PIN", pin);
    }
    command.output().expect("the program runs")
}

fn ring(place: &Place) -> KeyRing {
    let path = place
        .0
        .path()
        .join(".local/state/cordanetes/custody/quickstart.age");
    custody::read(&path, &SecretString::from("four words in a row")).expect("it opens")
}

#[test]
fn a_network_is_made_and_checked_with_its_authorities_in_the_token() {
    let place = with_token(BY_FILE);
    let check = [
        "certificates",
        "check",
        "network.yaml",
        "--passphrase-file",
        "passphrase",
    ];
    let made = told(&run(&place, &RENDER, None));
    assert!(made.starts_with("exit 0\n"), "{made}");
    assert_snapshot!("check", told(&run(&place, &check, None)));

    let ring = ring(&place);
    for alias in ring.aliases() {
        let in_token = matches!(ring.away(alias), Some(Away::Token(key)) if key.token == "trade");
        assert_eq!(in_token, OPERATORS.contains(&alias), "{alias}");
    }
    let renewed = run(
        &place,
        &[
            "certificates",
            "renew-crls",
            "network.yaml",
            "--passphrase-file",
            "passphrase",
        ],
        None,
    );
    assert_snapshot!("renew_crls", told(&renewed));
    let exported = run(
        &place,
        &[
            "certificates",
            "export",
            "network.yaml",
            "--participant",
            "bank-a",
            "--passphrase-file",
            "passphrase",
        ],
        None,
    );
    assert_snapshot!("export", told(&exported));
    // The next run makes nothing, and needs no PIN for that.
    std::fs::remove_file(place.0.path().join("pin")).expect("it is there");
    let again = told(&run(&place, &RENDER, None));
    assert!(again.starts_with("exit 0\n"), "{again}");
    // What signs does.
    let rotated = run(&place, &ROTATE, None);
    assert_snapshot!("rotate_without_a_pin", told(&rotated));
    place.file("pin", PIN, 0o600);
    let rotated = told(&run(&place, &ROTATE, None));
    assert!(rotated.starts_with("exit 0\n"), "{rotated}");
    assert!(told(&run(&place, &check, None)).starts_with("exit 0\n"));
    // The PIN is nowhere that the program has written.
    for (path, content) in files(place.0.path()) {
        if path.file_name().is_some_and(|name| name != "pin") {
            assert!(
                !content.windows(PIN.len()).any(|part| part == PIN.as_bytes()),
                "{path:?}"
            );
        }
    }
}

/// Every file below a folder but SoftHSM's own.
fn files(folder: &std::path::Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("it can be read") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "tokens") {
                found.extend(files(&path));
            }
        } else {
            let content = std::fs::read(&path).expect("it can be read");
            found.push((path, content));
        }
    }
    found
}

#[test]
fn a_token_that_does_not_open_is_told_and_nothing_is_kept() {
    let place = with_token(BY_ENVIRONMENT);
    let mut story = String::new();
    let mut tell = |what: &str, output: &Output| {
        let text = told(output).replace(&place.0.path().display().to_string(), "PLACE");
        // The serial number is another each time.
        let text = match (text.find("with serial "), text.find("):").or(text.find(')'))) {
            (Some(start), Some(_)) => {
                let end = text[start + 12..]
                    .find([')', ','])
                    .map_or(text.len(), |end| start + 12 + end);
                format!("{}with serial SERIAL{}", &text[..start], &text[end..])
            }
            _ => text,
        };
        writeln!(story, "# {what}\n{text}").expect("a string takes everything");
    };
    tell("no variable", &run(&place, &RENDER, None));
    tell("a wrong PIN", &run(&place, &RENDER, Some("000000")));
    declare(&place, MODULE, "trade", "");
    tell("nobody to ask", &run(&place, &RENDER, None));
    declare(&place, MODULE, "other", BY_ENVIRONMENT);
    tell("another token", &run(&place, &RENDER, Some(PIN)));
    declare(&place, "/usr/lib/none.so", "trade", BY_ENVIRONMENT);
    tell("no library", &run(&place, &RENDER, Some(PIN)));
    declare(&place, MODULE, "trade", BY_FILE);
    place.file("pin", PIN, 0o644);
    tell("a file that others read", &run(&place, &RENDER, None));
    assert_snapshot!("refusals", story);
    let kept = place
        .0
        .path()
        .join(".local/state/cordanetes/custody/quickstart.age");
    assert!(!kept.exists(), "no key file without its keys");
}

#[test]
fn the_plan_says_who_holds_the_keys() {
    let place = with_token(BY_FILE);
    let plan = ["certificates", "plan", "network.yaml", "--made-on", "2026-11-23"];
    let text = place.told(&plan);
    let held: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("token `trade`"))
        .collect();
    assert_eq!(held.len(), OPERATORS.len(), "{text}");
    assert!(!text.contains("operator, never"), "{text}");
}
