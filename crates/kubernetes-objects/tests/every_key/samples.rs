//! What is written at keys.

use serde_json::{Value, json};
use topology::language::{Kind, MappingShape};

use crate::things::{PUBLIC_KEY, hsm, schema, server, token, vault, workers};

/// The one value to write at a key, where its kind does not tell.
pub(crate) fn of_key(mapping: &str, key: &str) -> Option<Value> {
    Some(match (mapping, key) {
        (_, "password") => json!({ "secret": { "name": "other", "key": "password" } }),
        ("`lifetimes`", _) => json!("444d"),
        ("`delivery`", "vaultAgent") => vault(),
        ("`vaultAgent`", "address") => json!("https://other.vault.example:8200"),
        ("`vaultAgent`", "certificateAuthority") => {
            json!("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
        }
        ("`custody`", "pkcs11") => token(),
        ("`hsm`", make) => hsm(make),
        ("`azureKeyVault`", "loginAddresses") => json!(["192.0.2.77"]),
        ("`azureKeyVault`", "vault") => json!("https://other.vault.azure.net"),
        ("`azureKeyVault`", "hardware") => json!(false),
        ("`azureKeyVault`", "keyStore") => json!({ "secret": { "name": "other", "key": "principal.p12" } }),
        ("`awsCloudHsm`" | "`utimaco`" | "`gemalto`" | "`securosys`", "address") => {
            json!("other.trade.example:3001")
        }
        (_, "library") => json!({ "image": "registry.example/other:1", "path": "lib" }),
        ("`daemon`", "socketDirectory") => json!("/run/other"),
        ("`awsCloudHsm`", "daemon") => {
            json!({ "image": "registry.example/other:1", "socketDirectory": "/run/other" })
        }
        ("`networkMap`" | "a subzone", "label") => json!("Other"),
        (_, "host") => json!("other.trade.example"),
        ("a notary" | "a participant" | "`corda` or a class", "version") => json!("4.10"),
        ("`cenm`" | "`identityManager`" | "`networkMap`" | "a subzone", "version") => json!("1.5"),
        ("`identityManager`", "jira") => json!({
            "address": "https://192.0.2.88", "project": "CSR", "user": "manager",
            "password": { "secret": { "name": "jira", "key": "password" } },
        }),
        ("`identityManager`", "plugin") => json!({
            "class": "com.trade.Approval", "jar": { "image": "registry.example/plugin:1", "path": "a/b.jar" },
        }),
        ("the topology", "notaries") => json!([{
            "name": "other", "legalName": "O=Other, L=Paris, C=FR", "serviceLegalName": "O=Other Service, L=Paris, C=FR",
        }]),
        ("the topology", "participants") => {
            json!([{ "name": "other", "legalName": "O=Other, L=Paris, C=FR" }])
        }
        ("a participant", "firewall") => {
            json!({ "image": "registry.example/firewall:4.12", "host": "float.trade.example" })
        }
        ("a participant", "rpcClients") => json!([{ "name": "pay", "image": "registry.example/pay:1" }]),
        ("`cenm`", "identityManager") => json!({ "approval": "plugin", "plugin": {
            "class": "com.trade.Approval", "jar": { "image": "registry.example/plugin:1", "path": "a/b.jar" },
        } }),
        ("`plugin`", "jar") => json!({ "image": "registry.example/other:1", "path": "a/b.jar" }),
        ("a notary", "highAvailability") => json!({
            "toolsImage": "registry.example/tools:4.12", "database": schema("cockroachdb", "shared"), "workers": workers(2),
        }),
        ("`highAvailability`", "workers") => workers(3),
        ("a worker", "database") => schema("postgresql", "worker"),
        ("a notary", "joins") => json!("later"),
        ("a package owner", "publicKey") => json!(PUBLIC_KEY.replace("QgAE", "QgAF")),
        ("a signing schedule", _) => json!("12s"),
        ("`storage`", "size") => json!("7Gi"),
        (_, "memory") => json!("3Gi"),
        (_, "heap") => json!("777Mi"),
        (_, "class") => json!("any"),
        (_, "subzone") => json!("north"),
        (_, "counterparties") => json!(["bank-b"]),
        (_, "configuration") => json!({ "flowTimeout": { "timeout": "30s" } }),
        (_, "addresses") => json!(["10.20.0.77"]),
        // In no row of the support matrix.
        ("a database", "version") => json!("9.6"),
        ("`tls`", "own") => json!(true),
        (_, "leastMemory") => json!("1000Mi"),
        (_, "mostMemory") => json!("9Gi"),
        (_, "exposure") => json!({ "type": "loadBalancer" }),
        ("an image volume", "path") => json!("other/b.jar"),
        ("`plugin`", "address") => json!("10.20.0.8:443"),
        ("`exposure`", "className") | ("a Gateway reference", "section") => json!("other"),
        ("a package owner", "algorithm") => json!("EC"),
        _ => return None,
    })
}

/// A text of each form that is never an example, so that a key that must be there can be changed.
const TEXTS: &[&str] = &[
    "Other",
    "other",
    "other.example",
    "registry.example/other:2",
    "https://192.0.2.88/other.jar",
    "O=Other, L=Paris, C=FR",
    "192.0.2.88:5433",
    "/opt/other",
];

/// What to write at a key of a kind, one after the other.
pub(crate) fn of_kind(kind: &Kind) -> Vec<Value> {
    match kind {
        Kind::Text(format) => [format.example]
            .iter()
            .chain(TEXTS)
            .map(|text| json!(text))
            .collect(),
        Kind::Choice(words) => words.iter().map(|word| json!(word.word)).collect(),
        Kind::Boolean => vec![json!(true), json!(false)],
        Kind::Integer { least, greatest } => vec![json!(least), json!(greatest)],
        Kind::List(kind) => of_kind(kind).into_iter().map(|value| json!([value])).collect(),
        Kind::Named(kind) => of_kind(kind)
            .into_iter()
            .map(|value| json!({ "any": value }))
            .collect(),
        Kind::Mapping(shape) => vec![of_mapping(&shape())],
        Kind::Tree => vec![json!({ "any": true })],
    }
}

/// A mapping that says something.
pub(crate) fn of_mapping(shape: &MappingShape) -> Value {
    match shape.name {
        "a database" => server(),
        "`exposure`" => json!({ "type": "loadBalancer" }),
        "a reference to a secret" => json!({ "environment": "A_SECRET" }),
        "`storage`" => json!({ "size": "7Gi" }),
        "`placement`" => json!({ "priorityClass": "high" }),
        "`ports`" => json!({ "p2p": 10444 }),
        "`verticalScaling`" => json!({ "mode": "initial" }),
        "`ssh`" => json!({ "enabled": true }),
        "`cordapps`" => json!({ "sources": [{ "image": { "image": "registry.example/apps:1" } }] }),
        "a CorDapp source" => json!({ "image": { "image": "registry.example/apps:1" } }),
        "`tls`" => json!({ "secret": "public" }),
        "`lifetimes`" | "`certificates`" => json!({}),
        "a signing schedule" => json!({ "networkMap": "10s" }),
        "a package owner" => json!({ "package": "com.bank", "publicKey": PUBLIC_KEY }),
        "a firewall process" => json!({ "memory": "3Gi" }),
        _ => {
            let required = shape.keys.iter().filter(|key| key.required);
            required
                .map(|key| {
                    let value = of_key(shape.name, key.name)
                        .or_else(|| of_kind(&key.kind).into_iter().next())
                        .unwrap_or(Value::Null);
                    (key.name.to_owned(), value)
                })
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
    }
}
