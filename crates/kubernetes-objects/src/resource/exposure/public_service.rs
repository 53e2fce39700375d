//! A load balancer of the platform, or a port of every node of the cluster.

use k8s_openapi::{
    api::core::v1::{Service, ServicePort, ServiceSpec},
    apimachinery::pkg::util::intstr::IntOrString,
};
use topology::model::{Component, Exposure, ExposureKind};

use super::{Public, annotations};
use crate::{
    manifest::Manifest,
    metadata::{Owner, workload_labels},
    names,
    resource::service::SERVING,
};

/// A Service of its own, so that no other port is opened with the public one.
pub(super) fn public_service(
    owner: Owner<'_>,
    component: &Component,
    exposure: &Exposure,
    public: Public,
) -> Manifest {
    let is_balancer = exposure.kind == ExposureKind::LoadBalancer;
    let mut metadata = owner.metadata(component, names::public_service(component));
    metadata.annotations = annotations(exposure);
    let port = ServicePort {
        name: Some(public.port.name().to_owned()),
        port: if is_balancer {
            public.outside
        } else {
            public.number
        }
        .into(),
        target_port: Some(IntOrString::Int(public.number.into())),
        node_port: exposure.node_port.map(i32::from),
        protocol: Some("TCP".into()),
        app_protocol: None,
    };
    let ranges: Vec<String> = exposure.source_ranges.iter().map(ToString::to_string).collect();
    Manifest::of(&Service {
        metadata,
        spec: Some(ServiceSpec {
            selector: Some(workload_labels(component, SERVING)),
            ports: Some(vec![port]),
            type_: Some(if is_balancer { "LoadBalancer" } else { "NodePort" }.into()),
            // The caller's own address reaches the Pod, which policies need as logs do, and no second machine stands in
            // between.
            external_traffic_policy: Some("Local".into()),
            load_balancer_ip: exposure.address.map(|address| address.to_string()),
            // The API server refuses them for a node port; the policy alone holds there.
            load_balancer_source_ranges: Some(ranges).filter(|all| is_balancer && !all.is_empty()),
            ..ServiceSpec::default()
        }),
        status: None,
    })
}
