//! From a topology to what the commands need: the graph, the steps and the summary.

use std::path::Path;

use dependency_graph::DependencyGraph;
use kubernetes_objects::{
    Rendered, bootstrap,
    component::prometheus,
    delivery::DeliveredSecret,
    names::{rpc_service, rpc_user_name},
    render,
    step::Step,
};
use rollout::Rollout;
use topology::{
    Topology,
    connection::{ConnectionMatrix, Port, service_host},
    model::{Component, Service},
};

use crate::environment;
use crate::failure::Failure;
use crate::given_secrets;
use crate::keys::{self, Keys};
use crate::summary::{DeploymentSummary, Forward, RpcEndpoint, RunningComponent, WebEndpoint};

/// Everything that a rollout needs.
pub(crate) struct Prepared {
    /// The order, with reasons.
    pub(crate) graph: DependencyGraph,
    /// What each node of the graph does.
    pub(crate) steps: Vec<Step>,
    /// What the operator's store of secrets must hold.
    pub(crate) delivered: Vec<DeliveredSecret>,
}

impl Prepared {
    /// What the engine carries out, and the summary for its end.
    pub(crate) fn into_rollout(self, topology: &Topology) -> (Rollout, DeploymentSummary) {
        let rollout = Rollout {
            network: topology.name.to_string(),
            graph: self.graph,
            steps: self.steps,
        };
        (rollout, summary(topology))
    }
}

/// The graph alone, which needs no keys.
pub(crate) fn graph(topology: &Topology) -> Result<DependencyGraph, Failure> {
    bootstrap::graph(topology).map_err(|error| Failure::internal("the graph", error))
}

/// The steps, with the keys that they carry. Keys that are missing are made; whoever uses the steps saves
/// them first.
///
/// `file` is the topology's: files with given secrets are found from its folder.
pub(crate) fn prepare(topology: &Topology, file: &Path, keys: &mut Keys) -> Result<Prepared, Failure> {
    let given = given_secrets::read(topology, file.parent().unwrap_or_else(|| Path::new("")))?;
    let plan = keys::planned(topology, keys.ring())?;
    keys.use_custody_of(topology, file);
    keys.make_missing(&plan)?;
    let awaited = keys.ring().awaited(&plan);
    if !awaited.is_empty() {
        return Err(not_issued(&awaited, file));
    }
    let Rendered {
        graph,
        steps,
        delivered,
    } = render(topology, keys.ring(), &given).map_err(Failure::from_library)?;
    Ok(Prepared {
        graph,
        steps,
        delivered,
    })
}

/// Keys in the HSM have no certificates yet, without which nothing can be signed.
fn not_issued(awaited: &[String], file: &Path) -> Failure {
    Failure::Failed {
        message: format!(
            "the HSM of the Signing Service holds keys that have no certificate yet: `{}`",
            awaited.join("`, `")
        ),
        cause: None,
        help: Some(format!(
            "make each key in the HSM under this alias, write a certificate signing request of it with the HSM's tools, and \
             run `{} certificates issue {} ALIAS REQUEST`",
            environment::command(),
            file.display()
        )),
    }
}

fn summary(topology: &Topology) -> DeploymentSummary {
    let matrix = ConnectionMatrix::of(topology);
    let components = topology
        .components()
        .into_iter()
        // The bootstrap Jobs and RPC clients are done by now.
        .filter(|component| !matches!(component, Component::Bootstrap | Component::RpcClient { .. }))
        .map(|component| running(topology, &matrix, &component))
        .collect();
    DeploymentSummary {
        network: topology.name.to_string(),
        components,
        web: web(topology, &matrix),
        rpc: rpc(topology),
        metrics: topology.monitoring.as_ref().map(|_| Forward {
            namespace: Component::Prometheus.namespace().name(&topology.name),
            service: Component::Prometheus.name().into_owned(),
            port: prometheus::WEB_PORT,
            local_port: prometheus::WEB_PORT,
            path: "/targets".to_owned(),
        }),
    }
}

fn running(topology: &Topology, matrix: &ConnectionMatrix, component: &Component) -> RunningComponent {
    let host = service_host(component, topology);
    let main = Port::main_of(component);
    let number = if *component == Component::Prometheus {
        Some(prometheus::WEB_PORT)
    } else {
        matrix
            .ports_of(component)
            .into_iter()
            .find(|(port, _)| Some(*port) == main)
            .map(|(_, number)| number)
    };
    let image = topology.image(component).map_or("", |image| image.as_str());
    RunningComponent {
        component: component.name().into_owned(),
        namespace: component.namespace().name(&topology.name),
        kind: if component.is_node() {
            "StatefulSet"
        } else {
            "Deployment"
        }
        .to_owned(),
        address: number
            .map(|number| format!("{host}:{number}"))
            .unwrap_or_default(),
        image: image.to_owned(),
    }
}

/// Every service that outsiders reach by HTTP, and how an operator reaches it beside that.
fn web(topology: &Topology, matrix: &ConnectionMatrix) -> Vec<WebEndpoint> {
    let mut taken = Vec::new();
    topology
        .components()
        .into_iter()
        .filter_map(|component| {
            let path = match component.cenm_service()? {
                Service::IdentityManager => "/status",
                Service::NetworkMap => "/network-map-user/network-map",
                Service::Gateway => "",
                Service::Auth | Service::Zone | Service::SigningService => return None,
            };
            if !matrix.is_public(&component) {
                return None;
            }
            let (port, number) = matrix
                .ports_of(&component)
                .into_iter()
                .find(|(port, _)| matches!(port, Port::Http | Port::Gateway))?;
            // Several may be forwarded at once.
            let local_port = (number..u16::MAX).find(|local| !taken.contains(local))?;
            taken.push(local_port);
            let exposure = topology.exposure(&component);
            // Nodes call Identity Manager and Network Map by plain HTTP, whatever else answers there.
            let scheme = if port == Port::Gateway && exposure.is_https() {
                "https"
            } else {
                "http"
            };
            let outside = (exposure.node_port.map(|port| format!(":{port}"))).unwrap_or_default();
            Some(WebEndpoint {
                title: component.to_string(),
                url: format!("{scheme}://{}{outside}{path}", topology.public_host(&component)?),
                forward: Forward {
                    namespace: component.namespace().name(&topology.name),
                    service: component.name().into_owned(),
                    port: number,
                    local_port,
                    path: path.to_owned(),
                },
            })
        })
        .collect()
}

fn rpc(topology: &Topology) -> Vec<RpcEndpoint> {
    let mut endpoints = Vec::new();
    for participant in &topology.participants {
        for client in &participant.rpc_clients {
            let namespace = participant.component().namespace().name(&topology.name);
            let service = rpc_service(&participant.component());
            let local_port = u16::try_from(endpoints.len())
                .ok()
                .and_then(|position| participant.rpc_port.checked_add(position))
                .unwrap_or(participant.rpc_port);
            endpoints.push(RpcEndpoint {
                participant: participant.name.to_string(),
                address: format!("{service}.{namespace}.svc:{}", participant.rpc_port),
                user: rpc_user_name(&client.name),
                secret: client.name.to_string(),
                secret_key: "password".to_owned(),
                secret_namespace: namespace.clone(),
                forward: Forward {
                    namespace,
                    service,
                    port: participant.rpc_port,
                    local_port,
                    path: String::new(),
                },
            });
        }
    }
    endpoints
}
