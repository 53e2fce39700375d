//! Routes of the Gateway API (gateway.networking.k8s.io) from a Gateway that exists to a component.

use serde_json::{Value, json};
use topology::{
    connection::Port,
    model::{Component, Exposure, GatewayReference},
};

use super::{Public, annotations};
use crate::{manifest::Manifest, metadata::Owner};

/// An `HTTPRoute` of the component's host, whole and without a redirect, which a node would take for a failure
/// (reference §8.3, 2); for P2P a `TLSRoute`: TLS goes through untouched, the certificates of both sides are the
/// network's. A `BackendTLSPolicy` has nothing to say: no backend here speaks TLS of its own to a Gateway.
pub(super) fn route(
    owner: Owner<'_>,
    component: &Component,
    exposure: &Exposure,
    public: Public,
) -> Option<Manifest> {
    let gateway = exposure.gateway.as_ref()?;
    let host = owner.topology.public_host(component)?;
    let mut metadata = owner.metadata(component, component.name().as_ref());
    metadata.annotations = annotations(exposure);
    let (version, kind) = match public.port {
        Port::P2p => ("gateway.networking.k8s.io/v1alpha2", "TLSRoute"),
        _ => ("gateway.networking.k8s.io/v1", "HTTPRoute"),
    };
    Some(Manifest::from(json!({
        "apiVersion": version,
        "kind": kind,
        "metadata": metadata,
        "spec": {
            "parentRefs": [parent(gateway)],
            "hostnames": [host.to_string()],
            "rules": [{ "backendRefs": [{ "name": component.name(), "port": public.number }] }],
        },
    })))
}

/// The Gateway that a route belongs to.
fn parent(gateway: &GatewayReference) -> Value {
    let mut parent = json!({ "name": gateway.name, "namespace": gateway.namespace });
    if let Some(section) = &gateway.section {
        parent["sectionName"] = json!(section);
    }
    parent
}
