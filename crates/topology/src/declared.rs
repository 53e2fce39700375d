//! The file exactly as written: every scalar with its place, nothing defaulted, no reference resolved. The
//! declarations here are the language: what is decoded, the JSON Schema, `explain` and the tables of keys are all
//! made from them.

mod cenm;
mod corda;
mod database;
mod delivery;
mod exposure;
mod firewall;
mod hsm;
mod placement;
mod secret;
mod surroundings;

pub use cenm::{
    Cenm, Gateway, IdentityManager, Jira, NetworkMap, NetworkParameters, PackageOwner, Service,
    SigningSchedule, SigningService, Subzone, WorkflowPlugin,
};
pub use corda::{
    CordappSource, Cordapps, HighAvailability, NodeSettings, Notary, Participant, Ports, RpcClient, RpcUser,
    Ssh, Worker,
};
pub use database::Database;
pub use delivery::{Delivery, DeliveryStore, VaultAgent};
pub use exposure::{CertManager, Exposure, GatewayReference, Tls};
pub use firewall::{Firewall, FirewallProcess};
pub use hsm::{AwsCloudHsm, AzureKeyVault, CloudHsmDaemon, GemaltoLuna, Hsm, SecurosysPrimus, UtimacoHsm};
pub use placement::{Placement, Toleration, VerticalScaling, Volume};
pub use secret::{ExternalSecret, ImageVolume, SecretKeyReference, SecretReference};
pub use surroundings::{Certificates, Custody, Ingress, Lifetimes, Monitoring, Pkcs11, Platform};

use crate::{
    decode::Located,
    language::{Named, mapping},
    model::Profile,
    names::{DnsName, NetworkName, X500Name},
};

mapping! {
    /// A Corda network with its CENM services, notaries and participants.
    pub struct Topology = "the topology" {
        /// The network's name: the first part of all namespaces, and the name of the key file.
        @required name: Option<Located<NetworkName>> = "name", drives "names of all namespaces";
        /// The DNS domain of the public host names.
        @required domain: Option<Located<DnsName>> = "domain";
        /// Who operates the network. Its `O`, `L` and `C` become part of the certificates' subjects, where `O` may
        /// have 64 characters.
        @required operator: Option<Located<X500Name>> = "operator", drives "subjects of the certificates";
        /// What the network is for. In `production` whatever is fit for trials only is refused.
        profile: Option<Located<Profile>> = "profile", default "production";
        /// Other files with notaries, participants and classes: globs, relative to this file.
        include: Vec<Located<String>> = "include", default "none";
        /// The platform underneath, with the limits that are checked.
        platform: Platform = "platform";
        /// Algorithms and lifetimes of keys and certificates.
        certificates: Certificates = "certificates";
        /// Where the root and subordinate keys are kept, outside of the cluster.
        custody: Custody = "custody";
        /// How the stores and passwords that Cordanetes makes come to the Pods.
        delivery: Option<Delivery> = "delivery", default "as Secrets";
        /// The CENM services.
        @required cenm: Option<Cenm> = "cenm";
        /// What all nodes share, notaries and participants. A node's class and its own keys go first.
        corda: NodeSettings = "corda";
        /// Settings by name, that nodes share with `class`.
        classes: Named<NodeSettings> = "classes", default "none";
        /// The notaries; at least one.
        notaries: Vec<Notary> = "notaries";
        /// The participants.
        participants: Vec<Participant> = "participants", default "none";
        /// Prometheus and the metrics agents.
        monitoring: Option<Monitoring> = "monitoring", default "no Prometheus and no agents";
        /// The common settings of all Ingress objects. With it, `{}` is enough, the public services are exposed by
        /// Ingress unless they say otherwise.
        ingress: Option<Ingress> = "ingress", default "no Ingress objects";
        /// The common Gateway of all `HTTPRoute` and `TLSRoute` objects.
        gateway_api: Option<GatewayReference> = "gatewayApi", default "no routes";
        /// What all volumes share.
        storage: Volume = "storage";
        /// Where all Pods may run. A component's own placement goes first, key by key.
        placement: Placement = "placement";
    }
}
