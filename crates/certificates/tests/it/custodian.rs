//! Plays the custodian of a ceremony: runs what stands in the checklist, with OpenSSL and a shell and nothing else.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Each shell block of the checklist, in its order; what they printed.
pub(crate) fn holds(folder: &Path, keys: &Path) -> Vec<String> {
    let checklist = std::fs::read_to_string(folder.join("CHECKLIST.md")).expect("it is there");
    let printed: Vec<String> = checklist
        .split("```sh\n")
        .skip(1)
        .map(|block| runs(folder, keys, block.split("```").next().unwrap_or_default()))
        .collect();
    assert!(printed.len() > 2, "{checklist}");
    printed
}

/// Runs a script in the folder. OpenSSL asks for passphrases on its terminal; without one it reads them here.
pub(crate) fn runs(folder: &Path, keys: &Path, script: &str) -> String {
    let mut child = Command::new("setsid")
        .args(["--wait", "sh", "-eu", "-c", script])
        .current_dir(folder)
        .env("KEYS", keys)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a shell is there");
    // One that asks for none closes the pipe.
    let _unread = child
        .stdin
        .take()
        .expect("it is piped")
        .write_all(b"a passphrase\na passphrase\n");
    let output = child.wait_with_output().expect("it ends");
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}\n{complaints}");
    String::from_utf8(output.stdout).expect("it is text")
}

/// What the custodian reads to the operator: of each certificate that signed itself.
pub(crate) fn fingerprints(folder: &Path) -> BTreeMap<String, String> {
    ["cordarootca", "cordatlscrlsigner"]
        .into_iter()
        .filter(|alias| folder.join(format!("settings/{alias}.cnf")).exists())
        .filter_map(|alias| {
            let path = folder.join(format!("signed/{alias}.pem"));
            let output = Command::new("openssl")
                .args(["x509", "-noout", "-fingerprint", "-sha256", "-in"])
                .arg(path)
                .output()
                .expect("OpenSSL is there");
            let printed = String::from_utf8(output.stdout).expect("it is text");
            let (_, fingerprint) = printed.trim().split_once('=')?;
            Some((alias.to_owned(), fingerprint.to_owned()))
        })
        .collect()
}
