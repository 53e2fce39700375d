//! How outsiders reach a component: one port of it and nothing else, by what the topology says of its exposure. None of
//! these speaks TLS to the component for the caller: the HTTP of Identity Manager, Network Map and Gateway is plain
//! (reference §1.3), and the TLS of P2P goes through untouched.

mod ingress;
mod public_service;
mod route;

use std::collections::BTreeMap;

use topology::{
    Topology,
    connection::{ConnectionMatrix, Port},
    model::{Component, Exposure, ExposureKind},
};

use super::service::PUBLIC_HTTP;
use crate::{manifest::Manifest, metadata::Owner};

/// The port of a component that outsiders call.
#[derive(Clone, Copy)]
struct Public {
    /// Which it is.
    port: Port,
    /// Its number in the Pod and of its Service.
    number: u16,
    /// The number under which outsiders find it.
    outside: u16,
}

impl Public {
    fn of(component: &Component, exposure: &Exposure, matrix: &ConnectionMatrix) -> Option<Self> {
        let (port, number) = matrix
            .ports_of(component)
            .into_iter()
            .find(|(port, _)| matches!(port, Port::P2p | Port::Http | Port::Gateway))?;
        let outside = match port {
            Port::P2p => exposure.port.unwrap_or(number),
            // The addresses that nodes are told, and those in certificates, have no port.
            _ => PUBLIC_HTTP,
        };
        Some(Self {
            port,
            number,
            outside,
        })
    }
}

/// What exposes a component beside its Service; nothing for one that only the cluster reaches.
pub fn exposure(owner: Owner<'_>, component: &Component, matrix: &ConnectionMatrix) -> Option<Manifest> {
    let exposure = owner.topology.exposure(component);
    let public = Public::of(component, exposure, matrix)?;
    match exposure.kind {
        ExposureKind::LoadBalancer | ExposureKind::NodePort => {
            Some(public_service::public_service(owner, component, exposure, public))
        }
        ExposureKind::Gateway => route::route(owner, component, exposure, public),
        ExposureKind::Ingress => {
            let host = owner.topology.public_host(component)?;
            Some(ingress::ingress(owner, component, exposure, host, public.port))
        }
        ExposureKind::None | ExposureKind::ClusterIp => None,
    }
}

/// Whether others must act before an exposure works, who say when they have: a load balancer gets an address, a Gateway
/// takes a route. An Ingress is never waited for: not every controller writes its address, a cluster may have none at all
/// (kind's has not), and nothing tells these from one that is about to act.
pub fn is_awaited(topology: &Topology, component: &Component) -> bool {
    matches!(
        topology.exposure(component).kind,
        ExposureKind::LoadBalancer | ExposureKind::Gateway
    )
}

fn annotations(exposure: &Exposure) -> Option<BTreeMap<String, String>> {
    let annotations: BTreeMap<_, _> = exposure.annotations.iter().cloned().collect();
    Some(annotations).filter(|all| !all.is_empty())
}
