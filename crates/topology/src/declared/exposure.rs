//! How a component is reached from outside of the network.

use crate::{
    decode::Located,
    language::{Named, mapping},
    model::{ExposureKind, IssuerKind},
    scalar::{IpAddress, IpRange, Label, ObjectName, Whole},
};

mapping! {
    /// How a component is reached by those who are not of the network. Only the Identity Manager, the Network Map and
    /// the Gateway (HTTP), and nodes or their floats (P2P) may have one.
    pub struct Exposure = "`exposure`" {
        /// The way.
        @required kind: Option<Located<ExposureKind>> = "type", drives "Service, Ingress or route objects";
        /// The static address; `loadBalancer` only.
        address: Option<Located<IpAddress>> = "address", drives "Service spec.loadBalancerIP";
        /// The port of every node of the cluster; `nodePort` only.
        node_port: Option<Located<Whole<30000, 32767>>> = "nodePort", default "Kubernetes chooses",
            drives "Service spec.ports[].nodePort";
        /// Whom it lets in; `loadBalancer` and `nodePort` only. Addresses as they arrive at the Pod: of a load balancer that
        /// puts its own in their place, its subnets.
        source_ranges: Vec<Located<IpRange>> = "sourceRanges", default "everybody",
            drives "Service spec.loadBalancerSourceRanges, NetworkPolicy spec.ingress[].from[].ipBlock";
        /// The port on which callers from outside find it; P2P only.
        port: Option<Located<Whole<1, 65535>>> = "port", default "the component's own", drives "p2pAddress";
        /// Annotations of the Service, Ingress or route, for the platform's controllers.
        annotations: Named<Located<String>> = "annotations", default "none", drives "metadata.annotations";
        /// The class of the Ingress; `ingress` only.
        class_name: Option<Located<ObjectName>> = "className", default "that of the file's `ingress`",
            drives "Ingress spec.ingressClassName";
        /// The Gateway of the route; `gateway` only.
        gateway: Option<GatewayReference> = "gateway", default "the file's `gatewayApi`",
            drives "HTTPRoute or TLSRoute spec.parentRefs";
        /// Where the certificate of the public host comes from; `ingress` only, a Gateway's listener has its own.
        tls: Option<Tls> = "tls", default "that of the file's `ingress`, else plain HTTP", drives "Ingress spec.tls";
    }
}

mapping! {
    /// A Gateway of the Gateway API.
    pub struct GatewayReference = "a Gateway reference" {
        /// Its name.
        @required name: Option<Located<ObjectName>> = "name", drives "spec.parentRefs[].name";
        /// Its namespace.
        @required namespace: Option<Located<ObjectName>> = "namespace", drives "spec.parentRefs[].namespace";
        /// Its listener.
        section: Option<Located<ObjectName>> = "section", default "any that fits", drives "spec.parentRefs[].sectionName";
        /// Whether the listener serves HTTPS; not for P2P, whose TLS it passes through. Identity Manager and Network Map need
        /// one of plain HTTP: nodes and revocation lists have `http://` addresses.
        tls: Option<Located<bool>> = "tls", default "true";
        /// The namespace in which the Pods of its proxies run: only from there is the way in.
        proxy_namespace: Option<Located<ObjectName>> = "proxyNamespace", default "that of the Gateway",
            drives "NetworkPolicy spec.ingress[].from[].namespaceSelector";
        /// The labels of these Pods.
        proxy_labels: Named<Located<Label>> = "proxyLabels", default "every Pod of the namespace",
            drives "NetworkPolicy spec.ingress[].from[].podSelector";
    }
}

mapping! {
    /// Where the certificate of a public host comes from. Exactly one of the keys must be there.
    #[one_of = true]
    pub struct Tls = "`tls`" {
        /// `true`: Cordanetes issues it, under an authority for public hosts alone; who calls must trust that one, which is
        /// `ca.crt` of the Secret.
        own: Option<Located<bool>> = "own", drives "Secret NAME-public-certificate";
        /// cert-manager issues it.
        cert_manager: Option<CertManager> = "certManager", drives "annotations cert-manager.io/issuer or cluster-issuer";
        /// A Secret of type `kubernetes.io/tls` that exists in the component's namespace.
        secret: Option<Located<ObjectName>> = "secret", drives "Ingress spec.tls[].secretName";
    }
}

mapping! {
    /// An issuer of cert-manager.
    pub struct CertManager = "`certManager`" {
        /// The issuer's name.
        @required issuer: Option<Located<ObjectName>> = "issuer";
        /// The issuer's kind.
        kind: Option<Located<IssuerKind>> = "kind", default "ClusterIssuer";
    }
}
