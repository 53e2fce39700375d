//! One allow for each end of each connection of the matrix, on top of the default deny.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::networking::v1::{
        NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicyPeer,
        NetworkPolicyPort, NetworkPolicySpec,
    },
    apimachinery::pkg::util::intstr::IntOrString,
};
use topology::{
    connection::{Connection, Party, Protocol},
    model::Component,
};

use crate::{
    manifest::Manifest,
    metadata::{Owner, component_labels, selector},
};

/// The policies of a connection: egress where the client is, ingress where the server is. Who comes through the
/// ingress has no policy: which controller that is, a topology does not say yet.
pub fn allow(owner: Owner<'_>, connection: &Connection) -> Vec<(Component, Manifest)> {
    let mut policies = Vec::new();
    let id = connection.id.to_lowercase();
    if let Some(client) = connection.client_component() {
        let (to, server) = match &connection.server {
            Party::Component(server) => (component_peer(owner, server), server.name()),
            Party::ClusterDns => (dns_peer(), "cluster-dns"),
            Party::Outside => return policies,
        };
        let spec = NetworkPolicySpec {
            pod_selector: Some(selector(component_labels(client))),
            policy_types: Some(vec!["Egress".into()]),
            egress: Some(vec![NetworkPolicyEgressRule {
                to: Some(vec![to]),
                ports: Some(ports(connection)),
            }]),
            ingress: None,
        };
        let name = format!("{}-{id}-to-{server}", client.name());
        let metadata = owner.metadata(client, name);
        policies.push((
            client.clone(),
            Manifest::of(&NetworkPolicy {
                metadata,
                spec: Some(spec),
            }),
        ));
    }
    if let (Some(server), Party::Component(client)) = (connection.server_component(), &connection.client) {
        let from = vec![component_peer(owner, client)];
        let spec = NetworkPolicySpec {
            pod_selector: Some(selector(component_labels(server))),
            policy_types: Some(vec!["Ingress".into()]),
            ingress: Some(vec![NetworkPolicyIngressRule {
                from: Some(from),
                ports: Some(ports(connection)),
            }]),
            egress: None,
        };
        let name = format!("{}-{id}-from-{}", server.name(), client.name());
        let metadata = owner.metadata(server, name);
        policies.push((
            server.clone(),
            Manifest::of(&NetworkPolicy {
                metadata,
                spec: Some(spec),
            }),
        ));
    }
    policies
}

fn component_peer(owner: Owner<'_>, component: &Component) -> NetworkPolicyPeer {
    NetworkPolicyPeer {
        namespace_selector: Some(selector(named(&component.namespace().name(&owner.topology.name)))),
        pod_selector: Some(selector(component_labels(component))),
        ip_block: None,
    }
}

/// `CoreDNS` as kubeadm and the large platforms run it.
fn dns_peer() -> NetworkPolicyPeer {
    NetworkPolicyPeer {
        namespace_selector: Some(selector(named("kube-system"))),
        pod_selector: Some(selector(BTreeMap::from([(
            "k8s-app".to_owned(),
            "kube-dns".to_owned(),
        )]))),
        ip_block: None,
    }
}

/// The label that Kubernetes itself puts on a namespace.
fn named(namespace: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("kubernetes.io/metadata.name".to_owned(), namespace.to_owned())])
}

fn ports(connection: &Connection) -> Vec<NetworkPolicyPort> {
    let protocols: &[&str] = if connection.protocol == Protocol::Dns {
        &["UDP", "TCP"]
    } else {
        &["TCP"]
    };
    protocols
        .iter()
        .map(|protocol| NetworkPolicyPort {
            protocol: Some((*protocol).to_owned()),
            port: Some(IntOrString::Int(connection.number.into())),
            end_port: None,
        })
        .collect()
}
