//! `node.conf` of participants and notaries.
//!
//! Precedence: 1. the node's own `reference.conf`; 2. this file, from the topology; 3. `corda_…` variables of
//! the environment and system properties, which the deployer does not set.
//!
//! The parser of the Community edition refuses every key that it does not know, so the keys of Corda
//! Enterprise exist only inside [`Edition::Enterprise`].

use secrecy::SecretString;

use crate::address::HostPort;
use crate::hocon::{self, Block, Value};

/// The whole file.
#[derive(Clone, Debug)]
pub struct NodeConf {
    /// Which keys the node's parser knows.
    pub edition: Edition,
    /// X.500 name; must equal the certificate's.
    pub my_legal_name: String,
    /// Goes into the request for the certificate.
    pub email_address: String,
    /// Advertised to peers; never `0.0.0.0`.
    pub p2p_address: HostPort,
    /// Where the embedded broker binds, when that differs from the advertised address.
    pub messaging_server_address: Option<HostPort>,
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
}

/// Which product the node is.
#[derive(Clone, Debug)]
pub enum Edition {
    /// Corda Community (open source) 4.10.
    Community,
    /// Corda Enterprise.
    Enterprise(EnterpriseSettings),
}

/// Keys that only Corda Enterprise knows.
#[derive(Clone, Debug, Default)]
pub struct EnterpriseSettings {
    /// Never two instances on one database.
    pub mutual_exclusion: Option<MutualExclusion>,
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

/// Where the network is.
#[derive(Clone, Debug)]
pub struct NetworkServices {
    /// URL of the Identity Manager.
    pub doorman_url: String,
    /// URL of the Network Map.
    pub network_map_url: String,
    /// Token that the Identity Manager asks for with a request.
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
    /// Name.
    pub username: String,
    /// Password.
    pub password: SecretString,
    /// E.g. `StartFlow.net.corda.finance.flows.CashIssueFlow`, `InvokeRpc.nodeInfo`, `ALL`.
    pub permissions: Vec<String>,
}

/// An external database of the node.
#[derive(Clone, Debug)]
pub struct DataSource {
    /// E.g. `org.postgresql.ds.PGSimpleDataSource`.
    pub class_name: String,
    /// JDBC URL.
    pub url: String,
    /// User.
    pub user: String,
    /// Password.
    pub password: SecretString,
}

/// The revocation list of the node's TLS certificate: both or none.
#[derive(Clone, Debug)]
pub struct TlsCrl {
    /// URL.
    pub distribution_point: String,
    /// X.500 name of the list's signer, parts in the order of its certificate.
    pub issuer: String,
}

/// The notary service.
#[derive(Clone, Debug)]
pub struct Notary {
    /// Cannot change after the first start.
    pub validating: bool,
    /// X.500 name of the service; must differ from the node's.
    pub service_legal_name: String,
}

impl NodeConf {
    /// The file's text. It holds secrets.
    pub fn to_hocon(&self) -> String {
        let services = Block::new()
            .with("doormanURL", &self.network_services.doorman_url)
            .with("networkMapURL", &self.network_services.network_map_url)
            .with_some("csrToken", self.network_services.csr_token.as_ref());
        let rpc = Block::new()
            .with("address", &self.rpc_settings.address)
            .with("adminAddress", &self.rpc_settings.admin_address);
        let jvm =
            (!self.jvm_arguments.is_empty()).then(|| Block::new().with_list("jvmArgs", &self.jvm_arguments));
        let fingerprints = self
            .cordapp_signer_key_fingerprint_blacklist
            .as_ref()
            .map(|fingerprints| fingerprints.iter().map(Value::from).collect::<Vec<_>>());
        let file = Block::new()
            .with("myLegalName", &self.my_legal_name)
            .with("emailAddress", &self.email_address)
            .with("devMode", false)
            .with("detectPublicIp", false)
            .with("p2pAddress", &self.p2p_address)
            .with_some("messagingServerAddress", self.messaging_server_address.as_ref())
            // Given an address, the node otherwise takes the broker for an external one.
            .with_some(
                "messagingServerExternal",
                self.messaging_server_address.as_ref().map(|_| false),
            )
            .with("networkServices", services)
            .with("keyStorePassword", &self.key_store_password)
            .with("trustStorePassword", &self.trust_store_password)
            .with("crlCheckSoftFail", self.crl_check_soft_fail)
            .with_some(
                "tlsCertCrlDistPoint",
                self.tls_crl.as_ref().map(|crl| &crl.distribution_point),
            )
            .with_some("tlsCertCrlIssuer", self.tls_crl.as_ref().map(|crl| &crl.issuer))
            .with("rpcSettings", rpc)
            .with_list("rpcUsers", self.rpc_users.iter().map(RpcUser::block))
            .with_some(
                "dataSourceProperties",
                self.data_source.as_ref().map(DataSource::block),
            )
            .with_some("notary", self.notary.as_ref().map(Notary::block))
            .with_some("cordappSignerKeyFingerprintBlacklist", fingerprints)
            .with_some("custom", jvm);
        hocon::write(&match &self.edition {
            Edition::Community => file,
            Edition::Enterprise(settings) => {
                let exclusion = settings.mutual_exclusion.as_ref().map(MutualExclusion::block);
                let enterprise = Block::new().with_some("mutualExclusionConfiguration", exclusion);
                file.with("enterpriseConfiguration", enterprise)
            }
        })
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

impl DataSource {
    fn block(&self) -> Block {
        let source = Block::new()
            .with("url", &self.url)
            .with("user", &self.user)
            .with("password", &self.password);
        Block::new()
            .with("dataSourceClassName", &self.class_name)
            .with("dataSource", source)
    }
}

impl Notary {
    fn block(&self) -> Block {
        Block::new()
            .with("validating", self.validating)
            .with("serviceLegalName", &self.service_legal_name)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_values::{check, secret};

    fn participant() -> NodeConf {
        NodeConf {
            edition: Edition::Community,
            my_legal_name: "O=PartyA, L=London, C=GB".into(),
            email_address: "ops@party-a.example".into(),
            p2p_address: HostPort::new("p2p.bank-party-a.svc", 10200),
            messaging_server_address: Some(HostPort::any(10200)),
            network_services: NetworkServices {
                doorman_url: "http://identity-manager.bank-network.svc:10000".into(),
                network_map_url: "http://network-map.bank-network.svc:10000".into(),
                csr_token: None,
            },
            key_store_password: secret("key-store"),
            trust_store_password: secret("trust-store"),
            rpc_settings: RpcSettings {
                address: HostPort::any(10201),
                admin_address: HostPort::loopback(10202),
            },
            rpc_users: vec![RpcUser {
                username: "rpc".into(),
                password: secret("rpc"),
                permissions: vec![
                    "StartFlow.net.corda.finance.flows.CashIssueFlow".into(),
                    "InvokeRpc.nodeInfo".into(),
                ],
            }],
            data_source: None,
            crl_check_soft_fail: true,
            tls_crl: None,
            cordapp_signer_key_fingerprint_blacklist: Some(Vec::new()),
            notary: None,
            jvm_arguments: vec!["-Xmx384m".into(), "-XX:+UseG1GC".into()],
        }
    }

    #[test]
    fn a_participant() {
        let conf = participant();
        let text = conf.to_hocon();
        check(&conf, &text);
        insta::assert_snapshot!(text);
    }

    #[test]
    fn a_notary() {
        let mut conf = participant();
        conf.my_legal_name = "O=Notary, L=London, C=GB".into();
        conf.p2p_address = HostPort::new("p2p.bank-notary.svc", 10002);
        conf.messaging_server_address = None;
        conf.rpc_users = Vec::new();
        conf.cordapp_signer_key_fingerprint_blacklist = None;
        conf.tls_crl = Some(TlsCrl {
            distribution_point: "http://identity-manager.bank.example/certificate-revocation-list/tls".into(),
            issuer: "CN=TLS CRL Signer, O=Bank, L=London, C=GB".into(),
        });
        conf.notary = Some(Notary {
            validating: false,
            service_legal_name: "O=Notary Service, L=London, C=GB".into(),
        });
        let text = conf.to_hocon();
        check(&conf, &text);
        insta::assert_snapshot!(text);
    }

    #[test]
    fn enterprise_keys_are_written_for_enterprise_only() {
        let mut conf = participant();
        conf.edition = Edition::Enterprise(EnterpriseSettings {
            mutual_exclusion: Some(MutualExclusion {
                machine_name_variable: "POD_UID".into(),
                update_interval: 20_000,
                wait_interval: 40_000,
            }),
        });
        conf.data_source = Some(DataSource {
            class_name: "org.postgresql.ds.PGSimpleDataSource".into(),
            url: "jdbc:postgresql://db.party-a.example:5432/node".into(),
            user: "node".into(),
            password: secret("db"),
        });
        let text = conf.to_hocon();
        assert!(text.contains("machineName = ${POD_UID}"));
        insta::assert_snapshot!(text);
        conf.edition = Edition::Community;
        assert!(!conf.to_hocon().contains("enterpriseConfiguration"));
    }
}
