//! Delivery beyond the quick start: every example, what releases without files are started with, and passwords that hold
//! what a file must escape.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]
#![expect(dead_code, reason = "each test binary uses a part of the shared network")]

mod network;

use std::path::Path;

use certificates::{CertificatePlan, KeyRing};
use kubernetes_objects::{Rendered, given::GivenSecrets, key_request::key_request, render};
use network::{Network, config, trial_text};
use secrecy::SecretString;
use topology::{
    Topology,
    model::{Component, SecretReference, Service},
};

const EXTERNAL_SECRETS: &str = "delivery: { externalSecrets: { store: bank } }\n";
const VAULT: &str =
    "delivery: { vaultAgent: { address: 'https://vault.bank.example:8200', addresses: [10.20.0.5] } }\n";
const VAULT_FOR_ALL: &str = "delivery: { vaultAgent: { address: 'https://vault.bank.example:8200', addresses: [10.20.0.5, \
                             10.20.0.6], signingService: true } }\n";
const CORDA: &str = "corda: { image: 'registry.example/corda:4.10' }\nparticipants: []\n";
const HOSTILE: &str = "a\"b\\c{{ $d }}@{e";
const ESCAPED: &str = "a\\\"b\\\\c{{ $d }}@{e";

fn given() -> GivenSecrets {
    let mut given = GivenSecrets::default();
    given.insert(
        SecretReference::Environment("SECRET".to_owned()),
        SecretString::from(HOSTILE),
    );
    given
}

fn network(release: &str, cenm: &str, delivery: &str) -> Network {
    let text = trial_text(&format!("{CORDA}{delivery}"), cenm)
        .replace("version: '1.7'", &format!("version: '{release}'"))
        .replace("cenm:1.7.2", &format!("cenm:{release}.1"));
    Network::example("trade.yaml", &text).with(given())
}

/// The agent's configuration for a component.
fn agent(network: &Network, step: &str) -> String {
    let object = network.object(step, "ConfigMap");
    object["data"]["config-init.hcl"].as_str().unwrap().to_owned()
}

/// Nothing where keys are in an HSM: their certificates are missing.
fn rendered(topology: &Topology) -> Option<Rendered> {
    let mut ring = KeyRing::new(topology.name.as_str());
    let plan = CertificatePlan::new(&key_request(topology)).unwrap();
    ring.make_missing(&plan, "2026-01-01T00:00:00Z".parse().unwrap())
        .unwrap();
    if !ring.awaited(&plan).is_empty() {
        return None;
    }
    Some(render(topology, &ring, &given()).unwrap())
}

/// Whatever a topology has beyond the quick start (subzones, firewalls, services of notaries, outside databases): each
/// file has a step with keys, a component and a Pod.
#[test]
fn every_example_can_be_delivered() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../topologies");
    let deliveries =
        [EXTERNAL_SECRETS, VAULT_FOR_ALL].map(|delivery| network("1.7", "", delivery).topology.delivery);
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|it| it != "yaml") {
            continue;
        }
        let mut topology = topology::read_file(&path).unwrap_or_else(|error| panic!("{error:?}"));
        for delivery in &deliveries {
            topology.delivery = delivery.clone();
            let Some(found) = rendered(&topology) else {
                continue;
            };
            assert!(!found.delivered.is_empty(), "{}", path.display());
            for manifest in found.steps.iter().flat_map(|step| &step.manifests) {
                let object = manifest.value();
                let has_files = object["kind"] == "Secret" && !object["data"].is_null();
                let has_placeholder = object.to_string().contains("made:");
                assert!(
                    !has_files && !has_placeholder,
                    "{}: {}",
                    path.display(),
                    manifest.key()
                );
            }
            count += 1;
        }
    }
    assert!(count >= 10, "{count}");
}

/// A password of the operator's side is quoted in a file and as it is in an argument.
#[test]
fn a_given_password_is_escaped_where_it_is_quoted_and_nowhere_else() {
    let database = "database: { kind: postgresql, address: '10.20.0.9:5432', name: cenm, password: { environment: SECRET } }";
    let plain = network("1.5", database, "");
    let zone = config(&plain.object("zone", "Secret"));
    assert!(zone.contains(&format!("--password={HOSTILE}\n")), "{zone}");
    let manager = config(&plain.object("identity-manager-config", "Secret"));
    assert!(
        manager.contains(&format!("password = \"{ESCAPED}\"")),
        "{manager}"
    );

    let external = network("1.5", database, EXTERNAL_SECRETS);
    let zone = config(&external.object("zone", "Secret"));
    assert!(
        zone.contains("--password=@{secret:trade-network/zone-config-passwords/given."),
        "{zone}"
    );
    let manager = config(&external.object("identity-manager-config", "Secret"));
    assert!(
        manager.contains("password = \"@{quoted-secret:trade-"),
        "{manager}"
    );

    let vault = network("1.5", database, VAULT);
    let zone = agent(&vault, "zone");
    let argument = zone
        .split("--password=")
        .nth(1)
        .unwrap()
        .split("}}")
        .next()
        .unwrap();
    assert!(
        argument.contains("given.") && !argument.contains("toJSON"),
        "{zone}"
    );
    let manager = agent(&vault, "identity-manager-config");
    assert!(manager.contains("toJSON"), "{manager}");
}

/// Where the Signing Service is left alone by Vault, its Secrets are those of a network without one.
#[test]
fn secrets_that_are_not_delivered_are_those_without_delivery() {
    let hsm = "signingService: { hsm: { utimaco: { address: '192.0.2.40:3001', user: signer, library: { image: \
               'registry.example/hsm/utimaco:1', path: lib }, password: { environment: SECRET } } } }";
    let conf = |delivery: &str| config(&network("1.7", hsm, delivery).object("signing-service", "Secret"));
    let plain = conf("");
    assert!(plain.contains(ESCAPED), "{plain}");
    assert_eq!(conf(VAULT), plain);
}

/// Who is outside of the cluster is told by address, in policies and to the Signing Service, which asks no DNS.
#[test]
fn a_vault_outside_of_the_cluster_is_found_by_its_addresses() {
    let network = network("1.7", "", VAULT_FOR_ALL);
    for component in [Service::Zone, Service::SigningService].map(Component::from) {
        let namespace = component.namespace().name(&network.topology.name);
        let policies = network.policies(&[&namespace]);
        let name = format!("\"{}-v1-to-vault.bank.example-8200\"", component.name());
        let policy = policies.lines().find(|line| line.starts_with(&name));
        let policy = policy.unwrap_or_else(|| panic!("{name} is not in {policies}"));
        for block in ["10.20.0.5/32", "10.20.0.6/32"] {
            assert!(policy.contains(block), "{policy}");
        }
    }
    let pod = network.object("signing-service", "Deployment")["spec"]["template"]["spec"].clone();
    let addresses: Vec<&str> = pod["hostAliases"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|alias| alias["hostnames"][0] == "vault.bank.example")
        .map(|alias| alias["ip"].as_str().unwrap())
        .collect();
    assert_eq!(addresses, ["10.20.0.5", "10.20.0.6"]);
}
