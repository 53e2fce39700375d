//! The steps of a bootstrap.

use std::time::Duration;

use topology::{
    Topology,
    model::{Component, Namespace, Node, Service},
    names::NodeName,
};

use crate::{component::bootstrap_job::BootstrapJob, context::deadline};

/// A step, by what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// A namespace, closed, with the policies and accounts of its components.
    Namespace(Namespace),
    /// B0: Services and ingress, so that every name has an address.
    Names,
    /// B2: keys and certificates are made on the operator's side.
    Keys,
    /// B4: the key of Auth's tokens.
    TokenKey,
    /// B5: the services' databases.
    Databases,
    /// B3: a component gets its own stores.
    ComponentKeys(Component),
    /// B6, B7, B8, B11, B12, B17: a CENM service runs.
    Run(Service),
    /// B9, B10, B13, B16, B18, B23: a call of the command line.
    Job(BootstrapJob),
    /// B15: the initial network parameters.
    Parameters,
    /// B19: the parameters are signed.
    ParametersSigned,
    /// B20: the map is signed: the network exists.
    MapSigned,
    /// B21: the revocation list is signed.
    RevocationListSigned,
    /// B14 and B24: a node is registered.
    Registered(Component),
    /// B22 and B24: a node runs.
    Running(Component),
    /// A program that calls a participant's RPC is done.
    RpcClient {
        /// Whose RPC.
        participant: NodeName,
        /// The program.
        client: NodeName,
    },
    /// Prometheus runs.
    Prometheus,
}

impl StepKind {
    /// All steps of a network, in the order of the story.
    pub fn all(topology: &Topology) -> Vec<Self> {
        let mut kinds: Vec<Self> = topology.namespaces().into_iter().map(Self::Namespace).collect();
        kinds.extend([Self::Names, Self::Keys, Self::TokenKey, Self::Databases]);
        let components: Vec<Component> = Service::ALL
            .into_iter()
            .map(Component::Cenm)
            .chain(topology.nodes().map(Node::component))
            .chain([Component::Bootstrap])
            .collect();
        kinds.extend(components.into_iter().map(Self::ComponentKeys));
        kinds.extend([
            Self::Run(Service::Auth),
            Self::Run(Service::Gateway),
            Self::Run(Service::Zone),
            Self::Job(BootstrapJob::Users),
            Self::Job(BootstrapJob::IdentityManagerConfig),
            Self::Run(Service::IdentityManager),
            Self::Run(Service::SigningService),
            Self::Job(BootstrapJob::SigningServiceAddress),
        ]);
        kinds.extend(topology.nodes().map(|node| Self::Registered(node.component())));
        kinds.extend([
            Self::Parameters,
            Self::Job(BootstrapJob::Subzone),
            Self::Run(Service::NetworkMap),
            Self::Job(BootstrapJob::SigningTasks),
            Self::ParametersSigned,
            Self::MapSigned,
            Self::RevocationListSigned,
            Self::Job(BootstrapJob::SubzonePermissions),
        ]);
        kinds.extend(topology.nodes().map(|node| Self::Running(node.component())));
        for participant in &topology.participants {
            kinds.extend(participant.rpc_clients.iter().map(|client| Self::RpcClient {
                participant: participant.name.clone(),
                client: client.name.clone(),
            }));
        }
        if topology.monitoring.is_some() {
            kinds.push(Self::Prometheus);
        }
        kinds
    }

    /// Its id in the graph. Names that the operator chose are followed by a dot, which no name may hold, so
    /// that a participant called `zone` is not taken for the Zone Service.
    pub fn id(&self) -> String {
        match self {
            Self::Namespace(namespace) => match namespace {
                Namespace::Signing => "namespace-signing".into(),
                Namespace::Network => "namespace-network".into(),
                Namespace::Gateway => "namespace-gateway".into(),
                Namespace::Monitoring => "namespace-monitoring".into(),
                Namespace::Notary(name) => format!("namespace-notary-{name}"),
                Namespace::Participant(name) => format!("namespace-participant-{name}"),
                Namespace::Dmz(name) => format!("namespace-dmz-{name}"),
            },
            Self::Names => "names".into(),
            Self::Keys => "keys".into(),
            Self::TokenKey => "token-key".into(),
            Self::Databases => "databases".into(),
            Self::ComponentKeys(component) if component.is_node() => format!("{}.keys", component.name()),
            Self::ComponentKeys(component) => format!("{}-keys", component.name()),
            Self::Run(service) => service.name().into(),
            Self::Job(job) => job.name().into(),
            Self::Parameters => "initial-parameters".into(),
            Self::ParametersSigned => "parameters-signed".into(),
            Self::MapSigned => "map-signed".into(),
            Self::RevocationListSigned => "revocation-list-signed".into(),
            Self::Registered(component) => format!("{}.registered", component.name()),
            Self::Running(component) => format!("{}.runs", component.name()),
            Self::RpcClient { participant, client } => format!("{participant}.{client}.done"),
            Self::Prometheus => "prometheus".into(),
        }
    }

    /// The step of the reference §5.1 that it carries out.
    pub const fn stage(&self) -> &'static str {
        match self {
            Self::Names => "B0",
            Self::Keys => "B2",
            Self::ComponentKeys(_) => "B3",
            Self::TokenKey => "B4",
            Self::Databases => "B5",
            Self::Run(Service::Auth) => "B6",
            Self::Run(Service::Gateway) => "B7",
            Self::Run(Service::Zone) => "B8",
            Self::Job(BootstrapJob::Users) => "B9",
            Self::Job(BootstrapJob::IdentityManagerConfig) => "B10",
            Self::Run(Service::IdentityManager) => "B11",
            Self::Run(Service::SigningService) => "B12",
            Self::Job(BootstrapJob::SigningServiceAddress) => "B13",
            Self::Registered(Component::Notary(_)) => "B14",
            Self::Parameters => "B15",
            Self::Job(BootstrapJob::Subzone) => "B16",
            Self::Run(Service::NetworkMap) => "B17",
            Self::Job(BootstrapJob::SigningTasks) => "B18",
            Self::ParametersSigned => "B19",
            Self::MapSigned => "B20",
            Self::RevocationListSigned => "B21",
            Self::Running(Component::Notary(_)) => "B22",
            Self::Job(BootstrapJob::SubzonePermissions) => "B23",
            Self::Registered(_) | Self::Running(_) => "B24",
            Self::Namespace(_) | Self::RpcClient { .. } | Self::Prometheus => "",
        }
    }

    /// What a person reads.
    pub fn title(&self) -> String {
        match self {
            Self::Namespace(namespace) => match namespace {
                Namespace::Notary(name) | Namespace::Participant(name) => {
                    format!("Namespace of {name} is closed")
                }
                Namespace::Dmz(name) => format!("DMZ of {name} is closed"),
                Namespace::Signing => "Signing namespace is closed".into(),
                Namespace::Network => "Network namespace is closed".into(),
                Namespace::Gateway => "Gateway namespace is closed".into(),
                Namespace::Monitoring => "Monitoring namespace is closed".into(),
            },
            Self::Names => "Names have addresses".into(),
            Self::Keys => "Keys and certificates exist".into(),
            Self::TokenKey => "Token key exists".into(),
            Self::Databases => "Databases have volumes".into(),
            Self::ComponentKeys(Component::Bootstrap) => "Bootstrap Jobs have their logins".into(),
            Self::ComponentKeys(component) => format!("{component} has its stores"),
            Self::Run(service) => format!("{} runs", service.title()),
            Self::Job(BootstrapJob::Users) => "Users, groups and roles exist".into(),
            Self::Job(BootstrapJob::IdentityManagerConfig) => "Zone has the Identity Manager's config".into(),
            Self::Job(BootstrapJob::SigningServiceAddress) => "Zone knows the Signing Service".into(),
            Self::Job(BootstrapJob::Subzone) => "Subzone exists".into(),
            Self::Job(BootstrapJob::SigningTasks) => "Signing Service lists its tasks".into(),
            Self::Job(BootstrapJob::SubzonePermissions) => "Roles hold on the subzone".into(),
            Self::Parameters => "Initial network parameters are written".into(),
            Self::ParametersSigned => "Network parameters are signed".into(),
            Self::MapSigned => "Network map is signed".into(),
            Self::RevocationListSigned => "Revocation list is signed".into(),
            Self::Registered(component) => format!("{component} is registered"),
            Self::Running(component) => format!("{component} runs"),
            Self::RpcClient { participant, client } => format!("{client} of {participant} is done"),
            Self::Prometheus => "Prometheus runs".into(),
        }
    }

    /// Where its objects live; `None` for what is done on the operator's side or in many namespaces.
    pub fn namespace(&self) -> Option<Namespace> {
        Some(match self {
            Self::Namespace(namespace) => namespace.clone(),
            Self::Keys | Self::TokenKey => return None,
            Self::Names
            | Self::Databases
            | Self::Parameters
            | Self::ParametersSigned
            | Self::MapSigned
            | Self::RevocationListSigned
            | Self::Job(_) => Namespace::Network,
            Self::ComponentKeys(component) | Self::Registered(component) | Self::Running(component) => {
                component.namespace()
            }
            Self::Run(service) => Component::Cenm(*service).namespace(),
            Self::RpcClient { participant, .. } => Namespace::Participant(participant.clone()),
            Self::Prometheus => Namespace::Monitoring,
        })
    }

    /// How long its gates may take.
    pub const fn deadline(&self) -> Duration {
        match self {
            Self::Namespace(_)
            | Self::Names
            | Self::Keys
            | Self::TokenKey
            | Self::Databases
            | Self::ComponentKeys(_)
            | Self::Parameters => deadline::APPLIED,
            Self::Run(_)
            | Self::Prometheus
            | Self::ParametersSigned
            | Self::MapSigned
            | Self::RevocationListSigned => deadline::SERVICE,
            Self::Job(_) | Self::RpcClient { .. } => deadline::JOB,
            Self::Registered(_) | Self::Running(_) => deadline::NODE,
        }
    }
}
