//! `cordanetes certificates` as its users meet it.

mod place;

use std::fmt::Write;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

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

const IMPORT: [&str; 8] = [
    "certificates",
    "import",
    "network.yaml",
    "pki",
    "--store-passwords",
    "passwords",
    "--passphrase-file",
    "passphrase",
];

/// The stores here are our own; `certificates` imports those of keytool and OpenSSL in its tests.
#[test]
fn keys_of_others_are_imported() {
    let (from, to) = (Place::new(), Place::new());
    let ring = with_keys(&from);
    pki_tool_output(&to, &ring);
    // The keys that are in no store, and what a network can go on without.
    assert_snapshot!("import_without_authorities", to.told(&IMPORT));
    let imported = with_keys(&to);
    assert_eq!(
        imported.certificate("cordarootca"),
        ring.certificate("cordarootca")
    );
    assert!(imported.private_key("cordarootca").is_err());
    let check = run(&to, &["check", "quickstart"]);
    assert!(check.starts_with("exit 0\n"), "{check}");
}

#[test]
fn an_import_takes_everything_or_nothing() {
    let (from, to) = (Place::new(), Place::new());
    let ring = with_keys(&from);
    pki_tool_output(&to, &ring);
    let pki = to.0.path().join("pki");
    std::fs::remove_file(pki.join("key-stores/identity-manager-key-store.jks")).expect("it is there");
    std::fs::remove_file(pki.join("key-stores/network-map-key-store.jks")).expect("it is there");
    std::fs::write(pki.join("trust-stores/corda-ssl-trust-store.jks"), "cut").expect("it can be written");
    let passwords = std::fs::read_to_string(to.0.path().join("passwords")).expect("it is there");
    let kept: Vec<&str> = passwords
        .lines()
        .filter(|line| !line.starts_with("identity-manager") && !line.starts_with("network-map"))
        .collect();
    let kept = kept.join("\n");
    to.file("passwords", &kept, 0o644);
    let mut told = vec![to.told(&IMPORT)];
    to.file("passwords", &kept, 0o600);
    told.push(to.told(&IMPORT));
    assert_snapshot!("import_refused", told.join("\n"));
    assert!(
        !to.0
            .path()
            .join(".local/state/cordanetes/custody/quickstart.age")
            .exists()
    );
    // The passwords can come from the environment as well.
    let output = to
        .command(&["certificates", "import", "network.yaml", "pki"])
        .env("CORDANETES_STORE_PASSWORDS", &kept)
        .env("CORDANETES_PASSPHRASE", "four words in a row")
        .output()
        .expect("it runs");
    assert_eq!(place::told(&output), told[1]);
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

/// Runs a command of `certificates` on the keys of the place.
fn run(place: &Place, arguments: &[&str]) -> String {
    place.told(&[&["certificates"], arguments, &["--passphrase-file", "passphrase"]].concat())
}

/// What differs from run to run.
fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"20\d\d-\d\d-\d\d", "[date]");
    settings.add_filter(r"\b\d{3,4} +(certificate|CRL)", "[days]  $1");
    settings.add_filter(r"\d{8}T\d{6}Z", "[moment]");
    settings.add_filter(r"VALUE=DATE:\d{8}", "VALUE=DATE:[day]");
    settings.add_filter(r"-\d{10}@", "-[end]@");
    settings
}

#[test]
fn everything_that_ends_is_listed_in_the_order_of_its_end() {
    let place = Place::new();
    with_keys(&place);
    settings().bind(|| {
        assert_snapshot!("list", run(&place, &["list", "quickstart", "--no-cluster"]));
    });
    let list = |more: &[&str]| {
        run(
            &place,
            &[&["list", "quickstart", "--no-cluster", "--quiet"], more].concat(),
        )
    };
    let json = list(&["-o", "json"]);
    let data = json.strip_prefix("exit 0\n--- stdout\n").expect("it is data");
    let data: serde_json::Value = serde_json::from_str(data).expect("it is JSON");
    assert_eq!(data["entries"].as_array().map(Vec::len), Some(17));
    assert_eq!(data["entries"][0]["daysLeft"], 824);
    assert!(list(&["--fail-if-expiring", "45d"]).starts_with("exit 0\n"));
    let failing = list(&["--fail-if-expiring", "525w"]);
    settings().bind(|| {
        let told = failing.split("--- stderr\n").last().expect("it is told");
        assert_snapshot!("list_expiring", format!("{}{told}", &failing[..7]));
    });
    assert!(list(&["--fail-if-expiring", "soon"]).starts_with("exit 2\n"));
}

#[test]
fn a_folder_is_listed_too() {
    let place = Place::new();
    pki_tool_output(&place, &with_keys(&place));
    let told = place.told(&["certificates", "list", "pki", "--store-passwords", "passwords"]);
    assert!(told.starts_with("exit 0\n"), "{told}");
    assert_eq!(
        told.lines().filter(|line| line.contains("key-stores/")).count(),
        9,
        "{told}"
    );
    assert_eq!(
        told.lines().filter(|line| line.contains("trust-stores/")).count(),
        3,
        "{told}"
    );
    assert_eq!(
        told.lines().filter(|line| line.contains("crl-files/")).count(),
        4,
        "{told}"
    );
}

/// RFC 5545: lines end with CR LF and have at most 75 octets, components nest, and each event has what it must.
#[test]
fn ends_are_exported_as_a_calendar() {
    let place = Place::new();
    with_keys(&place);
    let told = run(&place, &["list", "quickstart", "--no-cluster", "-o", "ics"]);
    let calendar = told.strip_prefix("exit 0\n--- stdout\n").expect("it is data");
    let mut open = Vec::new();
    for line in calendar.split_terminator("\r\n") {
        assert!(line.len() <= 75 && !line.contains('\n'), "{line:?}");
        if let Some(component) = line.strip_prefix("BEGIN:") {
            open.push(component);
        } else if let Some(component) = line.strip_prefix("END:") {
            assert_eq!(open.pop(), Some(component));
        } else {
            assert!(
                line.starts_with(' ') || line.contains(':') || line.contains(';'),
                "{line:?}"
            );
        }
    }
    assert!(open.is_empty() && calendar.starts_with("BEGIN:VCALENDAR\r\n"));
    let unfolded = calendar.replace("\r\n ", "");
    let lines = |begin: &str| unfolded.lines().filter(|line| line.starts_with(begin)).count();
    for property in [
        "UID:quickstart-",
        "UID:reminder-quickstart-",
        "DTSTART;VALUE=DATE:",
        "SUMMARY:",
        "TRIGGER",
    ] {
        assert_eq!(lines(property), 17, "{property}: {unfolded}");
    }
    assert_eq!(lines("DTEND"), 0, "it would have to be later than the start");
    assert_eq!((lines("VERSION:2.0"), lines("PRODID:")), (1, 1));
    let event = unfolded.split("BEGIN:VEVENT").nth(1).expect("there is one");
    settings().bind(|| assert_snapshot!("calendar", event.replace('\r', "")));
}

#[test]
fn keys_and_crls_are_replaced_in_the_key_file() {
    let place = Place::new();
    let before = with_keys(&place);
    assert_snapshot!(
        "rotate",
        run(&place, &["rotate", "network.yaml", "cordasslsigner"])
    );
    assert_snapshot!(
        "rotate_password",
        run(&place, &["rotate", "network.yaml", "jwt-store.jks"])
    );
    assert_snapshot!(
        "rotate_authority",
        run(&place, &["rotate", "network.yaml", "cordasslrootca"])
    );
    let next = run(
        &place,
        &["rotate", "network.yaml", "cordasslrootca", "--kubeconfig", "none"],
    );
    assert!(next.contains("error: no cluster could be chosen"), "{next}");
    assert_snapshot!(
        "rotate_identity",
        run(&place, &["rotate", "network.yaml", "identity-private-key"])
    );
    assert_snapshot!("renew_crls", run(&place, &["renew-crls", "network.yaml"]));
    let after = with_keys(&place);
    for name in before.store_files() {
        let changed = [
            "corda-ssl-signer-keys.jks",
            "jwt-store.jks",
            "corda-ssl-trust-store.jks",
        ]
        .contains(&name);
        let same = before.store(name).expect("there").bytes == after.store(name).expect("there").bytes;
        assert_eq!(same, !changed, "{name}");
    }
    assert_ne!(before.crl("tls.crl"), after.crl("tls.crl"));
    let check = run(&place, &["check", "quickstart"]);
    assert!(check.starts_with("exit 0\n"), "{check}");
}

#[test]
fn a_bundle_for_a_participant_holds_no_secret_of_the_network() {
    let place = Place::new();
    let ring = with_keys(&place);
    let hash = "0123456789abcdef".repeat(4);
    let export = [
        "export",
        "network.yaml",
        "--participant",
        "bank-x",
        "--parameters-hash",
        &hash,
    ];
    assert_snapshot!("export", run(&place, &export));
    let compressed =
        std::fs::read(place.0.path().join("quickstart-for-bank-x.tar.gz")).expect("it was written");
    let mut all = Vec::new();
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(&compressed[..]));
    let mut files = std::collections::BTreeMap::new();
    for entry in archive.entries().expect("it is an archive") {
        let mut entry = entry.expect("it can be read");
        let name = entry.path().expect("it has a name").display().to_string();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("it can be read");
        all.extend_from_slice(&content);
        files.insert(
            name.trim_start_matches("quickstart-for-bank-x/").to_owned(),
            content,
        );
    }
    let holds = |secret: &[u8]| all.windows(secret.len()).any(|part| part == secret);
    let mut secrets = 0;
    for store in ring.store_files() {
        secrets += 1;
        let password = ring.store(store).expect("there").password.expose_secret();
        assert!(!holds(password.as_bytes()), "password of {store}");
    }
    for alias in ring.aliases() {
        secrets += 1;
        let key = ring.private_key(alias).expect("there").expose_pkcs8();
        // The last bytes of a PKCS#8 of a P-256 key are its public half.
        assert!(!holds(&key[30..70]), "key of {alias}");
    }
    assert_eq!(secrets, 24);

    let text = |name: &str| String::from_utf8(files[name].clone()).expect("it is text");
    let password = SecretString::from(text("truststore-password.txt"));
    let trust = certificates::read_store("t", &files["network-root-truststore.jks"], &password, &password);
    let aliases: Vec<String> = trust
        .expect("it opens")
        .entries
        .into_iter()
        .map(|entry| entry.alias)
        .collect();
    assert_eq!(aliases, ["cordarootca", "cordatlscrlsigner"]);
    assert_snapshot!("export_firewall", text("firewall.csv"));
    assert_snapshot!("export_node_conf", text("node.conf.part"));
    assert_snapshot!("export_check_list", text("check.list"));
    let again = run(&place, &["export", "network.yaml", "--participant", "Bank X"]);
    assert!(again.starts_with("exit 2\n"), "{again}");
}

/// Answers as Identity Manager and Network Map would, and as some proxies do.
fn serve(lists: Vec<(String, Vec<u8>)>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("it has an address").port();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.expect("it connects");
            let mut request = [0; 2048];
            let length = connection.read(&mut request).unwrap_or(0);
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            let path = request.split(' ').nth(1).unwrap_or_default();
            let (code, body) = match path {
                "/status" => ("200 OK", b"parameters 0123ab".to_vec()),
                "/moved" => ("301 Moved Permanently", Vec::new()),
                _ => match lists.iter().find(|(name, _)| path == name) {
                    Some((_, list)) => ("200 OK", list.clone()),
                    None => ("404 Not Found", Vec::new()),
                },
            };
            let head = format!(
                "HTTP/1.1 {code}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            // A client that only connects has gone already.
            let _gone = connection.write_all(&[head.as_bytes(), &body].concat());
        }
    });
    port
}

#[test]
fn the_check_of_a_bundle_tells_what_is_wrong() {
    let place = Place::new();
    let ring = with_keys(&place);
    let told = run(
        &place,
        &[
            "export",
            "network.yaml",
            "--participant",
            "bank-x",
            "--output",
            "b.tar.gz",
        ],
    );
    assert!(told.starts_with("exit 0\n"), "{told}");
    let archive = std::fs::read(place.0.path().join("b.tar.gz")).expect("it was written");
    tar::Archive::new(flate2::read::GzDecoder::new(&archive[..]))
        .unpack(place.0.path())
        .expect("it unpacks");
    let bundle = place.0.path().join("quickstart-for-bank-x");
    let list = |name: &str| ring.crl(name).expect("there").to_vec();
    let port = serve(vec![
        ("/tls".into(), list("tls.crl")),
        ("/root".into(), list("root.crl")),
        ("/page".into(), b"<html>".to_vec()),
    ]);
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("it has an address").port()
    };
    let checks = [
        format!("answers http://127.0.0.1:{port}/status status"),
        format!("answers http://127.0.0.1:{port}/moved moved"),
        format!("answers http://127.0.0.1:{port}/none missing"),
        format!("answers http://127.0.0.1:{closed}/ closed"),
        format!("revocation http://127.0.0.1:{port}/tls tls-crl-signer.pem"),
        format!("revocation http://127.0.0.1:{port}/root root.pem"),
        format!("revocation http://127.0.0.1:{port}/root tls-crl-signer.pem"),
        format!("revocation http://127.0.0.1:{port}/page none"),
        format!("reaches 127.0.0.1 {port} open"),
        format!("reaches 127.0.0.1 {closed} closed"),
    ];
    std::fs::write(bundle.join("check.list"), checks.join("\n") + "\n").expect("it can be written");
    let output = std::process::Command::new(bundle.join("check.sh"))
        .env("no_proxy", "127.0.0.1")
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let printed = String::from_utf8(output.stdout).expect("it is text");
    let printed = printed
        .replace(&port.to_string(), "PORT")
        .replace(&closed.to_string(), "CLOSED");
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"curl: \(7\)[^:]*: ", "[curl]: ");
    settings.bind(|| assert_snapshot!("bundle_check", printed));
}
