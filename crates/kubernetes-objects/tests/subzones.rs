//! Two subzones, each with a Network Map of its own: what each has alone, and what both share.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]
#![expect(clippy::format_push_string, reason = "tables are written line by line")]
#![expect(dead_code, reason = "each test binary uses a part of the shared network")]

mod network;

use std::collections::BTreeSet;

use certificates::{CertificatePlan, CordaRole, StoreEntry};
use kubernetes_objects::{bootstrap, key_request::key_request};
use network::{Network, config};
use topology::{
    connection::{ConnectionMatrix, Port},
    model::{Component, Service, SubzoneId},
};

const TEXT: &str = "corda: { image: 'registry.example/corda:4.10' }
notaries:
  - { name: notary-a, legalName: 'O=Notary A, L=London, C=GB', serviceLegalName: 'O=Notary Service A, L=London, C=GB' }
  - { name: notary-b, legalName: 'O=Notary B, L=London, C=GB', serviceLegalName: 'O=Notary Service B, L=London, C=GB', subzone: north }
participants:
  - { name: bank-a, legalName: 'O=Bank A, L=Oslo, C=NO' }
  - { name: bank-b, legalName: 'O=Bank B, L=Rome, C=IT', subzone: north }
gatewayApi: { name: public, namespace: gateways }
";

/// The names are the longest that the language takes.
const LONGEST: &str = "abcdefghijklmnopqrstuvwxyz";

fn two() -> Network {
    Network::trial_with_cenm(
        TEXT,
        "subzones: [{ name: north, label: North, pollingInterval: 5s, parameters: { minimumPlatformVersion: 6, \
         eventHorizonDays: 9 } }]",
    )
}

fn north() -> Component {
    Component::NetworkMap("north".parse_name())
}

trait ParseName {
    fn parse_name(&self) -> topology::names::NodeName;
}

impl ParseName for str {
    fn parse_name(&self) -> topology::names::NodeName {
        topology::names::NodeName::new(self).unwrap()
    }
}

#[test]
fn the_order_of_both_and_what_their_steps_make() {
    let network = two();
    let graph = bootstrap::graph(&network.topology).unwrap();
    let mut told = String::new();
    for node in graph.order().into_iter().filter(|node| {
        ["subzone", "network-map", "parameters", "map-signed", ".runs"]
            .iter()
            .any(|part| node.id.contains(part))
    }) {
        told.push_str(&format!("{}\n", node.id));
        for edge in graph.prerequisites(&node.id) {
            told.push_str(&format!("    after {}: {}\n", edge.prerequisite.id, edge.reason));
        }
        for (_, object) in network.objects().filter(|(step, _)| *step == node.id) {
            told.push_str(&format!(
                "    {} {}\n",
                object["kind"].as_str().unwrap(),
                object["metadata"]["name"].as_str().unwrap()
            ));
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn each_has_its_parameters_its_config_and_its_signers() {
    let network = two();
    let mut told = String::new();
    for step in ["initial-parameters", "initial-parameters-north"] {
        let object = network.object(step, "ConfigMap");
        told.push_str(&format!(
            "── {step}\n{}\n",
            object["data"]["network-parameters.conf"].as_str().unwrap()
        ));
    }
    for step in ["subzone", "subzone-north", "signing-service"] {
        told.push_str(&format!("── {step}\n{}", config(&network.object(step, "Secret"))));
    }
    insta::assert_snapshot!(told);
}

/// A node reads, registers with and is let to its own subzone's map, and to no other.
#[test]
fn nodes_are_of_their_own_subzone() {
    let network = two();
    let matrix = ConnectionMatrix::of(&network.topology);
    let main = Component::Cenm(Service::NetworkMap);
    for (node, own, other, host) in [
        (
            "bank-a",
            main.clone(),
            north(),
            "http://network-map.trade.example",
        ),
        ("bank-b", north(), main, "http://network-map-north.trade.example"),
    ] {
        let component = Component::Participant(node.parse_name());
        assert!(matrix.number(&component, &own, Port::Http).is_some(), "{node}");
        assert!(matrix.number(&component, &other, Port::Http).is_none(), "{node}");
        let conf = config(&network.object(&format!("{node}.registered"), "Secret"));
        assert!(conf.contains(&format!("networkMapURL = \"{host}\"")), "{conf}");
        let policies = network.policies(&[&format!("trade-participant-{node}")]);
        assert!(policies.contains(&format!("-to-{}\"", own.name())), "{policies}");
        assert!(
            !policies.contains(&format!("-to-{}\"", other.name())),
            "{policies}"
        );
    }
    // The notary of a subzone is in the parameters of that one alone.
    let parameters = |step: &str| network.object(step, "ConfigMap").to_string();
    assert!(parameters("initial-parameters").contains("notary-a"));
    assert!(!parameters("initial-parameters").contains("notary-b"));
    assert!(parameters("initial-parameters-north").contains("notary-b"));
}

#[test]
fn the_maps_may_call_and_be_called_alike() {
    let network = two();
    let matrix = ConnectionMatrix::of(&network.topology);
    let ends = |component: &Component| -> BTreeSet<String> {
        let opened = matrix
            .opened_by(component)
            .map(|it| format!("{} to {} {}", it.id, it.server, it.number));
        let accepted = matrix
            .accepted_by(component)
            .filter(|it| !it.id.starts_with("P3"))
            .map(|it| format!("{} from {} {}", it.id, it.client, it.number));
        opened.chain(accepted).collect()
    };
    assert_eq!(ends(&Component::Cenm(Service::NetworkMap)), ends(&north()));
}

#[test]
fn each_has_a_signer_and_a_tls_key_of_its_own() {
    let network = two();
    let plan = CertificatePlan::new(&key_request(&network.topology)).unwrap();
    let mut told = String::new();
    for store in &plan.stores {
        for entry in &store.entries {
            if let StoreEntry::PrivateKey(alias) = entry
                && let Some(entity) = plan.entity(alias)
                && (alias.contains("networkmap") || entity.role == Some(CordaRole::NetworkMap))
            {
                told.push_str(&format!(
                    "{} of {}: {alias}, {}, {:?}\n",
                    store.file, store.holder, entity.subject, entity.dns_names
                ));
            }
        }
    }
    insta::assert_snapshot!(told);
}

/// Each keeps its state under a user and a schema of its own (reference §1.2).
#[test]
fn a_common_database_has_a_schema_for_each() {
    let network = Network::trial_with_cenm(
        TEXT,
        "subzones: [{ name: north }]\n  database: { kind: postgresql, address: '10.20.0.5:5432', name: cenm, password: { secret: { \
         name: database, key: password } } }",
    );
    let users: Vec<String> = network
        .topology
        .cenm
        .subzones()
        .map(|subzone| subzone.service.database.server().unwrap().user.clone())
        .collect();
    assert_eq!(users, ["network_map", "network_map_north"]);
}

/// With the longest names, too, every certificate has a common name that fits, and nothing is called as something else is.
#[test]
fn the_longest_names_fit_and_no_object_is_applied_twice() {
    let text = TEXT.replace("north", LONGEST) + "ingress: { tls: { own: true } }\n";
    let text = format!(
        "name: {}\n{}",
        &LONGEST[..24],
        network::trial_text(&text, &format!("subzones: [{{ name: {LONGEST} }}]"))
            .strip_prefix("name: trade\n")
            .unwrap()
    );
    let network = Network::example("longest.yaml", &text);
    assert_eq!(
        network.topology.cenm.further_subzones[0].id,
        SubzoneId::Named(LONGEST.parse_name())
    );
    let mut keys: Vec<String> = network
        .objects()
        .map(|(_, object)| {
            let name = object["metadata"]["name"].as_str().unwrap();
            assert!(name.len() <= 63 || object["kind"] == "NetworkPolicy", "{name}");
            format!("{} {} {name}", object["kind"], object["metadata"]["namespace"])
        })
        .collect();
    let count = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), count);
}

/// Nodes come later: the Network Map listens, and nobody is let in yet.
#[test]
fn a_subzone_without_nodes_has_its_map() {
    let text = TEXT
        .replace(", subzone: north", "")
        .replace("gatewayApi: { name: public, namespace: gateways }\n", "");
    let network = Network::trial_with_cenm(&text, "subzones: [{ name: north }]");
    let map = network.object("network-map-north", "Deployment");
    assert!(map.to_string().contains("10000"), "{map}");
    let matrix = ConnectionMatrix::of(&network.topology);
    let called = matrix.ports_of(&north());
    assert!(called.iter().all(|(port, _)| *port != Port::Http), "{called:?}");
}
