//! The pictures that are kept beside the topologies show the networks and rollouts of today.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn topologies() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../topologies")
}

/// What `cordanetes graph` draws now.
fn drawn(topology: &str, view: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_cordanetes"))
        .args(["graph", topology, "--view", view, "--format", "svg"])
        .current_dir(topologies())
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`{topology}` cannot be drawn: {told}");
    String::from_utf8(output.stdout).expect("a picture is text")
}

#[test]
fn each_topology_has_its_pictures() {
    let mut topologies: Vec<String> = std::fs::read_dir(topologies())
        .expect("the folder is there")
        .filter_map(|entry| entry.expect("it can be listed").file_name().into_string().ok())
        .filter(|name| {
            Path::new(name)
                .extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .collect();
    topologies.sort();
    assert!(
        topologies.contains(&"quickstart.yaml".to_owned()),
        "{topologies:?}"
    );
    for topology in topologies {
        let name = topology.trim_end_matches(".yaml");
        for (view, picture) in [
            ("rollout", format!("{name}.svg")),
            ("network", format!("{name}-network.svg")),
        ] {
            let kept = std::fs::read_to_string(self::topologies().join(&picture)).unwrap_or_default();
            // Not `assert_eq!`: nobody reads two whole pictures.
            assert!(
                kept == drawn(&topology, view),
                "`topologies/{picture}` is not the {view} of `topologies/{topology}`; draw it anew:\n\
                 cargo run --package deployer -- graph topologies/{topology} --view {view} --output topologies/{picture}",
            );
        }
    }
}
