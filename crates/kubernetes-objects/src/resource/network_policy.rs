//! One allow for each end of each connection of the matrix, on top of the default deny.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::networking::v1::{
        IPBlock, NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicyPeer,
        NetworkPolicyPort, NetworkPolicySpec,
    },
    apimachinery::pkg::{
        apis::meta::v1::{LabelSelector, LabelSelectorRequirement},
        util::intstr::IntOrString,
    },
};
use topology::{
    connection::{Allows, Connection, Party, Protocol},
    model::{Component, Endpoint, ExposureKind, PlatformKind},
};

use crate::{
    manifest::Manifest,
    metadata::{COMPONENT, NETWORK, Owner, checksum, component_labels, selector},
};

/// The policies of a connection: egress where the client is, ingress where the server is.
pub fn allow(owner: Owner<'_>, connection: &Connection) -> Vec<(Component, Manifest)> {
    let mut policies = Vec::new();
    let id = connection.id.to_lowercase();
    if let Some(client) = connection
        .client_component()
        .filter(|_| connection.allows != Allows::Server)
    {
        let spec = NetworkPolicySpec {
            pod_selector: Some(selector(component_labels(client))),
            policy_types: Some(vec!["Egress".into()]),
            egress: Some(vec![NetworkPolicyEgressRule {
                to: Some(peers(owner, &connection.server, client, Side::Server)),
                ports: Some(ports(connection)),
            }]),
            ingress: None,
        };
        let name = format!(
            "{}-{id}-to-{}",
            client.name(),
            name_of(&connection.server, connection)
        );
        policies.push((client.clone(), policy(owner, client, name, spec)));
    }
    if let Some(server) = connection
        .server_component()
        .filter(|_| connection.allows != Allows::Client)
    {
        let from = peers(owner, &connection.client, server, Side::Client);
        let spec = NetworkPolicySpec {
            pod_selector: Some(selector(component_labels(server))),
            policy_types: Some(vec!["Ingress".into()]),
            ingress: Some(vec![NetworkPolicyIngressRule {
                // None at all means everybody, an empty list would too: nobody is no party of the matrix.
                from: Some(from).filter(|from| !from.is_empty()),
                ports: Some(ports(connection)),
            }]),
            egress: None,
        };
        let name = format!(
            "{}-{id}-from-{}",
            server.name(),
            name_of(&connection.client, connection)
        );
        policies.push((server.clone(), policy(owner, server, name, spec)));
    }
    policies
}

fn policy(owner: Owner<'_>, component: &Component, name: String, spec: NetworkPolicySpec) -> Manifest {
    Manifest::of(&NetworkPolicy {
        metadata: owner.metadata(component, name),
        spec: Some(spec),
    })
}

/// Which end a party is at: a group has other members as clients than as servers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Client,
    Server,
}

/// A party in the name of a policy. Ports and hosts keep two of them apart.
fn name_of(party: &Party, connection: &Connection) -> String {
    match party {
        Party::Component(component) => component.name().into_owned(),
        Party::Peers => format!("peers-{}", connection.number),
        Party::Monitored => "monitored".to_owned(),
        Party::Neighbours => "neighbours".to_owned(),
        Party::ClusterDns => "cluster-dns".to_owned(),
        Party::Cluster => "cluster".to_owned(),
        Party::Outside => "outside".to_owned(),
        Party::Endpoint(Endpoint { address, .. }) => {
            format!("{}-{}", in_a_name(&address.host), address.port)
        }
        Party::Anywhere => "anywhere".to_owned(),
    }
}

/// A host as a part of a name, which may have 253 characters as the host alone may: of a long one the beginning, with a
/// digest that keeps it apart from others.
fn in_a_name(host: &str) -> String {
    const LONGEST: usize = 120;
    let host = host.replace(':', "-");
    if host.len() <= LONGEST {
        return host;
    }
    let digest = checksum([host.as_bytes()]);
    let begin = host.get(..LONGEST - 9).unwrap_or_default();
    format!(
        "{}-{}",
        begin.trim_end_matches(['.', '-']),
        digest.get(..8).unwrap_or_default()
    )
}

/// The peers that a party is. None of them means everybody: an outsider comes through whatever the platform has, a load
/// balancer or a node's own address, which no selector names.
fn peers(owner: Owner<'_>, party: &Party, own: &Component, side: Side) -> Vec<NetworkPolicyPeer> {
    match party {
        Party::Component(component) => vec![component_peer(owner, component)],
        Party::Peers => {
            let kinds: &[&str] = match side {
                Side::Client => &["notary", "participant", "bridge"],
                Side::Server => &["notary", "participant", "float"],
            };
            vec![in_network(owner, Some(kinds))]
        }
        Party::Monitored => vec![in_network(owner, None)],
        Party::Neighbours => vec![NetworkPolicyPeer {
            pod_selector: Some(LabelSelector::default()),
            namespace_selector: None,
            ip_block: None,
        }],
        Party::ClusterDns => vec![dns_peer(owner)],
        Party::Cluster => vec![every_pod()],
        Party::Outside => outside(owner, own),
        Party::Endpoint(server) => endpoint(server),
        Party::Anywhere => vec![block("0.0.0.0/0"), block("::/0")],
    }
}

fn component_peer(owner: Owner<'_>, component: &Component) -> NetworkPolicyPeer {
    NetworkPolicyPeer {
        namespace_selector: Some(selector(named(&component.namespace().name(&owner.topology.name)))),
        pod_selector: Some(selector(component_labels(component))),
        ip_block: None,
    }
}

/// Pods of the whole network, of some kinds or of all.
fn in_network(owner: Owner<'_>, kinds: Option<&[&str]>) -> NetworkPolicyPeer {
    let network = BTreeMap::from([(NETWORK.to_owned(), owner.topology.name.to_string())]);
    let of_kinds = kinds.map(|kinds| LabelSelectorRequirement {
        key: COMPONENT.to_owned(),
        operator: "In".to_owned(),
        values: Some(kinds.iter().map(|kind| (*kind).to_owned()).collect()),
    });
    NetworkPolicyPeer {
        namespace_selector: Some(selector(network)),
        pod_selector: Some(LabelSelector {
            match_expressions: of_kinds.map(|requirement| vec![requirement]),
            match_labels: None,
        }),
        ip_block: None,
    }
}

/// Whoever comes in by an exposure: what is declared of it. Through an Ingress controller whose namespace is known from
/// there only, through a Gateway from its proxies, else from the addresses that are let in; nothing of these means
/// everybody.
fn outside(owner: Owner<'_>, server: &Component) -> Vec<NetworkPolicyPeer> {
    let exposure = owner.topology.exposure(server);
    if let Some(gateway) = &exposure.gateway {
        return vec![pods(
            &gateway.proxy_namespace,
            gateway.proxy_labels.iter().cloned().collect(),
        )];
    }
    let controller = (owner.topology.ingress.as_ref()).and_then(|ingress| ingress.namespace.as_deref());
    match (exposure.kind, controller) {
        (ExposureKind::Ingress, Some(namespace)) => vec![pods(namespace, BTreeMap::new())],
        // A controller runs as Pods, wherever that is.
        (ExposureKind::Ingress, None) => vec![every_pod()],
        _ => exposure
            .source_ranges
            .iter()
            .map(|range| block(&range.to_string()))
            .collect(),
    }
}

/// Pods of a namespace that is not of the network: those with the labels, or all.
fn pods(namespace: &str, labels: BTreeMap<String, String>) -> NetworkPolicyPeer {
    let every = labels.is_empty();
    NetworkPolicyPeer {
        namespace_selector: Some(selector(named(namespace))),
        pod_selector: Some(if every {
            LabelSelector::default()
        } else {
            selector(labels)
        }),
        ip_block: None,
    }
}

/// A server outside of the network: where it was declared to be, or its namespace.
fn endpoint(endpoint: &Endpoint) -> Vec<NetworkPolicyPeer> {
    match endpoint.address.namespace() {
        Some(namespace) => vec![pods(namespace, BTreeMap::new())],
        None => endpoint
            .ranges
            .iter()
            .map(|range| block(&range.to_string()))
            .collect(),
    }
}

fn every_pod() -> NetworkPolicyPeer {
    NetworkPolicyPeer {
        namespace_selector: Some(LabelSelector::default()),
        pod_selector: None,
        ip_block: None,
    }
}

fn block(cidr: &str) -> NetworkPolicyPeer {
    NetworkPolicyPeer {
        ip_block: Some(IPBlock {
            cidr: cidr.to_owned(),
            except: None,
        }),
        namespace_selector: None,
        pod_selector: None,
    }
}

/// `CoreDNS` as kubeadm and the large platforms run it, or as OpenShift's operator does.
fn dns_peer(owner: Owner<'_>) -> NetworkPolicyPeer {
    let (namespace, key, value) = match owner.topology.platform.kind {
        PlatformKind::Openshift => (
            "openshift-dns",
            "dns.operator.openshift.io/daemonset-dns",
            "default",
        ),
        _ => ("kube-system", "k8s-app", "kube-dns"),
    };
    NetworkPolicyPeer {
        namespace_selector: Some(selector(named(namespace))),
        pod_selector: Some(selector(BTreeMap::from([(key.to_owned(), value.to_owned())]))),
        ip_block: None,
    }
}

/// The label that Kubernetes itself puts on a namespace.
fn named(namespace: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("kubernetes.io/metadata.name".to_owned(), namespace.to_owned())])
}

fn ports(connection: &Connection) -> Vec<NetworkPolicyPort> {
    let protocols: &[&str] = match connection.protocol {
        Protocol::AnyPort => {
            return vec![NetworkPolicyPort {
                protocol: Some("TCP".to_owned()),
                port: None,
                end_port: None,
            }];
        }
        Protocol::Dns => &["UDP", "TCP"],
        _ => &["TCP"],
    };
    let port = |protocol: &&str| NetworkPolicyPort {
        protocol: Some((*protocol).to_owned()),
        port: Some(IntOrString::Int(connection.number.into())),
        end_port: None,
    };
    protocols.iter().map(port).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_in_names_stay_short_and_apart() {
        let long = |last: char| format!("{}.{last}.example", ["a".repeat(63), "b".repeat(63)].join("."));
        assert_eq!(in_a_name("db.bank.example"), "db.bank.example");
        assert_eq!(in_a_name("fd00::1"), "fd00--1");
        assert_ne!(in_a_name(&long('x')), in_a_name(&long('y')));
        for host in [long('x'), "a.".repeat(126)] {
            let name = in_a_name(&host);
            assert!(name.len() <= 120, "{name}");
            assert!(topology::names::DnsName::new(&name).is_ok(), "{name}");
        }
    }
}
