//! The key file: what goes in comes out, and wrong input is refused with one clear sentence.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use certificates::KeyRing;
use certificates::custody::{self, Custody, CustodyError};
use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;

use crate::fixture;

/// A key file, made once: its passphrase costs time on purpose.
static KEY_FILE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.keys");
    let mut ring = KeyRing::new("demo");
    ring.make_secret("token").unwrap();
    Custody::lock(&path).unwrap().save(&ring, &passphrase()).unwrap();
    fs_err::read(&path).unwrap()
});

fn passphrase() -> SecretString {
    SecretString::from("correct horse battery staple")
}

/// A private file with this content. The folder goes when the test ends.
fn file(content: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.keys");
    fs_err::write(&path, content).unwrap();
    set_mode(&path, 0o600);
    (folder, path)
}

fn set_mode(path: &Path, mode: u32) {
    fs_err::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs_err::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// Reading fails with this sentence, in which `PATH` stands for the file.
fn refused(path: &Path, passphrase: &SecretString, sentence: &str) {
    let error = custody::read(path, passphrase).unwrap_err().to_string();
    assert_eq!(error.replace(path.to_str().unwrap(), "PATH"), sentence);
}

#[test]
fn what_is_saved_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made/for/it/demo.keys");
    let custody = Custody::lock(&path).unwrap();
    assert!(custody.open(&passphrase()).unwrap().is_none(), "no file yet");
    assert_eq!(mode(path.parent().unwrap()), 0o700);

    let ring = fixture::shared();
    custody.save(ring, &passphrase()).unwrap();
    assert_eq!(mode(&path), 0o600);
    let names: Vec<_> = fs_err::read_dir(path.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), 2, "the file and its lock: {names:?}");

    let mut opened = custody.open(&passphrase()).unwrap().unwrap();
    let plan = fixture::plan();
    for entity in &plan.entities {
        let (before, after) = (
            ring.chain(&entity.alias).unwrap(),
            opened.chain(&entity.alias).unwrap(),
        );
        assert_eq!(before, after);
        let (before, after) = (ring.private_key(&entity.alias), opened.private_key(&entity.alias));
        assert_eq!(before.unwrap().expose_pkcs8(), after.unwrap().expose_pkcs8());
    }
    for store in &plan.stores {
        let (before, after) = (
            ring.store(&store.file).unwrap(),
            opened.store(&store.file).unwrap(),
        );
        assert_eq!(before.bytes, after.bytes);
        assert_eq!(before.password.expose_secret(), after.password.expose_secret());
    }
    for crl in &plan.crls {
        assert_eq!(ring.crl(&crl.file).unwrap(), opened.crl(&crl.file).unwrap());
    }
    for secret in &plan.secrets {
        let (before, after) = (ring.secret(secret).unwrap(), opened.secret(secret).unwrap());
        assert_eq!(before.expose_secret(), after.expose_secret());
    }
    assert!(opened.make_missing(&plan, fixture::now()).unwrap().is_empty());
}

#[test]
fn a_wrong_passphrase_opens_nothing() {
    let (_folder, path) = file(&KEY_FILE);
    refused(
        &path,
        &SecretString::from("wrong"),
        "the passphrase does not open key file PATH: give the one that it was made with",
    );
    assert!(custody::read(&path, &passphrase()).is_ok());
}

#[test]
fn an_empty_passphrase_is_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.keys");
    let custody = Custody::lock(&path).unwrap();
    let error = custody
        .save(&KeyRing::new("demo"), &SecretString::from(""))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("the passphrase of key file {} is empty: give one", path.display())
    );
    assert!(!path.exists());
}

#[test]
fn cut_off_or_altered_files_are_refused() {
    let sentence = "key file PATH is cut off or altered: restore it from a copy";
    let whole: &[u8] = &KEY_FILE;
    for length in [whole.len() - 1, whole.len() / 2, 60, AGE_LINE.len()] {
        let (_folder, path) = file(&whole[..length]);
        refused(&path, &passphrase(), sentence);
    }
    let mut altered = whole.to_vec();
    *altered.last_mut().unwrap() ^= 1;
    let (_folder, path) = file(&altered);
    refused(&path, &passphrase(), sentence);
}

const AGE_LINE: &str = "age-encryption.org/v1\n";

#[test]
fn files_of_others_are_refused() {
    let sentence = "PATH is not a key file of a network: name another file";
    for content in ["", "network: demo\n", "-----BEGIN PRIVATE KEY-----\n"] {
        let (_folder, path) = file(content.as_bytes());
        refused(&path, &passphrase(), sentence);
    }
    let folder = tempfile::tempdir().unwrap();
    refused(folder.path(), &passphrase(), sentence);
    refused(
        &folder.path().join("none"),
        &passphrase(),
        "key file PATH does not exist: name the one that the network was made with",
    );
}

/// Locks any text as `age -p` would.
fn locked(text: &str, work_factor: u8) -> Vec<u8> {
    let mut recipient = age::scrypt::Recipient::new(passphrase());
    recipient.set_work_factor(work_factor);
    age::encrypt(&recipient, text.as_bytes()).unwrap()
}

#[test]
fn locked_files_with_other_content_are_refused_without_quoting_it() {
    for (text, problem) in [
        ("secret", "it does not hold the keys of a network"),
        (
            r#"{"format":"other","version":1}"#,
            "it does not hold the keys of a network",
        ),
        (
            r#"{"format":"cordanetes key ring","version":2,"new":"secret"}"#,
            "its format has version 2 and this program reads version 1",
        ),
        (
            r#"{"format":"cordanetes key ring","version":1,"network":{"secret":1}}"#,
            "its content is damaged at line 1, column 54",
        ),
        (
            r#"{"format":"cordanetes key ring","version":1,"network":"n","entities":{},"crls":{"x":"secret!"},"stores":{},"secrets":{}}"#,
            "its entry `x` is damaged",
        ),
    ] {
        let (_folder, path) = file(&locked(text, 1));
        refused(
            &path,
            &passphrase(),
            &format!("key file PATH cannot be used: {problem}"),
        );
    }
}

#[test]
fn a_file_that_wants_too_much_memory_is_not_tried() {
    let text = String::from_utf8_lossy(&locked("x", 1)).into_owned();
    let header_end = text.find('\n').unwrap();
    let stanza = text[header_end..].find(" 1\n").unwrap() + header_end;
    let mut bytes = locked("x", 1);
    bytes.splice(stanza..stanza + 2, *b" 30");
    let (_folder, path) = file(&bytes);
    refused(
        &path,
        &passphrase(),
        "key file PATH wants scrypt with 2^30 rounds and at most 2^18 are made: \
         encrypt it again with a smaller work factor",
    );
}

#[test]
fn files_that_others_may_read_are_refused() {
    let (_folder, path) = file(&KEY_FILE);
    set_mode(&path, 0o640);
    refused(
        &path,
        &passphrase(),
        "key file PATH can be read by others (mode 0640): run `chmod 600 PATH`",
    );
}

#[test]
fn two_runs_at_once_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.keys");
    let first = Custody::lock(&path).unwrap();
    let error = Custody::lock(&path).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "key file {} is in use by process {}: wait until it has ended, then run this again",
            path.display(),
            std::process::id()
        )
    );
    drop(first);
    assert!(Custody::lock(&path).is_ok());
}

#[test]
fn what_a_killed_run_left_behind_does_not_matter() {
    let (_folder, path) = file(&KEY_FILE);
    let beside = path.with_file_name("demo.keys.new");
    fs_err::write(&beside, "half").unwrap();
    set_mode(&beside, 0o444);
    let custody = Custody::lock(&path).unwrap();
    let ring = custody.open(&passphrase()).unwrap().unwrap();
    custody.save(&ring, &passphrase()).unwrap();
    assert!(!beside.exists());
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn nothing_of_it_can_be_read_without_the_passphrase() {
    assert!(KEY_FILE.starts_with(AGE_LINE.as_bytes()));
    for word in ["token", "demo", "key ring"] {
        assert!(
            !KEY_FILE.windows(word.len()).any(|part| part == word.as_bytes()),
            "{word}"
        );
    }
}

#[test]
fn a_folder_that_others_can_change_is_refused() {
    let (folder, path) = file(&KEY_FILE);
    set_mode(folder.path(), 0o770);
    let sentence =
        "the folder of key file PATH can be changed by others (mode 0770): run `chmod go-w FOLDER`";
    let expected = |error: CustodyError| {
        let told = error.to_string().replace(path.to_str().unwrap(), "PATH");
        assert_eq!(told.replace(folder.path().to_str().unwrap(), "FOLDER"), sentence);
    };
    expected(custody::read(&path, &passphrase()).unwrap_err());
    expected(Custody::lock(&path).unwrap_err());
    // In `/tmp` nobody can take away what is not theirs.
    set_mode(folder.path(), 0o1777);
    assert!(custody::read(&path, &passphrase()).is_ok());
}
