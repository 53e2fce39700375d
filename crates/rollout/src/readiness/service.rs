//! What leads to Pods: Services, Ingresses, and the endpoints behind them.

use k8s_openapi::api::core::v1::{Endpoints, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::api::networking::v1::Ingress;

use super::Readiness;

/// A Service is current when it has the address that its type promises.
pub(super) fn readiness(service: &Service) -> Readiness {
    let spec = service.spec.clone().unwrap_or_default();
    let type_ = spec.type_.as_deref().unwrap_or("ClusterIP");
    let has_balancer = service
        .status
        .iter()
        .flat_map(|status| &status.load_balancer)
        .flat_map(|balancer| balancer.ingress.iter().flatten())
        .any(|address| address.ip.is_some() || address.hostname.is_some());
    match type_ {
        "ExternalName" => Readiness::Current,
        "LoadBalancer" if !has_balancer => {
            Readiness::InProgress("its load balancer has no address yet".to_owned())
        }
        _ if spec.cluster_ip.as_deref().unwrap_or_default().is_empty() => {
            Readiness::InProgress("it has no address in the cluster yet".to_owned())
        }
        _ => Readiness::Current,
    }
}

/// An Ingress that names a class is current when that class's controller has given it an address. One without a class
/// belongs to no controller: the API server would have put in the default one if there were one.
pub(super) fn ingress(ingress: &Ingress) -> Readiness {
    let has_address = ingress
        .status
        .iter()
        .flat_map(|status| &status.load_balancer)
        .flat_map(|balancer| balancer.ingress.iter().flatten())
        .any(|address| address.ip.is_some() || address.hostname.is_some());
    let class = ingress
        .spec
        .as_ref()
        .and_then(|spec| spec.ingress_class_name.as_deref());
    match class {
        Some(class) if !has_address => Readiness::InProgress(format!(
            "the controller of class `{class}` has given it no address yet"
        )),
        _ => Readiness::Current,
    }
}

/// A slice is current when one of its endpoints is ready.
pub(super) fn slice(slice: &EndpointSlice) -> Readiness {
    let ready = slice.endpoints.iter().filter(|endpoint| {
        let ready = endpoint
            .conditions
            .as_ref()
            .and_then(|conditions| conditions.ready);
        // Unknown counts as ready, by the field's own definition.
        ready.unwrap_or(true) && !endpoint.addresses.is_empty()
    });
    of_endpoints(ready.count(), slice.endpoints.len())
}

/// Endpoints are current when one of them is ready.
pub(super) fn endpoints(endpoints: &Endpoints) -> Readiness {
    let subsets = || endpoints.subsets.iter().flatten();
    let ready = subsets()
        .flat_map(|subset| subset.addresses.iter().flatten())
        .count();
    let not_ready = subsets()
        .flat_map(|subset| subset.not_ready_addresses.iter().flatten())
        .count();
    of_endpoints(ready, ready + not_ready)
}

fn of_endpoints(ready: usize, all: usize) -> Readiness {
    if ready > 0 {
        Readiness::Current
    } else {
        Readiness::InProgress(format!("none of its {all} endpoints is ready"))
    }
}
