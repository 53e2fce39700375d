//! The bootstrap of a small network, as a rollout would have it.

use dependency_graph::{DependencyGraph, Node};

pub(crate) fn node(id: &str, stage: &str, title: &str, group: &str) -> Node {
    Node {
        id: id.into(),
        stage: stage.into(),
        title: title.into(),
        group: group.into(),
    }
}

pub(crate) fn bootstrap() -> DependencyGraph {
    let steps = [
        ("namespaces", "", "Namespaces closed by default", "cluster"),
        ("keys", "B3", "Each Pod's own keys stored", "cluster"),
        ("auth", "B6", "Auth Service runs", "network"),
        ("gateway", "B7", "Gateway answers", "gateway"),
        ("zone", "B8", "Zone Service runs", "network"),
        ("users", "B9", "Users, groups and roles exist", "network"),
        (
            "identity-manager-config",
            "B10",
            "Identity Manager's config is in the zone",
            "network",
        ),
        ("identity-manager", "B11", "Identity Manager answers", "network"),
        ("signer", "B12", "Signing Service runs", "signing"),
        (
            "signer-address",
            "B13",
            "Signer's address is in the zone",
            "network",
        ),
        ("notary-registered", "B14", "Notary is registered", "notary"),
        ("parameters", "B15", "Initial network parameters", "network"),
        ("subzone", "B16", "Subzone exists", "network"),
        ("network-map", "B17", "Network Map answers", "network"),
        ("signer-services", "B18", "Signer knows what to sign", "signing"),
        (
            "parameters-signed",
            "B19",
            "Network parameters are signed",
            "network",
        ),
        ("map-signed", "B20", "Network map is signed", "network"),
        ("revocation-list", "B21", "Revocation lists are signed", "network"),
        ("notary", "B22", "Notary runs", "notary"),
        ("permissions", "B23", "Permissions on the subzone", "network"),
        ("party-a-registered", "B24", "PartyA is registered", "party-a"),
        ("party-b-registered", "B24", "PartyB is registered", "party-b"),
        ("party-a", "B24", "PartyA runs", "party-a"),
        ("party-b", "B24", "PartyB runs", "party-b"),
        ("party-a-client", "", "PartyA's RPC client is ready", "party-a"),
        ("monitoring", "", "Prometheus scrapes", "monitoring"),
        ("payment", "", "PartyA pays PartyB", "party-a"),
    ];
    let edges = [
        ("namespaces", "keys", "Secrets need their namespaces"),
        ("keys", "auth", "it opens its key stores"),
        ("keys", "gateway", "it opens its key stores"),
        ("auth", "gateway", "every login is checked there"),
        ("keys", "zone", "it opens its key stores"),
        ("auth", "zone", "every token is checked there"),
        ("gateway", "users", "they are made through it"),
        ("zone", "identity-manager-config", "it keeps the config"),
        ("users", "identity-manager-config", "a config maintainer sets it"),
        (
            "identity-manager-config",
            "identity-manager",
            "its Angel fetches the config",
        ),
        ("keys", "identity-manager", "it opens its key stores"),
        ("keys", "signer", "it opens its key stores"),
        ("auth", "signer", "every login is checked there"),
        ("zone", "signer-address", "it keeps addresses"),
        ("users", "signer-address", "a config maintainer sets it"),
        ("signer", "signer-address", "the address must answer"),
        ("identity-manager", "notary-registered", "it takes the request"),
        ("signer", "notary-registered", "it signs the request"),
        ("notary-registered", "parameters", "they name the notary"),
        ("zone", "subzone", "it keeps subzones"),
        ("users", "subzone", "a network maintainer makes it"),
        ("parameters", "subzone", "it is made with them"),
        ("subzone", "network-map", "its Angel needs the token"),
        ("identity-manager", "network-map", "it asks for revocations"),
        ("network-map", "signer-services", "they name it"),
        (
            "signer-address",
            "signer-services",
            "the zone must know the signer",
        ),
        (
            "network-map",
            "parameters-signed",
            "it serves what is to be signed",
        ),
        ("signer-services", "parameters-signed", "the signer signs them"),
        ("parameters-signed", "map-signed", "the map names their hash"),
        ("identity-manager", "revocation-list", "it serves them"),
        ("signer", "revocation-list", "it signs them"),
        ("notary-registered", "notary", "it starts with its certificates"),
        ("map-signed", "notary", "a first start needs a signed map"),
        ("revocation-list", "notary", "TLS checks them"),
        ("subzone", "permissions", "they name its id"),
        ("users", "permissions", "roles are extended"),
        ("identity-manager", "party-a-registered", "it takes the request"),
        ("signer", "party-a-registered", "it signs the request"),
        ("identity-manager", "party-b-registered", "it takes the request"),
        ("signer", "party-b-registered", "it signs the request"),
        ("party-a-registered", "party-a", "it starts with its certificates"),
        ("map-signed", "party-a", "a first start needs a signed map"),
        ("revocation-list", "party-a", "TLS checks them"),
        ("party-b-registered", "party-b", "it starts with its certificates"),
        ("map-signed", "party-b", "a first start needs a signed map"),
        ("revocation-list", "party-b", "TLS checks them"),
        ("party-a", "party-a-client", "it logs in there"),
        ("namespaces", "monitoring", "it lives in one"),
        ("party-a-client", "payment", "it starts the flow"),
        ("party-b", "payment", "it is paid"),
        ("notary", "payment", "it notarises"),
        ("monitoring", "payment", "the figures are read there"),
    ];
    let builder = steps.iter().fold(
        DependencyGraph::builder(),
        |builder, (id, stage, title, group)| builder.step(node(id, stage, title, group)),
    );
    edges
        .iter()
        .fold(builder, |builder, (from, to, reason)| {
            builder.edge(*from, *to, *reason)
        })
        .build()
        .expect("the fixture is a graph")
}
