//! The table, Corda Enterprise's own block apart.
//!
//! Sources: for Corda Community the specification that its parser checks with, 4.10
//! (`V1NodeConfigurationSpec`), with which a test compares these rows; for Corda Enterprise its page on
//! configuration fields.

use super::{
    Kind::{Address, Block, Boolean, Decimal, Duration, Integer, List, Map, OneOf, Port, Text, Url, Uuid},
    NodeKey, enterprise, key,
};
use crate::version::{Availability, CordaVersion};

const IDENTITY: &str = "it is the node's legal name";
const ADDRESSES: &str = "addresses follow from the topology, as Services and policies do";
const PRODUCTION: &str = "nodes never run in development mode";
const STORES: &str = "passwords of key stores are generated";
const RPC: &str = "say it by the participant's RPC clients";
const DATABASE: &str = "say it by the node's database";
const FILES: &str = "paths in the node's volume are fixed";
const NOTARY: &str = "say it by the notary";
const CLUSTER: &str =
    "clusters of that kind are experimental, and no policy lets their members reach each other";
const REVOCATION: &str = "it follows from the network's revocation lists";
const HSM: &str = "say it by the node's key custody";
/// The parser still has a name for these, and refuses any value.
const REMOVED: &str = "nodes refuse it since tables are made by their own command";
const SHELL: &str = "the SSH shell is off";
const DEPRECATED: &str = "it is deprecated in favour of keys that are written already";

/// Every documented key.
pub(crate) const KEYS: &[NodeKey] = &[
    key("myLegalName", Text).owned(IDENTITY),
    key("emailAddress", Text).owned("it is made from the network's domain"),
    key("jmxMonitoringHttpPort", Port),
    key("dataSourceProperties", Block(DATA_SOURCE)),
    key("rpcUsers", List(&Block(RPC_USER))).owned(RPC),
    key("security", Block(SECURITY)).owned(RPC),
    key("devMode", Boolean).owned(PRODUCTION),
    key("devModeOptions", Block(DEV_MODE)).owned(PRODUCTION),
    key("compatibilityZoneURL", Url).owned(DEPRECATED),
    key("networkServices", Block(NETWORK_SERVICES)),
    key("certificateChainCheckPolicies", List(&Block(CHAIN_CHECK))),
    key("verifierType", OneOf(&["InMemory"])),
    key("flowTimeout", Block(FLOW_TIMEOUT)),
    key("telemetry", Block(TELEMETRY)).only(Availability::both_since(CordaVersion::V4_10)),
    key("notary", Block(NOTARY_BLOCK)),
    key("additionalNodeInfoPollingFrequencyMsec", Integer),
    key("p2pAddress", Address).owned(ADDRESSES),
    key("additionalP2PAddresses", List(&Address)),
    key("rpcSettings", Block(RPC_SETTINGS)),
    key("messagingServerAddress", Address).owned(ADDRESSES),
    key("messagingServerExternal", Boolean).owned(ADDRESSES),
    key("useTestClock", Boolean).owned(PRODUCTION),
    key("lazyBridgeStart", Boolean),
    key("detectPublicIp", Boolean).owned(ADDRESSES),
    key("sshd", Block(SSHD)).owned(SHELL),
    key("localShellAllowExitInSafeMode", Boolean),
    key("localShellUnsafe", Boolean),
    key("database", Block(DATABASE_BLOCK)),
    key("noLocalShell", Boolean),
    key("extraNetworkMapKeys", List(&Uuid)),
    key("tlsCertCrlDistPoint", Url).owned(REVOCATION),
    key("tlsCertCrlIssuer", Text).owned(REVOCATION),
    key("h2Settings", Block(H2)),
    key("flowMonitorPeriodMillis", Duration),
    key("flowMonitorSuspensionLoggingThresholdMillis", Duration),
    key("crlCheckSoftFail", Boolean),
    key("crlCheckArtemisServer", Boolean),
    key("jmxReporterType", OneOf(&["JOLOKIA", "NEW_RELIC"])),
    key("baseDirectory", Text).owned(FILES),
    key("flowOverrides", Block(FLOW_OVERRIDES)),
    key("keyStorePassword", Text).owned(STORES),
    key("trustStorePassword", Text).owned(STORES),
    key("rpcAddress", Address).owned(DEPRECATED),
    key("transactionCacheSizeMegaBytes", Integer),
    key("attachmentContentCacheSizeMegaBytes", Integer),
    key("h2port", Port),
    key("jarDirs", List(&Text)),
    key("cordappDirectories", List(&Text)).owned(FILES),
    key("cordappSignerKeyFingerprintBlacklist", List(&Text)),
    key("blacklistedAttachmentSigningKeys", List(&Text)),
    key("networkParameterAcceptanceSettings", Block(PARAMETER_ACCEPTANCE)),
    key("flowExternalOperationThreadPoolSize", Integer),
    key("quasarExcludePackages", List(&Text)),
    key("reloadCheckpointAfterSuspend", Boolean),
    key("networkParametersPath", Text).owned(FILES),
    key("custom", Block(CUSTOM)),
    key("systemProperties", Map),
    key("cryptoServiceName", Text).owned(HSM).enterprise(),
    key("cryptoServiceConf", Text).owned(HSM).enterprise(),
    key("cryptoServiceTimeout", Integer).enterprise(),
    key("cryptoServiceFlowRetryCount", Integer).only(Availability::enterprise_since(CordaVersion::V4_10)),
    key("graphiteOptions", Block(GRAPHITE)).enterprise(),
    key("relay", Block(RELAY)).enterprise(),
    key("sslHandshakeTimeout", Integer).enterprise(),
    key("manAllowed", Boolean).enterprise(),
    key("useOpenSsl", Boolean).enterprise(),
    key("enterpriseConfiguration", Block(enterprise::KEYS)).enterprise(),
];

/// Keys of the connection pool, `HikariCP`, which CENM takes as `database.additionalProperties`.
pub(crate) const POOL: &[NodeKey] = DATA_SOURCE.split_at(2).1;

/// Keys of the connection pool may be added; which database it is, the first two, may not.
const DATA_SOURCE: &[NodeKey] = &[
    key("dataSourceClassName", Text).owned(DATABASE),
    key("dataSource", Map).owned(DATABASE),
    key("autoCommit", Boolean),
    key("connectionInitSql", Text),
    key("connectionTestQuery", Text),
    key("connectionTimeout", Integer),
    key("idleTimeout", Integer),
    key("initializationFailTimeout", Integer),
    key("keepaliveTime", Integer),
    key("leakDetectionThreshold", Integer),
    key("maxLifetime", Integer),
    key("maximumPoolSize", Integer),
    key("minimumIdle", Integer),
    key("poolName", Text),
    key("registerMbeans", Boolean),
    key("validationTimeout", Integer),
];

const RPC_USER: &[NodeKey] = &[
    key("username", Text),
    key("user", Text),
    key("password", Text).secret(),
    key("permissions", List(&Text)),
];

const SECURITY: &[NodeKey] = &[key(
    "authService",
    Block(&[
        key(
            "dataSource",
            Block(&[
                key("type", OneOf(&["INMEMORY", "DB"])),
                key("passwordEncryption", OneOf(&["NONE", "SHIRO_1_CRYPT"])),
                key("connection", Map).secret(),
                key("users", List(&Block(RPC_USER))),
            ]),
        ),
        key("id", Text),
        key(
            "options",
            Block(&[
                key(
                    "cache",
                    Block(&[key("expireAfterSecs", Integer), key("maxEntries", Integer)]),
                ),
                key("rateLimit", Block(RATE_LIMIT))
                    .only(Availability::enterprise_since(CordaVersion::new(14, 0))),
            ]),
        ),
    ]),
)];

const RATE_LIMIT: &[NodeKey] = &[
    key("backoffBaseSeconds", Integer),
    key("backoffMaxSeconds", Integer),
    key("attemptExpireMinutes", Integer),
];

const DEV_MODE: &[NodeKey] = &[
    key("disableCheckpointChecker", Boolean),
    key("allowCompatibilityZone", Boolean),
    key(
        "djvm",
        Block(&[key("bootstrapSource", Text), key("cordaSource", List(&Text))]),
    )
    .only(Availability::COMMUNITY),
];

const NETWORK_SERVICES: &[NodeKey] = &[
    key("doormanURL", Url).owned(ADDRESSES),
    key("networkMapURL", Url).owned(ADDRESSES),
    key("pnm", Uuid),
    key("inferred", Boolean).owned(DEPRECATED),
    key("csrToken", Text).secret(),
    key("proxyType", OneOf(&["DIRECT", "HTTP", "SOCKS"])).enterprise(),
    key("proxyAddress", Address).enterprise(),
    key("proxyUser", Text).enterprise(),
    key("proxyPassword", Text).secret().enterprise(),
];

const CHAIN_CHECK: &[NodeKey] = &[
    key("role", Text).required(),
    key(
        "policy",
        OneOf(&[
            "Any",
            "RootMustMatch",
            "LeafMustMatch",
            "MustContainOneOf",
            "UsernameMustMatch",
        ]),
    )
    .required(),
    key("trustedAliases", List(&Text)),
];

const FLOW_TIMEOUT: &[NodeKey] = &[
    key("timeout", Duration),
    key("maxRestartCount", Integer),
    key("backoffBase", Decimal),
];

const TELEMETRY: &[NodeKey] = &[
    key("openTelemetryEnabled", Boolean),
    key("simpleLogTelemetryEnabled", Boolean),
    key("spanStartEndEventsEnabled", Boolean),
    key("copyBaggageToTags", Boolean),
];

const NOTARY_BLOCK: &[NodeKey] = &[
    key("validating", Boolean).owned(NOTARY),
    key("serviceLegalName", Text).owned(NOTARY),
    key("className", Text),
    key("etaMessageThresholdSeconds", Integer),
    key("extraConfig", Map),
    key(
        "raft",
        Block(&[
            key("nodeAddress", Address),
            key("clusterAddresses", List(&Address)),
        ]),
    )
    .owned(CLUSTER),
    key(
        "bftSMaRt",
        Block(&[
            key("replicaId", Integer),
            key("clusterAddresses", List(&Address)),
            key("debug", Boolean),
            key("exposeRaces", Boolean),
        ]),
    )
    .owned(CLUSTER),
    key("enableOverridableFlows", Boolean),
    key("jpa", Block(enterprise::JPA)).enterprise(),
    key("mysql", Map)
        .owned("highly available notaries use `jpa`, which replaced it")
        .enterprise(),
];

const RPC_SETTINGS: &[NodeKey] = &[
    key("address", Address).owned(ADDRESSES),
    key("adminAddress", Address).owned(ADDRESSES),
    key("standAloneBroker", Boolean).owned(RPC),
    key("useSsl", Boolean).owned(RPC),
    key(
        "ssl",
        Block(&[key("keyStorePath", Text), key("keyStorePassword", Text).secret()]),
    )
    .owned(RPC),
];

const SSHD: &[NodeKey] = &[key("port", Port)];

const DATABASE_BLOCK: &[NodeKey] = &[
    key("exportHibernateJMXStatistics", Boolean),
    key("mappedSchemaCacheSize", Integer),
    key("initialiseSchema", Boolean).owned(REMOVED),
    key("initialiseAppSchema", OneOf(&["NONE", "VALIDATE", "UPDATE"])).owned(REMOVED),
    key(
        "transactionIsolationLevel",
        OneOf(&[
            "NONE",
            "READ_UNCOMMITTED",
            "READ_COMMITTED",
            "REPEATABLE_READ",
            "SERIALIZABLE",
        ]),
    )
    .owned(REMOVED),
    key("schema", Text).owned(DATABASE).enterprise(),
    key("hibernateDialect", Text).enterprise(),
];

const H2: &[NodeKey] = &[key("address", Address)];

const FLOW_OVERRIDES: &[NodeKey] = &[key(
    "overrides",
    List(&Block(&[
        key("initiator", Text).required(),
        key("responder", Text).required(),
    ])),
)];

const PARAMETER_ACCEPTANCE: &[NodeKey] = &[
    key("autoAcceptEnabled", Boolean),
    key("excludedAutoAcceptableParameters", List(&Text)),
];

const CUSTOM: &[NodeKey] = &[
    key("jvmArgs", List(&Text)).owned("say it by the node's heap and JVM arguments"),
    key("externalVerifierJvmArgs", List(&Text))
        .only(Availability::enterprise_since(CordaVersion::new(12, 5))),
];

const GRAPHITE: &[NodeKey] = &[
    key("server", Text),
    key("port", Port),
    key("prefix", Text),
    key("sampleIntervalSeconds", Integer),
];

const RELAY: &[NodeKey] = &[
    key("relayHost", Text),
    key("remoteInboundPort", Port),
    key("username", Text),
    key("privateKeyFile", Text),
    key("publicKeyFile", Text),
    key("sshPort", Port),
];
