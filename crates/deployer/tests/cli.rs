//! The program as its users meet it: exit code, standard output and standard error of each call.

mod place;

use std::process::Stdio;

use insta::assert_snapshot;
use place::{Place, told};

#[test]
fn help() {
    let place = Place::new();
    assert_snapshot!("help", place.told(&["-h"]));
    assert_snapshot!("help_deploy", place.told(&["deploy", "-h"]));
    assert_snapshot!("help_plan", place.told(&["plan", "-h"]));
}

#[test]
fn wrong_arguments_are_wrong_input() {
    let place = Place::new();
    assert_snapshot!(place.told(&["deplyo"]), @r"
    exit 2
    --- stderr
    error: unrecognized subcommand 'deplyo'

      tip: a similar subcommand exists: 'deploy'

    Usage: cordanetes [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
    assert!(
        place
            .told(&["graph", "network.yaml", "--why", "a"])
            .starts_with("exit 2\n")
    );
}

#[test]
fn a_valid_topology() {
    let place = Place::new();
    let told = place.told(&["validate", "network.yaml"]);
    assert!(
        told.starts_with("exit 0\n--- stderr\n`network.yaml` is valid: network quickstart, "),
        "{told}"
    );
    assert_eq!(place.told(&["validate", "--quiet", "network.yaml"]), "exit 0\n");
}

#[test]
fn every_problem_of_a_topology_at_once() {
    let place = Place::new();
    let wrong = "name: Bad_Name\ndomain: bank.example\noperator: O=Bank, L=London, C=GB\nnotarys: []\n";
    place.file("wrong.yaml", wrong, 0o644);
    let told = place.told(&["validate", "wrong.yaml"]);
    assert!(told.starts_with("exit 2\n--- stderr\n"), "{told}");
    assert!(
        told.contains("wrong.yaml:1:7") && told.contains("wrong.yaml:4:1"),
        "{told}"
    );
    assert!(told.ends_with("problems in `wrong.yaml`\n"), "{told}");
    assert!(!told.contains('\u{1b}'), "no colours without a terminal: {told}");
    let coloured = place.told(&["validate", "--color", "always", "wrong.yaml"]);
    assert!(coloured.contains('\u{1b}'), "{coloured}");
    // No cluster and no passphrase are asked for when the topology is wrong.
    assert_eq!(place.told(&["deploy", "wrong.yaml"]), told);
}

#[test]
fn a_topology_that_is_not_there_or_not_text() {
    let place = Place::new();
    assert_snapshot!(place.told(&["validate", "none.yaml"]), @r"
    exit 2
    --- stderr
    error: the topology cannot be read: failed to open file `none.yaml`: No such file or directory (os error 2)
      help: give the path of a topology file, e.g. `topologies/quickstart.yaml`
    ");
    std::fs::write(place.0.path().join("binary.yaml"), b"name: \xff\xfe").expect("it can be written");
    assert_snapshot!(place.told(&["validate", "binary.yaml"]), @r"
    exit 2
    --- stderr
    topology::encoding

      × the file is not UTF-8: it may be Latin-1 or no text at all
       ╭─[binary.yaml:1:7]
     1 │ name: ��
       ·       ▲
       ·       ╰── from here on
       ╰────
      help: save it as UTF-8

    error: 1 problem in `binary.yaml`
    ");
}

#[test]
fn a_topology_of_several_files() {
    let place = Place::new();
    std::fs::create_dir(place.0.path().join("more")).expect("it can be made");
    let root = std::fs::read_to_string(place.0.path().join("network.yaml")).expect("it is there");
    place.file("parted.yaml", &format!("{root}include: [more/*.yaml]\n"), 0o644);
    let bank = |name: &str| format!("  - {{ name: {name}, legalName: \"O=Bank, L=Oslo, C=NO\" }}\n");
    place.file(
        "more/a.yaml",
        &format!("participants:\n{}", bank("bank-a")),
        0o644,
    );
    assert!(place.told(&["validate", "parted.yaml"]).starts_with("exit 0\n"));
    place.file(
        "more/b.yaml",
        &format!("participants:\n{}", bank("bank-b")),
        0o644,
    );
    assert_snapshot!(place.told(&["validate", "parted.yaml"]), @r#"
    exit 2
    --- stderr
    topology::duplicate-legal-name

      × the legal name `O=Bank, L=Oslo, C=NO` is taken already, in line 2 of `more/a.yaml`
       ╭─[more/b.yaml:2:32]
     1 │ participants:
     2 │   - { name: bank-b, legalName: "O=Bank, L=Oslo, C=NO" }
       ·                                ───────────┬──────────
       ·                                           ╰── again here
       ╰────
      help: every one must differ

    error: 1 problem in `parted.yaml`
    "#);
}

#[test]
fn problems_for_programs() {
    let place = Place::new();
    let wrong = "name: Bad_Name\nnotarys: []\n";
    place.file("wrong.yaml", wrong, 0o644);
    let told = place.told(&["validate", "wrong.yaml", "--output", "json"]);
    assert_snapshot!("validate_json", told);
    assert_snapshot!(place.told(&["validate", "network.yaml", "--output", "json", "--quiet"]), @r#"
    exit 0
    --- stdout
    {
      "topology": "network.yaml",
      "problems": [],
      "omitted": 0
    }
    "#);
    // What cannot be read has no problems to report.
    let none = place.told(&["validate", "none.yaml", "--output", "json"]);
    assert!(none.starts_with("exit 2\n--- stderr\n"), "{none}");
}

#[test]
fn problems_for_pull_requests() {
    let place = Place::new();
    std::fs::create_dir(place.0.path().join("a b")).expect("it can be made");
    place.file("a b/wrong.yaml", "name: Bad_Name\nnotarys: []\n", 0o644);
    let told = place.told(&["validate", "a b/wrong.yaml", "--output", "sarif"]);
    assert_snapshot!(
        "validate_sarif",
        told.replace(env!("CARGO_PKG_VERSION"), "VERSION")
    );
    let valid = place.told(&["validate", "network.yaml", "--output", "sarif"]);
    assert!(
        valid.starts_with("exit 0\n--- stdout\n") && valid.contains("\"results\": []"),
        "{valid}"
    );
}

#[test]
fn more_problems_than_anybody_reads() {
    let place = Place::new();
    let keys: Vec<String> = (0..2_000).map(|number| format!("key{number}: 1")).collect();
    place.file("wrong.yaml", &keys.join("\n"), 0o644);
    let told = place.told(&["validate", "wrong.yaml"]);
    assert!(
        told.contains("\n… and 1905 more\n\nerror: 2005 problems in `wrong.yaml`\n"),
        "{told}"
    );
    let json = place.told(&["validate", "wrong.yaml", "--output", "json"]);
    assert!(json.contains("\"omitted\": 1005\n"), "{json}");
}

#[test]
fn keys_are_explained() {
    let place = Place::new();
    assert_snapshot!(place.told(&["explain", "participants.rpcClients"]));
    assert_snapshot!(place.told(&["explain", "platform.kind"]));
    assert_snapshot!(place.told(&["explain", "participants.rpcClient"]));
}

#[test]
fn diagnostics_are_explained() {
    let place = Place::new();
    assert_snapshot!(place.told(&["explain", "topology::tab"]), @r"
    exit 0
    --- stdout
    topology::tab: a tab where only spaces may stand

    YAML has no tabs in indentation, because nobody agrees how wide one is.

        corda:
        	heap: 1Gi

    help: Indent with spaces; most editors can be told to write them when the tabulator key is pressed.
    ");
    assert_eq!(
        place.told(&["explain", "tab"]),
        place.told(&["explain", "topology::tab"])
    );
    assert_snapshot!(place.told(&["explain", "topology::unknown-kye"]), @r"
    exit 2
    --- stderr
    error: there is no diagnostic `topology::unknown-kye`
      help: did you mean `topology::unknown-key`?
    ");
    let all = place.told(&["explain"]);
    assert!(
        all.starts_with("exit 0\n--- stdout\nCODE ") && all.contains("topology::tab "),
        "{all}"
    );
}

#[test]
fn questions_about_the_graph() {
    let place = Place::new();
    let why = place.told(&["graph", "network.yaml", "--why", "gateway", "auth"]);
    assert!(
        why.starts_with("exit 0\n--- stdout\ngateway waits for auth: "),
        "{why}"
    );
    assert_snapshot!(place.told(&["graph", "network.yaml", "--why", "gatewy", "auth"]), @r"
    exit 2
    --- stderr
    error: the graph has no step `gatewy`
      help: did you mean `gateway`?
    ");
    let chain = place.told(&["graph", "network.yaml", "--critical-path"]);
    assert!(chain.contains("  1. "), "{chain}");
}

#[test]
fn drawings() {
    let place = Place::new();
    let network = place.told(&["graph", "network.yaml"]);
    assert!(network.contains("subgraph cluster_0"), "{network}");
    let rollout = place.told(&["graph", "network.yaml", "--view", "rollout"]);
    assert!(rollout.contains("digraph rollout"), "{rollout}");
    for view in ["network", "rollout"] {
        let told = place.told(&["graph", "network.yaml", "--view", view, "--format", "json"]);
        let json = told
            .split_once("--- stdout\n")
            .map(|(_, json)| json)
            .unwrap_or_default();
        let read = serde_json::from_str::<serde_json::Value>(json);
        assert!(read.is_ok_and(|read| read.is_object()), "{told}");
    }
    assert!(
        place
            .told(&[
                "graph",
                "network.yaml",
                "--view",
                "network",
                "--why",
                "gateway",
                "auth"
            ])
            .starts_with("exit 2\n")
    );
    assert!(
        place
            .told(&["graph", "network.yaml", "--format", "mermaid"])
            .contains("flowchart ")
    );
    assert_snapshot!(place.told(&["graph", "network.yaml", "--output", "graph.svg"]), @r"
    exit 0
    --- stderr
    wrote `graph.svg`
    ");
    let svg = std::fs::read_to_string(place.0.path().join("graph.svg")).expect("it was written");
    assert!(svg.starts_with("<svg "));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let place = Place::new();
    let mut command = place.command(&["graph", "network.yaml", "--format", "svg"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(told(&output), "exit 0\n");
}

#[test]
fn the_passphrase_has_to_come_from_somewhere_safe() {
    let place = Place::new();
    let render = ["render", "network.yaml", "--output", "objects"];
    assert_snapshot!(place.told(&render), @r"
    exit 2
    --- stderr
    error: the keys need a passphrase, and standard input is no terminal to ask for one
      help: write it into a file with mode 600 and give that with `--passphrase-file`
    ");
    place.file("lax", "four words in a row", 0o644);
    assert_snapshot!(place.told(&[&render[..], &["--passphrase-file", "lax"]].concat()), @r"
    exit 2
    --- stderr
    error: the passphrase file `lax` can be read by others (mode 0644)
      help: run `chmod 600 lax`
    ");
}

#[test]
fn rendering_twice_gives_the_same_and_only_the_right_passphrase_opens_the_keys() {
    let place = Place::new();
    let render = |output: &str, passphrase: &str| {
        place.told(&[
            "render",
            "network.yaml",
            "--output",
            output,
            "--passphrase-file",
            passphrase,
        ])
    };
    assert!(render("first", "passphrase").starts_with("exit 0\n"));
    assert!(
        place
            .0
            .path()
            .join(".local/state/cordanetes/custody/quickstart.age")
            .exists()
    );
    let by_variable = place
        .command(&["render", "network.yaml", "--output", "second"])
        .env("CORDANETES_PASSPHRASE", "four words in a row")
        .output()
        .expect("the program runs");
    assert!(by_variable.status.success(), "{}", told(&by_variable));
    let read = |folder: &str| {
        let entries = std::fs::read_dir(place.0.path().join(folder)).expect("it was made");
        let paths = entries.map(|entry| entry.expect("it can be listed").path());
        let mut files: Vec<_> = paths
            .map(|path| (path.file_name().map(ToOwned::to_owned), std::fs::read(path).ok()))
            .collect();
        files.sort();
        files
    };
    assert!(
        read("first") == read("second"),
        "the same topology and keys give the same bytes"
    );
    place.file("other", "five words in another row", 0o600);
    let refused = render("third", "other");
    assert!(refused.starts_with("exit 1\n"), "{refused}");
    assert!(!place.0.path().join("third").exists());
}

#[test]
fn completions_and_manual() {
    let place = Place::new();
    assert!(
        place
            .told(&["generate", "completions", "bash"])
            .contains("_cordanetes()")
    );
    assert_eq!(place.told(&["generate", "manual", "man"]), "exit 0\n");
    let page = std::fs::read_to_string(place.0.path().join("man/cordanetes-deploy.1"));
    assert!(page.expect("it was written").contains(".TH"));
}

#[test]
fn what_of_a_report_is_wrong_is_said_before_anything_is_done() {
    let place = Place::new();
    let told = place.told(&["deploy", "network.yaml", "--report", "report.pdf"]);
    assert_snapshot!(told, @r"
    exit 2
    --- stderr
    error: invalid value 'report.pdf' for '--report <FILE>': its name must end in .html, .txt or .json

    For more information, try '--help'.
    ");
}
