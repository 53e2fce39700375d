//! What a topology says of nodes, rendered: the examples step by step, and small networks as tables.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]
#![expect(clippy::format_push_string, reason = "tables are written line by line")]

mod network;

use kubernetes_objects::{RenderError, bootstrap, given::GivenSecrets, node_configuration};
use network::{Network, config};
use serde_json::{Value, json};
use topology::model::SecretReference;

/// A trial with Corda Enterprise; what a participant says more stands behind it.
const ENTERPRISE: &str = "{ edition: enterprise, version: '4.12', image: 'registry.example/corda:4.12' }";

fn participant(corda: &str, platform: &str, keys: &str) -> Network {
    Network::trial(&format!(
        "platform: {platform}\ncorda: {corda}\nparticipants:\n  - name: bank-a\n    legalName: O=Bank A, L=Oslo, C=NO\n{keys}"
    ))
}

#[test]
fn the_example_with_a_notary_of_three_workers() {
    let network = Network::example(
        "ha-notary.yaml",
        include_str!("../../../topologies/ha-notary.yaml"),
    );
    insta::assert_snapshot!("ha-notary steps", network.steps());
    insta::assert_snapshot!(
        "ha-notary worker",
        config(&network.object("notary-2.registered", "Secret"))
    );
    insta::assert_snapshot!(
        "ha-notary participant",
        config(&network.object("bank-a.registered", "Secret"))
    );
    insta::assert_snapshot!(
        "ha-notary scripts",
        network.scripts(&["notary.service-identity", "notary-2.registered", "bank-a.runs",])
    );
    let parameters = network.object("initial-parameters", "ConfigMap").to_string();
    assert!(parameters.contains("notaryX500Name"), "{parameters}");
}

#[test]
fn the_example_with_a_firewall() {
    let network = Network::example(
        "float-bridge.yaml",
        include_str!("../../../topologies/float-bridge.yaml"),
    );
    insta::assert_snapshot!("float-bridge steps", network.steps());
    for (name, step) in [
        ("float-bridge node", "bank-a.registered"),
        ("float-bridge float", "bank-a.float.runs"),
        ("float-bridge bridge", "bank-a.bridge.runs"),
    ] {
        insta::assert_snapshot!(name, config(&network.object(step, "Secret")));
    }
    insta::assert_snapshot!("float-bridge policies", network.policies(&["trade-dmz-bank-a"]));
}

/// No key of the network hierarchy leaves the participant's namespace, and none of either end reaches the other.
#[test]
fn a_float_has_a_key_of_the_tunnel_and_nothing_else() {
    let network = Network::example(
        "float-bridge.yaml",
        include_str!("../../../topologies/float-bridge.yaml"),
    );
    let stores = |namespace: &str| -> Vec<String> {
        network
            .objects()
            .filter(|(_, object)| object["kind"] == "Secret" && object["metadata"]["namespace"] == namespace)
            .flat_map(|(_, object)| object["data"].as_object().cloned().unwrap_or_default())
            .map(|(file, _)| file)
            .collect()
    };
    assert_eq!(
        stores("trade-dmz-bank-a"),
        ["bank-a-float-tunnel-keys.jks", "bank-a-tunnel-trust.jks"]
    );
    let inside = stores("trade-participant-bank-a");
    assert!(
        inside.contains(&"bank-a-bridge-tunnel-keys.jks".to_owned()),
        "{inside:?}"
    );
    assert!(
        !inside.contains(&"bank-a-float-tunnel-keys.jks".to_owned()),
        "{inside:?}"
    );
}

#[test]
fn databases_by_product_and_where_their_password_is() {
    let database = |kind: &str, port: u16, password: &str, more: &str| {
        format!(
            "    database: {{ kind: {kind}, address: 'db.bank.example:{port}', addresses: [10.20.0.5], name: ledger, user: corda{more}, password: {password} }}\n"
        )
    };
    let secret = "{ secret: { name: ledger, key: password } }";
    let external = "{ external: { store: vault, key: bank-a/ledger } }";
    let mut told = String::new();
    for (corda, keys) in [
        (
            ENTERPRISE,
            database("postgresql", 5432, secret, ", schema: bank_a, connections: 30"),
        ),
        (ENTERPRISE, database("postgresql", 5432, external, ", tls: false")),
        (ENTERPRISE, database("sqlserver", 1433, secret, "")),
        (
            ENTERPRISE,
            database(
                "oracle",
                2484,
                secret,
                ", driver: { image: 'registry.example/ojdbc:23' }",
            ),
        ),
        (
            "{ image: 'registry.example/corda:4.10' }",
            database("postgresql", 5432, secret, ""),
        ),
    ] {
        let network = participant(corda, "{}", &keys);
        told.push_str(&format!("{}\n", keys.trim()));
        let conf = config(&network.object("bank-a.registered", "Secret"));
        for block in ["dataSourceProperties", "database ", "enterpriseConfiguration"] {
            told.push_str(&network::block(&conf, block));
        }
        for (_, object) in network
            .objects()
            .filter(|(_, object)| object["kind"] == "ExternalSecret")
        {
            told.push_str(&format!("{}\n", serde_json::to_string(&object["spec"]).unwrap()));
        }
        told.push('\n');
    }
    insta::assert_snapshot!(told);
}

#[test]
fn secrets_of_the_operators_side_are_read_before_and_never_printed() {
    let keys = "    database: { kind: postgresql, address: 'db.bank.example:5432', addresses: [10.20.0.5], name: ledger, user: corda, \
                password: { environment: LEDGER_PASSWORD } }\n";
    let network = participant(ENTERPRISE, "{}", keys);
    let missing = network.try_render(&GivenSecrets::default());
    assert!(matches!(missing, Err(RenderError::NotGiven(_))));
    let reference = SecretReference::Environment("LEDGER_PASSWORD".into());
    let mut provided = GivenSecrets::default();
    provided.insert(reference, "pass\"word".to_owned().into());
    assert!(!format!("{provided:?}").contains("pass\"word"));
    let network = network.with(provided);
    let conf = config(&network.object("bank-a.registered", "Secret"));
    assert!(conf.contains(r#"password = "pass\"word""#), "{conf}");
}

#[test]
fn cordapps_and_drivers_come_with_and_without_image_volumes() {
    let keys = "    cordapps: { sources: [{ image: { image: 'registry.example/apps:1', path: jars } }, \
                { url: 'https://artifacts.bank.example/trade-1.jar', addresses: [10.20.0.6], \
                sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 }] }\n";
    let mut told = String::new();
    for platform in ["{ imageVolumes: true }", "{ imageVolumes: false }"] {
        let network = participant(ENTERPRISE, platform, keys);
        let pod = network.object("bank-a.runs", "StatefulSet")["spec"]["template"]["spec"].clone();
        told.push_str(&format!("{platform}\n"));
        for volume in pod["volumes"].as_array().unwrap() {
            told.push_str(&format!("  volume {volume}\n"));
        }
        for container in pod["initContainers"].as_array().unwrap() {
            told.push_str(&format!(
                "  init {} {} {}\n",
                container["name"], container["image"], container["command"]
            ));
        }
        for mount in pod["containers"][0]["volumeMounts"].as_array().unwrap() {
            told.push_str(&format!("  mount {mount}\n"));
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn each_way_in_is_of_p2p_only_and_is_what_peers_are_told() {
    let mut told = String::new();
    for exposure in [
        "{ type: clusterIp }",
        "{ type: loadBalancer, address: 203.0.113.7, annotations: { a.example/b: c } }",
        "{ type: loadBalancer, port: 443 }",
        "{ type: nodePort, nodePort: 30200, port: 30200 }",
        "{ type: gateway, port: 443, gateway: { name: public, namespace: gateways, section: p2p } }",
    ] {
        let keys = format!(
            "    host: bank-a.trade.example\n    exposure: {exposure}\n    ssh: {{ enabled: true }}\n"
        );
        let network = participant(ENTERPRISE, "{}", &keys);
        let conf = config(&network.object("bank-a.registered", "Secret"));
        let address = conf.lines().find(|line| line.starts_with("p2pAddress")).unwrap();
        told.push_str(&format!("{exposure}: {address}\n"));
        for (_, object) in network.objects() {
            let name = &object["metadata"]["name"];
            let is_way_in =
                object["kind"] == "TLSRoute" || (object["kind"] == "Service" && name == "bank-a-public");
            if is_way_in {
                let annotations = &object["metadata"]["annotations"];
                told.push_str(&format!(
                    "  {} {annotations} {}\n",
                    object["kind"], object["spec"]
                ));
            }
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn placement_processors_and_autoscaling_of_nodes_and_services() {
    let text = "monitoring: { image: 'registry.example/prometheus:3', agentImage: 'registry.example/jmx:1' }\n\
                corda: { image: 'registry.example/corda:4.10', cpu: 1500m, monitoring: false, placement: { spread: zone, \
                priorityClass: ledger, nodeSelector: { pool: corda }, tolerations: [{ key: corda }] }, \
                verticalScaling: { mode: initial } }\nparticipants: []\n";
    let network = Network::trial_with_cenm(text, "auth: { cpu: '2', verticalScaling: { mode: recommend } }");
    let mut told = String::new();
    for (step, kind) in [("notary.runs", "StatefulSet"), ("auth", "Deployment")] {
        let pod = &network.object(step, kind)["spec"]["template"]["spec"];
        told.push_str(&format!("{step}\n"));
        for key in ["nodeSelector", "tolerations", "priorityClassName", "affinity"] {
            told.push_str(&format!("  {key} {}\n", pod[key]));
        }
        told.push_str(&format!("  resources {}\n", pod["containers"][0]["resources"]));
        told.push_str(&format!(
            "  init {}\n",
            pod["initContainers"].as_array().map_or(0, Vec::len)
        ));
        told.push_str(&format!(
            "  {}\n",
            network.object(step, "VerticalPodAutoscaler")["spec"]
        ));
    }
    insta::assert_snapshot!(told);
}

/// One that joins later is registered when the network runs, and is in no parameters.
#[test]
fn a_notary_that_joins_later_waits_for_the_map() {
    let network = Network::trial(
        "corda: { image: 'registry.example/corda:4.10' }\nparticipants: []\n\
         notaries:\n  - { name: first, legalName: 'O=First, L=Oslo, C=NO', serviceLegalName: 'O=First Service, L=Oslo, C=NO' }\n\
         \x20 - { name: second, legalName: 'O=Second, L=Oslo, C=NO', serviceLegalName: 'O=Second Service, L=Oslo, C=NO', joins: later }\n",
    );
    let graph = bootstrap::graph(&network.topology).unwrap();
    let waits = |dependent: &str, prerequisite: &str| graph.why(dependent, prerequisite).is_some();
    assert!(waits("initial-parameters", "first.registered"));
    assert!(!waits("initial-parameters", "second.registered"));
    assert!(waits("second.registered", "map-signed"));
    let parameters = network.object("initial-parameters", "ConfigMap").to_string();
    assert!(
        parameters.contains("notary-nodeinfo/first/nodeInfo"),
        "{parameters}"
    );
    assert!(!parameters.contains("second"), "{parameters}");
}

/// Keys of `configuration` are told with their place when the product would refuse them.
#[test]
fn keys_that_a_node_would_refuse_are_told_where_they_stand() {
    let keys = "    configuration:\n      flowTimeuot: { timeout: 30s }\n      flowTimeout: { maxRestartCount: often }\n      \
                p2pAddress: here\n      enterpriseConfiguration: { tuning: { flowThreadPoolSize: 4 } }\n";
    let mut told = String::new();
    for corda in [ENTERPRISE, "{ image: 'registry.example/corda:4.10' }"] {
        told.push_str(&format!("{corda}\n"));
        for diagnostic in network::problems(&Network::text(corda, keys), &node_configuration::check) {
            told.push_str(&format!("  {diagnostic}\n"));
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn every_pod_of_the_examples_keeps_pod_security_restricted() {
    for (name, text) in [
        (
            "ha-notary.yaml",
            include_str!("../../../topologies/ha-notary.yaml"),
        ),
        (
            "float-bridge.yaml",
            include_str!("../../../topologies/float-bridge.yaml"),
        ),
    ] {
        let network = Network::example(name, text);
        let pods: Vec<Value> = network
            .objects()
            .filter_map(|(_, object)| object.pointer("/spec/template/spec").cloned())
            .collect();
        assert!(pods.len() > 15, "{name}");
        for pod in pods {
            assert_eq!(pod["automountServiceAccountToken"], false, "{name}");
            let containers = ["containers", "initContainers"]
                .iter()
                .filter_map(|key| pod[key].as_array())
                .flatten();
            for container in containers {
                assert_eq!(
                    container["securityContext"]["readOnlyRootFilesystem"], true,
                    "{name}"
                );
                assert_eq!(
                    container["securityContext"]["capabilities"]["drop"],
                    json!(["ALL"]),
                    "{name}"
                );
            }
        }
    }
}

/// The engine refuses an object that two steps apply, and so does this test for the examples.
#[test]
fn no_object_of_the_examples_is_applied_twice() {
    for (name, text) in [
        (
            "ha-notary.yaml",
            include_str!("../../../topologies/ha-notary.yaml"),
        ),
        (
            "float-bridge.yaml",
            include_str!("../../../topologies/float-bridge.yaml"),
        ),
    ] {
        let network = Network::example(name, text);
        let mut keys: Vec<String> = network
            .objects()
            .map(|(_, object)| {
                format!(
                    "{} {} {}",
                    object["kind"], object["metadata"]["namespace"], object["metadata"]["name"]
                )
            })
            .collect();
        let count = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), count, "{name}");
    }
}

/// The catalogue of diagnostics explains what this crate tells; its own tests cannot ask for it.
#[test]
fn the_example_of_the_catalogue_is_told() {
    let entry = topology::catalogue::entry(node_configuration::CODE).unwrap();
    let topology::catalogue::Example::Keys(example) = entry.example else {
        panic!("{} has no keys", entry.code);
    };
    let valid = include_str!("../../topology/tests/valid.yaml");
    let head = valid.split("participants:").next().unwrap();
    let told = network::problems(&format!("{head}{example}"), &node_configuration::check);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains(node_configuration::CODE), "{told:?}");
}
