//! `cordanetes certificates deliver`: what an operator loads into a store of secrets.

mod place;

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use certificates::custody;
use place::Place;
use secrecy::{ExposeSecret as _, SecretString};

const VAULT: &str = "\ndelivery: { vaultAgent: { address: \"https://vault.vault.svc:8200\", mount: kv } }\n";
const VAULT_FOR_ALL: &str =
    "\ndelivery: { vaultAgent: { address: \"https://vault.vault.svc:8200\", signingService: true } }\n";
const EXTERNAL: &str = "\ndelivery: { externalSecrets: { store: bank, layout: names } }\n";
const DELIVER: [&str; 7] = [
    "certificates",
    "deliver",
    "network.yaml",
    "--output",
    "out/now",
    "--passphrase-file",
    "passphrase",
];

fn with(delivery: &str) -> Place {
    let place = Place::new();
    let path = place.0.path().join("network.yaml");
    let text = std::fs::read_to_string(&path).expect("it is there") + delivery;
    std::fs::write(path, text).expect("it can be written");
    place
}

/// The names and files of the index.
fn index(folder: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(folder.join("index.csv")).expect("it is there");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("name,file"));
    lines
        .map(|line| line.split_once(',').expect("two fields"))
        .map(|(name, file)| (name.to_owned(), file.to_owned()))
        .collect()
}

/// Every file and folder below, with its mode.
fn modes(folder: &Path) -> Vec<(String, u32)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("it can be listed") {
        let path = entry.expect("it can be read").path();
        let mode = path.metadata().expect("it is there").permissions().mode() & 0o777;
        found.push((path.display().to_string(), mode));
        if path.is_dir() {
            found.extend(modes(&path));
        }
    }
    found
}

#[test]
fn files_are_for_their_owner_and_nothing_of_them_is_printed() {
    for delivery in [VAULT_FOR_ALL, EXTERNAL] {
        let place = with(delivery);
        let told = place.told(&DELIVER);
        assert!(told.starts_with("exit 0\n--- stderr\nwrote "), "{told}");
        let folder = place.0.path().join("out/now");
        for (path, mode) in modes(&folder) {
            let is_program = Path::new(&path).is_dir() || path.ends_with("/load.sh");
            assert_eq!(mode, if is_program { 0o700 } else { 0o600 }, "{path}");
        }
        let key_file = place
            .0
            .path()
            .join(".local/state/cordanetes/custody/quickstart.age");
        let ring = custody::read(&key_file, &SecretString::from("four words in a row")).expect("it opens");
        let mut all = String::new();
        for (name, file) in index(&folder) {
            let text = std::fs::read_to_string(folder.join(&file)).expect("it is there");
            let values: std::collections::BTreeMap<String, String> =
                serde_json::from_str(&text).expect("it is JSON");
            assert!(!values.is_empty(), "{name}");
            if delivery == EXTERNAL {
                let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
                assert!(name.chars().all(fits) && name.len() <= 127, "{name}");
            }
            all.extend(values.into_values());
        }
        for store in ring.store_files() {
            let password = ring.store(store).expect("it is there").password.expose_secret();
            assert!(!told.contains(password), "{store}");
            assert!(all.contains(password), "{store}");
        }
        // A folder that is there already may hold what was loaded before: nothing is mixed.
        let again = place.told(&DELIVER);
        assert!(again.starts_with("exit 1\n"), "{again}");
    }
}

#[test]
fn without_a_store_there_is_nothing_to_load() {
    let place = Place::new();
    insta::assert_snapshot!(place.told(&DELIVER));
    assert!(!place.0.path().join("out").exists() && !place.0.path().join(".local").exists());
}

/// The script calls Vault's program as it is documented; a recorder stands in its place.
#[test]
fn the_script_for_vault_loads_every_secret_policy_and_role() {
    let place = with(VAULT);
    let told = place.told(&DELIVER);
    assert!(told.starts_with("exit 0\n"), "{told}");
    let folder = place.0.path().join("out/now");
    place.file(
        "vault",
        "#!/bin/sh\nprintf '%s|' \"$@\" >> \"$RECORD\"\necho >> \"$RECORD\"\n",
        0o755,
    );
    let record = place.0.path().join("record");
    let output = std::process::Command::new(folder.join("load.sh"))
        .env("PATH", format!("{}:/usr/bin:/bin", place.0.path().display()))
        .env("RECORD", &record)
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{output:?}");
    let record = std::fs::read_to_string(record).expect("it was written");
    let calls: Vec<Vec<&str>> = record
        .lines()
        .map(|line| line.trim_end_matches('|').split('|').collect())
        .collect();
    let loaded: Vec<(String, String)> = calls
        .iter()
        .filter(|call| call.starts_with(&["kv", "put", "-mount=kv"]))
        .map(|call| (call[3].to_owned(), call[4].trim_start_matches('@').to_owned()))
        .collect();
    assert_eq!(loaded, index(&folder));
    let named = |words: &[&str]| -> BTreeSet<String> {
        let calls = calls.iter().filter(|call| call.starts_with(words));
        calls
            .map(|call| {
                call[words.len()]
                    .trim_start_matches("auth/kubernetes/role/")
                    .to_owned()
            })
            .collect()
    };
    assert_eq!(named(&["policy", "write"]), named(&["write"]));
    // Auth, Gateway, Zone, Identity Manager, Network Map, three nodes, the payment and the bootstrap Jobs.
    assert_eq!(named(&["write"]).len(), 10);
    let zone = calls
        .iter()
        .find(|call| call[1] == "auth/kubernetes/role/quickstart-network-zone")
        .expect("it has a role");
    insta::assert_snapshot!(zone.join("\n"));
    let policy = std::fs::read_to_string(folder.join("policies/quickstart-network-zone.hcl"));
    insta::assert_snapshot!(policy.expect("it is there"));
}
