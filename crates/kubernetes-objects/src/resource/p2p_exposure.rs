//! How peers outside of the network reach a node or a float: one address each, of P2P and of nothing else.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::core::v1::{Service, ServicePort, ServiceSpec},
    apimachinery::pkg::util::intstr::IntOrString,
};
use serde_json::json;
use topology::{
    connection::{ConnectionMatrix, Port},
    model::{Component, Exposure, ExposureKind},
};

use super::service::SERVING;
use crate::{
    manifest::Manifest,
    metadata::{Owner, workload_labels},
    names::public_service,
};

/// What exposes a receiver of P2P beside its Service; nothing for other components, and for a receiver that only the
/// cluster reaches.
pub fn p2p_exposure(owner: Owner<'_>, component: &Component, matrix: &ConnectionMatrix) -> Vec<Manifest> {
    let exposure = owner.topology.exposure(component);
    let Some((_, number)) = matrix
        .ports_of(component)
        .into_iter()
        .find(|(port, _)| *port == Port::P2p)
    else {
        return Vec::new();
    };
    match exposure.kind {
        ExposureKind::LoadBalancer | ExposureKind::NodePort => {
            vec![public(owner, component, exposure, number)]
        }
        ExposureKind::Gateway => tls_route(owner, component, exposure, number)
            .into_iter()
            .collect(),
        ExposureKind::None | ExposureKind::ClusterIp | ExposureKind::Ingress => Vec::new(),
    }
}

/// A Service of its own, so that no other port is opened with P2P.
fn public(owner: Owner<'_>, component: &Component, exposure: &Exposure, number: u16) -> Manifest {
    let is_balancer = exposure.kind == ExposureKind::LoadBalancer;
    let mut metadata = owner.metadata(component, public_service(component));
    metadata.annotations = annotations(exposure);
    let port = ServicePort {
        name: Some(Port::P2p.name().to_owned()),
        port: exposure.port.filter(|_| is_balancer).unwrap_or(number).into(),
        target_port: Some(IntOrString::Int(number.into())),
        node_port: exposure.node_port.map(i32::from),
        protocol: Some("TCP".into()),
        app_protocol: None,
    };
    Manifest::of(&Service {
        metadata,
        spec: Some(ServiceSpec {
            selector: Some(workload_labels(component, SERVING)),
            ports: Some(vec![port]),
            type_: Some(if is_balancer { "LoadBalancer" } else { "NodePort" }.into()),
            // The caller's own address reaches the node's log, and no second machine stands in between.
            external_traffic_policy: Some("Local".into()),
            load_balancer_ip: exposure.address.map(|address| address.to_string()),
            ..ServiceSpec::default()
        }),
        status: None,
    })
}

/// TLS goes through untouched: the certificates of both sides are the network's.
fn tls_route(owner: Owner<'_>, component: &Component, exposure: &Exposure, number: u16) -> Option<Manifest> {
    let gateway = exposure.gateway.as_ref()?;
    let host = owner.topology.p2p_host(component)?;
    let mut metadata = owner.metadata(component, component.name().as_ref());
    metadata.annotations = annotations(exposure);
    let mut parent = json!({ "name": gateway.name, "namespace": gateway.namespace });
    if let Some(section) = &gateway.section {
        parent["sectionName"] = json!(section);
    }
    Some(Manifest::from(json!({
        "apiVersion": "gateway.networking.k8s.io/v1alpha2",
        "kind": "TLSRoute",
        "metadata": metadata,
        "spec": {
            "parentRefs": [parent],
            "hostnames": [host.to_string()],
            "rules": [{ "backendRefs": [{ "name": component.name(), "port": number }] }],
        },
    })))
}

fn annotations(exposure: &Exposure) -> Option<BTreeMap<String, String>> {
    let annotations: BTreeMap<_, _> = exposure.annotations.iter().cloned().collect();
    Some(annotations).filter(|all| !all.is_empty())
}
