//! What else a topology must say for one key to be heard.

use serde_json::{Value, json};

use crate::things;

/// What else the mapping of a key must say.
pub(crate) fn siblings(mapping: &str, key: &str) -> Option<Value> {
    Some(match (mapping, key) {
        ("`exposure`", "address" | "sourceRanges" | "annotations" | "port") => {
            json!({ "type": "loadBalancer" })
        }
        ("`exposure`", "nodePort") => json!({ "type": "nodePort" }),
        ("`exposure`", "className" | "tls") => json!({ "type": "ingress" }),
        ("`exposure`", "gateway") => json!({ "type": "gateway" }),
        ("a Gateway reference", _) => things::gateway(),
        ("`certManager`", _) => json!({ "issuer": "public" }),
        ("a CorDapp source", "sha256") => {
            json!({ "url": "https://artifacts.example/a.jar", "addresses": ["10.20.0.6"] })
        }
        ("a CorDapp source", "url") => json!({ "addresses": ["10.20.0.6"], "sha256": "ab".repeat(32) }),
        ("a CorDapp source", "addresses") => {
            json!({ "url": "https://artifacts.example/a.jar", "sha256": "ab".repeat(32) })
        }
        ("`lifetimes`", "root") => {
            json!({ "subordinate": "300d", "signing": "300d", "ssl": "300d", "revocationLists": "300d" })
        }
        ("`lifetimes`", "subordinate") => json!({ "signing": "300d", "revocationLists": "300d" }),
        ("`identityManager`", "jira") => json!({ "approval": "jira" }),
        ("`identityManager`", "plugin") => json!({ "approval": "plugin" }),
        ("`plugin`", "addresses") => json!({ "address": "hook.trade.example:443" }),
        ("`signingService`", "activeSchedule") => json!({ "bootstrapSchedule": { "networkMap": "11s" } }),
        ("a participant" | "a notary" | "a worker", "exposure") => json!({ "host": "any.trade.example" }),
        ("a notary", "highAvailability") => json!({ "legalName": null }),
        ("`gateway`", "host") => json!({ "exposure": { "type": "ingress" } }),
        ("`signingService`", "version") => {
            json!({ "hsm": { "azureKeyVault": things::hsm("azureKeyVault") } })
        }
        ("an image volume", _) => json!({ "image": "registry.example/files:1" }),
        ("a toleration", _) => json!({ "key": "dedicated" }),
        ("`verticalScaling`", "leastMemory" | "mostMemory") => json!({ "mode": "initial" }),
        ("`ssh`", "port") => json!({ "enabled": true }),
        _ => return None,
    })
}

/// What another part of the file must say for a key at one place.
pub(crate) fn elsewhere(place: &str) -> Option<Value> {
    Some(match place {
        "participants.0.class" | "notaries.0.class" => json!({ "classes": { "any": { "heap": "777Mi" } } }),
        "participants.0.subzone" | "notaries.0.subzone" => {
            json!({ "cenm": { "subzones": [{ "name": "north" }] } })
        }
        "cenm.gateway.exposure.gateway" | "participants.0.exposure.gateway" => {
            json!({ "gatewayApi": { "name": "common", "namespace": "gateways" } })
        }
        "platform.loadBalancers" => json!({ "participants": [{
            "host": "bank-a.trade.example", "exposure": { "type": "loadBalancer" },
        }] }),
        "platform.imageVolumes" => json!({ "participants": [{
            "cordapps": { "sources": [{ "image": { "image": "registry.example/apps:1" } }] },
        }] }),
        // What the newest release of a product is checked for.
        "participants.0.database.version" => json!({ "corda": { "version": "4.14" } }),
        "corda.version" | "classes.any.version" | "participants.0.version" | "notaries.0.version" => {
            json!({ "cenm": { "networkMap": { "parameters": { "minimumPlatformVersion": 140 } } } })
        }
        "corda.database" => {
            json!({ "notaries": [{ "database": things::schema("postgresql", "notary") }], "participants": [
            {}, { "database": things::schema("postgresql", "bank-b") },
        ] })
        }
        "notaries.0.joins" => json!({ "notaries": [{}, {
            "name": "second", "legalName": "O=Second, L=London, C=GB", "serviceLegalName": "O=Second Service, L=London, C=GB",
        }] }),
        "gatewayApi.section" => json!({ "gatewayApi": { "tls": false } }),
        "gatewayApi.tls" => json!({ "gatewayApi": { "section": "http" } }),
        _ => return None,
    })
}
