//! What stands in the Lease of a network.

use std::time::Duration;

use jiff::Timestamp;
use kubernetes_objects::manifest::ObjectKey;
use serde_json::{Value, json};

use crate::inventory::Inventory;
use crate::kinds;
use crate::labels;
use crate::object::Object;

/// How long a holder that is not heard of any more keeps its right.
pub(super) const HELD_FOR: Duration = Duration::from_secs(10);
/// Separates what people read from what makes a holder unique.
const UNIQUE: &str = " #";
const NAME: &str = "cordanetes-run";

/// Where the Lease of a network lies.
pub(crate) fn key(network: &str) -> ObjectKey {
    kinds::LEASE.key(Some(&Inventory::namespace(network)), NAME)
}

/// Finds the Lease of a network and nothing else; it carries no label of the network's objects, because it goes
/// with its namespace and not before.
pub(super) fn selector(network: &str) -> String {
    format!("{}={network}", labels::LEASE)
}

/// Who holds the right to change a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    /// Unique among all runs.
    pub(super) identity: String,
    /// Since when, as the API server keeps it.
    pub(super) since: String,
    /// When it was last heard of.
    pub(super) renewed: String,
}

impl Holder {
    /// Whom a Lease names; `None` when nobody holds it.
    pub(super) fn of(lease: &Object) -> Option<Self> {
        let text = |field: &str| {
            lease
                .text(&format!("/spec/{field}"))
                .unwrap_or_default()
                .to_owned()
        };
        let identity = text("holderIdentity");
        (!identity.is_empty()).then(|| Self {
            identity,
            since: text("acquireTime"),
            renewed: text("renewTime"),
        })
    }

    /// As people read it.
    pub(super) fn words(&self) -> &str {
        words(&self.identity)
    }
}

pub(super) fn words(identity: &str) -> &str {
    identity.split_once(UNIQUE).map_or(identity, |(words, _)| words)
}

/// An identity that no other run has.
pub(super) fn identity(holder: &str) -> Result<String, getrandom::Error> {
    let unique = getrandom::u64()?;
    Ok(format!("{holder}{UNIQUE}{unique:016x}"))
}

/// The Lease as `identity` holds it from now on, or as nobody does.
pub(super) fn held(network: &str, before: Option<&Object>, identity: Option<&str>) -> Value {
    let now = now();
    let key = key(network);
    let known = before.and_then(Holder::of);
    let transitions = before
        .and_then(|lease| lease.value().pointer("/spec/leaseTransitions")?.as_i64())
        .unwrap_or_default();
    let (since, transitions) = match known {
        Some(known) if Some(known.identity.as_str()) == identity => (known.since, transitions),
        _ => (now.clone(), transitions + i64::from(identity.is_some())),
    };
    json!({
        "apiVersion": key.api_version,
        "kind": key.kind,
        "metadata": {
            "name": key.name,
            "namespace": key.namespace,
            "labels": { labels::MANAGED_BY: labels::MANAGER, labels::LEASE: network },
            "resourceVersion": before.and_then(|lease| lease.text("/metadata/resourceVersion")),
        },
        "spec": {
            "holderIdentity": identity.unwrap_or_default(),
            "leaseDurationSeconds": HELD_FOR.as_secs(),
            "acquireTime": since,
            "renewTime": now,
            "leaseTransitions": transitions,
        },
    })
}

fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}
