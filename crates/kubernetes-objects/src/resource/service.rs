//! Services: the names by which components call each other.

use k8s_openapi::{
    api::core::v1::{Service, ServicePort, ServiceSpec},
    apimachinery::pkg::util::intstr::IntOrString,
};
use topology::{
    connection::{ConnectionMatrix, Port},
    model::Component,
};

use crate::{
    component::prometheus::WEB_PORT,
    manifest::Manifest,
    metadata::{Owner, workload_labels},
    names::{metrics_service, rpc_service},
};

/// The workload that Services lead to; registrations and Jobs are never behind one.
pub const SERVING: &str = "service";

/// The port under which a public HTTP component answers inside of the cluster by its public name.
pub const PUBLIC_HTTP: u16 = 80;

/// The Services of a component: its own; RPC and metrics in Services of their own, so that neither is exposed
/// together with the rest.
pub fn services(owner: Owner<'_>, component: &Component, matrix: &ConnectionMatrix) -> Vec<Manifest> {
    let mut ports = matrix.ports_of(component);
    if *component == Component::Prometheus {
        // Nobody inside of the network calls it, so the matrix has no port of it; operators do.
        ports.push((Port::Prometheus, WEB_PORT));
    }
    let (rpc, others): (Vec<_>, Vec<_>) = ports.into_iter().partition(|(port, _)| *port == Port::Rpc);
    let (metrics, own): (Vec<_>, Vec<_>) = others.into_iter().partition(|(port, _)| *port == Port::Metrics);
    let mut own: Vec<_> = own
        .into_iter()
        .map(|(port, number)| service_port(port.name(), number, number))
        .collect();
    let http = matrix
        .ports_of(component)
        .into_iter()
        .find(|(port, _)| *port == Port::Http);
    if let Some((_, http)) = http {
        own.push(service_port("public", PUBLIC_HTTP, http));
    }
    let plain = |ports: Vec<(Port, u16)>| {
        ports
            .into_iter()
            .map(|(port, number)| service_port(port.name(), number, number))
            .collect::<Vec<_>>()
    };
    [
        (component.name().into_owned(), own),
        (rpc_service(component), plain(rpc)),
        (metrics_service(component), plain(metrics)),
    ]
    .into_iter()
    .filter(|(_, ports)| !ports.is_empty())
    .map(|(name, ports)| service(owner, component, name, ports))
    .collect()
}

fn service(owner: Owner<'_>, component: &Component, name: String, ports: Vec<ServicePort>) -> Manifest {
    Manifest::of(&Service {
        metadata: owner.metadata(component, name),
        spec: Some(ServiceSpec {
            selector: Some(workload_labels(component, SERVING)),
            ports: Some(ports),
            type_: Some("ClusterIP".into()),
            ..ServiceSpec::default()
        }),
        status: None,
    })
}

fn service_port(name: &str, number: u16, target: u16) -> ServicePort {
    ServicePort {
        name: Some(name.to_owned()),
        port: number.into(),
        target_port: Some(IntOrString::Int(target.into())),
        protocol: Some("TCP".into()),
        ..ServicePort::default()
    }
}
