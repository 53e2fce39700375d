//! Which fields force an object to be made anew, and what that costs.

use kubernetes_objects::manifest::ObjectKey;
use serde_json::Value;

use super::difference::{Difference, unmet};

/// What a `StatefulSet` lets change in its spec.
const CHANGEABLE_IN_SETS: &[&str] = &[
    ".spec.replicas",
    ".spec.ordinals",
    ".spec.template",
    ".spec.updateStrategy",
    ".spec.revisionHistoryLimit",
    ".spec.persistentVolumeClaimRetentionPolicy",
    ".spec.minReadySeconds",
];

/// The fields that cannot be changed in place. The server names them, for some kinds only as `spec`.
pub(super) fn forcing(key: &ObjectKey, live: &Value, wanted: &Value, named: &[String]) -> Vec<Difference> {
    let found = unmet(live, wanted);
    let changeable: &[&str] = if key.kind == "StatefulSet" {
        CHANGEABLE_IN_SETS
    } else {
        &[]
    };
    let is_forcing = |difference: &&Difference| {
        let path = &difference.path;
        let is_named = named.iter().any(|field| {
            let field = field.split('[').next().unwrap_or_default();
            let field = field.strip_suffix('s').unwrap_or(field);
            path.starts_with(&format!(".{field}"))
        });
        is_named && !changeable.iter().any(|changeable| path.starts_with(changeable))
    };
    let forcing: Vec<Difference> = found.iter().filter(is_forcing).cloned().collect();
    if forcing.is_empty() { found } else { forcing }
}

/// What is lost when an object of this kind is deleted and made again.
pub(super) fn cost(key: &ObjectKey, live: &Value) -> String {
    match key.kind.as_str() {
        "PersistentVolumeClaim" => {
            let volume = live["spec"]["volumeName"].as_str().unwrap_or("the volume");
            format!("all data on it ({volume}); what uses it is stopped and made anew")
        }
        "StatefulSet" => {
            let claims = live["spec"]["volumeClaimTemplates"]
                .as_array()
                .map_or(0, Vec::len);
            match claims {
                0 => "its Pods stop until it is made anew; volumes stay".to_owned(),
                _ => "its Pods stop until it is made anew; the claims of its templates stay as they are, with their data"
                    .to_owned(),
            }
        }
        "Deployment" | "DaemonSet" => "its Pods stop until it is made anew".to_owned(),
        "Job" => "it runs again from its beginning".to_owned(),
        "CronJob" => "running Jobs of it stop".to_owned(),
        "Service" => {
            let address = live["spec"]["clusterIP"].as_str().unwrap_or("none");
            format!("its cluster address {address}; what was given that address gets the new one")
        }
        "Secret" | "ConfigMap" => "Pods that start in between wait for it".to_owned(),
        _ => "it is absent for a moment".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds;

    #[test]
    fn the_forcing_fields_are_found_where_the_server_only_says_spec() {
        let key = kinds::STATEFUL_SET.key(Some("n"), "map");
        let live = json!({ "spec": { "replicas": 1, "serviceName": "map", "template": { "a": 1 } } });
        let wanted = json!({ "spec": { "replicas": 2, "serviceName": "other", "template": { "a": 2 } } });
        let paths = |found: Vec<Difference>| found.into_iter().map(|one| one.path).collect::<Vec<_>>();
        assert_eq!(
            paths(forcing(&key, &live, &wanted, &["spec".to_owned()])),
            [".spec.serviceName"]
        );
        let service = kinds::SERVICE.key(Some("n"), "map");
        let live = json!({ "spec": { "clusterIP": "10.0.0.1", "selector": { "a": "b" } } });
        let wanted = json!({ "spec": { "clusterIP": "10.0.0.2", "selector": { "a": "c" } } });
        assert_eq!(
            paths(forcing(
                &service,
                &live,
                &wanted,
                &["spec.clusterIPs[0]".to_owned()]
            )),
            [".spec.clusterIP"]
        );
    }

    #[test]
    fn costs_name_what_is_lost() {
        let claim = kinds::CLAIM.key(Some("n"), "data");
        let words = cost(&claim, &json!({ "spec": { "volumeName": "pvc-1" } }));
        assert!(words.contains("all data on it (pvc-1)"), "{words}");
    }
}
