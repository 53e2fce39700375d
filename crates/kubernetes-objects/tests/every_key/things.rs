//! What a topology may name: servers, HSMs, workers of a notary.

use serde_json::{Value, json};

pub(crate) const PUBLIC_KEY: &str =
    "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n";

/// A database that exists already.
pub(crate) fn server() -> Value {
    json!({
        "kind": "postgresql", "address": "db.bank.example:5432", "addresses": ["10.20.0.5"], "name": "ledger", "user": "corda",
        "password": { "secret": { "name": "database", "key": "password" } },
    })
}

/// Another schema of a server.
pub(crate) fn schema(kind: &str, name: &str) -> Value {
    let mut server = server();
    server["kind"] = json!(kind);
    server["name"] = json!(name);
    server["user"] = json!(name);
    server
}

/// So many workers of a notary.
pub(crate) fn workers(count: usize) -> Value {
    let names = 1..=count;
    names
        .map(|at| json!({ "name": format!("worker-{at}"), "legalName": format!("O=Worker {at}, L=London, C=GB") }))
        .collect()
}

/// A token on the operator's side.
pub(crate) fn token() -> Value {
    json!({ "module": "/usr/lib/softhsm/libsofthsm2.so", "token": "operator" })
}

/// A Vault outside of the cluster.
pub(crate) fn vault() -> Value {
    json!({ "address": "https://vault.trade.example:8200", "addresses": ["192.0.2.60"] })
}

/// An HSM of a make.
pub(crate) fn hsm(make: &str) -> Value {
    let secret = |key: &str| json!({ "secret": { "name": "hsm", "key": key } });
    let (password, library) = (
        secret("password"),
        json!({ "image": "registry.example/hsm:1", "path": "lib" }),
    );
    match make {
        "azureKeyVault" => json!({
            "vault": "https://trade.vault.azure.net", "addresses": ["192.0.2.10"], "loginAddresses": ["192.0.2.20"],
            "clientId": "client", "tenantId": "tenant", "alias": "principal", "keyStore": secret("principal.p12"),
            "password": password, "library": library,
        }),
        "awsCloudHsm" => json!({
            "address": "hsm.trade.example:2223", "addresses": ["192.0.2.30"], "user": "signer", "password": password,
            "daemon": { "image": "registry.example/daemon:1", "socketDirectory": "/run/cloudhsm" }, "library": library,
        }),
        "gemalto" => json!({
            "address": "hsm.trade.example:1792", "addresses": ["192.0.2.40"], "slot": "tokenlabel:trade", "password": password,
            "library": library,
        }),
        _ => json!({
            "address": "hsm.trade.example:3001", "addresses": ["192.0.2.50"], "user": "signer", "password": password,
            "library": library,
        }),
    }
}

/// A Gateway of the Gateway API.
pub(crate) fn gateway() -> Value {
    json!({ "name": "public", "namespace": "gateways" })
}
