//! Runs the programs that other people read key stores with.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// Runs a program with text on its standard input and gives back what it printed on both outputs.
pub(crate) fn run(program: &str, arguments: &[&str], input: &str) -> String {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("`{program}` is needed by this test ({error}): install OpenSSL and a JDK, 17 or later")
        });
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}\n{printed}\n{complaints}",
        output.status
    );
    printed + &complaints
}
