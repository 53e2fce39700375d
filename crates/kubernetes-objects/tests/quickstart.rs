//! What the quick start renders to: the objects by name, the rules that every Pod keeps, and the graph.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::{collections::BTreeSet, fmt::Write, sync::OnceLock};

use certificates::{CertificatePlan, KeyRing};
use kubernetes_objects::{Rendered, bootstrap, given::GivenSecrets, key_request::key_request, render};
use serde_json::Value;
use topology::{Topology, source::Source};

fn quickstart() -> Topology {
    let source = Source::new(
        "quickstart.yaml",
        include_str!("../../../topologies/quickstart.yaml"),
    );
    topology::read(&source).expect("the example is valid")
}

fn keys() -> &'static KeyRing {
    static KEYS: OnceLock<KeyRing> = OnceLock::new();
    KEYS.get_or_init(|| {
        let mut keys = KeyRing::new("quickstart");
        let plan = CertificatePlan::new(&key_request(&quickstart())).unwrap();
        keys.make_missing(&plan, "2026-01-01T00:00:00Z".parse().unwrap())
            .unwrap();
        keys
    })
}

fn rendered() -> Rendered {
    render(&quickstart(), keys(), &GivenSecrets::default()).unwrap()
}

/// Every object with the step that applies it.
fn objects(rendered: &Rendered) -> impl Iterator<Item = (&str, &Value)> {
    rendered.steps.iter().flat_map(|step| {
        step.manifests
            .iter()
            .map(|manifest| (step.id.as_str(), manifest.value()))
    })
}

fn pods(rendered: &Rendered) -> Vec<(String, &Value)> {
    objects(rendered)
        .filter_map(|(step, object)| {
            object
                .pointer("/spec/template/spec")
                .map(|pod| (step.to_owned(), pod))
        })
        .collect()
}

#[test]
fn the_objects_of_each_step() {
    let rendered = rendered();
    let mut list = String::new();
    for step in &rendered.steps {
        writeln!(list, "{} {}", step.stage, step.id).unwrap();
        for manifest in &step.manifests {
            writeln!(list, "    {}", manifest.key()).unwrap();
        }
        for gate in &step.gates {
            writeln!(list, "    → {gate:?}").unwrap();
        }
    }
    insta::assert_snapshot!(list);
}

#[test]
fn the_graph_with_its_reasons() {
    let graph = bootstrap::graph(&quickstart()).unwrap();
    let mut list = String::new();
    for node in graph.order() {
        writeln!(list, "{}", node.id).unwrap();
        for edge in graph.prerequisites(&node.id) {
            writeln!(list, "    after {}: {}", edge.prerequisite.id, edge.reason).unwrap();
        }
    }
    insta::assert_snapshot!(list);
}

#[test]
fn workloads_and_policies_to_the_letter() {
    let rendered = rendered();
    for (step, kinds) in [
        ("signing-service", vec!["Deployment"]),
        (
            "namespace-signing",
            vec!["Namespace", "NetworkPolicy", "ServiceAccount"],
        ),
        ("party-a.runs", vec!["StatefulSet"]),
        ("notary.registered", vec!["Job"]),
        ("identity-manager-config", vec!["Job"]),
        ("names", vec!["Service", "Ingress"]),
        ("prometheus", vec!["ConfigMap", "Deployment"]),
    ] {
        let found: Vec<&Value> = objects(&rendered)
            .filter(|(id, object)| *id == step && kinds.contains(&object["kind"].as_str().unwrap()))
            .map(|(_, object)| object)
            .collect();
        assert!(!found.is_empty(), "{step} applies nothing");
        let text = serde_json::to_string_pretty(&found).unwrap();
        insta::with_settings!({ filters => vec![(r"[0-9a-f]{64}", "[checksum]")] }, {
            insta::assert_snapshot!(step, text);
        });
    }
}

#[test]
fn rendering_twice_gives_the_same_bytes() {
    let bytes = |rendered: &Rendered| {
        objects(rendered)
            .map(|(_, object)| object.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(bytes(&rendered()), bytes(&rendered()));
}

#[test]
fn every_pod_keeps_pod_security_restricted() {
    let rendered = rendered();
    let pods = pods(&rendered);
    assert!(pods.len() > 15, "{}", pods.len());
    for (step, pod) in pods {
        assert_eq!(pod["automountServiceAccountToken"], false, "{step}");
        assert_eq!(pod["enableServiceLinks"], false, "{step}");
        assert_eq!(pod["securityContext"]["runAsNonRoot"], true, "{step}");
        assert_eq!(
            pod["securityContext"]["seccompProfile"]["type"], "RuntimeDefault",
            "{step}"
        );
        let containers = ["containers", "initContainers"]
            .iter()
            .filter_map(|key| pod[key].as_array())
            .flatten();
        for container in containers {
            let security = &container["securityContext"];
            assert_eq!(security["allowPrivilegeEscalation"], false, "{step}");
            assert_eq!(security["readOnlyRootFilesystem"], true, "{step}");
            assert_eq!(security["capabilities"]["drop"][0], "ALL", "{step}");
            assert!(container["resources"]["limits"]["memory"].is_string(), "{step}");
        }
    }
}

#[test]
fn no_secret_stands_outside_of_secrets() {
    use secrecy::ExposeSecret;
    let rendered = rendered();
    let names = kubernetes_objects::names::secrets::all(&quickstart());
    let secrets: Vec<String> = names
        .iter()
        .map(|name| keys().secret(name).unwrap().expose_secret().to_owned())
        .collect();
    assert!(secrets.iter().all(|secret| secret.len() >= 16));
    let text_of = |kind_is_secret: bool| {
        objects(&rendered)
            .filter(|(_, object)| (object["kind"] == "Secret") == kind_is_secret)
            .map(|(_, object)| object.to_string())
            .collect::<String>()
    };
    let (inside, outside) = (text_of(true), text_of(false));
    for (name, secret) in names.iter().zip(&secrets) {
        assert!(
            inside.contains(secret),
            "{name} is used nowhere: is this test looking at the right thing?"
        );
        assert!(
            !outside.contains(secret),
            "{name} stands in an object that is no Secret"
        );
    }
}

#[test]
fn a_store_is_given_only_to_the_namespace_of_its_holder() {
    use certificates::files;
    let rendered = rendered();
    let namespaces = |file: &str| -> BTreeSet<String> {
        objects(&rendered)
            .filter(|(_, object)| object["kind"] == "Secret" && object["data"].get(file).is_some())
            .map(|(_, object)| object["metadata"]["namespace"].as_str().unwrap().to_owned())
            .collect()
    };
    let only = |name: &str| BTreeSet::from([name.to_owned()]);
    assert_eq!(
        namespaces(files::IDENTITY_MANAGER_KEYS),
        only("quickstart-signing")
    );
    assert_eq!(namespaces(files::NETWORK_MAP_KEYS), only("quickstart-signing"));
    assert_eq!(
        namespaces("corda-ssl-signer-keys.jks"),
        only("quickstart-signing")
    );
    assert_eq!(
        namespaces("corda-ssl-gateway-keys.jks"),
        only("quickstart-gateway")
    );
    assert_eq!(namespaces("corda-ssl-auth-keys.jks"), only("quickstart-network"));
    assert_eq!(namespaces(files::JWT_KEYS), only("quickstart-network"));
}

#[test]
fn the_signer_has_no_dns() {
    let rendered = rendered();
    let (_, pod) = pods(&rendered)
        .into_iter()
        .find(|(step, _)| step == "signing-service")
        .unwrap();
    assert_eq!(pod["dnsPolicy"], "None");
    let names: Vec<&str> = pod["hostAliases"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|alias| alias["hostnames"][0].as_str())
        .collect();
    assert_eq!(
        names,
        [
            "auth.quickstart-network.svc",
            "identity-manager.quickstart-network.svc",
            "network-map.quickstart-network.svc"
        ]
    );
}
