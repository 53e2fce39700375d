//! Servers outside of the network: whom a policy lets a Pod call, and how the Signing Service finds what it may call.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]
#![expect(clippy::format_push_string, reason = "tables are written line by line")]
#![expect(dead_code, reason = "each test binary uses a part of the shared network")]

mod network;

use network::Network;
use serde_json::Value;
use topology::connection::{ConnectionMatrix, Party};

#[test]
fn policies_open_for_addresses_and_never_for_names() {
    let mut told = String::new();
    for address in [
        "'10.20.0.5:5432'",
        "'[fd00::5]:5432'",
        "'db.bank.example:5432', addresses: [10.20.0.5, 10.21.0.0/24, fd00:1::/64]",
        "'db.data.svc:5432'",
        "'primary.db.data.svc.cluster.local:5432'",
    ] {
        let network = Network::trial(&format!(
            "corda: {{ edition: enterprise, version: '4.12', image: 'registry.example/corda:4.12' }}\nparticipants:\n  \
             - name: bank-a\n    legalName: O=Bank A, L=Oslo, C=NO\n    database: {{ kind: postgresql, address: {address}, name: \
             ledger, user: corda, password: {{ secret: {{ name: ledger, key: password }} }} }}\n"
        ));
        let policies: Vec<&Value> = network
            .objects()
            .map(|(_, object)| object)
            .filter(|object| {
                object["kind"] == "NetworkPolicy"
                    && object["metadata"]["name"]
                        .as_str()
                        .unwrap()
                        .starts_with("bank-a-n3-to-")
            })
            .collect();
        let [policy] = policies.as_slice() else {
            panic!("{address}: {} policies", policies.len())
        };
        told.push_str(&format!("{address}\n  {}\n", policy["spec"]["egress"]));
    }
    insta::assert_snapshot!(told);
}

/// Whatever holds its keys: the matrix lets it ask no DNS and call no place that is not named.
#[test]
fn the_signing_service_asks_no_dns() {
    for address in [
        "'10.9.9.9:3001'",
        "'hsm.trade.example:3001', addresses: [10.9.9.9]",
        "'hsm.hsm.svc:3001'",
    ] {
        let network = Network::trial_with_cenm(
            "corda: { image: 'registry.example/corda:4.10' }\nparticipants: []\n",
            &format!(
                "signingService: {{ hsm: {{ utimaco: {{ address: {address}, user: signer, password: {{ secret: {{ name: hsm, \
                 key: password }} }}, library: {{ image: 'registry.example/hsm:1' }} }} }} }}"
            ),
        );
        let signer = topology::model::Component::Cenm(topology::model::Service::SigningService);
        let matrix = ConnectionMatrix::of(&network.topology);
        let mut called = 0;
        for connection in matrix.opened_by(&signer) {
            match &connection.server {
                Party::Component(_) => {}
                Party::Endpoint(endpoint) => {
                    called += 1;
                    assert!(
                        endpoint.address.is_in_cluster()
                            || endpoint.ranges.iter().all(|range| range.single().is_some())
                                && !endpoint.ranges.is_empty(),
                        "{address}"
                    );
                }
                other => panic!("{address}: it may call {other}"),
            }
        }
        assert_eq!(called, 1, "{address}");
    }
}
