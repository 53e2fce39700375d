//! Which fields an API server would refuse to change.

use kubernetes_objects::manifest::ObjectKey;
use serde_json::Value;

/// What may be changed in the spec of a `StatefulSet`.
const CHANGEABLE: &[&str] = &["replicas", "template", "updateStrategy", "minReadySeconds"];

/// The fields of the new state that an object of this kind cannot take on, as the server names them.
pub(super) fn refused(key: &ObjectKey, old: &Value, wanted: &Value) -> Vec<String> {
    let (old, wanted) = (&old["spec"], &wanted["spec"]);
    let differs = |field: &str| !wanted[field].is_null() && old[field] != wanted[field];
    let refused = match key.kind.as_str() {
        "Job" if old != wanted => Some("spec.template"),
        "Deployment" if differs("selector") => Some("spec.selector"),
        "StatefulSet"
            if wanted.as_object().is_some_and(|wanted| {
                wanted
                    .keys()
                    .any(|field| !CHANGEABLE.contains(&field.as_str()) && differs(field))
            }) =>
        {
            Some("spec")
        }
        "PersistentVolumeClaim" if ["storageClassName", "accessModes"].into_iter().any(differs) => {
            Some("spec")
        }
        "Service" if differs("clusterIP") => Some("spec.clusterIPs[0]"),
        _ => None,
    };
    refused.into_iter().map(str::to_owned).collect()
}
