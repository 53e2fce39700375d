//! Where components are found inside the cluster.

use crate::model::{Component, Topology};

/// The name by which others in the cluster call a component's Service. It ends with `svc`, so that it holds in
/// clusters of any DNS domain.
pub fn service_host(component: &Component, topology: &Topology) -> String {
    format!(
        "{}.{}.svc",
        component.name(),
        component.namespace().name(&topology.name)
    )
}

/// Every name by which a client may call a component's Service: the names in its certificate.
pub fn cluster_dns_names(component: &Component, topology: &Topology) -> Vec<String> {
    let host = service_host(component, topology);
    let without_suffix = host.trim_end_matches(".svc").to_owned();
    vec![
        component.name().into_owned(),
        without_suffix,
        format!("{host}.cluster.local"),
        host,
    ]
}
