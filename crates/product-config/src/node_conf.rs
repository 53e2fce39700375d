//! `node.conf` of participants and notaries.
//!
//! Precedence: 1. built-in defaults, the node's own `reference.conf`; 2. profile; 3. topology, both in the typed
//! fields; 4. the operator's overrides, merged last. `corda_…` variables of the environment and system
//! properties would come after all of them; the deployer sets none.
//!
//! The parser refuses every key that it does not know. So nothing is written that the [table of documented
//! keys](documented_keys) does not have for the node's release, whether it comes from a field or an override.

mod data_source;
mod enterprise;
mod key;
mod notary;
mod override_problem;
mod overrides;
mod settings;

use secrecy::SecretString;

pub(crate) use self::key::{POOL, find, nearest};
pub use self::{
    data_source::DataSource,
    enterprise::{
        CryptoServiceFile, EnterpriseConfiguration, MaintenanceMode, MessagingServerConnection,
        MessagingServerSsl, Metrics, MutualExclusion, Tuning,
    },
    key::{Kind, NodeKey, Owner, documented_keys},
    notary::{JpaNotary, Notary},
    override_problem::{OverrideProblem, OverrideProblemKind, PathPart},
    overrides::{Overrides, Setting, check_overrides},
    settings::{
        CryptoService, FlowTimeout, Graphite, HsmProvider, JmxReporter, NodeSettings, ParameterAcceptance,
        Proxy, ProxyType, RateLimit, Telemetry,
    },
};
use crate::{
    address::HostPort,
    conf_error::{ConfError, ConfProblem, join},
    hocon::{self, Block, Value},
    version::CordaRelease,
};

/// The whole file.
#[derive(Clone, Debug)]
pub struct NodeConf {
    /// X.500 name; must equal the certificate's.
    pub my_legal_name: String,
    /// Goes into the request for the certificate.
    pub email_address: String,
    /// Advertised to peers; never `0.0.0.0`.
    pub p2p_address: HostPort,
    /// The broker of the node's peers, when it is not the embedded one at the advertised address.
    pub messaging_server: Option<MessagingServer>,
    /// Identity Manager and Network Map.
    pub network_services: NetworkServices,
    /// Password of the key stores that registration makes; cannot change afterwards.
    pub key_store_password: SecretString,
    /// Password of the trust store that registration makes.
    pub trust_store_password: SecretString,
    /// RPC; its admin address belongs on the loopback.
    pub rpc_settings: RpcSettings,
    /// Who may use RPC.
    pub rpc_users: Vec<RpcUser>,
    /// H2 in the base directory when absent.
    pub data_source: Option<DataSource>,
    /// Whether a peer passes when its revocation list cannot be fetched.
    pub crl_check_soft_fail: bool,
    /// List for the node's TLS certificate; read at registration.
    pub tls_crl: Option<TlsCrl>,
    /// Fingerprints of signers whose `CorDapps` are refused; the product's default refuses R3's development
    /// key. An empty list only in tests.
    pub cordapp_signer_key_fingerprint_blacklist: Option<Vec<String>>,
    /// The notary service of the node.
    pub notary: Option<Notary>,
    /// Arguments of the real JVM, which the launcher starts; they replace all of its defaults.
    pub jvm_arguments: Vec<String>,
    /// What is tuned; the product's defaults unless said.
    pub settings: NodeSettings,
    /// `enterpriseConfiguration`, which only Corda Enterprise knows.
    pub enterprise: Option<EnterpriseConfiguration>,
    /// Keys of the operator's own, which come last.
    pub overrides: Overrides,
}

/// The broker of the node's peers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessagingServer {
    /// Where it is, or where the embedded one binds.
    pub address: HostPort,
    /// Whether it runs outside of the node.
    pub external: bool,
}

impl MessagingServer {
    /// The embedded broker, bound to another address than the advertised one.
    pub const fn embedded(address: HostPort) -> Self {
        Self {
            address,
            external: false,
        }
    }
}

/// Where the network is.
#[derive(Clone, Debug)]
pub struct NetworkServices {
    /// URL of the Identity Manager.
    pub doorman_url: String,
    /// URL of the Network Map.
    pub network_map_url: String,
    /// Token that the Identity Manager asks for with a request; at most 8192 US-ASCII characters.
    pub csr_token: Option<SecretString>,
}

/// RPC addresses.
#[derive(Clone, Debug)]
pub struct RpcSettings {
    /// For clients.
    pub address: HostPort,
    /// For the node's own use.
    pub admin_address: HostPort,
}

/// A user of RPC.
#[derive(Clone, Debug)]
pub struct RpcUser {
    /// Name: letters, digits and underscores.
    pub username: String,
    /// Password.
    pub password: SecretString,
    /// E.g. `StartFlow.net.corda.finance.flows.CashIssueFlow`, `InvokeRpc.nodeInfo`, `ALL`.
    pub permissions: Vec<String>,
}

/// The revocation list of the node's TLS certificate: both or none.
#[derive(Clone, Debug)]
pub struct TlsCrl {
    /// URL.
    pub distribution_point: String,
    /// X.500 name of the list's signer, parts in the order of its certificate.
    pub issuer: String,
}

impl NodeConf {
    /// The file's text for a node of `release`. It holds secrets.
    pub fn to_hocon(&self, release: CordaRelease) -> Result<String, ConfError> {
        let mut file = self.block();
        let mut problems = self.contradictions();
        unknown(&file, documented_keys(), "", release, &mut problems);
        problems.extend(
            check_overrides(&self.overrides, release)
                .into_iter()
                .map(ConfProblem::Override),
        );
        if !problems.is_empty() {
            return Err(ConfError {
                file: "node.conf",
                release: release.to_string(),
                problems,
            });
        }
        overrides::merge(&mut file, &self.overrides);
        Ok(hocon::write(&file))
    }

    fn block(&self) -> Block {
        let settings = &self.settings;
        let services = Block::new()
            .with("doormanURL", &self.network_services.doorman_url)
            .with("networkMapURL", &self.network_services.network_map_url)
            .with_some("pnm", settings.private_network_map.as_ref())
            .with_some("csrToken", self.network_services.csr_token.as_ref());
        let services = settings
            .proxy
            .as_ref()
            .map_or_else(|| services.clone(), |proxy| proxy.add_to(services.clone()));
        let rpc = Block::new()
            .with("address", &self.rpc_settings.address)
            .with("adminAddress", &self.rpc_settings.admin_address)
            .with_some("useSsl", settings.rpc_ssl.as_ref().map(|_| true))
            .with_some(
                "ssl",
                settings.rpc_ssl.as_ref().map(|store| {
                    Block::new()
                        .with("keyStorePath", &store.location)
                        .with("keyStorePassword", &store.password)
                }),
            );
        let users: Vec<_> = self
            .rpc_users
            .iter()
            .map(|user| Value::Block(user.block()))
            .collect();
        let (users, security) = match &settings.rpc_rate_limit {
            None => (users, None),
            Some(limit) => (Vec::new(), Some(limit.security(users))),
        };
        let custom = Block::new().with_list("jvmArgs", &self.jvm_arguments).with_list(
            "externalVerifierJvmArgs",
            &settings.external_verifier_jvm_arguments,
        );
        let fingerprints = self
            .cordapp_signer_key_fingerprint_blacklist
            .as_ref()
            .map(|fingerprints| fingerprints.iter().map(Value::from).collect::<Vec<_>>());
        let crl = self.tls_crl.as_ref();
        let file = Block::new()
            .with("myLegalName", &self.my_legal_name)
            .with("emailAddress", &self.email_address)
            .with("devMode", false)
            .with("detectPublicIp", false)
            .with("p2pAddress", &self.p2p_address)
            .with_list("additionalP2PAddresses", &settings.additional_p2p_addresses)
            .with_some(
                "messagingServerAddress",
                self.messaging_server.as_ref().map(|server| &server.address),
            )
            // Given an address, the node otherwise takes the broker for an external one.
            .with_some(
                "messagingServerExternal",
                self.messaging_server.as_ref().map(|server| server.external),
            )
            .with("networkServices", services)
            .with("keyStorePassword", &self.key_store_password)
            .with("trustStorePassword", &self.trust_store_password)
            .with("crlCheckSoftFail", self.crl_check_soft_fail)
            .with_some("tlsCertCrlDistPoint", crl.map(|crl| &crl.distribution_point))
            .with_some("tlsCertCrlIssuer", crl.map(|crl| &crl.issuer))
            .with("rpcSettings", rpc)
            .with_list("rpcUsers", users)
            .with_some("security", security)
            .with_some(
                "dataSourceProperties",
                self.data_source.as_ref().map(DataSource::block),
            )
            .with_some("notary", self.notary.as_ref().map(Notary::block))
            .with_some("cordappSignerKeyFingerprintBlacklist", fingerprints)
            .with_block("custom", custom);
        settings.add_to(file).with_some(
            "enterpriseConfiguration",
            self.enterprise.as_ref().map(EnterpriseConfiguration::block),
        )
    }

    fn contradictions(&self) -> Vec<ConfProblem> {
        let mut problems = Vec::new();
        let mut refuse = |path: &str, cause: &str| problems.push(ConfProblem::contradiction(path, cause));
        if !self.crl_check_soft_fail && self.tls_crl.is_none() {
            refuse(
                "crlCheckSoftFail",
                "cannot be false without a revocation list for the node's own TLS certificate",
            );
        }
        let notary = self.notary.as_ref();
        if notary.is_some_and(|notary| notary.service_legal_name == self.my_legal_name) {
            refuse("notary.serviceLegalName", "must differ from the node's own name");
        }
        if notary.is_some_and(|notary| notary.jpa.is_some() && notary.validating) {
            refuse("notary.validating", "must be false for a highly available notary");
        }
        let external = self
            .messaging_server
            .as_ref()
            .is_some_and(|server| server.external);
        let enterprise = self.enterprise.as_ref();
        if notary.is_none() && self.overrides.contains_key("notary") {
            refuse("notary", "cannot be overridden in a node that is none");
        }
        if ["h2port", "h2Settings"]
            .iter()
            .all(|key| self.overrides.contains_key(*key))
        {
            refuse("h2port", "excludes h2Settings, which replaced it");
        }
        if external && enterprise.is_none_or(|enterprise| enterprise.messaging_server_ssl.is_none()) {
            refuse(
                "enterpriseConfiguration.messagingServerSslConfiguration",
                "is needed for an external messaging server",
            );
        }
        if enterprise
            .and_then(|enterprise| enterprise.mutual_exclusion.as_ref())
            .is_some_and(|lease| lease.wait_interval <= lease.update_interval)
        {
            refuse(
                "enterpriseConfiguration.mutualExclusionConfiguration.waitInterval",
                "must be greater than updateInterval",
            );
        }
        problems
    }
}

/// Every key of `block` that nodes of a release do not know.
fn unknown(
    block: &Block,
    keys: &'static [NodeKey],
    path: &str,
    release: CordaRelease,
    problems: &mut Vec<ConfProblem>,
) {
    for entry in block.entries() {
        let path = join(path, &entry.key);
        let availability = match key::find(keys, &entry.key) {
            Some(key) if key.is_known_to(release) => {
                unknown_below(&entry.value, &key.kind, &path, release, problems);
                continue;
            }
            Some(key) => key.availability.describe(release.edition),
            None => "in no documented release".to_owned(),
        };
        problems.push(ConfProblem::UnknownKey { path, availability });
    }
}

fn unknown_below(
    value: &Value,
    kind: &'static Kind,
    path: &str,
    release: CordaRelease,
    problems: &mut Vec<ConfProblem>,
) {
    match (value, kind) {
        (Value::Block(block), Kind::Block(keys)) => unknown(block, keys, path, release, problems),
        (Value::List(values), Kind::List(element)) => {
            for (index, value) in values.iter().enumerate() {
                unknown_below(value, element, &format!("{path}[{index}]"), release, problems);
            }
        }
        _ => {}
    }
}

impl RpcUser {
    fn block(&self) -> Block {
        Block::new()
            .with("username", &self.username)
            .with("password", &self.password)
            .with_list("permissions", &self.permissions)
    }
}

#[cfg(test)]
mod tests;
