//! The HSM of the Signing Service, make by make: what its config, its Pod and its policies say. Nothing of it has run with
//! an HSM; the blocks are those of R3's documents.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]
#![expect(dead_code, reason = "each test binary uses a part of the shared network")]

mod network;

use std::fmt::Write as _;

use network::{Network, config};
use serde_json::Value;

const PASSWORD: &str = "password: { secret: { name: hsm, key: password } }";

/// The makes, each with the block that declares it.
fn makes() -> [(&'static str, String); 6] {
    let library = |make: &str| format!("library: {{ image: 'registry.example/hsm/{make}:1', path: lib }}");
    [
        (
            "azure_key_vault",
            format!(
                "azureKeyVault: {{ vault: 'https://trade.vault.azure.net', addresses: [192.0.2.10], loginAddresses: [192.0.2.20, \
                 192.0.2.21], clientId: client, tenantId: tenant, alias: principal, keyStore: {{ secret: {{ name: vault, key: \
                 principal.p12 }} }}, {PASSWORD}, {} }}",
                library("azure")
            ),
        ),
        (
            "azure_key_vault_by_external_secrets",
            format!(
                "azureKeyVault: {{ vault: 'https://trade.vault.azure.net', addresses: [192.0.2.10], loginAddresses: [192.0.2.20], \
                 clientId: client, tenantId: tenant, alias: principal, hardware: false, keyStore: {{ external: {{ store: vault, \
                 key: principal }} }}, {PASSWORD}, {} }}",
                library("azure")
            ),
        ),
        (
            "aws_cloud_hsm",
            format!(
                "awsCloudHsm: {{ address: '192.0.2.30:2223', user: signer, {PASSWORD}, daemon: {{ image: \
                 'registry.example/hsm/daemon:1', socketDirectory: /run/cloudhsm }}, {} }}",
                library("aws")
            ),
        ),
        (
            "utimaco",
            format!(
                "utimaco: {{ address: 'hsm.trade.example:3001', addresses: [192.0.2.40], user: signer, {PASSWORD}, {} }}",
                library("utimaco")
            ),
        ),
        (
            "gemalto",
            format!(
                "gemalto: {{ address: '192.0.2.50:1792', slot: 'tokenlabel:trade', client: luna-client, {PASSWORD}, {} }}",
                library("luna")
            ),
        ),
        (
            "securosys",
            format!(
                "securosys: {{ address: '192.0.2.60:2300', user: signer, {PASSWORD}, {} }}",
                library("primus")
            ),
        ),
    ]
}

fn network(hsm: &str) -> Network {
    Network::trial_with_cenm(
        "corda: { image: 'registry.example/corda:4.10' }\nparticipants: []\n",
        &format!("signingService: {{ hsm: {{ {hsm} }} }}"),
    )
}

#[test]
fn each_make_is_configured_mounted_and_let_through() {
    for (make, hsm) in makes() {
        let network = network(&hsm);
        let conf = config(&network.object("signing-service", "Secret"));
        let pod = network.object("signing-service", "Deployment")["spec"]["template"]["spec"].clone();
        let mut told = String::new();
        let wanted = ["hsmLibraries", "globalCertificateStore", "signingKeys"];
        for name in wanted {
            write!(told, "{}", network::block(&conf, name)).unwrap();
        }
        for key in ["hostAliases", "dnsPolicy", "volumes", "initContainers"] {
            writeln!(
                told,
                "{key}: {}",
                serde_json::to_string_pretty(&pod[key]).unwrap()
            )
            .unwrap();
        }
        writeln!(told, "environment: {}", pod["containers"][0]["env"]).unwrap();
        writeln!(told, "mounts: {}", pod["containers"][0]["volumeMounts"]).unwrap();
        for policy in egress(&network) {
            writeln!(told, "{policy}").unwrap();
        }
        insta::assert_snapshot!(make, told);
    }
}

/// Policies that let the Signing Service call addresses outside of the network.
fn egress(network: &Network) -> Vec<String> {
    network
        .policies(&["trade-signing"])
        .lines()
        .filter(|policy| policy.contains("ipBlock"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_signing_service_may_call_its_hsm_and_no_other_place_outside() {
    for (make, hsm) in makes() {
        let network = network(&hsm);
        let called = egress(&network);
        assert!(!called.is_empty(), "{make}");
        for policy in called {
            assert!(policy.contains("192.0.2."), "{make}: {policy}");
            assert!(!policy.contains("/0\""), "{make}: {policy}");
            assert!(policy.contains("/32"), "{make}: {policy}");
        }
    }
}

/// Keys of the network's authorities that sign daily are in no Secret: they are in the HSM.
#[test]
fn no_signing_key_is_rendered() {
    for (make, hsm) in makes() {
        let network = network(&hsm);
        let stores: Vec<&str> = network
            .objects()
            .filter(|(_, object)| object["kind"] == "Secret")
            .filter_map(|(_, object)| object["data"].as_object())
            .flat_map(|files| files.keys().map(String::as_str))
            .collect();
        assert!(stores.contains(&"certificate-store.jks"), "{make}");
        for store in ["identity-manager-key-store.jks", "network-map-key-store.jks"] {
            assert!(!stores.contains(&store), "{make}: {store}");
        }
        // The password of the HSM comes from the cluster, and is put into the config's Secret alone.
        let with_password: Vec<(&str, &str)> = network
            .objects()
            .filter(|(_, object)| object.to_string().contains("secret:trade-signing/hsm/password"))
            .map(|(_, object)| (named(object, "/kind"), named(object, "/metadata/name")))
            .collect();
        assert_eq!(with_password, [("Secret", "signing-service-config")], "{make}");
    }
}

fn named<'object>(object: &'object Value, pointer: &str) -> &'object str {
    object.pointer(pointer).and_then(Value::as_str).unwrap()
}
