//! The key file: what goes in comes out, and wrong input is refused with one clear sentence.

mod common;

use std::os::unix::fs::PermissionsExt;

use certificates::custody::{self, Custody};
use certificates::files;
use secrecy::{ExposeSecret, SecretString};

fn passphrase() -> SecretString {
    SecretString::from("correct horse battery staple")
}

#[test]
fn what_is_saved_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made/for/it/demo.keys");
    let custody = Custody::lock(&path).unwrap();
    assert!(custody.open(&passphrase()).unwrap().is_none(), "no file yet");

    let ring = common::ring();
    custody.save(&ring, &passphrase()).unwrap();
    let mode = fs_err::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o600);

    let mut opened = custody.open(&passphrase()).unwrap().unwrap();
    let file = files::NETWORK_TRUST;
    assert_eq!(opened.store(file).unwrap().bytes, ring.store(file).unwrap().bytes);
    assert_eq!(
        opened.secret("auth-admin").unwrap().expose_secret(),
        ring.secret("auth-admin").unwrap().expose_secret()
    );
    assert!(
        opened
            .make_missing(&common::plan(), common::now())
            .unwrap()
            .is_empty()
    );
    let plaintext = fs_err::read(&path).unwrap();
    assert!(custody::read(&path, &passphrase()).is_ok());
    assert!(!plaintext.windows(4).any(|part| part == b"demo"));
}
