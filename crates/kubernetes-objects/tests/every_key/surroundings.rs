//! What must stand around a key to be heard.

use serde_json::{Value, json};
use topology::language::MappingShape;

use crate::{
    places::Place,
    samples,
    siblings::{elsewhere, siblings},
    things::{self, PUBLIC_KEY, gateway, server},
    tree::{Path, find, put},
};

fn hsm(make: &str) -> Value {
    json!({ "cenm": { "signingService": { "hsm": { make: things::hsm(make) } } } })
}

/// A trial of Corda Enterprise with everything that others may refer to.
fn plain() -> Value {
    json!({
        "name": "trade",
        "domain": "trade.example",
        "operator": "O=Trade Consortium, L=London, C=GB",
        "profile": "trial",
        "cenm": {
            "version": "1.7",
            "image": "registry.example/cenm:1.7.2",
            "identityManager": { "approval": "automatic" },
        },
        "corda": { "edition": "enterprise", "version": "4.12", "image": "registry.example/corda:4.12" },
        "notaries": [{
            "name": "notary", "legalName": "O=Notary, L=London, C=GB", "serviceLegalName": "O=Notary Service, L=London, C=GB",
        }],
        "participants": [
            { "name": "bank-a", "legalName": "O=Bank A, L=Oslo, C=NO" },
            { "name": "bank-b", "legalName": "O=Bank B, L=Rome, C=IT" },
        ],
        "monitoring": { "image": "registry.example/prometheus:3", "agentImage": "registry.example/jmx:1" },
    })
}

/// A part of a topology.
type Make = fn() -> Value;

/// What must be there for a place to be heard, by where it is.
const SURROUNDINGS: &[(&str, Make)] = &[
    (
        "delivery.vaultAgent",
        || json!({ "delivery": { "vaultAgent": things::vault() } }),
    ),
    ("cenm.signingService.hsm.azureKeyVault", || hsm("azureKeyVault")),
    ("cenm.signingService.hsm.awsCloudHsm", || hsm("awsCloudHsm")),
    ("cenm.signingService.hsm.utimaco", || hsm("utimaco")),
    ("cenm.signingService.hsm.gemalto", || hsm("gemalto")),
    ("cenm.signingService.hsm.securosys", || hsm("securosys")),
    (
        "custody.pkcs11",
        || json!({ "custody": { "pkcs11": things::token() } }),
    ),
    (
        "classes",
        || json!({ "classes": { "any": {} }, "participants": [{ "class": "any" }] }),
    ),
    (
        "cenm.subzones.0",
        || json!({ "cenm": { "subzones": [{ "name": "north" }] } }),
    ),
    (
        "cenm.auth.database",
        || json!({ "cenm": { "auth": { "database": server() } } }),
    ),
    (
        "cenm.subzones.0.database",
        || json!({ "cenm": { "subzones": [{ "database": server() }] } }),
    ),
    ("cenm.database", || {
        // So that the user of each service follows from its name.
        let mut database = server();
        database.as_object_mut().unwrap().remove("user");
        json!({ "cenm": { "database": database } })
    }),
    ("cenm.identityManager.jira", || {
        json!({ "cenm": { "identityManager": {
        "approval": "jira",
        "jira": {
            "address": "https://jira.example", "addresses": ["10.20.0.9"], "project": "CSR", "user": "manager",
            "password": { "secret": { "name": "jira", "key": "password" } },
        },
    } } })
    }),
    ("cenm.identityManager.plugin", || {
        json!({ "cenm": { "identityManager": {
        "approval": "plugin",
        "plugin": { "class": "com.trade.Approval", "jar": { "image": "registry.example/plugin:1", "path": "a/b.jar" } },
    } } })
    }),
    (
        "cenm.signingService.bootstrapSchedule",
        || json!({ "cenm": { "signingService": { "activeSchedule": "bootstrap", "bootstrapSchedule": {} } } }),
    ),
    ("cenm.networkMap.parameters.packageOwnership.0", || {
        json!({ "cenm": { "networkMap": { "parameters": { "packageOwnership": [
            { "package": "com.bank", "publicKey": PUBLIC_KEY },
        ] } } } })
    }),
    (
        "cenm.gateway.exposure.tls",
        || json!({ "cenm": { "gateway": { "exposure": { "type": "ingress" } } } }),
    ),
    ("ingress", || json!({ "ingress": {} })),
    (
        "participants.0.exposure",
        || json!({ "participants": [{ "host": "bank-a.trade.example", "exposure": { "type": "loadBalancer" } }] }),
    ),
    (
        "participants.0.exposure.gateway",
        || json!({ "participants": [{ "exposure": { "type": "gateway", "gateway": gateway() } }] }),
    ),
    (
        "participants.0.database",
        || json!({ "participants": [{ "database": server() }] }),
    ),
    ("participants.0.database.password.external", || {
        json!({ "participants": [{ "database": {
            "password": { "secret": null, "external": { "store": "vault", "key": "ledger" } },
        } }] })
    }),
    ("participants.0.firewall", || {
        json!({ "participants": [{
            "firewall": { "image": "registry.example/firewall:4.12", "host": "float.trade.example" },
        }] })
    }),
    ("notaries.0.highAvailability", || {
        json!({ "notaries": [{
            "legalName": null,
            "highAvailability": {
                "toolsImage": "registry.example/tools:4.12",
                "database": things::schema("cockroachdb", "shared"),
                "workers": things::workers(2),
            },
        }] })
    }),
    ("participants.0.rpcUsers", || {
        json!({ "participants": [{ "rpcUsers": [
            { "name": "desk", "password": { "secret": { "name": "desk", "key": "password" } } },
        ] }] })
    }),
    (
        "participants.0.rpcClients",
        || json!({ "participants": [{ "rpcClients": [{ "name": "pay", "image": "registry.example/pay:1" }] }] }),
    ),
];

/// The topology to which a key is added.
pub(crate) fn base(place: &Place) -> Value {
    let mut base = plain();
    for (start, make) in SURROUNDINGS {
        if place.path.starts_with(start) {
            put(&mut base, &Path::root(), make());
        }
    }
    if !place.mapping.one_of && find(&base, &place.path).is_none_or(Value::is_null) {
        put(&mut base, &place.path, surround(&place.mapping));
    }
    if let Some(siblings) = siblings(place.mapping.name, place.key.name) {
        put(&mut base, &place.path, siblings);
    }
    if let Some(elsewhere) = elsewhere(&place.name()) {
        put(&mut base, &Path::root(), elsewhere);
    }
    base
}

/// What a mapping says at least.
fn surround(mapping: &MappingShape) -> Value {
    if mapping.keys.iter().any(|key| key.required) {
        samples::of_mapping(mapping)
    } else {
        json!({})
    }
}
