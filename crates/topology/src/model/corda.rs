//! Notaries and participants.

use super::{
    cenm::SubzoneId,
    component::Component,
    database::Database,
    endpoint::Endpoint,
    exposure::Exposure,
    placement::{Placement, VerticalScaling, Volume},
    secret::{ImageVolume, SecretReference},
};
use crate::{
    language::choice,
    names::{DnsName, NodeName, X500Name},
    node,
    scalar::{CordaVersion, Image, Mebibytes, Millicores},
};

choice! {
    /// The edition of Corda.
    pub enum Edition {
        /// Open source; one notary worker, no firewall, H2 or PostgreSQL.
        Community = "community",
        /// Corda Enterprise, licensed by R3.
        Enterprise = "enterprise",
    }
}

choice! {
    /// When a notary joins the network.
    pub enum NotaryJoins {
        /// With the initial network parameters.
        Initially = "initially",
        /// By an update of the network parameters, when the network runs already.
        Later = "later",
    }
}

/// A notary service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotaryService {
    /// Its name.
    pub name: NodeName,
    /// Its legal name, different from every node's.
    pub legal_name: X500Name,
    /// Whether it checks transactions.
    pub validating: bool,
    /// When it joins.
    pub joins: NotaryJoins,
    /// Its subzone.
    pub subzone: SubzoneId,
    /// What its workers share; one node when `None`.
    pub high_availability: Option<HighAvailability>,
}

/// What the workers of a notary share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HighAvailability {
    /// The database of the notary's commit log.
    pub database: Database,
    /// Image with `corda-tools-ha-utilities.jar`.
    pub tools_image: Image,
}

/// A Corda node: a notary, one worker of a notary, or a participant.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its name.
    pub name: NodeName,
    /// Its legal name.
    pub legal_name: X500Name,
    /// What it is.
    pub role: NodeRole,
    /// Its subzone.
    pub subzone: SubzoneId,
    /// Its edition.
    pub edition: Edition,
    /// Its release.
    pub version: CordaVersion,
    /// Its image.
    pub image: Image,
    /// Java heap.
    pub heap: Mebibytes,
    /// Memory of the container.
    pub memory: Mebibytes,
    /// The processors that it asks for.
    pub cpu: Option<Millicores>,
    /// Arguments of its JVM beside the heap.
    pub jvm_arguments: Vec<String>,
    /// Whether `CorDapps` signed with R3's development key are accepted.
    pub development_cordapps: bool,
    /// Its database.
    pub database: Database,
    /// Its volume.
    pub storage: Volume,
    /// `CorDapps` beside those of the image.
    pub cordapps: Vec<CordappSource>,
    /// Further keys of `node.conf`, a mapping; with their places, for whoever checks them: see
    /// [`read_file_with`](crate::read_file_with).
    pub configuration: Vec<(node::Key, node::Node)>,
    /// The port of its SSH shell, if it has one.
    pub ssh_port: Option<u16>,
    /// Where it runs.
    pub placement: Placement,
    /// Whether its metrics are shown, if the network is monitored.
    pub monitored: bool,
    /// Vertical scaling, if wanted.
    pub vertical_scaling: Option<VerticalScaling>,
    /// Whether a peer whose revocation cannot be checked is refused.
    pub strict_revocation: bool,
    /// Its public P2P host; the name of its Service when `None`.
    pub host: Option<DnsName>,
    /// How peers outside of the network's namespaces reach it.
    pub exposure: Exposure,
    /// Where peers call.
    pub p2p_port: u16,
    /// Where RPC clients call.
    pub rpc_port: u16,
    /// Users of its RPC beside those of its RPC clients.
    pub rpc_users: Vec<RpcUser>,
    /// Programs that call its RPC.
    pub rpc_clients: Vec<RpcClient>,
    /// The Corda Firewall in front of it.
    pub firewall: Option<Firewall>,
}

/// What a node does in the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeRole {
    /// It notarises, alone.
    Notary {
        /// The legal name of the service, which differs from the node's.
        service_legal_name: X500Name,
        /// Whether it checks transactions.
        validating: bool,
        /// When it joins the network.
        joins: NotaryJoins,
    },
    /// It notarises with others of one identity.
    NotaryWorker {
        /// The notary service.
        service: NodeName,
        /// The legal name of the service.
        service_legal_name: X500Name,
        /// When it joins the network.
        joins: NotaryJoins,
    },
    /// It is a member.
    Participant,
}

impl NodeRole {
    /// Whether its identity goes into the initial network parameters.
    pub const fn is_initial_notary(&self) -> bool {
        matches!(
            self,
            Self::Notary {
                joins: NotaryJoins::Initially,
                ..
            } | Self::NotaryWorker {
                joins: NotaryJoins::Initially,
                ..
            }
        )
    }
}

impl Node {
    /// Whether it is a notary or a worker of one.
    pub const fn is_notary(&self) -> bool {
        !matches!(self.role, NodeRole::Participant)
    }

    /// The node as a component.
    pub fn component(&self) -> Component {
        match &self.role {
            NodeRole::Notary { .. } => Component::Notary(self.name.clone()),
            NodeRole::NotaryWorker { service, .. } => Component::NotaryWorker {
                notary: service.clone(),
                worker: self.name.clone(),
            },
            NodeRole::Participant => Component::Participant(self.name.clone()),
        }
    }
}

/// Where `CorDapps` come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CordappSource {
    /// An image with jars.
    Image(ImageVolume),
    /// A jar behind a URL, proved by its SHA-256.
    Url {
        /// The URL.
        url: crate::scalar::Url,
        /// Where that is.
        endpoint: Endpoint,
        /// 64 hexadecimal digits.
        sha256: String,
    },
}

/// A user of a participant's RPC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RpcUser {
    /// Its name.
    pub name: NodeName,
    /// Its password.
    pub password: SecretReference,
    /// What it may do.
    pub permissions: Vec<String>,
}

/// A program that calls a participant's RPC from a Pod of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RpcClient {
    /// Its name, which is also the name of its RPC user.
    pub name: NodeName,
    /// Its image.
    pub image: Image,
    /// What it is called with.
    pub arguments: Vec<String>,
    /// What its RPC user may do.
    pub permissions: Vec<String>,
    /// Nodes that must run before it does.
    pub counterparties: Vec<Component>,
}

/// The Corda Firewall of a participant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Firewall {
    /// Image with `corda-firewall.jar`.
    pub image: Image,
    /// The float's public host.
    pub host: DnsName,
    /// Where peers call the float.
    pub port: u16,
    /// Where the bridge calls the float.
    pub tunnel_port: u16,
    /// How peers reach the float.
    pub exposure: Exposure,
    /// The bridge.
    pub bridge: FirewallProcess,
    /// The float.
    pub float: FirewallProcess,
}

/// One process of the firewall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirewallProcess {
    /// Its memory.
    pub memory: Mebibytes,
    /// The processors that it asks for.
    pub cpu: Option<Millicores>,
    /// Where it runs.
    pub placement: Placement,
}
