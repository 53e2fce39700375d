//! What surrounds the network: platform, certificates, custody, monitoring, ingress.

use std::time::Duration;

use super::{exposure::Tls, placement::Volume, secret::SecretReference};
use crate::{
    decode::Located,
    language::mapping,
    model::{EncryptionAtRest, KeyAlgorithm, PlatformKind},
    scalar::{Image, Mebibytes, ObjectName, Whole},
};

mapping! {
    /// The platform underneath.
    pub struct Platform = "`platform`" {
        /// Its product, which decides the limits.
        kind: Option<Located<PlatformKind>> = "kind", default "generic";
        /// How many load balancers may be made in the account and region.
        load_balancers: Option<Located<Whole<0, 10000>>> = "loadBalancers",
            default "20 on EKS, else no limit";
        /// Whether the cluster's CNI enforces NetworkPolicies. A network is never rolled out where it does not.
        network_policies: Option<Located<bool>> = "networkPolicies", default "true";
        /// Whether Pods may mount images as volumes (KEP-4639, Kubernetes 1.33).
        image_volumes: Option<Located<bool>> = "imageVolumes", default "false";
        /// What is known of the encryption of Secrets in etcd. Where the API server is a Pod of the cluster, its flags
        /// are read; a managed one does not show them, and production wants whoever runs it to be asked.
        encryption_at_rest: Option<Located<EncryptionAtRest>> = "encryptionAtRest", default "unknown";
    }
}

mapping! {
    /// Algorithms and lifetimes.
    pub struct Certificates = "`certificates`" {
        /// The algorithm of the keys that Cordanetes makes.
        algorithm: Option<Located<KeyAlgorithm>> = "algorithm", default "ecdsa-p256";
        /// How long certificates and lists live.
        lifetimes: Lifetimes = "lifetimes";
    }
}

mapping! {
    /// How long certificates and revocation lists live. None outlives what signed it.
    pub struct Lifetimes = "`lifetimes`" {
        /// The roots of both hierarchies.
        root: Option<Located<Duration>> = "root", default "7300d";
        /// The subordinate authority.
        subordinate: Option<Located<Duration>> = "subordinate", default "7300d";
        /// The Identity Manager's and the Network Map's signing certificates.
        signing: Option<Located<Duration>> = "signing", default "7300d";
        /// The services' SSL certificates.
        ssl: Option<Located<Duration>> = "ssl", default "825d";
        /// The revocation lists that are signed on the operator's side.
        revocation_lists: Option<Located<Duration>> = "revocationLists", default "3650d";
    }
}

mapping! {
    /// Where the keys are that the operator holds: roots, subordinate, signer of the TLS revocation list, authorities of
    /// tunnels. They never enter the cluster.
    pub struct Custody = "`custody`" {
        /// A token that speaks PKCS#11, e.g. an HSM, or SoftHSM for tests; without it an encrypted file.
        pkcs11: Option<Pkcs11> = "pkcs11", default "an encrypted file on the operator's side";
    }
}

mapping! {
    /// A PKCS#11 token on the operator's side. Keys are made in it and never leave it; a key that it holds already under
    /// the label of one that is to be made (`NETWORK ALIAS`, e.g. `trade cordarootca`) is used.
    pub struct Pkcs11 = "`pkcs11`" {
        /// The vendor's library: an absolute path on the machine of the operator.
        @required module: Option<Located<String>> = "module";
        /// The token's label.
        @required token: Option<Located<String>> = "token";
        /// The token's serial number, where several tokens have this label.
        serial: Option<Located<String>> = "serial", default "the one token of the label";
        /// The PIN of its user, by `environment` or `file`.
        pin: Option<SecretReference> = "pin", default "the token's keypad, or a question on the terminal";
    }
}

mapping! {
    /// Prometheus, and the agent that shows every JVM's metrics.
    pub struct Monitoring = "`monitoring`" {
        /// Prometheus.
        @required image: Option<Located<Image>> = "image";
        /// Carries `/jmx-exporter/jmx_prometheus_javaagent.jar`; copied beside every JVM.
        @required agent_image: Option<Located<Image>> = "agentImage";
        /// Prometheus' memory.
        memory: Option<Located<Mebibytes>> = "memory", default "512Mi", drives "container resources.limits.memory";
        /// How long samples are kept.
        retention: Option<Located<Duration>> = "retention", default "15d", drives "--storage.tsdb.retention.time";
        /// Where samples are kept.
        storage: Volume = "storage";
    }
}

mapping! {
    /// The common settings of all Ingress objects.
    pub struct Ingress = "`ingress`" {
        /// The `IngressClass`.
        class_name: Option<Located<ObjectName>> = "className", default "the cluster's default",
            drives "Ingress spec.ingressClassName";
        /// The namespace of its controller: only from there is the way in then.
        namespace: Option<Located<ObjectName>> = "namespace", default "any Pod of the cluster may call what is exposed",
            drives "NetworkPolicy spec.ingress[].from";
        /// Where the certificates of the public hosts come from. The Identity Manager and the Network Map answer plain
        /// HTTP as well: nodes follow no redirect.
        tls: Option<Tls> = "tls", default "plain HTTP", drives "Ingress spec.tls";
    }
}
