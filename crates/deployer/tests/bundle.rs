//! The bundle for a participant outside of the cluster, checked on that participant's side: its own script, unchanged,
//! against servers that stand for the network.

mod place;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use certificates::{KeyRing, custody};
use place::Place;
use secrecy::SecretString;

const HASH: &str = "AB0123456789CDEFAB0123456789CDEFAB0123456789CDEFAB0123456789CDEF";

/// A network whose notary and first participant are reached from outside.
fn network(place: &Place) -> KeyRing {
    let path = place.0.path().join("network.yaml");
    let text = std::fs::read_to_string(&path).expect("it is there");
    let text = text
        .replace(
            "    validating: false\n",
            "    validating: false\n    host: notary.quickstart.test\n    exposure: { type: nodePort, port: 30001 }\n",
        )
        .replace(
            "    legalName: O=PartyA, L=London, C=GB\n",
            "    legalName: O=PartyA, L=London, C=GB\n    host: party-a.quickstart.test\n    exposure: { type: nodePort, port: 30002 }\n",
        );
    std::fs::write(&path, text).expect("it can be written");
    let arguments = [
        "render",
        "network.yaml",
        "--output",
        "objects",
        "--passphrase-file",
        "passphrase",
    ];
    let made = place.told(&arguments);
    assert!(made.starts_with("exit 0\n"), "{made}");
    let path = place
        .0
        .path()
        .join(".local/state/cordanetes/custody/quickstart.age");
    custody::read(&path, &SecretString::from("four words in a row")).expect("it opens")
}

/// What the network answers, by path.
type Answers = Arc<Mutex<BTreeMap<String, (u16, Vec<u8>)>>>;

/// One server for everything: HTTP by path, and an open port for whoever only connects.
fn serve(answers: Answers) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("it has an address").port();
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let answers = Arc::clone(&answers);
            std::thread::spawn(move || answer(connection, &answers));
        }
    });
    port
}

fn answer(mut connection: TcpStream, answers: &Answers) {
    let mut request = [0; 2048];
    let length = connection.read(&mut request).unwrap_or(0);
    let request = String::from_utf8_lossy(&request[..length]).into_owned();
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    let found = answers.lock().expect("nobody panicked").get(&path).cloned();
    let (code, body) = found.unwrap_or((404, Vec::new()));
    let head = format!(
        "HTTP/1.1 {code} -\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    // A client that only connects has gone already.
    let _gone = connection.write_all(&[head.as_bytes(), &body].concat());
}

/// A participant's machine: the unpacked bundle, and a `curl` that finds the network's hosts on this machine.
struct Bank {
    _place: Place,
    folder: PathBuf,
    answers: Answers,
}

impl Bank {
    fn new() -> Self {
        let place = Place::new();
        let ring = network(&place);
        let told = place.told(&[
            "certificates",
            "export",
            "network.yaml",
            "--participant",
            "bank-x",
            "--parameters-hash",
            HASH,
            "--output",
            "b.tar.gz",
            "--passphrase-file",
            "passphrase",
        ]);
        assert!(told.starts_with("exit 0\n"), "{told}");
        assert!(
            told.contains("nobody outside of the cluster reaches party-b: expose"),
            "{told}"
        );
        let archive = std::fs::read(place.0.path().join("b.tar.gz")).expect("it was written");
        tar::Archive::new(flate2::read::GzDecoder::new(&archive[..]))
            .unpack(place.0.path())
            .expect("it unpacks");
        let folder = place.0.path().join("quickstart-for-bank-x");

        let ok = |body: &[u8]| (200, body.to_vec());
        let list = |name: &str| ok(ring.crl(name).expect("it is there"));
        let lists = "/certificate-revocation-list";
        let map = format!("{{\"networkParameterHash\": \"{}\"}}", HASH.to_lowercase());
        let answers: Answers = Arc::new(Mutex::new(BTreeMap::from([
            ("/status".to_owned(), ok(b"{}")),
            ("/network-map/my-hostname".to_owned(), ok(b"192.0.2.1")),
            ("/network-map-user/network-map".to_owned(), ok(map.as_bytes())),
            (format!("{lists}/tls"), list("tls.crl")),
            (format!("{lists}/root"), list("root.crl")),
            (format!("{lists}/subordinate"), list("subordinate.crl")),
            // Any list stands for the one that the Signing Service signs.
            (format!("{lists}/doorman"), list("subordinate.crl")),
        ])));
        let port = serve(Arc::clone(&answers));
        let hosts = ["identity-manager", "network-map"].map(|host| format!("{host}.quickstart.test:80"));
        let nodes = ["notary.quickstart.test:30001", "party-a.quickstart.test:30002"].map(str::to_owned);
        let mut curl = String::new();
        for from in hosts.into_iter().chain(nodes) {
            writeln!(curl, "connect-to = \"{from}:127.0.0.1:{port}\"").expect("a string takes everything");
        }
        std::fs::write(folder.join(".curlrc"), curl).expect("it can be written");
        Self {
            _place: place,
            folder,
            answers,
        }
    }

    fn set(&self, path: &str, code: u16, body: &[u8]) {
        let mut answers = self.answers.lock().expect("nobody panicked");
        answers.insert(path.to_owned(), (code, body.to_vec()));
    }

    /// Exit code and what the check says.
    fn check(&self, path: Option<&Path>) -> (Option<i32>, String) {
        let mut command = std::process::Command::new("sh");
        command
            .arg("check.sh")
            .current_dir(&self.folder)
            .env("HOME", &self.folder);
        command.env("no_proxy", "*");
        if let Some(path) = path {
            command.env("PATH", path);
        }
        let output = command.output().expect("it runs");
        let text = String::from_utf8(output.stdout).expect("it is text");
        (output.status.code(), text)
    }

    /// That the check fails, and with nothing but this.
    fn fails(&self, wanted: &[&str]) {
        let (code, told) = self.check(None);
        let failed: Vec<&str> = told
            .lines()
            .filter_map(|line| line.strip_prefix("FAILED  "))
            .collect();
        assert_eq!(code, Some(1), "{told}");
        assert_eq!(failed, wanted, "{told}");
    }
}

#[test]
fn the_whole_bundle_of_a_network_that_works_is_accepted() {
    let bank = Bank::new();
    let (code, told) = bank.check(None);
    assert_eq!(code, Some(0), "{told}");
    insta::assert_snapshot!(told);
    // The same without keytool: the JDK may be elsewhere.
    let tools = tempfile::tempdir().expect("a temporary folder");
    for tool in [
        "sh", "curl", "openssl", "mktemp", "dirname", "cut", "tr", "grep", "awk", "date", "cat", "rm",
    ] {
        let found = ["/usr/bin", "/bin"]
            .iter()
            .map(|folder| Path::new(folder).join(tool))
            .find(|path| path.exists())
            .expect(tool);
        std::os::unix::fs::symlink(found, tools.path().join(tool)).expect("it can be linked");
    }
    let (code, again) = bank.check(Some(tools.path()));
    assert_eq!((code, again), (Some(0), told));
    // Without a tool that it cannot do without, it says so and checks nothing.
    std::fs::remove_file(tools.path().join("openssl")).expect("it is there");
    assert_eq!(bank.check(Some(tools.path())), (Some(2), String::new()));
}

#[test]
fn each_fault_is_told() {
    let bank = Bank::new();
    let identity = "http://identity-manager.quickstart.test";

    bank.set("/status", 301, b"");
    bank.fails(&[&format!("Identity Manager: {identity}/status")]);
    bank.set("/status", 503, b"");
    bank.fails(&[&format!("Identity Manager: {identity}/status")]);
    bank.set("/status", 200, b"{}");

    bank.set("/certificate-revocation-list/tls", 200, b"<html>");
    bank.fails(&[&format!(
        "revocation list: {identity}/certificate-revocation-list/tls"
    )]);
    let other = Bank::new();
    let theirs = other.answers.lock().expect("nobody panicked")["/certificate-revocation-list/tls"]
        .1
        .clone();
    bank.set("/certificate-revocation-list/tls", 200, &theirs);
    let list = "certificate-revocation-list/tls";
    bank.fails(&[&format!("signed by tls-crl-signer.pem: {identity}/{list}")]);
    let own = bank.answers.lock().expect("nobody panicked")["/certificate-revocation-list/root"].clone();
    bank.set("/certificate-revocation-list/tls", 200, &own.1);
    bank.fails(&[&format!("signed by tls-crl-signer.pem: {identity}/{list}")]);
}

#[test]
fn changed_parameters_closed_ports_and_altered_files_are_told() {
    let bank = Bank::new();
    bank.set(
        "/network-map-user/network-map",
        200,
        b"{\"networkParameterHash\": \"ff\"}",
    );
    bank.fails(&[&format!("the parameters are not {HASH}")]);
    let map = format!("{{\"networkParameterHash\": \"{HASH}\"}}");
    bank.set("/network-map-user/network-map", 200, map.as_bytes());

    // A port that nobody listens on.
    let closed = TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("it has one")
        .port();
    let curlrc = bank.folder.join(".curlrc");
    let open = std::fs::read_to_string(&curlrc).expect("it is there");
    let lines =
        open.lines().map(
            |line| match line.strip_prefix("connect-to = \"notary.quickstart.test:30001:") {
                Some(_) => format!("connect-to = \"notary.quickstart.test:30001:127.0.0.1:{closed}\"\n"),
                None => format!("{line}\n"),
            },
        );
    std::fs::write(&curlrc, lines.collect::<String>()).expect("it can be written");
    bank.fails(&["node notary: notary.quickstart.test:30001"]);
    std::fs::write(&curlrc, open).expect("it can be written");

    // Files of another network, one after the other, each put back.
    let other = Bank::new();
    let cases: [(&str, &[&str]); 3] = [
        ("root.pem", &["root.pem", "signed by root.pem: "]),
        ("network-root-truststore.jks", &["the trust store"]),
        ("truststore-password.txt", &["the trust store"]),
    ];
    for (file, wanted) in cases {
        let own = std::fs::read(bank.folder.join(file)).expect("it is there");
        std::fs::copy(other.folder.join(file), bank.folder.join(file)).expect("it can be copied");
        let (code, told) = bank.check(None);
        let failed: Vec<&str> = told
            .lines()
            .filter_map(|line| line.strip_prefix("FAILED  "))
            .collect();
        assert_eq!(code, Some(1), "{file}: {told}");
        assert_eq!(failed.len(), wanted.len(), "{file}: {told}");
        assert!(
            failed
                .iter()
                .zip(wanted)
                .all(|(found, start)| found.starts_with(start)),
            "{file}: {told}"
        );
        std::fs::write(bank.folder.join(file), own).expect("it can be written");
    }
    // Both files of another trust store: it opens, and trusts somebody else.
    for file in ["network-root-truststore.jks", "truststore-password.txt"] {
        std::fs::copy(other.folder.join(file), bank.folder.join(file)).expect("it can be copied");
    }
    bank.fails(&["the trust store", "the trust store", "the trust store"]);
}
