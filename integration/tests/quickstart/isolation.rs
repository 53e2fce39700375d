//! The Signing Service can call what the connection matrix lets it and nothing else, and only the Gateway can
//! call it. Each "closed" is tried from a Pod without the policy first, so that it could be found open.

use std::sync::Arc;

use anyhow::{Result, ensure};
use integration::{
    cluster::Cluster,
    probe::{Probe, start_pretend_internet},
};
use k8s_openapi::api::{core::v1::Pod, networking::v1::NetworkPolicy};
use serde_json::json;

use crate::World;

const SIGNING: &str = "quickstart-signing";
const NETWORK: &str = "quickstart-network";
const PARTY_A: &str = "quickstart-participant-party-a";
const GATEWAY: &str = "quickstart-gateway";
/// A namespace of the test's own, without any policy.
const OUTSIDE: &str = "integration-outside";

/// A Pod that policies take for the signer.
const SIGNER: Probe<'static> = Probe {
    namespace: SIGNING,
    name: "probe",
    labels: serde_json::Value::Null,
    service_account: "signing-service",
};

fn signer() -> Probe<'static> {
    Probe {
        labels: json!({
            "app.kubernetes.io/name": "signing-service",
            "app.kubernetes.io/component": "signing-service",
            "app.kubernetes.io/managed-by": "cordanetes",
            "cordanetes.dev/network": "quickstart",
            "cordanetes.dev/workload": "service"
        }),
        ..SIGNER
    }
}

fn without_policy() -> Probe<'static> {
    Probe {
        namespace: OUTSIDE,
        name: "probe",
        labels: json!({ "role": "control" }),
        service_account: "default",
    }
}

/// Lets everyone call a component for the time of a test, so that only the signer's own policy can say no.
async fn open_door(cluster: &Cluster, namespace: &str) -> Result<()> {
    cluster
        .apply::<NetworkPolicy>(json!({
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": { "namespace": namespace, "name": "integration-open-door" },
            "spec": { "podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{}] }
        }))
        .await
}

async fn close_doors(cluster: &Cluster) -> Result<()> {
    for namespace in [PARTY_A, GATEWAY, SIGNING] {
        cluster
            .delete::<NetworkPolicy>(namespace, "integration-open-door")
            .await?;
    }
    cluster.delete::<Pod>(SIGNING, "probe").await?;
    cluster.remove_namespace(OUTSIDE).await
}

pub(crate) async fn signer_reaches_nothing_else(world: Arc<World>) -> Result<()> {
    let cluster = &world.cluster;
    close_doors(cluster).await?;
    cluster.make_namespace(OUTSIDE).await?;
    start_pretend_internet(cluster, OUTSIDE).await?;
    let (signer, control) = (signer(), without_policy());
    signer.start(cluster).await?;
    control.start(cluster).await?;
    for namespace in [PARTY_A, GATEWAY] {
        open_door(cluster, namespace).await?;
    }

    for (name, port) in [
        ("auth", 8081),
        ("identity-manager", 5052),
        ("identity-manager", 5053),
        ("network-map", 5050),
    ] {
        let address = cluster.service_ip(NETWORK, name).await?;
        ensure!(
            signer.opens(cluster, &address, port).await?,
            "the signer cannot reach {name}:{port}"
        );
    }

    let forbidden = [
        (
            "a host of the Internet",
            cluster.pod_ip(OUTSIDE, "role=pretend-internet").await?,
            9090,
        ),
        (
            "cluster DNS",
            cluster.service_ip("kube-system", "kube-dns").await?,
            53,
        ),
        (
            "the API server",
            cluster.service_ip("default", "kubernetes").await?,
            443,
        ),
        (
            "PartyA's P2P",
            cluster.service_ip(PARTY_A, "party-a").await?,
            10200,
        ),
        (
            "PartyA's RPC",
            cluster.service_ip(PARTY_A, "party-a-rpc").await?,
            10201,
        ),
        ("the Gateway", cluster.service_ip(GATEWAY, "gateway").await?, 8080),
    ];
    signer.settle(cluster, &forbidden[0].1, forbidden[0].2).await?;
    for (what, address, port) in &forbidden {
        ensure!(
            control.opens(cluster, address, *port).await?,
            "{what} is not open to a Pod without a policy either: the test proves nothing"
        );
        ensure!(
            !signer.opens(cluster, address, *port).await?,
            "the signer reaches {what}"
        );
    }
    // What it may call on one port it may not call on another.
    for (name, port) in [
        ("auth-metrics", 9404),
        ("identity-manager", 10000),
        ("identity-manager", 6000),
        ("zone", 25000),
    ] {
        let address = cluster.service_ip(NETWORK, name).await?;
        ensure!(
            !signer.opens(cluster, &address, port).await?,
            "the signer reaches {name}:{port}"
        );
    }
    close_doors(cluster).await
}

pub(crate) async fn signer_is_reached_by_the_gateway_only(world: Arc<World>) -> Result<()> {
    let cluster = &world.cluster;
    close_doors(cluster).await?;
    cluster.make_namespace(OUTSIDE).await?;
    let control = without_policy();
    control.start(cluster).await?;
    let gateway = Probe {
        namespace: GATEWAY,
        name: "probe",
        labels: json!({ "app.kubernetes.io/name": "gateway", "app.kubernetes.io/component": "gateway" }),
        service_account: "gateway",
    };
    gateway.start(cluster).await?;
    let address = cluster.service_ip(SIGNING, "signing-service").await?;
    ensure!(
        gateway.opens(cluster, &address, 6000).await?,
        "the Gateway cannot reach the signer"
    );
    ensure!(
        !control.opens(cluster, &address, 6000).await?,
        "a Pod of another namespace reaches the signer"
    );

    open_door(cluster, SIGNING).await?;
    ensure!(
        control.opens(cluster, &address, 6000).await?,
        "the signer is not reached with its door open either: the test proves nothing"
    );
    cluster.delete::<Pod>(GATEWAY, "probe").await?;
    close_doors(cluster).await
}
