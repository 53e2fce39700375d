//! How a component is reached from outside of the network.

use std::net::IpAddr;

use crate::{language::choice, scalar::IpRange};

choice! {
    /// A way in.
    pub enum ExposureKind {
        /// Nobody but the network's own components reaches it.
        None = "none",
        /// Pods of the same cluster reach it through its Service.
        ClusterIp = "clusterIp",
        /// A load balancer of the platform.
        LoadBalancer = "loadBalancer",
        /// A port of every node of the cluster.
        NodePort = "nodePort",
        /// An Ingress; HTTP only.
        Ingress = "ingress",
        /// A Gateway of the Gateway API: an `HTTPRoute`, or for P2P a `TLSRoute` that passes TLS through.
        Gateway = "gateway",
    }
}

choice! {
    /// The kind of a cert-manager issuer.
    pub enum IssuerKind {
        /// An issuer of the whole cluster.
        ClusterIssuer = "ClusterIssuer",
        /// An issuer of the component's namespace.
        Issuer = "Issuer",
    }
}

/// How a component is reached by those who are not of the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// The way.
    pub kind: ExposureKind,
    /// The static address of a load balancer.
    pub address: Option<IpAddr>,
    /// The port of every node of the cluster.
    pub node_port: Option<u16>,
    /// Whom a load balancer or a node port lets in; everybody when empty.
    pub source_ranges: Vec<IpRange>,
    /// The port on which callers from outside find a node; its own when `None`.
    pub port: Option<u16>,
    /// Annotations for the platform's controllers, in the order of the file.
    pub annotations: Vec<(String, String)>,
    /// The class of an Ingress; the cluster's default when `None`.
    pub class_name: Option<String>,
    /// The Gateway of a route; always there for [`ExposureKind::Gateway`].
    pub gateway: Option<GatewayReference>,
    /// Where an Ingress' certificate comes from; plain HTTP when `None`.
    pub tls: Option<TlsSource>,
}

impl Exposure {
    /// Not exposed.
    pub const NONE: Self = Self {
        kind: ExposureKind::None,
        address: None,
        node_port: None,
        source_ranges: Vec::new(),
        port: None,
        annotations: Vec::new(),
        class_name: None,
        gateway: None,
        tls: None,
    };

    /// Whether callers come from outside of the cluster.
    pub const fn is_public(&self) -> bool {
        !matches!(self.kind, ExposureKind::None | ExposureKind::ClusterIp)
    }

    /// Whether callers of the public host speak HTTPS.
    pub fn is_https(&self) -> bool {
        match self.kind {
            ExposureKind::Ingress => self.tls.is_some(),
            ExposureKind::Gateway => self.gateway.as_ref().is_some_and(|gateway| gateway.tls),
            _ => false,
        }
    }
}

/// A Gateway of the Gateway API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayReference {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// Its listener; any that fits when `None`.
    pub section: Option<String>,
    /// Whether that serves HTTPS.
    pub tls: bool,
    /// The namespace of its proxies' Pods.
    pub proxy_namespace: String,
    /// Labels of these Pods, in the order of the file; every Pod of the namespace when empty.
    pub proxy_labels: Vec<(String, String)>,
}

/// Where the certificate of a public host comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsSource {
    /// Issued under the network's SSL root.
    Own,
    /// Issued by cert-manager.
    CertManager {
        /// The issuer.
        issuer: String,
        /// Its kind.
        kind: IssuerKind,
    },
    /// In a Secret of type `kubernetes.io/tls` of the component's namespace.
    Secret(String),
}
