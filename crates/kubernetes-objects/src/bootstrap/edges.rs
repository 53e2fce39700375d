//! Why a step waits for another: the edge list of the reference §5.1, and one edge for each connection whose
//! client cannot start without its server.

use topology::{
    Topology,
    connection::{ConnectionMatrix, Need, Party},
    model::{Component, Node, NodeRole, NotaryJoins, NotaryService, Service, SubzoneId},
};

use super::StepKind;
use crate::{component::bootstrap_job::BootstrapJob, names::with_state};

/// One dependency.
pub(super) struct Edge {
    pub(super) prerequisite: StepKind,
    pub(super) dependent: StepKind,
    pub(super) reason: String,
}

fn edge(prerequisite: StepKind, dependent: StepKind, reason: impl Into<String>) -> Edge {
    Edge {
        prerequisite,
        dependent,
        reason: reason.into(),
    }
}

/// All edges of a network.
pub(super) fn all(kinds: &[StepKind], topology: &Topology, matrix: &ConnectionMatrix) -> Vec<Edge> {
    let mut edges: Vec<Edge> = kinds
        .iter()
        .flat_map(|kind| surroundings(kind, topology))
        .collect();
    edges.extend(product(topology));
    edges.extend(
        topology
            .cenm
            .subzones()
            .flat_map(|subzone| of_subzone(&subzone.id, topology)),
    );
    edges.extend(topology.nodes().flat_map(of_node));
    edges.extend(
        topology
            .notary_services
            .iter()
            .flat_map(|service| of_service(service, topology)),
    );
    edges.extend(topology.participants.iter().flat_map(of_firewall));
    edges.extend(matrix.iter().flat_map(from_connection));
    for participant in &topology.participants {
        for client in &participant.rpc_clients {
            let step = StepKind::RpcClient {
                participant: participant.name.clone(),
                client: client.name.clone(),
            };
            edges.extend(client.counterparties.iter().map(|counterparty| {
                edge(
                    StepKind::Running(counterparty.clone()),
                    step.clone(),
                    "it is a counterparty of its flows",
                )
            }));
            let notaries = topology
                .notaries
                .iter()
                .filter(|notary| notary.subzone == participant.subzone && notary.role.is_initial_notary());
            edges.extend(notaries.map(|notary| {
                edge(
                    StepKind::Running(notary.component()),
                    step.clone(),
                    "flows need a notary",
                )
            }));
        }
    }
    let late = stores_last(&edges);
    edges.extend(late);
    edges
}

/// A service's stores are put in place right before it starts with them. They have other passwords after a rotation: a
/// Pod of the last rollout that starts anew between its new stores and its new config could not open them, and would be
/// away until its turn comes.
fn stores_last(edges: &[Edge]) -> Vec<Edge> {
    edges
        .iter()
        .filter_map(|one| match &one.dependent {
            StepKind::Run(component) if !matches!(one.prerequisite, StepKind::ComponentKeys(_)) => {
                Some(edge(
                    one.prerequisite.clone(),
                    StepKind::ComponentKeys(component.clone()),
                    "stores and config of a service change together",
                ))
            }
            _ => None,
        })
        .collect()
}

/// What every step of a kind needs around it.
fn surroundings(kind: &StepKind, topology: &Topology) -> Vec<Edge> {
    let closed = "a namespace is closed before anything is put in it";
    match kind {
        StepKind::Names => topology
            .namespaces()
            .into_iter()
            .map(|namespace| edge(StepKind::Namespace(namespace), kind.clone(), closed))
            .collect(),
        StepKind::Databases => kind
            .namespace()
            .map(|namespace| edge(StepKind::Namespace(namespace), kind.clone(), closed))
            .into_iter()
            .collect(),
        StepKind::ComponentKeys(component) => vec![
            edge(StepKind::Namespace(component.namespace()), kind.clone(), closed),
            edge(
                StepKind::Keys,
                kind.clone(),
                "keys are made before they are split",
            ),
        ],
        StepKind::Run(component) => vec![
            edge(
                StepKind::ComponentKeys(component.clone()),
                kind.clone(),
                "it opens its own key stores",
            ),
            edge(StepKind::Names, kind.clone(), "it calls others by their names"),
        ],
        StepKind::Job(_) => vec![edge(
            StepKind::ComponentKeys(Component::Bootstrap),
            kind.clone(),
            "it logs in with generated passwords",
        )],
        StepKind::Registered(component) => vec![
            edge(
                StepKind::ComponentKeys(component.clone()),
                kind.clone(),
                "it trusts the network's root only",
            ),
            edge(
                StepKind::Names,
                kind.clone(),
                "its address is baked into its identity",
            ),
        ],
        StepKind::Running(component @ (Component::Float(_) | Component::Bridge(_))) => vec![
            edge(
                StepKind::ComponentKeys(component.clone()),
                kind.clone(),
                "it opens its end of the tunnel with a key of its own",
            ),
            edge(StepKind::Names, kind.clone(), "it is called, or calls, by name"),
        ],
        StepKind::Prometheus => vec![edge(StepKind::Names, kind.clone(), "it scrapes by name")],
        StepKind::Reached => vec![edge(
            StepKind::Names,
            kind.clone(),
            "load balancers and routes are made with the names",
        )],
        StepKind::Namespace(_)
        | StepKind::Keys
        | StepKind::TokenKey
        | StepKind::Parameters(_)
        | StepKind::ParametersSigned(_)
        | StepKind::MapSigned(_)
        | StepKind::RevocationListSigned
        | StepKind::ServiceIdentity(_)
        | StepKind::Running(_)
        | StepKind::BridgeFiles(_)
        | StepKind::RpcClient { .. } => Vec::new(),
    }
}

/// The edges that do not follow from who calls whom.
fn product(topology: &Topology) -> Vec<Edge> {
    use BootstrapJob::{IdentityManagerConfig, SigningServiceAddress, SigningTasks, Users};
    use Service::{Auth, IdentityManager, SigningService, Zone};
    use StepKind::{ComponentKeys, Databases, Job, RevocationListSigned, TokenKey};
    let run = |service: Service| StepKind::Run(service.into());
    let mut edges = vec![
        edge(TokenKey, ComponentKeys(Auth.into()), "Auth signs tokens with it"),
        edge(run(Zone), Job(IdentityManagerConfig), "Zone keeps the config"),
        edge(
            Job(Users),
            Job(IdentityManagerConfig),
            "config-maintainer must exist",
        ),
        edge(
            Job(IdentityManagerConfig),
            run(IdentityManager),
            "its Angel needs a zone token",
        ),
        edge(run(Zone), Job(SigningServiceAddress), "Zone keeps the address"),
        edge(
            Job(Users),
            Job(SigningServiceAddress),
            "config-maintainer must exist",
        ),
        edge(
            run(SigningService),
            Job(SigningServiceAddress),
            "only what runs is announced",
        ),
        edge(
            Job(SigningServiceAddress),
            Job(SigningTasks),
            "the Gateway finds the Signing Service through Zone",
        ),
        edge(run(IdentityManager), RevocationListSigned, "it is signed for it"),
        edge(run(SigningService), RevocationListSigned, "it signs it"),
    ];
    edges.extend(with_state(topology).map(|component| {
        edge(
            Databases,
            StepKind::Run(component),
            "it keeps its state in a database",
        )
    }));
    edges
}

/// A subzone is made with its parameters, and its map is signed.
fn of_subzone(id: &SubzoneId, topology: &Topology) -> Vec<Edge> {
    use BootstrapJob::{SigningTasks, Subzone, SubzonePermissions, Users};
    use StepKind::{Job, MapSigned, Parameters, ParametersSigned, Run};
    let map = || Run(id.network_map());
    let subzone = || Job(Subzone(id.clone()));
    // Roles are given as a whole: whoever gives them must know all subzones.
    let others = topology
        .cenm
        .subzones()
        .filter(|other| other.id != *id)
        .map(|other| {
            edge(
                Job(Subzone(other.id.clone())),
                Job(SubzonePermissions(id.clone())),
                "roles are given on all subzones at once",
            )
        });
    let mut edges = vec![
        edge(Run(Service::Zone.into()), subzone(), "Zone keeps the subzone"),
        edge(Job(Users), subzone(), "network-maintainer must exist"),
        edge(
            Parameters(id.clone()),
            subzone(),
            "a subzone is made with its parameters",
        ),
        edge(subzone(), map(), "its Angel needs a zone token"),
        edge(map(), Job(SigningTasks), "its tasks name the Network Map"),
        edge(map(), ParametersSigned(id.clone()), "they are signed for it"),
        edge(
            Run(Service::SigningService.into()),
            ParametersSigned(id.clone()),
            "it signs them",
        ),
        edge(
            ParametersSigned(id.clone()),
            MapSigned(id.clone()),
            "a map names its parameters",
        ),
        edge(
            subzone(),
            Job(SubzonePermissions(id.clone())),
            "roles are given on an existing subzone",
        ),
        edge(
            map(),
            Job(SubzonePermissions(id.clone())),
            "the roles are tried on it",
        ),
    ];
    edges.extend(others);
    edges
}

/// A node is registered, then runs (reference §5.2).
fn of_node(node: &Node) -> Vec<Edge> {
    let component = node.component();
    let registered = StepKind::Registered(component.clone());
    let running = StepKind::Running(component.clone());
    let mut edges = vec![
        edge(
            StepKind::Run(Service::SigningService.into()),
            registered.clone(),
            "it signs the node's certificate",
        ),
        edge(
            registered.clone(),
            running.clone(),
            "a node starts with the keys of its registration",
        ),
        edge(
            StepKind::MapSigned(node.subzone.clone()),
            running.clone(),
            "a first start needs a signed map",
        ),
        edge(
            StepKind::RevocationListSigned,
            running,
            "peers check its certificate against the list",
        ),
    ];
    match &node.role {
        NodeRole::Participant => {}
        NodeRole::Notary { joins, .. } => edges.push(joining(*joins, &node.subzone, registered)),
        NodeRole::NotaryWorker { service, .. } => edges.push(edge(
            StepKind::ServiceIdentity(service.clone()),
            registered,
            "the service's key is in a worker's store before its own",
        )),
    }
    edges
}

/// The identity that workers share is registered in the name of the first of them (reference §6.9).
fn of_service(service: &NotaryService, topology: &Topology) -> Vec<Edge> {
    let Some(worker) = topology.workers_of(&service.name).next().map(Node::component) else {
        return Vec::new();
    };
    let identity = StepKind::ServiceIdentity(service.name.clone());
    vec![
        edge(
            StepKind::ComponentKeys(worker),
            identity.clone(),
            "it trusts the network's root only",
        ),
        edge(StepKind::Names, identity.clone(), "its address is in its config"),
        edge(
            StepKind::Run(Service::IdentityManager.into()),
            identity.clone(),
            "it takes the request",
        ),
        edge(
            StepKind::Run(Service::SigningService.into()),
            identity.clone(),
            "it signs the service's certificate",
        ),
        joining(service.joins, &service.subzone, identity),
    ]
}

/// Parameters are made with the identities of those who are there initially; others come when the network runs.
fn joining(joins: NotaryJoins, subzone: &SubzoneId, identity: StepKind) -> Edge {
    match joins {
        NotaryJoins::Initially => edge(
            identity,
            StepKind::Parameters(subzone.clone()),
            "they name the notary's identity",
        ),
        NotaryJoins::Later => edge(
            StepKind::MapSigned(subzone.clone()),
            identity,
            "it joins a network that runs",
        ),
    }
}

/// A bridge starts with copies of its node's files; that its float and its node are there first follows from whom it
/// calls (reference §6.10).
fn of_firewall(participant: &Node) -> Vec<Edge> {
    if participant.firewall.is_none() {
        return Vec::new();
    }
    let files = StepKind::BridgeFiles(participant.name.clone());
    vec![
        edge(
            StepKind::Running(participant.component()),
            files.clone(),
            "its first start fetches the network parameters",
        ),
        edge(
            files,
            StepKind::Running(Component::Bridge(participant.name.clone())),
            "it speaks to peers with the node's TLS key",
        ),
    ]
}

/// The edges of a connection whose client cannot start without its server.
fn from_connection(connection: &topology::connection::Connection) -> Vec<Edge> {
    let (Party::Component(client), Party::Component(server), Need::ToStart) =
        (&connection.client, &connection.server, connection.need)
    else {
        return Vec::new();
    };
    let run = |component: &Component| {
        if component.cenm_service().is_some() {
            StepKind::Run(component.clone())
        } else {
            StepKind::Running(component.clone())
        }
    };
    let prerequisite = run(server);
    let dependents = match (client, server) {
        (client, _) if client.cenm_service().is_some() => vec![run(client)],
        // The first call of a node is to the Identity Manager: its registration.
        (node, Component::Cenm(Service::IdentityManager)) if node.is_node() => {
            vec![StepKind::Registered(client.clone())]
        }
        (node, _) if node.is_node() => vec![StepKind::Running(client.clone())],
        (Component::Bridge(_), _) => vec![StepKind::Running(client.clone())],
        (Component::RpcClient { participant, client }, _) => {
            vec![StepKind::RpcClient {
                participant: participant.clone(),
                client: client.clone(),
            }]
        }
        // The first Job waits for the Gateway, and all others for it.
        (Component::Bootstrap, _) => vec![StepKind::Job(BootstrapJob::Users)],
        _ => Vec::new(),
    };
    let reason = format!(
        "{} {client} {}: {server}, port {}",
        connection.id, connection.purpose, connection.number
    );
    dependents
        .into_iter()
        .map(|dependent| edge(prerequisite.clone(), dependent, reason.clone()))
        .collect()
}
