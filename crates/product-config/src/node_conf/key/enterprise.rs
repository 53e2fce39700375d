//! `enterpriseConfiguration` and the highly available notary: Corda Enterprise only.

use super::{
    Kind::{Address, Block, Boolean, Decimal, Duration, Integer, List, Map, OneOf, Text},
    NodeKey, key,
};
use crate::version::{Availability, CordaVersion};

const CLUSTER: &str = "one instance of a node is guaranteed by its lease and its volume";
const FIREWALL: &str = "say it by the node's firewall";
const HSM: &str = "say it by the node's key custody";
const DATABASE: &str = "say it by the notary's database";

const CRYPTO_SERVICE: &[NodeKey] = &[key("cryptoServiceName", Text), key("cryptoServiceConf", Text)];

/// The keys of `enterpriseConfiguration`.
pub(super) const KEYS: &[NodeKey] = &[
    key(
        "mutualExclusionConfiguration",
        Block(&[
            key("on", Boolean),
            key("machineName", Text),
            key("updateInterval", Integer),
            key("waitInterval", Integer),
        ]),
    )
    .owned(CLUSTER),
    key("healthCheck", Boolean),
    key("externalBridge", Boolean).owned(FIREWALL),
    key("identityKeyAlias", Text),
    key("clientCaKeyAlias", Text),
    key("tlsKeyAlias", Text),
    key("distributedNotaryKeyAlias", Text),
    key("previousIdentityKeyAliases", List(&Text)),
    key(
        "messagingServerSslConfiguration",
        Block(&[
            key("sslKeystore", Text),
            key("keyStorePassword", Text).secret(),
            key("trustStoreFile", Text),
            key("trustStorePassword", Text).secret(),
        ]),
    )
    .owned(FIREWALL),
    key(
        "messagingServerConnectionConfiguration",
        OneOf(&["DEFAULT", "FAIL_FAST", "CONTINUOUS_RETRY"]),
    ),
    key("messagingServerBackupAddresses", List(&Address)).owned(FIREWALL),
    key("artemisCryptoServiceConfig", Block(CRYPTO_SERVICE)).owned(HSM),
    key("tlsCryptoServiceConfig", Block(CRYPTO_SERVICE)).owned(HSM),
    key("attachmentClassLoaderCacheSize", Integer),
    key(
        "auditService",
        Block(&[key("eventsToRecord", OneOf(&["NONE", "RPC", "ALL"]))]),
    ),
    key(
        "maintenanceMode",
        Block(&[
            key("schedule", Text),
            key("duration", Duration),
            key("rpcAuditDataRetentionPeriod", Text),
        ]),
    ),
    key(
        "processedMessageCleanup",
        Block(&[
            key("generalRetentionPeriodInDays", Integer),
            key("senderRetentionPeriodInDays", Integer),
        ]),
    ),
    key("enableURLConnectionCache", Boolean),
    key(
        "metricsConfiguration",
        Block(&[
            key("reservoirType", OneOf(&["EDR", "TIME_WINDOW"])),
            key("timeWindow", Duration),
        ]),
    ),
    key(
        "tuning",
        Block(&[
            key("backchainFetchBatchSize", Integer),
            key("brokerConnectionTtlCheckIntervalMs", Integer),
            key("flowThreadPoolSize", Integer),
            key("rpcThreadPoolSize", Integer),
            key("journalBufferTimeout", Integer),
            key("journalBufferSize", Integer),
        ]),
    ),
    key("runSystemFlowsAtStartup", Boolean).only(LEDGER_RECOVERY),
    key(
        "ledgerRecoveryConfiguration",
        Block(&[
            key("noOfPreGeneratedKeys", Integer),
            key("noOfPreGeneratedKeysWithCerts", Integer),
            key("preGeneratedKeysTopUpInterval", Integer),
            key("recoveryMaximumBackupInterval", Duration),
            key("confidentialIdentityMinimumBackupInterval", Duration),
            key("canProvideNonBackedUpKeyPair", Boolean),
            key("bufferSizeForKeys", Integer),
            key("bufferSizeForKeysWithCerts", Integer),
        ]),
    )
    .only(LEDGER_RECOVERY),
];

/// Ledger recovery came with 4.11.
const LEDGER_RECOVERY: Availability = Availability::enterprise_since(CordaVersion::new(11, 0));

/// The keys of `notary.jpa`.
pub(super) const JPA: &[NodeKey] = &[
    key("connectionRetries", Integer),
    key("backOffIncrement", Integer),
    key("backOffBase", Decimal),
    key("maxBatchSize", Integer),
    key("maxBatchInputStates", Integer),
    key("maxDBTransactionRetryCount", Integer),
    key("batchTimeoutMs", Integer),
    key("maxQueueSize", Integer),
    key("generateNativeSQL", Boolean).owned(DATABASE),
    key(
        "database",
        Block(&[
            key("validateSchema", Boolean),
            key("schema", Text).owned(DATABASE),
            key("hibernateDialect", Text),
        ]),
    ),
    key("dataSourceProperties", Map).owned(DATABASE),
];
