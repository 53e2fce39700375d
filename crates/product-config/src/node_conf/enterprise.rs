//! `enterpriseConfiguration`: every field absent means the product's default.

use std::time::Duration;

use super::settings::HsmProvider;
use crate::{
    hocon::{Block, Value},
    ssl::{Store, flat_stores},
};

/// Settings that only Corda Enterprise knows.
#[derive(Clone, Debug, Default)]
pub struct EnterpriseConfiguration {
    /// Never two instances on one database.
    pub mutual_exclusion: Option<MutualExclusion>,
    /// Peers are reached through a Corda Firewall.
    pub external_bridge: Option<bool>,
    /// The health survey tool is answered; the product's default is yes.
    pub health_check: Option<bool>,
    /// Threads and buffers.
    pub tuning: Tuning,
    /// Keys towards an external broker, or of the embedded one towards a bridge.
    pub messaging_server_ssl: Option<MessagingServerSsl>,
    /// How patiently a broker is connected to.
    pub messaging_server_connection: Option<MessagingServerConnection>,
    /// Where the TLS key is; a file when absent.
    pub tls_crypto_service: Option<CryptoServiceFile>,
    /// Where the key towards the broker is; a file when absent.
    pub artemis_crypto_service: Option<CryptoServiceFile>,
    /// Aliases of keys in an HSM, where each node needs its own.
    pub identity_key_alias: Option<String>,
    /// As above, for the node's certificate authority.
    pub client_ca_key_alias: Option<String>,
    /// As above, for TLS.
    pub tls_key_alias: Option<String>,
    /// As above, for the key that the workers of a notary share.
    pub distributed_notary_key_alias: Option<String>,
    /// When the node cleans up.
    pub maintenance_mode: Option<MaintenanceMode>,
    /// How histograms forget.
    pub metrics: Option<Metrics>,
}

/// The lease in the node's database.
#[derive(Clone, Debug)]
pub struct MutualExclusion {
    /// Environment variable that tells one instance from the next, e.g. `POD_UID`: the host name of a
    /// `StatefulSet` does not, as old and new Pod share it.
    pub machine_name_variable: String,
    /// Milliseconds between two renewals.
    pub update_interval: u32,
    /// Milliseconds after the last renewal before another instance may take over.
    pub wait_interval: u32,
}

impl MutualExclusion {
    /// The intervals of R3's documentation: 20 s, and 40 s until another instance may take over.
    pub fn by_variable(name: impl Into<String>) -> Self {
        Self {
            machine_name_variable: name.into(),
            update_interval: 20_000,
            wait_interval: 40_000,
        }
    }
}

/// Threads and buffers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tuning {
    /// Flows at a time; each takes a connection of the database.
    pub flow_thread_pool_size: Option<u32>,
    /// RPC calls at a time; 4 at least.
    pub rpc_thread_pool_size: Option<u32>,
    /// Transactions that are asked for in one message.
    pub backchain_fetch_batch_size: Option<u32>,
    /// Nanoseconds until messages are flushed to disk.
    pub journal_buffer_timeout: Option<u32>,
    /// Bytes of that buffer.
    pub journal_buffer_size: Option<u32>,
}

/// TLS towards the broker.
#[derive(Clone, Debug)]
pub struct MessagingServerSsl {
    /// The node's key.
    pub key_store: Store,
    /// Whom it trusts.
    pub trust_store: Store,
}

/// How patiently a broker is connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessagingServerConnection {
    /// Five attempts.
    Default,
    /// One attempt.
    FailFast,
    /// For ever.
    ContinuousRetry,
}

/// An HSM with the path of its configuration.
#[derive(Clone, Debug)]
pub struct CryptoServiceFile {
    /// Which one.
    pub provider: HsmProvider,
    /// Path of its own configuration file, which holds secrets.
    pub conf: String,
}

/// When the node cleans up. The node wants all three.
#[derive(Clone, Debug)]
pub struct MaintenanceMode {
    /// Six fields of cron, UTC.
    pub schedule: String,
    /// How long it may take.
    pub duration: Duration,
    /// Days for which records of RPC calls are kept.
    pub rpc_audit_retention_days: u32,
}

/// How histograms forget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metrics {
    /// Exponentially, the product's default.
    ExponentiallyDecaying,
    /// After a time.
    TimeWindow(Duration),
}

impl EnterpriseConfiguration {
    pub(super) fn block(&self) -> Block {
        let connection = self.messaging_server_connection.map(|mode| match mode {
            MessagingServerConnection::Default => "DEFAULT",
            MessagingServerConnection::FailFast => "FAIL_FAST",
            MessagingServerConnection::ContinuousRetry => "CONTINUOUS_RETRY",
        });
        let service = |service: &Option<CryptoServiceFile>| service.as_ref().map(CryptoServiceFile::block);
        Block::new()
            .with_some(
                "mutualExclusionConfiguration",
                self.mutual_exclusion.as_ref().map(MutualExclusion::block),
            )
            .with_some("externalBridge", self.external_bridge)
            .with_some("healthCheck", self.health_check)
            .with_block("tuning", self.tuning.block())
            .with_some(
                "messagingServerSslConfiguration",
                self.messaging_server_ssl
                    .as_ref()
                    .map(|ssl| flat_stores(&ssl.key_store, &ssl.trust_store)),
            )
            .with_some("messagingServerConnectionConfiguration", connection)
            .with_some("tlsCryptoServiceConfig", service(&self.tls_crypto_service))
            .with_some(
                "artemisCryptoServiceConfig",
                service(&self.artemis_crypto_service),
            )
            .with_some("identityKeyAlias", self.identity_key_alias.as_ref())
            .with_some("clientCaKeyAlias", self.client_ca_key_alias.as_ref())
            .with_some("tlsKeyAlias", self.tls_key_alias.as_ref())
            .with_some(
                "distributedNotaryKeyAlias",
                self.distributed_notary_key_alias.as_ref(),
            )
            .with_some(
                "maintenanceMode",
                self.maintenance_mode.as_ref().map(MaintenanceMode::block),
            )
            .with_some("metricsConfiguration", self.metrics.map(Metrics::block))
    }
}

impl MutualExclusion {
    fn block(&self) -> Block {
        Block::new()
            .with("on", true)
            .with(
                "machineName",
                Value::Environment(self.machine_name_variable.clone()),
            )
            .with("updateInterval", self.update_interval)
            .with("waitInterval", self.wait_interval)
    }
}

impl Tuning {
    fn block(self) -> Block {
        Block::new()
            .with_some("flowThreadPoolSize", self.flow_thread_pool_size)
            .with_some("rpcThreadPoolSize", self.rpc_thread_pool_size)
            .with_some("backchainFetchBatchSize", self.backchain_fetch_batch_size)
            .with_some("journalBufferTimeout", self.journal_buffer_timeout)
            .with_some("journalBufferSize", self.journal_buffer_size)
    }
}

impl CryptoServiceFile {
    fn block(&self) -> Block {
        Block::new()
            .with("cryptoServiceName", self.provider.as_str())
            .with("cryptoServiceConf", &self.conf)
    }
}

impl MaintenanceMode {
    fn block(&self) -> Block {
        Block::new()
            .with("schedule", &self.schedule)
            .with("duration", self.duration)
            .with(
                "rpcAuditDataRetentionPeriod",
                format!("{}d", self.rpc_audit_retention_days),
            )
    }
}

impl Metrics {
    fn block(self) -> Block {
        match self {
            Self::ExponentiallyDecaying => Block::new().with("reservoirType", "EDR"),
            Self::TimeWindow(window) => Block::new()
                .with("reservoirType", "TIME_WINDOW")
                .with("timeWindow", window),
        }
    }
}
