//! Why a step waits for another: the edge list of the reference §5.1, and one edge for each connection whose
//! client cannot start without its server.

use topology::{
    Topology,
    connection::{ConnectionMatrix, Need, Party},
    model::{Component, Service},
};

use super::StepKind;
use crate::component::bootstrap_job::BootstrapJob;

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
    edges.extend(product());
    edges.extend(topology.nodes().flat_map(|node| of_node(&node.component())));
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
            edges.extend(topology.notaries.iter().map(|notary| {
                edge(
                    StepKind::Running(notary.component()),
                    step.clone(),
                    "flows need a notary",
                )
            }));
        }
    }
    edges
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
        StepKind::Run(service) => vec![
            edge(
                StepKind::ComponentKeys(Component::Cenm(*service)),
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
        StepKind::Prometheus => vec![edge(StepKind::Names, kind.clone(), "it scrapes by name")],
        StepKind::Namespace(_)
        | StepKind::Keys
        | StepKind::TokenKey
        | StepKind::Parameters
        | StepKind::ParametersSigned
        | StepKind::MapSigned
        | StepKind::RevocationListSigned
        | StepKind::Running(_)
        | StepKind::RpcClient { .. } => Vec::new(),
    }
}

/// The edges that do not follow from who calls whom.
fn product() -> Vec<Edge> {
    use BootstrapJob::{
        IdentityManagerConfig, SigningServiceAddress, SigningTasks, Subzone, SubzonePermissions, Users,
    };
    use Service::{Auth, IdentityManager, NetworkMap, SigningService, Zone};
    use StepKind::{
        ComponentKeys, Databases, Job, MapSigned, Parameters, ParametersSigned, RevocationListSigned, Run,
        TokenKey,
    };
    let database = "it keeps its state in a database";
    vec![
        edge(
            TokenKey,
            ComponentKeys(Component::Cenm(Auth)),
            "Auth signs tokens with it",
        ),
        edge(Databases, Run(Auth), database),
        edge(Databases, Run(Zone), database),
        edge(Databases, Run(IdentityManager), database),
        edge(Databases, Run(NetworkMap), database),
        edge(Run(Zone), Job(IdentityManagerConfig), "Zone keeps the config"),
        edge(
            Job(Users),
            Job(IdentityManagerConfig),
            "config-maintainer must exist",
        ),
        edge(
            Job(IdentityManagerConfig),
            Run(IdentityManager),
            "its Angel needs a zone token",
        ),
        edge(Run(Zone), Job(SigningServiceAddress), "Zone keeps the address"),
        edge(
            Job(Users),
            Job(SigningServiceAddress),
            "config-maintainer must exist",
        ),
        edge(
            Run(SigningService),
            Job(SigningServiceAddress),
            "only what runs is announced",
        ),
        edge(Run(Zone), Job(Subzone), "Zone keeps the subzone"),
        edge(Job(Users), Job(Subzone), "network-maintainer must exist"),
        edge(Parameters, Job(Subzone), "a subzone is made with its parameters"),
        edge(Job(Subzone), Run(NetworkMap), "its Angel needs a zone token"),
        edge(
            Job(SigningServiceAddress),
            Job(SigningTasks),
            "the Gateway finds the Signing Service through Zone",
        ),
        edge(
            Run(NetworkMap),
            Job(SigningTasks),
            "its tasks name the Network Map",
        ),
        edge(Run(NetworkMap), ParametersSigned, "they are signed for it"),
        edge(Run(SigningService), ParametersSigned, "it signs them"),
        edge(ParametersSigned, MapSigned, "a map names its parameters"),
        edge(Run(IdentityManager), RevocationListSigned, "it is signed for it"),
        edge(Run(SigningService), RevocationListSigned, "it signs it"),
        edge(
            Job(Subzone),
            Job(SubzonePermissions),
            "roles are given on an existing subzone",
        ),
        edge(
            Run(NetworkMap),
            Job(SubzonePermissions),
            "the roles are tried on it",
        ),
    ]
}

/// A node is registered, then runs (reference §5.2).
fn of_node(component: &Component) -> Vec<Edge> {
    let registered = StepKind::Registered(component.clone());
    let running = StepKind::Running(component.clone());
    let mut edges = vec![
        edge(
            StepKind::Run(Service::SigningService),
            registered.clone(),
            "it signs the node's certificate",
        ),
        edge(
            registered.clone(),
            running.clone(),
            "a node starts with the keys of its registration",
        ),
        edge(
            StepKind::MapSigned,
            running.clone(),
            "a first start needs a signed map",
        ),
        edge(
            StepKind::RevocationListSigned,
            running,
            "peers check its certificate against the list",
        ),
    ];
    if matches!(component, Component::Notary(_)) {
        edges.push(edge(
            registered,
            StepKind::Parameters,
            "they name the notary's identity",
        ));
    }
    edges
}

/// The edges of a connection whose client cannot start without its server.
fn from_connection(connection: &topology::connection::Connection) -> Vec<Edge> {
    let (Party::Component(client), Party::Component(server), Need::ToStart) =
        (&connection.client, &connection.server, connection.need)
    else {
        return Vec::new();
    };
    let prerequisite = match server {
        Component::Cenm(service) => StepKind::Run(*service),
        server => StepKind::Running(server.clone()),
    };
    let dependents = match (client, server) {
        (Component::Cenm(service), _) => vec![StepKind::Run(*service)],
        // The first call of a node is to the Identity Manager: its registration.
        (node, Component::Cenm(Service::IdentityManager)) if node.is_node() => {
            vec![StepKind::Registered(client.clone())]
        }
        (node, _) if node.is_node() => vec![StepKind::Running(client.clone())],
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
