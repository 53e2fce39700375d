//! How outsiders reach a network: each way in of each service that speaks HTTP, with the objects that make it, and whom the
//! policies let in for it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]
#![expect(clippy::format_push_string, reason = "tables are written line by line")]
#![expect(dead_code, reason = "each test binary uses a part of the shared network")]

mod network;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use certificates::CertificateFacts;
use network::Network;
use serde_json::Value;

/// A trial whose Identity Manager, Network Map and Gateway say this.
fn exposed(file: &str, identity_manager: &str, network_map: &str, gateway: &str) -> Network {
    let text = format!(
        "name: trade
domain: trade.example
operator: O=Trade Consortium, L=London, C=GB
profile: trial
cenm:
  version: '1.7'
  image: registry.example/cenm:1.7.2
  identityManager: {{ approval: automatic{identity_manager} }}
  networkMap: {{ {network_map} }}
  gateway: {{ {gateway} }}
corda: {{ image: 'registry.example/corda:4.10' }}
notaries:
  - {{ name: notary, legalName: 'O=Notary, L=London, C=GB', serviceLegalName: 'O=Notary Service, L=London, C=GB' }}
{file}"
    );
    Network::example("trade.yaml", &text)
}

/// What lets outsiders in: objects beside the Services of the cluster, and the policies of the rows C1, P4 and P5.
fn ways_in(network: &Network) -> String {
    let mut told = String::new();
    for (step, object) in network.objects() {
        let kind = object["kind"].as_str().unwrap();
        let name = object["metadata"]["name"].as_str().unwrap();
        let is_public_service = kind == "Service" && object["spec"]["type"] != "ClusterIP";
        let is_policy = kind == "NetworkPolicy"
            && ["-c1-from-", "-p4-from-", "-p5-from-"]
                .iter()
                .any(|row| name.contains(row));
        if is_public_service || matches!(kind, "Ingress" | "HTTPRoute") {
            let annotations = &object["metadata"]["annotations"];
            told.push_str(&format!(
                "  {step} {kind} {name} {annotations} {}\n",
                object["spec"]
            ));
        } else if is_policy {
            told.push_str(&format!("  {kind} {name} {}\n", object["spec"]["ingress"]));
        }
    }
    for step in &network.rendered().steps {
        if step.id == "reached" {
            for gate in &step.gates {
                told.push_str(&format!("  → {gate:?}\n"));
            }
        }
    }
    told
}

#[test]
fn every_way_in_of_http() {
    let balancer = "exposure: { type: loadBalancer, address: 203.0.113.7, sourceRanges: [198.51.100.0/24, 192.0.2.9], \
                    annotations: { a.example/b: c } }";
    let mut told = String::new();
    let networks = vec![
        ("nothing is exposed", exposed("", "", "", "")),
        (
            "a load balancer for chosen callers",
            exposed(
                "",
                &format!(", {balancer}"),
                "exposure: { type: loadBalancer }",
                &balancer.replace("203.0.113.7", "203.0.113.8"),
            ),
        ),
        (
            "a node port",
            exposed(
                "",
                ", exposure: { type: nodePort, nodePort: 30080 }",
                "exposure: { type: nodePort, sourceRanges: [198.51.100.0/24] }",
                "",
            ),
        ),
        (
            "the Gateway of the file",
            exposed("gatewayApi: { name: public, namespace: gateways }\n", "", "", ""),
        ),
        (
            "listeners of their own, of a controller that runs elsewhere",
            exposed(
                "gatewayApi: { name: public, namespace: gateways, section: plain, tls: false, proxyNamespace: proxies, \
                 proxyLabels: { app: envoy } }\n",
                "",
                "",
                "exposure: { type: gateway, gateway: { name: operators, namespace: gateways, section: https } }",
            ),
        ),
        (
            "the Ingress of the file",
            exposed("ingress: { className: nginx, namespace: ingress }\n", "", "", ""),
        ),
        (
            "other Pods of the cluster",
            exposed("", "", "", "exposure: { type: clusterIp }"),
        ),
    ];
    for (title, network) in networks {
        told.push_str(&format!("{title}\n{}\n", ways_in(&network)));
    }
    insta::assert_snapshot!(told);
}

/// The certificate is for the host, by an authority that CENM's services do not trust; and only its Secret has the key.
#[test]
fn a_certificate_of_our_own_for_a_public_host() {
    let network = exposed(
        "ingress: {}\n",
        "",
        "",
        "exposure: { type: ingress, tls: { own: true } }",
    );
    let secrets: Vec<&Value> = network
        .objects()
        .map(|(_, object)| object)
        .filter(|object| object["type"] == "kubernetes.io/tls")
        .collect();
    let [secret] = secrets.as_slice() else {
        panic!("one Secret, not {}", secrets.len())
    };
    assert_eq!(secret["metadata"]["namespace"], "trade-gateway");
    assert_eq!(secret["metadata"]["name"], "gateway-public-certificate");
    let pem = |file: &str| {
        let bytes = STANDARD.decode(secret["data"][file].as_str().unwrap()).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    let facts = |file: &str| {
        let text = pem(file);
        let body: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
        CertificateFacts::read(&STANDARD.decode(body).unwrap()).unwrap()
    };
    let (leaf, authority) = (facts("tls.crt"), facts("ca.crt"));
    assert_eq!(leaf.dns_names, ["gateway.trade.example"]);
    assert_eq!(leaf.issuer, authority.subject);
    assert!(authority.authority && !leaf.authority);
    assert!(!authority.subject.contains("SSL"), "{}", authority.subject);
    assert!(pem("tls.key").starts_with("-----BEGIN PRIVATE KEY-----\n"));
    let ingress = network
        .objects()
        .map(|(_, object)| object)
        .find(|object| object["kind"] == "Ingress" && object["metadata"]["name"] == "gateway")
        .unwrap();
    assert_eq!(
        ingress["spec"]["tls"][0]["secretName"],
        "gateway-public-certificate"
    );
}
