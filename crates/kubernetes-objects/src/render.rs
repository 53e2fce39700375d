//! From the model and its keys to the steps of a rollout. Rendering the same twice gives the same bytes.

use std::collections::HashMap;

use certificates::{CertificatePlan, KeyRing, TunnelEnd};
use dependency_graph::DependencyGraph;
use rayon::prelude::*;
use topology::{
    Topology,
    connection::{Connection, ConnectionMatrix, Port},
    model::{Component, Namespace, NotaryService, Service},
    names::NodeName,
};

use crate::{
    bootstrap::{self, StepKind},
    component::{
        auth, bootstrap_job, cenm_database, firewall, gateway, identity_manager, network_map, node,
        prometheus, rpc_client, service_identity, signing_service, zone,
    },
    context::{Context, RenderError},
    delivery::{DeliveredSecret, deliver, made::MadeValues},
    given::{GivenSecrets, external_secrets},
    key_request::key_request,
    manifest::{Manifest, ObjectKey},
    resource::{
        exposure::{exposure, is_awaited},
        namespace::{closed_namespace, own_user_on_openshift, service_account},
        network_policy,
        public_certificate::public_certificate,
        service,
        vertical_pod_autoscaler::vertical_pod_autoscaler,
    },
    step::{Gate, Outputs, Step},
};

/// A network ready to be rolled out.
pub struct Rendered {
    /// Which step waits for which.
    pub graph: DependencyGraph,
    /// What each step does; the same ids as in the graph.
    pub steps: Vec<Step>,
    /// What the operator's store of secrets must hold; empty where Secrets are delivered as they are.
    pub delivered: Vec<DeliveredSecret>,
}

/// Renders a whole network.
///
/// # Errors
/// The key ring lacks something that the topology needs.
pub fn render(topology: &Topology, keys: &KeyRing, given: &GivenSecrets) -> Result<Rendered, RenderError> {
    let matrix = ConnectionMatrix::of(topology);
    let plan = CertificatePlan::new(&key_request(topology))?.adopting(keys);
    let made = MadeValues::of(topology, keys, given)?;
    let context = Context {
        topology,
        matrix: &matrix,
        plan: &plan,
        keys,
        given,
        made: made.as_ref(),
    };
    let graph = bootstrap::graph(topology)?;
    let residents = Residents::of(topology, &matrix);
    let kinds = StepKind::all(topology);
    // Of a step no other depends: with many nodes every core makes some.
    let mut steps = kinds
        .par_iter()
        .map(|kind| {
            let id = kind.id();
            let Parts {
                mut manifests,
                gates,
                outputs,
            } = parts(&context, &residents, kind, &id)?;
            if let Some(component) = kind.runs() {
                manifests.extend(autoscaler(&context, &id, component, &manifests));
            }
            Ok(Step {
                id,
                stage: kind.stage(),
                title: kind.title(),
                manifests,
                gates,
                outputs,
                deadline: kind.deadline(),
            })
        })
        .collect::<Vec<Result<_, RenderError>>>()
        .into_iter()
        // Of several errors the first in order is told, whichever core was quicker.
        .collect::<Result<Vec<_>, _>>()?;
    let delivered = deliver(topology, made.as_ref(), &kinds, &mut steps)?;
    Ok(Rendered {
        graph,
        steps,
        delivered,
    })
}

/// The vertical autoscaler of a component's workload, where the topology wants one.
fn autoscaler(
    context: &Context<'_>,
    step: &str,
    component: &Component,
    manifests: &[Manifest],
) -> Option<Manifest> {
    let scaling = context.topology.vertical_scaling(component)?;
    let workload = manifests
        .iter()
        .find(|manifest| matches!(manifest.key().kind.as_str(), "Deployment" | "StatefulSet"))?;
    Some(vertical_pod_autoscaler(
        context.owner(step),
        component,
        workload,
        scaling,
    ))
}

/// What a step applies and waits for.
#[derive(Default)]
struct Parts {
    manifests: Vec<Manifest>,
    gates: Vec<Gate>,
    outputs: Option<Outputs>,
}

impl Parts {
    fn applied(manifests: Vec<Manifest>) -> Self {
        Self {
            manifests,
            ..Self::default()
        }
    }

    /// Waits for the workloads among the objects.
    fn ready(manifests: Vec<Manifest>) -> Self {
        let gates = manifests
            .iter()
            .map(Manifest::key)
            .filter_map(|key| match key.kind.as_str() {
                "Deployment" | "StatefulSet" | "ExternalSecret" => Some(Gate::Ready(key)),
                "Job" => Some(Gate::Completed(key)),
                _ => None,
            })
            .collect();
        Self {
            manifests,
            gates,
            outputs: None,
        }
    }
}

fn parts(
    context: &Context<'_>,
    residents: &Residents<'_>,
    kind: &StepKind,
    step: &str,
) -> Result<Parts, RenderError> {
    Ok(match kind {
        StepKind::Namespace(namespace) => Parts::applied(closed(context, residents, step, namespace)),
        StepKind::Names => Parts::applied(names(context, step)),
        StepKind::Reached => reached(context, step),
        // Made on the operator's side before anything is rendered.
        StepKind::Keys | StepKind::TokenKey => Parts::default(),
        StepKind::Databases => Parts::applied(cenm_database::claims(context, step)?),
        StepKind::ComponentKeys(component) => {
            let mut manifests = component_keys(context, step, component)?;
            manifests.extend(public_certificate(context, step, component)?);
            manifests.extend(external_secrets(context.owner(step), component));
            Parts::ready(manifests)
        }
        StepKind::Run(component) => Parts::ready(run(context, step, component)?),
        StepKind::Job(job) => {
            let (manifests, outputs) = job.render(context)?;
            Parts {
                outputs,
                ..Parts::ready(manifests)
            }
        }
        StepKind::Parameters(id) => {
            Parts::applied(network_map::parameters(context, step, context.subzone(id)?)?)
        }
        StepKind::ParametersSigned(id) => {
            answers(context, &id.network_map(), "/network-map-user/network-parameters")?
        }
        StepKind::MapSigned(id) => answers(context, &id.network_map(), "/network-map")?,
        StepKind::RevocationListSigned => answers(
            context,
            &Service::IdentityManager.into(),
            "/certificate-revocation-list/doorman",
        )?,
        StepKind::Registered(component) => match context.topology.node(component) {
            Some(node) => {
                let (manifests, outputs) = node::register(context, step, node)?;
                Parts {
                    outputs,
                    ..Parts::ready(manifests)
                }
            }
            None => Parts::default(),
        },
        StepKind::ServiceIdentity(name) => match context.topology.notary_service(name) {
            Some(
                service @ NotaryService {
                    high_availability: Some(shared),
                    ..
                },
            ) => {
                let (manifests, outputs) = service_identity::register(context, step, service, shared)?;
                Parts {
                    outputs,
                    ..Parts::ready(manifests)
                }
            }
            _ => Parts::default(),
        },
        StepKind::Running(component) => Parts::ready(running(context, step, component)?),
        StepKind::BridgeFiles(name) => match context.topology.node(&Component::Participant(name.clone())) {
            Some(node) => {
                let (manifests, outputs) = firewall::files(context, step, node);
                Parts {
                    outputs,
                    ..Parts::ready(manifests)
                }
            }
            None => Parts::default(),
        },
        StepKind::RpcClient { participant, client } => rpc_client_parts(context, step, participant, client)?,
        StepKind::Prometheus => match &context.topology.monitoring {
            Some(monitoring) => Parts::ready(prometheus::run(context, step, monitoring)?),
            None => Parts::default(),
        },
    })
}

/// A CENM component runs.
fn run(context: &Context<'_>, step: &str, component: &Component) -> Result<Vec<Manifest>, RenderError> {
    match component {
        Component::Cenm(Service::Auth) => auth::run(context, step),
        Component::Cenm(Service::Gateway) => gateway::run(context, step),
        Component::Cenm(Service::Zone) => zone::run(context, step),
        Component::Cenm(Service::IdentityManager) => identity_manager::run(context, step),
        Component::Cenm(Service::SigningService) => signing_service::run(context, step),
        other => match context.topology.cenm.subzone_of(other) {
            Some(subzone) => network_map::run(context, step, subzone),
            None => Err(RenderError::NotInTopology(other.clone())),
        },
    }
}

/// A node, or a part of its firewall.
fn running(context: &Context<'_>, step: &str, component: &Component) -> Result<Vec<Manifest>, RenderError> {
    if let Some(node) = context.topology.node(component) {
        return node::run(context, step, node);
    }
    let (Component::Float(name) | Component::Bridge(name)) = component else {
        return Ok(Vec::new());
    };
    let node = context.topology.node(&Component::Participant(name.clone()));
    let Some((node, wall)) = node.and_then(|node| node.firewall.as_ref().map(|wall| (node, wall))) else {
        return Ok(Vec::new());
    };
    match component {
        Component::Float(_) => firewall::run_float(context, step, node, wall),
        _ => firewall::run_bridge(context, step, node, wall),
    }
}

/// Who lives in each namespace, and the connections that have an end there: found once for all of them.
#[derive(Default)]
struct Residents<'a> {
    components: HashMap<Namespace, Vec<Component>>,
    connections: HashMap<Namespace, Vec<&'a Connection>>,
}

impl<'a> Residents<'a> {
    fn of(topology: &Topology, matrix: &'a ConnectionMatrix) -> Self {
        let mut residents = Self::default();
        for component in topology.components() {
            let home = residents.components.entry(component.namespace());
            home.or_default().push(component);
        }
        for connection in matrix {
            let ends = [connection.client_component(), connection.server_component()];
            let mut homes: Vec<_> = ends.into_iter().flatten().map(Component::namespace).collect();
            homes.dedup();
            for home in homes {
                residents.connections.entry(home).or_default().push(connection);
            }
        }
        residents
    }
}

/// The namespace, closed, then an allow for each end of a connection in it.
fn closed(
    context: &Context<'_>,
    residents: &Residents<'_>,
    step: &str,
    namespace: &Namespace,
) -> Vec<Manifest> {
    let owner = context.owner(step);
    let mut manifests = closed_namespace(owner, namespace);
    manifests.extend(own_user_on_openshift(owner, namespace));
    let components = residents.components.get(namespace).into_iter().flatten();
    manifests.extend(components.map(|component| service_account(owner, component)));
    let connections = residents.connections.get(namespace).into_iter().flatten();
    manifests.extend(
        connections
            .flat_map(|connection| network_policy::allow(owner, connection))
            .filter(|(component, _)| component.namespace() == *namespace)
            .map(|(_, policy)| policy),
    );
    manifests
}

/// Services of all components, and what exposes the public ones.
fn names(context: &Context<'_>, step: &str) -> Vec<Manifest> {
    let owner = context.owner(step);
    let components = context.topology.components();
    let inside = components
        .iter()
        .flat_map(|component| service::services(owner, component, context.matrix));
    let outside = components
        .iter()
        .filter_map(|component| exposure(owner, component, context.matrix));
    inside.chain(outside).collect()
}

/// Waits for the load balancers and Gateways of public components, whose objects another step has applied.
fn reached(context: &Context<'_>, step: &str) -> Parts {
    let owner = context.owner(step);
    let gates = (context.topology.components().iter())
        .filter(|component| is_awaited(context.topology, component))
        .filter_map(|component| exposure(owner, component, context.matrix))
        .map(|manifest| Gate::Ready(manifest.key()))
        .collect();
    Parts {
        gates,
        ..Parts::default()
    }
}

fn component_keys(
    context: &Context<'_>,
    step: &str,
    component: &Component,
) -> Result<Vec<Manifest>, RenderError> {
    match component {
        Component::Cenm(Service::Auth) => auth::keys(context, step),
        Component::Cenm(Service::Gateway) => gateway::keys(context, step),
        Component::Cenm(Service::Zone) => zone::keys(context, step),
        Component::Cenm(Service::IdentityManager) => identity_manager::keys(context, step),
        Component::Cenm(Service::SigningService) => signing_service::keys(context, step),
        Component::Cenm(Service::NetworkMap) | Component::NetworkMap(_) => {
            network_map::keys(context, step, component)
        }
        Component::Notary(_) | Component::NotaryWorker { .. } | Component::Participant(_) => context
            .topology
            .node(component)
            .map_or_else(|| Ok(Vec::new()), |node| node::keys(context, step, node)),
        Component::Bootstrap => bootstrap_job::users_secret(context, step),
        Component::Float(name) | Component::Bridge(name) => {
            let end = if matches!(component, Component::Float(_)) {
                TunnelEnd::Float
            } else {
                TunnelEnd::Bridge
            };
            let node = context.topology.node(&Component::Participant(name.clone()));
            node.map_or_else(|| Ok(Vec::new()), |node| firewall::keys(context, step, node, end))
        }
        Component::RpcClient { .. } | Component::Prometheus => Ok(Vec::new()),
    }
}

/// Waits until a public path of a service answers 200.
fn answers(context: &Context<'_>, component: &Component, path: &str) -> Result<Parts, RenderError> {
    let gate = Gate::Http {
        service: ObjectKey {
            api_version: "v1".into(),
            kind: "Service".into(),
            namespace: Some(context.namespace(component)),
            name: component.name().into_owned(),
        },
        port: context.own_port(component, Port::Http)?,
        path: path.into(),
    };
    Ok(Parts {
        gates: vec![gate],
        ..Parts::default()
    })
}

fn rpc_client_parts(
    context: &Context<'_>,
    step: &str,
    participant: &NodeName,
    client: &NodeName,
) -> Result<Parts, RenderError> {
    let node = context
        .topology
        .node(&Component::Participant(participant.clone()));
    let client = node.and_then(|node| {
        node.rpc_clients
            .iter()
            .find(|known| known.name == *client)
            .map(|it| (node, it))
    });
    let Some((node, client)) = client else {
        return Ok(Parts::default());
    };
    let (manifests, job) = rpc_client::run(context, step, node, client)?;
    Ok(Parts {
        manifests,
        gates: vec![Gate::Completed(job)],
        outputs: None,
    })
}
