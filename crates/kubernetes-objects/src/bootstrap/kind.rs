//! The steps of a bootstrap.

use std::time::Duration;

use topology::{
    Topology,
    model::{Component, Namespace, Node, Service, Subzone, SubzoneId},
    names::NodeName,
};

use crate::{
    component::bootstrap_job::BootstrapJob, context::deadline, names::of_subzone,
    resource::exposure::is_awaited,
};

/// A step, by what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// A namespace, closed, with the policies and accounts of its components.
    Namespace(Namespace),
    /// B0: Services and ingress, so that every name has an address.
    Names,
    /// B0: load balancers and Gateways let outsiders in.
    Reached,
    /// B2: keys and certificates are made on the operator's side.
    Keys,
    /// B4: the key of Auth's tokens.
    TokenKey,
    /// B5: the services' databases.
    Databases,
    /// B3: a component gets its own stores.
    ComponentKeys(Component),
    /// B6, B7, B8, B11, B12, B17: a CENM service runs.
    Run(Component),
    /// B9, B10, B13, B16, B18, B23: a call of the command line.
    Job(BootstrapJob),
    /// B15: a subzone's initial network parameters.
    Parameters(SubzoneId),
    /// B19: the parameters are signed.
    ParametersSigned(SubzoneId),
    /// B20: the map is signed: the network exists.
    MapSigned(SubzoneId),
    /// B21: the revocation list is signed.
    RevocationListSigned,
    /// B14: the identity that the workers of a notary share is registered.
    ServiceIdentity(NodeName),
    /// B14 and B24: a node is registered.
    Registered(Component),
    /// B22 and B24: a node runs, or a part of its firewall.
    Running(Component),
    /// A bridge has what it needs of its node.
    BridgeFiles(NodeName),
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
        let subzones = || topology.cenm.subzones().map(|subzone| subzone.id.clone());
        let further = topology.cenm.further_subzones.iter().map(Subzone::component);
        let components = Service::ALL
            .into_iter()
            .map(Component::Cenm)
            .chain(further)
            .chain(topology.nodes().map(Node::component))
            .chain(firewalls(topology))
            .chain([Component::Bootstrap]);
        kinds.extend(components.map(Self::ComponentKeys));
        kinds.extend([
            Self::Run(Service::Auth.into()),
            Self::Run(Service::Gateway.into()),
            Self::Run(Service::Zone.into()),
            Self::Job(BootstrapJob::Users),
            Self::Job(BootstrapJob::IdentityManagerConfig),
            Self::Run(Service::IdentityManager.into()),
            Self::Run(Service::SigningService.into()),
            Self::Job(BootstrapJob::SigningServiceAddress),
        ]);
        kinds.extend(
            topology
                .notary_services
                .iter()
                .filter(|service| service.high_availability.is_some())
                .map(|service| Self::ServiceIdentity(service.name.clone())),
        );
        kinds.extend(topology.nodes().map(|node| Self::Registered(node.component())));
        kinds.extend(subzones().map(Self::Parameters));
        kinds.extend(subzones().map(|id| Self::Job(BootstrapJob::Subzone(id))));
        kinds.extend(subzones().map(|id| Self::Run(id.network_map())));
        kinds.push(Self::Job(BootstrapJob::SigningTasks));
        kinds.extend(subzones().map(Self::ParametersSigned));
        kinds.extend(subzones().map(Self::MapSigned));
        kinds.push(Self::RevocationListSigned);
        kinds.extend(subzones().map(|id| Self::Job(BootstrapJob::SubzonePermissions(id))));
        kinds.extend(topology.nodes().map(|node| Self::Running(node.component())));
        for participant in &topology.participants {
            if participant.firewall.is_some() {
                kinds.extend([
                    Self::BridgeFiles(participant.name.clone()),
                    Self::Running(Component::Float(participant.name.clone())),
                    Self::Running(Component::Bridge(participant.name.clone())),
                ]);
            }
            kinds.extend(participant.rpc_clients.iter().map(|client| Self::RpcClient {
                participant: participant.name.clone(),
                client: client.name.clone(),
            }));
        }
        if topology.monitoring.is_some() {
            kinds.push(Self::Prometheus);
        }
        if (topology.components().iter()).any(|component| is_awaited(topology, component)) {
            kinds.push(Self::Reached);
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
            Self::Reached => "reached".into(),
            Self::Keys => "keys".into(),
            Self::TokenKey => "token-key".into(),
            Self::Databases => "databases".into(),
            Self::ComponentKeys(component) if component.is_node() || is_firewall(component) => {
                format!("{}.keys", dotted(component))
            }
            Self::ComponentKeys(component) => format!("{}-keys", component.name()),
            Self::Run(component) => component.name().into_owned(),
            Self::Job(job) => job.name(),
            Self::Parameters(id) => of_subzone("initial-parameters", id),
            Self::ParametersSigned(id) => of_subzone("parameters-signed", id),
            Self::MapSigned(id) => of_subzone("map-signed", id),
            Self::RevocationListSigned => "revocation-list-signed".into(),
            Self::ServiceIdentity(notary) => format!("{notary}.service-identity"),
            Self::BridgeFiles(participant) => format!("{participant}.bridge-files"),
            Self::Registered(component) => format!("{}.registered", component.name()),
            Self::Running(component) => format!("{}.runs", dotted(component)),
            Self::RpcClient { participant, client } => format!("{participant}.{client}.done"),
            Self::Prometheus => "prometheus".into(),
        }
    }

    /// The step of the reference §5.1 that it carries out.
    pub const fn stage(&self) -> &'static str {
        match self {
            Self::Namespace(_)
            | Self::BridgeFiles(_)
            | Self::Running(Component::Float(_) | Component::Bridge(_))
            | Self::RpcClient { .. }
            | Self::Prometheus => "",
            Self::Names | Self::Reached => "B0",
            Self::Keys => "B2",
            Self::ComponentKeys(_) => "B3",
            Self::TokenKey => "B4",
            Self::Databases => "B5",
            Self::Run(Component::Cenm(Service::Auth)) => "B6",
            Self::Run(Component::Cenm(Service::Gateway)) => "B7",
            Self::Run(Component::Cenm(Service::Zone)) => "B8",
            Self::Job(BootstrapJob::Users) => "B9",
            Self::Job(BootstrapJob::IdentityManagerConfig) => "B10",
            Self::Run(Component::Cenm(Service::IdentityManager)) => "B11",
            Self::Run(Component::Cenm(Service::SigningService)) => "B12",
            Self::Job(BootstrapJob::SigningServiceAddress) => "B13",
            Self::ServiceIdentity(_)
            | Self::Registered(Component::Notary(_) | Component::NotaryWorker { .. }) => "B14",
            Self::Parameters(_) => "B15",
            Self::Job(BootstrapJob::Subzone(_)) => "B16",
            Self::Run(_) => "B17",
            Self::Job(BootstrapJob::SigningTasks) => "B18",
            Self::ParametersSigned(_) => "B19",
            Self::MapSigned(_) => "B20",
            Self::RevocationListSigned => "B21",
            Self::Running(Component::Notary(_) | Component::NotaryWorker { .. }) => "B22",
            Self::Job(BootstrapJob::SubzonePermissions(_)) => "B23",
            Self::Registered(_) | Self::Running(_) => "B24",
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
            Self::Reached => "Outsiders are let in".into(),
            Self::Keys => "Keys and certificates exist".into(),
            Self::TokenKey => "Token key exists".into(),
            Self::Databases => "Databases have volumes".into(),
            Self::ComponentKeys(Component::Bootstrap) => "Bootstrap Jobs have their logins".into(),
            Self::ComponentKeys(component) => format!("{component} has its stores"),
            Self::Job(BootstrapJob::Users) => "Users, groups and roles exist".into(),
            Self::Job(BootstrapJob::IdentityManagerConfig) => "Zone has the Identity Manager's config".into(),
            Self::Job(BootstrapJob::SigningServiceAddress) => "Zone knows the Signing Service".into(),
            Self::Job(BootstrapJob::Subzone(id)) => in_subzone("Subzone exists", id),
            Self::Job(BootstrapJob::SigningTasks) => "Signing Service lists its tasks".into(),
            Self::Job(BootstrapJob::SubzonePermissions(id)) => in_subzone("Roles hold on the subzone", id),
            Self::Parameters(id) => in_subzone("Initial network parameters are written", id),
            Self::ParametersSigned(id) => in_subzone("Network parameters are signed", id),
            Self::MapSigned(id) => in_subzone("Network map is signed", id),
            Self::RevocationListSigned => "Revocation list is signed".into(),
            Self::ServiceIdentity(notary) => format!("Identity of {notary} is registered"),
            Self::BridgeFiles(participant) => format!("Bridge of {participant} has its node's files"),
            Self::Registered(component) => format!("{component} is registered"),
            Self::Run(component) | Self::Running(component) => format!("{component} runs"),
            Self::RpcClient { participant, client } => format!("{client} of {participant} is done"),
            Self::Prometheus => "Prometheus runs".into(),
        }
    }

    /// The component whose workload it runs.
    pub const fn runs(&self) -> Option<&Component> {
        match self {
            Self::Run(component) | Self::Running(component) => Some(component),
            _ => None,
        }
    }

    /// Where its objects live; `None` for what is done on the operator's side or in many namespaces.
    pub fn namespace(&self) -> Option<Namespace> {
        Some(match self {
            Self::Namespace(namespace) => namespace.clone(),
            Self::Keys | Self::TokenKey => return None,
            Self::Names
            | Self::Reached
            | Self::Databases
            | Self::Parameters(_)
            | Self::ParametersSigned(_)
            | Self::MapSigned(_)
            | Self::RevocationListSigned
            | Self::Job(_) => Namespace::Network,
            Self::ComponentKeys(component) | Self::Registered(component) | Self::Running(component) => {
                component.namespace()
            }
            Self::Run(component) => component.namespace(),
            Self::ServiceIdentity(notary) => Namespace::Notary(notary.clone()),
            Self::BridgeFiles(participant) | Self::RpcClient { participant, .. } => {
                Namespace::Participant(participant.clone())
            }
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
            | Self::Parameters(_) => deadline::APPLIED,
            Self::Run(_)
            | Self::Reached
            | Self::Prometheus
            | Self::ParametersSigned(_)
            | Self::MapSigned(_)
            | Self::RevocationListSigned => deadline::SERVICE,
            Self::Job(_) | Self::BridgeFiles(_) | Self::RpcClient { .. } => deadline::JOB,
            Self::ServiceIdentity(_) | Self::Registered(_) | Self::Running(_) => deadline::NODE,
        }
    }
}

/// The title of a step of a subzone: only further ones are named.
fn in_subzone(title: &str, subzone: &SubzoneId) -> String {
    match subzone {
        SubzoneId::Main => title.to_owned(),
        SubzoneId::Named(name) => format!("{title} ({name})"),
    }
}

/// Floats and bridges, in the order of the file.
fn firewalls(topology: &Topology) -> impl Iterator<Item = Component> {
    topology
        .participants
        .iter()
        .filter(|participant| participant.firewall.is_some())
        .flat_map(|participant| {
            [
                Component::Float(participant.name.clone()),
                Component::Bridge(participant.name.clone()),
            ]
        })
}

/// Whether it is a part of a firewall.
const fn is_firewall(component: &Component) -> bool {
    matches!(component, Component::Float(_) | Component::Bridge(_))
}

/// The name of a node, or of a part of its firewall, that nobody can choose for another.
fn dotted(component: &Component) -> String {
    match component {
        Component::Float(name) => format!("{name}.float"),
        Component::Bridge(name) => format!("{name}.bridge"),
        component => component.name().into_owned(),
    }
}
