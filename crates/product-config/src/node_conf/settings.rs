//! What is tuned in a node: every field absent means the product's default.

use std::time::Duration;

use secrecy::SecretString;

use crate::{
    address::HostPort,
    hocon::{Block, Value, milliseconds},
    ssl::Store,
};

/// Settings that the product has defaults for.
#[derive(Clone, Debug, Default)]
pub struct NodeSettings {
    /// Further addresses that are advertised to peers.
    pub additional_p2p_addresses: Vec<HostPort>,
    /// UUID of a private network map.
    pub private_network_map: Option<String>,
    /// Proxy towards Identity Manager and Network Map (Corda Enterprise).
    pub proxy: Option<Proxy>,
    /// Key store with the certificate that RPC clients are shown; plain RPC when absent.
    pub rpc_ssl: Option<Store>,
    /// Slows down failing logins (Corda Enterprise 4.14).
    pub rpc_rate_limit: Option<RateLimit>,
    /// Port of the SSH shell; off when absent.
    pub sshd_port: Option<u16>,
    /// Schema of the node's tables (Corda Enterprise).
    pub database_schema: Option<String>,
    /// Statistics of the database layer as JMX beans; expensive.
    pub export_hibernate_jmx_statistics: Option<bool>,
    /// Revocation is checked for inbound connections too, where no firewall does.
    pub crl_check_artemis_server: Option<bool>,
    /// Port of the Jolokia agent.
    pub jmx_monitoring_http_port: Option<u16>,
    /// Which reporter of JMX beans is started.
    pub jmx_reporter: Option<JmxReporter>,
    /// Pushes metrics (Corda Enterprise).
    pub graphite: Option<Graphite>,
    /// Spans and log lines about flows.
    pub telemetry: Option<Telemetry>,
    /// Where the identity key is (Corda Enterprise); a file when absent.
    pub crypto_service: Option<CryptoService>,
    /// Which changes of network parameters are accepted without asking.
    pub parameter_acceptance: Option<ParameterAcceptance>,
    /// When a request to a cluster of notaries is sent again.
    pub flow_timeout: Option<FlowTimeout>,
    /// Arguments of the verifier's JVM (Corda Enterprise 4.12.5).
    pub external_verifier_jvm_arguments: Vec<String>,
}

/// A proxy.
#[derive(Clone, Debug)]
pub struct Proxy {
    /// Its protocol.
    pub kind: ProxyType,
    /// Where it is.
    pub address: HostPort,
    /// User and password, when it asks.
    pub credentials: Option<(String, SecretString)>,
}

/// The protocol of a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyType {
    /// HTTP.
    Http,
    /// SOCKS.
    Socks,
}

impl Proxy {
    pub(super) fn add_to(&self, services: Block) -> Block {
        let kind = match self.kind {
            ProxyType::Http => "HTTP",
            ProxyType::Socks => "SOCKS",
        };
        let credentials = self.credentials.as_ref();
        services
            .with("proxyType", kind)
            .with("proxyAddress", &self.address)
            .with_some("proxyUser", credentials.map(|(user, _)| user))
            .with_some("proxyPassword", credentials.map(|(_, password)| password))
    }
}

/// How failing logins are slowed down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Seconds after the first failure.
    pub backoff_base_seconds: u32,
    /// Seconds at most.
    pub backoff_max_seconds: u32,
    /// Minutes until failures are forgotten.
    pub attempt_expire_minutes: u32,
}

impl RateLimit {
    /// The `security` block, which takes the place of `rpcUsers`: the node refuses both together.
    pub(super) fn security(self, users: Vec<Value>) -> Block {
        let source = Block::new().with("type", "INMEMORY").with("users", users);
        let limit = Block::new()
            .with("backoffBaseSeconds", self.backoff_base_seconds)
            .with("backoffMaxSeconds", self.backoff_max_seconds)
            .with("attemptExpireMinutes", self.attempt_expire_minutes);
        let service = Block::new()
            .with("dataSource", source)
            .with("options", Block::new().with("rateLimit", limit));
        Block::new().with("authService", service)
    }
}

/// A reporter of JMX beans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JmxReporter {
    /// The product's default.
    Jolokia,
    /// New Relic.
    NewRelic,
}

/// A Graphite server.
#[derive(Clone, Debug)]
pub struct Graphite {
    /// Its pickle receiver.
    pub server: HostPort,
    /// Begins every name; made from organisation and address when absent.
    pub prefix: Option<String>,
    /// Seconds between two pushes; 60 when absent.
    pub sample_interval_seconds: Option<u32>,
}

/// Spans and log lines about flows. The parser wants all four keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the product has four switches")]
pub struct Telemetry {
    /// Spans for `OpenTelemetry`, once its SDK is in `drivers`.
    pub open_telemetry: bool,
    /// A line for each start and end.
    pub simple_log: bool,
    /// Spans of their own for start and end.
    pub span_start_end_events: bool,
    /// Baggage becomes tags.
    pub copy_baggage_to_tags: bool,
}

/// The service that keeps the identity key.
#[derive(Clone, Debug)]
pub struct CryptoService {
    /// Which one.
    pub provider: HsmProvider,
    /// Path of its own configuration file, which holds secrets.
    pub conf: String,
    /// How long it may take to answer; 10 s when absent.
    pub timeout: Option<Duration>,
    /// How often a flow is retried after a timeout; below 0 it fails afterwards, above it waits for a person.
    pub flow_retry_count: Option<i32>,
}

/// An HSM that nodes know, by the name that `node.conf` and `firewall.conf` call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HsmProvider {
    /// Utimaco `SecurityServer` Se Gen2.
    Utimaco,
    /// Gemalto (Thales) Luna.
    GemaltoLuna,
    /// Futurex Vectera Plus.
    Futurex,
    /// Azure Key Vault.
    AzureKeyVault,
    /// Securosys Primus X.
    PrimusX,
    /// nCipher `nShield` Connect.
    NShield,
    /// AWS `CloudHSM`.
    AwsCloud,
}

impl HsmProvider {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Utimaco => "UTIMACO",
            Self::GemaltoLuna => "GEMALTO_LUNA",
            Self::Futurex => "FUTUREX",
            Self::AzureKeyVault => "AZURE_KEY_VAULT",
            Self::PrimusX => "PRIMUS_X",
            Self::NShield => "N_SHIELD",
            Self::AwsCloud => "AWS_CLOUD",
        }
    }
}

/// Which changes of network parameters are accepted without asking.
#[derive(Clone, Debug)]
pub struct ParameterAcceptance {
    /// Those that may be at all.
    pub auto_accept: bool,
    /// Parameters that are asked for nevertheless.
    pub excluded: Vec<String>,
}

/// When a request to a cluster of notaries is sent again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlowTimeout {
    /// First waiting time.
    pub timeout: Duration,
    /// How often the waiting time grows.
    pub max_restart_count: u32,
    /// By which factor.
    pub backoff_base: f64,
}

impl NodeSettings {
    pub(super) fn add_to(&self, file: Block) -> Block {
        let database = Block::new()
            .with_some("schema", self.database_schema.as_ref())
            .with_some(
                "exportHibernateJMXStatistics",
                self.export_hibernate_jmx_statistics,
            );
        let crypto = self.crypto_service.as_ref();
        let reporter = self.jmx_reporter.map(|reporter| match reporter {
            JmxReporter::Jolokia => "JOLOKIA",
            JmxReporter::NewRelic => "NEW_RELIC",
        });
        file.with_some("sshd", self.sshd_port.map(|port| Block::new().with("port", port)))
            .with_block("database", database)
            .with_some("crlCheckArtemisServer", self.crl_check_artemis_server)
            .with_some("jmxMonitoringHttpPort", self.jmx_monitoring_http_port)
            .with_some("jmxReporterType", reporter)
            .with_some("graphiteOptions", self.graphite.as_ref().map(Graphite::block))
            .with_some("telemetry", self.telemetry.map(Telemetry::block))
            .with_some(
                "cryptoServiceName",
                crypto.map(|service| service.provider.as_str()),
            )
            .with_some("cryptoServiceConf", crypto.map(|service| &service.conf))
            .with_some(
                "cryptoServiceTimeout",
                crypto.and_then(|service| service.timeout).map(milliseconds),
            )
            .with_some(
                "cryptoServiceFlowRetryCount",
                crypto.and_then(|service| service.flow_retry_count).map(i64::from),
            )
            .with_some(
                "networkParameterAcceptanceSettings",
                self.parameter_acceptance.as_ref().map(ParameterAcceptance::block),
            )
            .with_some("flowTimeout", self.flow_timeout.map(FlowTimeout::block))
    }
}

impl Graphite {
    fn block(&self) -> Block {
        Block::new()
            .with("server", &self.server.host)
            .with("port", self.server.port)
            .with_some("prefix", self.prefix.as_ref())
            .with_some("sampleIntervalSeconds", self.sample_interval_seconds)
    }
}

impl Telemetry {
    fn block(self) -> Block {
        Block::new()
            .with("openTelemetryEnabled", self.open_telemetry)
            .with("simpleLogTelemetryEnabled", self.simple_log)
            .with("spanStartEndEventsEnabled", self.span_start_end_events)
            .with("copyBaggageToTags", self.copy_baggage_to_tags)
    }
}

impl ParameterAcceptance {
    fn block(&self) -> Block {
        Block::new()
            .with("autoAcceptEnabled", self.auto_accept)
            .with_list("excludedAutoAcceptableParameters", &self.excluded)
    }
}

impl FlowTimeout {
    fn block(self) -> Block {
        Block::new()
            .with("timeout", self.timeout)
            .with("maxRestartCount", self.max_restart_count)
            .with("backoffBase", self.backoff_base)
    }
}
