//! What differs between the releases of CENM: Zone and Angels take files from 1.6.1 on, arguments before (reference §1.3.5,
//! §1.3.6, §8.2).

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]
#![expect(clippy::format_push_string, reason = "tables are written line by line")]
#![expect(dead_code, reason = "each test binary uses a part of the shared network")]

mod network;

use kubernetes_objects::given::GivenSecrets;
use network::{Network, config, trial_text};
use topology::model::SecretReference;

const TEXT: &str = "corda: { image: 'registry.example/corda:4.10' }\nparticipants: []\n";
const SERVER: &str = "database: { kind: postgresql, address: '10.20.0.5:5432', name: cenm, password: { secret: { name: database, \
                      key: password } } }";

fn of(release: &str, cenm: &str) -> Network {
    let text = trial_text(TEXT, cenm)
        .replace("version: '1.7'", &format!("version: '{release}'"))
        .replace("cenm:1.7.2", &format!("cenm:{release}.1"));
    Network::example(&format!("{release}.yaml"), &text)
}

/// How the Pod of a step is started, and with which files.
fn started(network: &Network, step: &str) -> String {
    let pod = network.object(step, "Deployment")["spec"]["template"]["spec"].clone();
    format!(
        "── {step}: {}\n{}",
        pod["containers"][0]["command"],
        config(&network.object(step, "Secret"))
    )
}

#[test]
fn zone_and_angels_of_each_release() {
    for release in ["1.5", "1.6", "1.7"] {
        let network = of(release, "");
        let mut told = String::new();
        for step in ["zone", "identity-manager", "network-map"] {
            told.push_str(&started(&network, step));
        }
        insta::assert_snapshot!(format!("started by {release}"), told);
    }
}

/// In an argument nothing is quoted, and no password stands in the Pod.
#[test]
fn passwords_of_arguments_stand_in_a_secret_as_they_are() {
    let network = of("1.5", SERVER);
    let told = started(&network, "zone");
    assert!(
        told.contains("--password=@{secret:trade-network/database/password}\n"),
        "{told}"
    );
    let of_identity_manager = config(&network.object("identity-manager-config", "Secret"));
    assert!(
        of_identity_manager.contains("@{quoted-secret:trade-network/database/password}"),
        "{of_identity_manager}"
    );
    for step in ["zone", "identity-manager", "network-map"] {
        let pod = network.object(step, "Deployment").to_string();
        assert!(!pod.contains("--password") && !pod.contains("--token"), "{pod}");
    }
}

/// Each line of the file is an argument: a password of two lines would be two.
#[test]
fn a_password_of_two_lines_is_no_argument() {
    let server = SERVER.replace(
        "{ secret: { name: database, key: password } }",
        "{ environment: DATABASE_PASSWORD }",
    );
    let reference = SecretReference::Environment("DATABASE_PASSWORD".into());
    let render = |release: &str, password: &str| {
        let mut given = GivenSecrets::default();
        given.insert(reference.clone(), password.into());
        of(release, &server).try_render(&given)
    };
    assert!(render("1.5", "one line").is_ok());
    assert!(render("1.7", "two\nlines").is_ok(), "a file quotes it");
    assert_eq!(
        render("1.5", "two\nlines").err().unwrap().to_string(),
        "the environment variable DATABASE_PASSWORD has a line break, and stands in a file of which each line is an \
         argument; give a value without one"
    );
}

/// One release beside another: each service's own decides.
#[test]
fn each_service_is_started_as_its_own_release_wants() {
    let network = of(
        "1.6",
        "zone: { version: '1.5', image: 'registry.example/zone:1.5.9' }",
    );
    assert!(started(&network, "zone").contains("zone.arguments"));
    assert!(started(&network, "network-map").contains("angel.conf"));
}

/// A setting without an argument is told and not left out.
#[test]
fn what_no_argument_can_say_is_refused() {
    let network = of(
        "1.5",
        &SERVER.replace("name: cenm,", "name: cenm, connections: 9,"),
    );
    let told = network
        .try_render(&kubernetes_objects::given::GivenSecrets::default())
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default();
    assert!(
        told.contains("zone.conf") && told.contains("maximumPoolSize"),
        "{told}"
    );
}

#[test]
fn a_workflow_plugin_of_the_operators_own() {
    let mut told = String::new();
    for (platform, plugin) in [
        (
            "{ imageVolumes: true }",
            "{ class: com.trade.Approval, jar: { image: 'registry.example/plugin:1', path: plugins/approval.jar } }",
        ),
        (
            "{ imageVolumes: false }",
            "{ class: com.trade.Certificates, revocationClass: com.trade.Revocations, jar: { image: 'registry.example/plugin:1', \
             path: approval.jar }, address: 'desk.trade.example:8443', addresses: [10.20.0.9] }",
        ),
    ] {
        let text = trial_text(&format!("platform: {platform}\n{TEXT}"), "").replace(
            "identityManager: { approval: automatic }",
            &format!("identityManager: {{ approval: plugin, plugin: {plugin} }}"),
        );
        let network = Network::example("plugin.yaml", &text);
        let conf = config(&network.object("identity-manager-config", "Secret"));
        told.push_str(&format!("{platform} {plugin}\n"));
        for line in conf
            .lines()
            .filter(|line| line.contains("plugin") || line.contains("Plugin"))
        {
            told.push_str(&format!("  {}\n", line.trim()));
        }
        let angel = config(&network.object("identity-manager", "Secret"));
        for line in angel.lines().filter(|line| line.contains("pluginJar")) {
            told.push_str(&format!("  angel {}\n", line.trim()));
        }
        let pod = network.object("identity-manager", "Deployment")["spec"]["template"]["spec"].clone();
        for part in ["volumes", "initContainers"] {
            for item in pod[part].as_array().into_iter().flatten() {
                if item["name"] == "plugin" {
                    told.push_str(&format!("  {part} {item}\n"));
                }
            }
        }
        for line in network
            .policies(&["trade-network"])
            .lines()
            .filter(|line| line.contains("-c22-"))
        {
            told.push_str(&format!("  {line}\n"));
        }
    }
    insta::assert_snapshot!(told);
}
