//! `firewall.conf` of the Corda Firewall: bridge, float, or both in one process. Corda Enterprise only.
//!
//! Precedence: 1. the product's defaults; 2. profile; 3. topology: this file. No key can be overridden.

use secrecy::SecretString;

use crate::{
    address::HostPort,
    conf_error::{ConfError, ConfProblem},
    hocon::{self, Block},
    node_conf::{CryptoServiceFile, Proxy, ProxyType},
    ssl::{Store, flat_stores},
    version::{CordaRelease, Edition},
};

/// The whole file.
#[derive(Clone, Debug)]
pub struct FirewallConf {
    /// What the process is.
    pub mode: FirewallMode,
    /// The node's TLS keys: of bridge and `SenderReceiver` mode. A float needs none.
    pub stores: Option<FirewallStores>,
    /// How revocation is checked; softly when absent.
    pub revocation: Option<RevocationMode>,
    /// Words that a health check sends to the P2P port and gets back.
    pub health_check_phrase: Option<String>,
    /// Addresses whose connections are not logged, e.g. of load balancers' checks.
    pub silenced_ips: Vec<String>,
    /// Seconds between two lines of statistics in the log.
    pub audit_logging_interval_seconds: Option<u32>,
    /// Milliseconds of the first and the longest wait before the broker is tried again.
    pub artemis_reconnection_interval: Option<(u32, u32)>,
    /// Seconds after which an idle connection to a peer is closed; never when absent.
    pub bridge_connection_ttl_seconds: Option<u32>,
    /// Arguments of the real JVM, which the launcher starts.
    pub jvm_arguments: Vec<String>,
}

/// What a firewall process is.
#[derive(Clone, Debug)]
pub enum FirewallMode {
    /// Inside: takes the node's messages out, and calls the float, never the other way.
    BridgeInner {
        /// The node's broker and the way out.
        outbound: Outbound,
        /// The tunnel to the floats.
        tunnel: BridgeTunnel,
        /// Path of a copy of the node's `network-parameters`, made after its first start.
        network_parameters_path: String,
        /// Hot and warm bridges.
        high_availability: Option<HighAvailability>,
    },
    /// In the DMZ: peers call it.
    FloatOuter {
        /// Where peers are listened for.
        listening_address: HostPort,
        /// Where the bridge is waited for.
        float_address: HostPort,
        /// X.500 name in the bridge's tunnel certificate.
        expected_certificate_subject: String,
        /// Its own tunnel key.
        tunnel: TunnelSsl,
    },
    /// Both in one process, without a DMZ.
    SenderReceiver {
        /// The node's broker and the way out.
        outbound: Outbound,
        /// Where peers are listened for.
        listening_address: HostPort,
        /// As for the bridge.
        network_parameters_path: String,
        /// As for the bridge.
        high_availability: Option<HighAvailability>,
    },
}

/// The node's broker and the way out.
#[derive(Clone, Debug)]
pub struct Outbound {
    /// The broker.
    pub artemis_broker_address: HostPort,
    /// Further ones, of hot and cold nodes.
    pub alternate_artemis_broker_addresses: Vec<HostPort>,
    /// Keys towards the broker; the node's TLS keys when absent.
    pub artemis_ssl: Option<TunnelSsl>,
    /// Keys towards the broker in an HSM.
    pub artemis_crypto_service: Option<CryptoServiceFile>,
    /// A proxy on the way out.
    pub proxy: Option<FirewallProxy>,
}

impl Outbound {
    /// A broker that is reached directly with the node's TLS keys.
    pub const fn to(artemis_broker_address: HostPort) -> Self {
        Self {
            artemis_broker_address,
            alternate_artemis_broker_addresses: Vec::new(),
            artemis_ssl: None,
            artemis_crypto_service: None,
            proxy: None,
        }
    }
}

/// The bridge's end of the tunnel.
#[derive(Clone, Debug)]
pub struct BridgeTunnel {
    /// Floats, tried in turn.
    pub float_addresses: Vec<HostPort>,
    /// X.500 name in the floats' tunnel certificates.
    pub expected_certificate_subject: String,
    /// Its own tunnel key.
    pub ssl: TunnelSsl,
}

/// Keys that are used between the parts of a firewall only.
#[derive(Clone, Debug)]
pub struct TunnelSsl {
    /// Store with its own key.
    pub key_store: Store,
    /// Password of the key; the store's when absent.
    pub private_key_password: Option<SecretString>,
    /// Whom it trusts.
    pub trust_store: Store,
}

/// The node's TLS keys.
#[derive(Clone, Debug)]
pub struct FirewallStores {
    /// `sslkeystore.jks`
    pub key_store: Store,
    /// `truststore.jks`
    pub trust_store: Store,
    /// Its key in an HSM instead.
    pub p2p_crypto_service: Option<CryptoServiceFile>,
}

/// A proxy on the way out.
#[derive(Clone, Debug)]
pub enum FirewallProxy {
    /// SOCKS 4, without credentials.
    Socks4(HostPort),
    /// SOCKS 5 or HTTP.
    Other(Proxy),
}

/// Hot and warm bridges.
#[derive(Clone, Debug)]
pub struct HighAvailability {
    /// `zk://host:port,…` for `ZooKeeper`, or `bully://localhost`.
    pub connection: String,
    /// 0 is preferred.
    pub priority: Option<u32>,
    /// Distinguishes several sets of bridges; `bridge/ha` when absent.
    pub topic: Option<String>,
}

/// How revocation is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationMode {
    /// A list that cannot be fetched is passed over.
    SoftFail,
    /// Every list must be fetched.
    HardFail,
    /// Not at all.
    Off,
    /// The float asks through the bridge, and so calls nobody: its default.
    ExternalSource,
}

impl FirewallConf {
    /// A firewall of a mode, with the product's defaults for the rest.
    pub const fn new(mode: FirewallMode, stores: Option<FirewallStores>) -> Self {
        Self {
            mode,
            stores,
            revocation: None,
            health_check_phrase: None,
            silenced_ips: Vec::new(),
            audit_logging_interval_seconds: None,
            artemis_reconnection_interval: None,
            bridge_connection_ttl_seconds: None,
            jvm_arguments: Vec::new(),
        }
    }

    /// The file's text for a release. It holds secrets.
    pub fn to_hocon(&self, release: CordaRelease) -> Result<String, ConfError> {
        let problems = self.problems(release);
        if problems.is_empty() {
            return Ok(hocon::write(&self.block()));
        }
        Err(ConfError {
            file: "firewall.conf",
            release: release.to_string(),
            problems,
        })
    }

    fn problems(&self, release: CordaRelease) -> Vec<ConfProblem> {
        let mut problems = Vec::new();
        if release.edition == Edition::Community {
            let availability = "in Corda Enterprise only".to_owned();
            problems.push(ConfProblem::UnknownKey {
                path: "firewallMode".to_owned(),
                availability,
            });
        }
        let mut refuse = |path: &str, cause: &str| problems.push(ConfProblem::contradiction(path, cause));
        let is_float = matches!(self.mode, FirewallMode::FloatOuter { .. });
        if self.revocation == Some(RevocationMode::ExternalSource) && !is_float {
            refuse("revocationConfig.mode", "can be EXTERNAL_SOURCE for a float only");
        }
        if is_float && self.stores.is_some() {
            refuse(
                "sslKeystore",
                "must be absent: a float in the DMZ does not hold the node's keys",
            );
        }
        if !is_float && self.stores.is_none() {
            refuse(
                "sslKeystore",
                "is needed: bridges speak to peers with the node's keys",
            );
        }
        if let FirewallMode::BridgeInner { tunnel, .. } = &self.mode
            && tunnel.float_addresses.is_empty()
        {
            refuse("bridgeInnerConfig.floatAddresses", "names no float");
        }
        problems
    }

    fn block(&self) -> Block {
        let mode = self.mode.add_to(Block::new());
        let mode = match &self.stores {
            None => mode,
            Some(stores) => flat_stores(&stores.key_store, &stores.trust_store)
                .with_some(
                    "p2pTlsSigningCryptoServiceConfig",
                    stores.p2p_crypto_service.as_ref().map(crypto_service),
                )
                .after(mode),
        };
        let revocation = self.revocation.map(|mode| {
            let mode = match mode {
                RevocationMode::SoftFail => "SOFT_FAIL",
                RevocationMode::HardFail => "HARD_FAIL",
                RevocationMode::Off => "OFF",
                RevocationMode::ExternalSource => "EXTERNAL_SOURCE",
            };
            Block::new().with("mode", mode)
        });
        let interval = self.artemis_reconnection_interval;
        mode.with_some("revocationConfig", revocation)
            .with_some("healthCheckPhrase", self.health_check_phrase.as_ref())
            .with_list("silencedIPs", &self.silenced_ips)
            .with_some(
                "auditServiceConfiguration",
                self.audit_logging_interval_seconds
                    .map(|seconds| Block::new().with("loggingIntervalSec", seconds)),
            )
            .with_some("artemisReconnectionIntervalMin", interval.map(|(first, _)| first))
            .with_some(
                "artemisReconnectionIntervalMax",
                interval.map(|(_, longest)| longest),
            )
            .with_some("bridgeConnectionTTLSeconds", self.bridge_connection_ttl_seconds)
            .with_block("custom", Block::new().with_list("jvmArgs", &self.jvm_arguments))
    }
}

impl FirewallMode {
    fn add_to(&self, file: Block) -> Block {
        let inbound = |address| Block::new().with("listeningAddress", address);
        match self {
            Self::BridgeInner {
                outbound,
                tunnel,
                network_parameters_path,
                high_availability,
            } => {
                let inner = Block::new()
                    .with_list("floatAddresses", &tunnel.float_addresses)
                    .with("expectedCertificateSubject", &tunnel.expected_certificate_subject)
                    .with("tunnelSSLConfiguration", tunnel.ssl.block());
                outbound
                    .add_to(file.with("firewallMode", "BridgeInner"))
                    .with("bridgeInnerConfig", inner)
                    .with("networkParametersPath", network_parameters_path)
                    .with_some(
                        "haConfig",
                        high_availability.as_ref().map(HighAvailability::block),
                    )
            }
            Self::FloatOuter {
                listening_address,
                float_address,
                expected_certificate_subject,
                tunnel,
            } => file
                .with("firewallMode", "FloatOuter")
                .with("inboundConfig", inbound(listening_address))
                .with(
                    "floatOuterConfig",
                    Block::new()
                        .with("floatAddress", float_address)
                        .with("expectedCertificateSubject", expected_certificate_subject)
                        .with("tunnelSSLConfiguration", tunnel.block()),
                ),
            Self::SenderReceiver {
                outbound,
                listening_address,
                network_parameters_path,
                high_availability,
            } => outbound
                .add_to(file.with("firewallMode", "SenderReceiver"))
                .with("inboundConfig", inbound(listening_address))
                .with("networkParametersPath", network_parameters_path)
                .with_some(
                    "haConfig",
                    high_availability.as_ref().map(HighAvailability::block),
                ),
        }
    }
}

impl Outbound {
    fn add_to(&self, file: Block) -> Block {
        let outbound = Block::new()
            .with("artemisBrokerAddress", &self.artemis_broker_address)
            .with_list(
                "alternateArtemisBrokerAddresses",
                &self.alternate_artemis_broker_addresses,
            )
            .with_some(
                "artemisSSLConfiguration",
                self.artemis_ssl.as_ref().map(TunnelSsl::block),
            )
            .with_some("proxyConfig", self.proxy.as_ref().map(FirewallProxy::block));
        file.with("outboundConfig", outbound).with_some(
            "artemisCryptoServiceConfig",
            self.artemis_crypto_service.as_ref().map(crypto_service),
        )
    }
}

impl TunnelSsl {
    fn block(&self) -> Block {
        flat_stores(&self.key_store, &self.trust_store)
            .with_some("keyStorePrivateKeyPassword", self.private_key_password.as_ref())
    }
}

impl FirewallProxy {
    fn block(&self) -> Block {
        let block = |version: &str, address| {
            Block::new()
                .with("version", version)
                .with("proxyAddress", address)
        };
        match self {
            Self::Socks4(address) => block("SOCKS4", address),
            Self::Other(proxy) => {
                let version = match proxy.kind {
                    ProxyType::Http => "HTTP",
                    ProxyType::Socks => "SOCKS5",
                };
                let credentials = proxy.credentials.as_ref();
                block(version, &proxy.address)
                    .with_some("userName", credentials.map(|(user, _)| user))
                    .with_some("password", credentials.map(|(_, password)| password))
            }
        }
    }
}

impl HighAvailability {
    fn block(&self) -> Block {
        Block::new()
            .with("haConnectionString", &self.connection)
            .with_some("haPriority", self.priority)
            .with_some("haTopic", self.topic.as_ref())
    }
}

/// An HSM as the firewall names it, unlike the node.
fn crypto_service(service: &CryptoServiceFile) -> Block {
    Block::new()
        .with("name", service.provider.as_str())
        .with("conf", &service.conf)
}

#[cfg(test)]
mod tests;
