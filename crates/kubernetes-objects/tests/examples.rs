//! The examples in `topologies/`, from the files that they are: each is valid with the nodes' own keys looked at, is
//! rendered, and applies nothing twice; what makes each an example is a snapshot.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::{Path, PathBuf},
};

use certificates::{CertificatePlan, KeyRing, RequestedKey};
use kubernetes_objects::{
    Rendered, given::GivenSecrets, key_request::key_request, node_configuration, render, step::Step,
};
use serde_json::Value;
use topology::{ReadError, Topology, model::Node};

/// Requests as an HSM's tools write them, of keys that nobody has any more.
const REQUESTS: [&str; 2] = [
    include_str!("network/requests/request-1.pem"),
    include_str!("network/requests/request-2.pem"),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../topologies")
}

/// Reads an example with everything that it includes.
fn read(name: &str) -> Topology {
    match topology::read_file_with(&folder().join(name), &node_configuration::check) {
        Ok(topology) => topology,
        Err(ReadError::Invalid(diagnostics)) => {
            let told: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
            panic!("{name} is not valid: {told:#?}")
        }
        Err(error) => panic!("{name} cannot be read: {error}"),
    }
}

fn rendered(name: &str) -> Rendered {
    let topology = read(name);
    let mut keys = KeyRing::new(topology.name.as_str());
    let plan = CertificatePlan::new(&key_request(&topology)).unwrap();
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    keys.make_missing(&plan, now).unwrap();
    // What an HSM holds waits for its certificates.
    let awaited = keys.awaited(&plan);
    assert!(awaited.len() <= REQUESTS.len(), "{name} awaits {awaited:?}");
    for (alias, request) in awaited.into_iter().zip(REQUESTS) {
        let key = RequestedKey::read(request.as_bytes()).unwrap();
        keys.issue(&alias, &key, &plan, now).unwrap();
    }
    render(&topology, &keys, &GivenSecrets::default())
        .unwrap_or_else(|error| panic!("{name} cannot be rendered: {error}"))
}

/// Steps with their objects and gates.
fn list<'a>(steps: impl IntoIterator<Item = &'a Step>) -> String {
    let mut list = String::new();
    for step in steps {
        writeln!(list, "{} {}", step.stage, step.id).unwrap();
        for manifest in &step.manifests {
            writeln!(list, "    {}", manifest.key()).unwrap();
        }
        for gate in &step.gates {
            writeln!(list, "    → {gate:?}").unwrap();
        }
    }
    list
}

/// The objects of some kinds that a step applies, in full.
fn in_full(rendered: &Rendered, step: &str, kinds: &[&str]) -> String {
    let step = rendered
        .steps
        .iter()
        .find(|known| known.id == step)
        .unwrap_or_else(|| panic!("there is no step {step}"));
    let found: Vec<&Value> = step
        .manifests
        .iter()
        .map(kubernetes_objects::manifest::Manifest::value)
        .filter(|object| kinds.contains(&object["kind"].as_str().unwrap()))
        .collect();
    assert!(!found.is_empty(), "{} applies none of {kinds:?}", step.id);
    serde_json::to_string_pretty(&found).unwrap()
}

#[test]
fn every_example_is_valid_and_applies_nothing_twice() {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| Path::new(name).extension().is_some_and(|it| it == "yaml"))
        .collect();
    names.sort();
    assert!(names.len() >= 6, "{names:?}");
    for name in names {
        let rendered = rendered(&name);
        let mut seen = BTreeSet::new();
        for manifest in rendered.steps.iter().flat_map(|step| &step.manifests) {
            assert!(
                seen.insert(manifest.key()),
                "{name} applies {} twice",
                manifest.key()
            );
        }
    }
}

#[test]
fn eks_has_an_isolated_signer_with_its_hsm_and_addresses_of_its_own() {
    let rendered = rendered("eks-consortium.yaml");
    insta::assert_snapshot!("eks steps", list(&rendered.steps));
    insta::assert_snapshot!(
        "eks signing namespace",
        in_full(&rendered, "namespace-signing", &["Namespace", "NetworkPolicy"])
    );
    // Passwords are made anew each time, and a change of theirs restarts the Pod.
    insta::with_settings!({filters => [("[0-9a-f]{64}", "[checksum]")]}, {
        insta::assert_snapshot!(
            "eks signing service",
            in_full(&rendered, "signing-service", &["Deployment"])
        );
    });
    insta::assert_snapshot!("eks doors", in_full(&rendered, "names", &["Service", "Ingress"]));
}

#[test]
fn openshift_has_users_dns_and_doors_of_its_own() {
    let rendered = rendered("openshift.yaml");
    insta::assert_snapshot!("openshift steps", list(&rendered.steps));
    insta::assert_snapshot!(
        "openshift namespace",
        in_full(
            &rendered,
            "namespace-participant-subsidiary",
            &["Namespace", "Role", "RoleBinding", "NetworkPolicy"],
        )
    );
    insta::assert_snapshot!(
        "openshift doors",
        in_full(&rendered, "names", &["Service", "Ingress"])
    );
}

#[test]
fn a_hundred_participants_are_a_hundred_times_the_same() {
    let topology = read("hundred-participants.yaml");
    assert_eq!(topology.participants.len(), 100);
    let rendered = rendered("hundred-participants.yaml");
    let of = |bank: &str| {
        let parts = [format!("{bank}."), format!("namespace-participant-{bank}")];
        let steps = rendered
            .steps
            .iter()
            .filter(|step| step.id.starts_with(&parts[0]) || step.id == parts[1]);
        list(steps)
    };
    insta::assert_snapshot!("hundred-participants a bank", of("bank-bergen"));
    let server = |node: &Node| node.database.server().unwrap().endpoint.address.host.clone();
    let bergen = topology
        .participants
        .iter()
        .find(|node| node.name.as_str() == "bank-bergen");
    let bergen = server(bergen.unwrap());
    for node in &topology.participants {
        let name = node.name.as_str();
        if node.vertical_scaling.is_none() {
            let there = of(name)
                .replace(name, "bank-bergen")
                .replace(&server(node), &bergen);
            assert_eq!(there, of("bank-bergen"));
        } else {
            assert!(of(name).contains("VerticalPodAutoscaler"), "{}", of(name));
        }
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for manifest in rendered.steps.iter().flat_map(|step| &step.manifests) {
        *counts
            .entry(manifest.value()["kind"].as_str().unwrap())
            .or_default() += 1;
    }
    insta::assert_snapshot!("hundred-participants objects", format!("{counts:#?}"));
}
