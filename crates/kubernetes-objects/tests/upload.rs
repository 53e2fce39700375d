//! What a Job uploads stays in Zone's database, so it must be what the Job was made for: its script is run by bash, with a
//! folder of the test's own in the place of the mounted Secret.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]
#![expect(dead_code, reason = "each test binary uses a part of the shared network")]

mod network;

use std::path::Path;
use std::process::Command;

use network::Network;
use serde_json::Value;

const FORMER: &str = "the node still shows the former version of /upload\n";
const NEVER: &str =
    "the node does not show the version of /upload that this Job was made for: is its kubelet well?\n";

/// The function of the Job's script, with `folder` for the mounted Secret and without the seconds between two looks: what
/// the node does in the meantime stands in their place.
fn script(job: &Value, folder: &str, meanwhile: &str) -> String {
    let words = job["spec"]["template"]["spec"]["containers"][0]["command"]
        .as_array()
        .unwrap();
    let script = words.last().unwrap().as_str().unwrap();
    let (_, rest) = script.split_once("await_upload() {").unwrap();
    let (function, rest) = rest.split_once("\n}\n").unwrap();
    assert!(
        rest.contains("\nawait_upload\n"),
        "the Job does not wait:\n{rest}"
    );
    format!(
        "say() {{ printf '%s\\n' \"$*\"; }}\nsleep() {{ {meanwhile}; }}\nawait_upload() {{{}\n}}\nawait_upload\n",
        function.replace("/upload", folder)
    )
}

#[test]
fn a_job_uploads_nothing_but_what_it_was_made_for() {
    let network = Network::trial("corda: { image: 'registry.example/corda:4.10' }\nparticipants: []\n");
    for step in ["identity-manager-config", "subzone"] {
        let job = network.object(step, "Job");
        let environment = &job["spec"]["template"]["spec"]["containers"][0]["env"];
        let wanted = environment
            .as_array()
            .unwrap()
            .iter()
            .find(|variable| variable["name"] == "UPLOAD_VERSION")
            .unwrap()["value"]
            .as_str()
            .unwrap();
        let mounted = network.object(step, "Secret")["stringData"]["version"].clone();
        assert_eq!(
            mounted, wanted,
            "{step}: the Secret has another version than its Job"
        );

        // What the Secret shows at first, what the node does between two looks, how the function ends, what it says.
        let table = [
            (wanted, "exit 7", 0, ""),
            ("of before", "echo \"$UPLOAD_VERSION\" > FILE", 0, FORMER),
            ("of before", ":", 1, &[FORMER, NEVER].concat()),
        ];
        for (mounted, meanwhile, code, told) in table {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("upload-{step}"));
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join("version"), mounted).unwrap();
            let folder = folder.to_str().unwrap();
            let meanwhile = meanwhile.replace("FILE", &format!("{folder}/version"));
            let output = Command::new("bash")
                .args(["-euo", "pipefail", "-c", &script(&job, folder, &meanwhile)])
                .env("UPLOAD_VERSION", wanted)
                .output()
                .unwrap();
            let said = String::from_utf8(output.stdout)
                .unwrap()
                .replace(folder, "/upload");
            let mut lines: Vec<&str> = said.split_inclusive('\n').collect();
            lines.dedup();
            assert_eq!(
                (output.status.code(), lines.concat().as_str()),
                (Some(code), told),
                "{step}"
            );
        }
    }
}
