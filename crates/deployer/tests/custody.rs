//! The key file under rough treatment: runs that are killed, two at once, a full disk; and nothing of a private key in
//! anything that the program writes.

#[path = "../../certificates/tests/it/custodian.rs"]
mod custodian;
mod place;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use certificates::{KeyRing, custody};
use place::{Place, told};
use secrecy::{ExposeSecret as _, SecretString};

const ROTATE: [&str; 6] = [
    "certificates",
    "rotate",
    "network.yaml",
    "jwt-store.jks",
    "--passphrase-file",
    "passphrase",
];

fn key_file(place: &Place) -> PathBuf {
    place
        .0
        .path()
        .join(".local/state/cordanetes/custody/quickstart.age")
}

fn opened(place: &Place) -> KeyRing {
    custody::read(&key_file(place), &SecretString::from("four words in a row"))
        .expect("the key file is whole")
}

fn password(ring: &KeyRing) -> String {
    let store = ring.store("jwt-store.jks").expect("it is there");
    store.password.expose_secret().to_owned()
}

fn with_keys() -> Place {
    let place = Place::new();
    let made = place.told(&[
        "render",
        "network.yaml",
        "--output",
        "objects",
        "--passphrase-file",
        "passphrase",
    ]);
    assert!(made.starts_with("exit 0\n"), "{made}");
    place
}

fn quiet(mut command: Command) -> Command {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

const KILLS: u32 = 24;

/// Killed at any moment, a run leaves the old state or the new one; the next run works.
#[test]
fn a_killed_run_leaves_the_old_keys_or_the_new_ones() {
    let place = with_keys();
    let started = Instant::now();
    assert!(place.told(&ROTATE).starts_with("exit 0\n"));
    let whole_run = started.elapsed();
    let mut last = opened(&place);
    let (mut old, mut new) = (0, 0);
    for kill in 0..KILLS {
        let mut child = quiet(place.command(&ROTATE)).spawn().expect("it starts");
        // Spread over the second half of a run, where it writes, and a little beyond.
        let moment = whole_run / 2 + whole_run * kill / KILLS;
        let deadline = Instant::now() + moment.min(Duration::from_secs(20));
        while Instant::now() < deadline && child.try_wait().expect("it can be asked").is_none() {
            std::thread::yield_now();
        }
        // It may have ended by itself.
        let _ended = child.kill();
        child.wait().expect("it ends");
        let ring = opened(&place);
        if password(&ring) == password(&last) {
            old += 1;
            assert_eq!(ring.journal(), last.journal());
        } else {
            new += 1;
            assert_eq!(ring.journal().len(), last.journal().len() + 1);
        }
        last = ring;
    }
    assert!(
        old > 0 && new > 0,
        "the kills cover both sides of the moment: {old} old, {new} new"
    );
    assert!(place.told(&ROTATE).starts_with("exit 0\n"), "the next run works");
    let check = place.told(&[
        "certificates",
        "check",
        "quickstart",
        "--passphrase-file",
        "passphrase",
    ]);
    assert!(check.starts_with("exit 0\n"), "{check}");
}

/// The kernel ends a run in the middle of its write: what a full disk or a pulled plug does.
#[test]
fn a_write_that_breaks_off_leaves_the_old_keys() {
    let place = with_keys();
    let before = std::fs::read(key_file(&place)).expect("it is there");
    // `ulimit -f` counts 512 bytes; the key file has more.
    assert!(before.len() > 8 * 512, "{}", before.len());
    let run = place.command(&ROTATE);
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "ulimit -f 8; exec \"$0\" \"$@\""])
        .arg(run.get_program())
        .args(run.get_args())
        .current_dir(place.0.path())
        .env_clear()
        .env("HOME", place.0.path())
        .stdin(Stdio::null());
    let output = limited.output().expect("it runs");
    assert!(!output.status.success(), "{}", told(&output));
    assert_eq!(std::fs::read(key_file(&place)).expect("it is there"), before);
    assert!(place.told(&ROTATE).starts_with("exit 0\n"), "the next run works");
    assert_ne!(std::fs::read(key_file(&place)).expect("it is there"), before);
}

#[test]
fn of_two_runs_at_once_one_is_refused_and_nothing_is_lost() {
    let place = with_keys();
    let before = opened(&place).journal().len();
    let held = custody::Custody::lock(key_file(&place)).expect("nobody holds it");
    let refused = place.told(&ROTATE);
    assert!(refused.starts_with("exit 1\n"), "{refused}");
    assert!(
        refused.contains(&format!("is in use by process {}", std::process::id())),
        "{refused}"
    );
    drop(held);
    let runs: Vec<_> = (0..4)
        .map(|_| {
            place
                .command(&ROTATE)
                .stderr(Stdio::piped())
                .spawn()
                .expect("it starts")
        })
        .collect();
    let done = runs
        .into_iter()
        .map(|run| run.wait_with_output().expect("it ends"))
        .filter(|output| output.status.success())
        .count();
    assert!(done >= 1);
    assert_eq!(
        opened(&place).journal().len(),
        before + done,
        "each run that says so has changed the keys"
    );
}

/// Everything below a folder, with its content.
fn everything(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).expect("it can be listed") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            everything(&path, found);
        } else {
            let content = std::fs::read(&path).expect("it can be read");
            found.push((path, content));
        }
    }
}

/// Bytes of a PKCS#8 that only the private key has: a P-256 key lies behind a header of 36 bytes, before the public
/// half; an RSA key ends with numbers that are secret, and begins with its public half.
fn secret_part(pkcs8: &[u8]) -> &[u8] {
    let begin = if pkcs8.len() < 200 { 36 } else { pkcs8.len() - 100 };
    &pkcs8[begin..begin + 30]
}

/// A key as it could be written: DER, PEM and its base64 at each offset in a larger text, hexadecimal digits.
fn forms(pkcs8: &[u8]) -> Vec<Vec<u8>> {
    use base64::Engine as _;
    let encode = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    let secret = secret_part(pkcs8);
    let mut forms = vec![secret.to_vec()];
    for skipped in 0..3 {
        let text = encode(&secret[skipped..]);
        // The last group depends on what follows.
        forms.push(text.as_bytes()[..36].to_vec());
    }
    let digits: Vec<String> = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let hexadecimal = digits.concat();
    forms.push(hexadecimal.to_uppercase().into_bytes());
    forms.push(hexadecimal.into_bytes());
    forms
}

/// Adds a text without its line breaks, those of JSON too, to itself: PEM has one after 64 characters.
fn unfold(content: &mut Vec<u8>) {
    let text = String::from_utf8_lossy(content);
    let joined: String = text
        .replace("\\r", "")
        .replace("\\n", "")
        .chars()
        .filter(|character| !character.is_whitespace())
        .collect();
    content.extend_from_slice(joined.as_bytes());
}

/// A network with an offline root, whose custodian's keys lie elsewhere; its stores are imported once more.
fn ceremony(temporary: &Path, written: &mut Vec<(PathBuf, Vec<u8>)>) -> Place {
    let place = Place::new();
    let custodian_keys = tempfile::tempdir().expect("a temporary folder");
    let folder = place.0.path().join("quickstart-ceremony");
    let mut run = |arguments: &[&str]| {
        let output = place
            .command(arguments)
            .args(["-vv", "--passphrase-file", "passphrase"])
            .env("TMPDIR", temporary)
            .env("RUST_LOG", "trace")
            .output()
            .expect("it runs");
        assert!(output.status.success(), "{}", told(&output));
        written.push((
            PathBuf::from(arguments.join(" ")),
            [output.stdout, output.stderr].concat(),
        ));
    };
    run(&["certificates", "ceremony", "network.yaml"]);
    custodian::holds(&folder, custodian_keys.path());
    let fingerprints: Vec<String> = custodian::fingerprints(&folder)
        .into_iter()
        .map(|(alias, fingerprint)| format!("--fingerprint={alias}={fingerprint}"))
        .collect();
    let mut accept = vec![
        "certificates",
        "ceremony",
        "accept",
        "network.yaml",
        "quickstart-ceremony",
    ];
    accept.extend(fingerprints.iter().map(String::as_str));
    run(&accept);
    let ring = opened(&place);
    let pki = place.0.path().join("pki");
    std::fs::create_dir(&pki).expect("it can be made");
    let mut passwords = String::new();
    for name in ring.store_files() {
        let store = ring.store(name).expect("it is there");
        std::fs::write(pki.join(name), store.bytes).expect("it can be written");
        writeln!(passwords, "{name} {}", store.password.expose_secret()).expect("a string takes everything");
    }
    for name in ring.crl_files() {
        std::fs::write(pki.join(name), ring.crl(name).expect("it is there")).expect("it can be written");
    }
    place.file("passwords", &passwords, 0o600);
    run(&[
        "certificates",
        "import",
        "network.yaml",
        "pki",
        "--store-passwords",
        "passwords",
        "--custody-directory",
        "other",
    ]);
    place
}

#[test]
fn no_private_key_is_in_anything_that_a_run_writes() {
    let place = Place::new();
    let temporary = place.0.path().join("tmp");
    std::fs::create_dir(&temporary).expect("it can be made");
    let mut written = Vec::new();
    let mut rings = Vec::new();
    for arguments in [
        &["render", "network.yaml", "--output", "objects"][..],
        &["certificates", "check", "quickstart"],
        &["certificates", "list", "quickstart", "--no-cluster", "-o", "json"],
        &["certificates", "rotate", "network.yaml", "cordasslsigner"],
        &["certificates", "rotate", "network.yaml", "cordasslrootca"],
        &["certificates", "renew-crls", "network.yaml"],
        &[
            "certificates",
            "export",
            "network.yaml",
            "--participant",
            "bank-x",
        ],
        &["render", "network.yaml", "--output", "objects"],
        // Fails in the middle, and says a lot about it.
        &["deploy", "network.yaml", "--kubeconfig", "none"],
    ] {
        let output = place
            .command(arguments)
            .args(["-vv", "--passphrase-file", "passphrase"])
            .env("TMPDIR", &temporary)
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "full")
            .output()
            .expect("it runs");
        written.push((
            PathBuf::from(arguments.join(" ")),
            [output.stdout, output.stderr].concat(),
        ));
        rings.push(opened(&place));
    }
    let ceremony = ceremony(&temporary, &mut written);
    rings.push(opened(&ceremony));
    everything(place.0.path(), &mut written);
    everything(ceremony.0.path(), &mut written);
    for (_, content) in &mut written {
        unfold(content);
    }
    let mut keys = BTreeSet::new();
    for ring in &rings {
        for alias in ring.aliases() {
            keys.insert(match ring.private_key(alias) {
                Ok(key) => key.expose_pkcs8().to_vec(),
                // The custodian's.
                Err(_) => continue,
            });
        }
    }
    // Thirteen at first; one that was rotated, and one more authority; eleven of a network with two keys offline.
    assert_eq!(keys.len(), 26);
    for key in &keys {
        for form in forms(key) {
            for (path, content) in &written {
                let found = content.windows(form.len()).any(|part| part == form);
                assert!(!found, "a private key is in {}", path.display());
            }
        }
    }
    // The search finds what is there.
    let key = keys.first().expect("there is one");
    let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, key);
    let pem: Vec<String> = text
        .as_bytes()
        .chunks(64)
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    for mut written in [
        pem.join("\n").into_bytes(),
        pem.join("\\n").into_bytes(),
        key.clone(),
    ] {
        unfold(&mut written);
        assert!(
            forms(key)
                .iter()
                .any(|form| written.windows(form.len()).any(|part| part == form)),
        );
    }
    assert!(written.len() > 50, "{}", written.len());
}
