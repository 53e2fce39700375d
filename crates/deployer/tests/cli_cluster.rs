//! What the program says of a cluster that cannot be chosen, does not answer, or cannot do what a plan says.

mod kubeconfig;
mod place;

use std::io::Write as _;
use std::net::TcpListener;
use std::process::{Command, Stdio};

use insta::assert_snapshot;
use place::{Place, told};

/// A rollout on the cluster of the test's kubeconfig.
const DEPLOY: [&str; 6] = [
    "deploy",
    "network.yaml",
    "--passphrase-file",
    "passphrase",
    "--kubeconfig",
    "kubeconfig",
];

/// A port of the loopback that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("it has an address").port()
}

#[test]
fn no_cluster() {
    let place = Place::new();
    let deploy = &DEPLOY[..4];
    let nowhere = place.told(&[deploy, &["--kubeconfig", "none"]].concat());
    assert!(
        nowhere.starts_with("exit 1\n--- stderr\nerror: no cluster could be chosen: "),
        "{nowhere}"
    );
    let port = free_port();
    kubeconfig::write(&place, port);
    let silent = place.told(&DEPLOY);
    let expected =
        format!("exit 1\n--- stderr\nerror: the cluster at http://127.0.0.1:{port}/ does not answer");
    assert!(silent.starts_with(&expected), "{silent}");
    let unknown = place.told(&[&DEPLOY[..], &["--context", "elsewhere"]].concat());
    assert!(unknown.contains("elsewhere"), "{unknown}");
}

#[test]
fn a_cluster_that_is_not_there_is_told_before_new_keys_are_kept() {
    let place = Place::new();
    kubeconfig::write(&place, free_port());
    let keys = place
        .0
        .path()
        .join(".local/state/cordanetes/custody/quickstart.age");
    assert!(place.told(&DEPLOY).contains("does not answer"));
    assert!(!keys.exists(), "keys were kept");
    // A plan without keys needs no passphrase either.
    let planned = place.told(&["plan", "network.yaml", "--kubeconfig", "kubeconfig"]);
    assert!(planned.contains("does not answer"), "{planned}");
    assert!(!keys.exists(), "keys were kept");
}

#[test]
fn plans_that_cannot_be_carried_out_and_names_that_mean_nothing() {
    let place = Place::new();
    kubeconfig::write(&place, 1);
    assert_snapshot!(place.told(&["deploy", "--plan", "none.json"]), @r"
    exit 2
    --- stderr
    error: there is no plan `none.json`
      help: make one with `cordanetes plan FILE --out PATH`
    ");
    place.file("plan.json", "{\"format\": \"something/else\"}", 0o600);
    assert_snapshot!(place.told(&["deploy", "--plan", "plan.json"]), @r"
    exit 2
    --- stderr
    error: `plan.json` cannot be carried out: it has the format `something/else`, this program knows `cordanetes.dev/plan/v1`
      help: make a plan with `cordanetes plan FILE --out PATH`
    ");
    let wrong = ["plan", "network.yaml", "--kubeconfig", "kubeconfig", "--recreate"];
    assert_snapshot!(place.told(&[&wrong[..], &["Deployment/quickstart-network/auht"]].concat()), @r"
    exit 2
    --- stderr
    error: the topology has no object `Deployment/quickstart-network/auht`
      help: did you mean `Deployment/quickstart-network/auth`?
    ");
    assert!(
        place
            .told(&[&wrong[..], &["auth"]].concat())
            .contains("names no object; write KIND/NAMESPACE/NAME")
    );
    assert!(place.told(&["deploy"]).starts_with("exit 2\n"));
    assert!(
        place
            .told(&["deploy", "--plan", "plan.json", "--adopt"])
            .starts_with("exit 2\n")
    );
}

#[test]
fn ctrl_c_while_the_cluster_keeps_silent() {
    let place = Place::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    kubeconfig::write(&place, listener.local_addr().expect("it has an address").port());
    let mut command = place.command(&DEPLOY);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    // It has asked, and gets no answer.
    let (mut connection, _) = listener.accept().expect("it connects");
    let interrupted = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .expect("kill runs");
    assert!(interrupted.success());
    let output = child.wait_with_output().expect("it ends");
    connection.flush().expect("nothing was written");
    let told = told(&output);
    assert!(told.starts_with("exit 130\n"), "{told}");
    assert!(
        told.ends_with("error: interrupted\n  help: nothing was changed\n"),
        "{told}"
    );
}
