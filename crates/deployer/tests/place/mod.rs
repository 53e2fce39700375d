//! A folder of its own for each test, and the program run in it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A folder of its own, and a program that knows nothing of the machine it runs on.
pub(crate) struct Place(pub(crate) tempfile::TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        let place = Self(tempfile::tempdir().expect("a temporary folder"));
        let quickstart = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../topologies/quickstart.yaml");
        let topology = std::fs::read_to_string(quickstart).expect("the quick start is there");
        place.file("network.yaml", &topology, 0o644);
        place.file("passphrase", "four words in a row\n", 0o600);
        place
    }

    pub(crate) fn file(&self, name: &str, content: &str, mode: u32) {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).expect("it can be written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("the mode can be set");
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cordanetes"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env_clear()
            .env("HOME", self.0.path());
        command.stdin(Stdio::null());
        command
    }

    /// Exit code, standard output and standard error, without what differs from run to run.
    pub(crate) fn told(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().expect("the program runs");
        told(&output)
    }
}

/// Exit code, standard output and standard error of a run.
pub(crate) fn told(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the program writes text");
    let code = output
        .status
        .code()
        .map_or_else(|| output.status.to_string(), |code| code.to_string());
    let mut told = format!("exit {code}\n");
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        if !bytes.is_empty() {
            told = format!("{told}--- {name}\n{}", text(bytes));
        }
    }
    told
}
