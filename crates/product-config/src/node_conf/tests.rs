use super::*;
use crate::{
    database::{DatabaseProduct, DatabaseServer},
    ssl::Store,
    test_values::{check, secret},
    version::{CordaVersion, Edition},
};

fn participant() -> NodeConf {
    NodeConf {
        my_legal_name: "O=PartyA, L=London, C=GB".into(),
        email_address: "ops@party-a.example".into(),
        p2p_address: HostPort::new("p2p.bank-party-a.svc", 10200),
        messaging_server: Some(MessagingServer::embedded(HostPort::any(10200))),
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
        settings: NodeSettings::default(),
        enterprise: None,
        overrides: Overrides::new(),
    }
}

#[test]
fn a_participant() {
    let conf = participant();
    let text = conf.to_hocon(community()).expect("it can be written");
    check(&conf, &text);
    insta::assert_snapshot!(text);
}

#[test]
fn a_notary() {
    let mut conf = participant();
    conf.my_legal_name = "O=Notary, L=London, C=GB".into();
    conf.p2p_address = HostPort::new("p2p.bank-notary.svc", 10002);
    conf.messaging_server = None;
    conf.rpc_users = Vec::new();
    conf.cordapp_signer_key_fingerprint_blacklist = None;
    conf.tls_crl = Some(TlsCrl {
        distribution_point: "http://identity-manager.bank.example/certificate-revocation-list/tls".into(),
        issuer: "CN=TLS CRL Signer, O=Bank, L=London, C=GB".into(),
    });
    conf.notary = Some(Notary::single(false, "O=Notary Service, L=London, C=GB"));
    let text = conf.to_hocon(community()).expect("it can be written");
    check(&conf, &text);
    insta::assert_snapshot!(text);
}

fn community() -> CordaRelease {
    CordaRelease::community(CordaVersion::V4_10)
}

fn enterprise(version: &str) -> CordaRelease {
    CordaRelease::enterprise(version.parse().expect("it is a release"))
}

fn postgresql() -> DataSource {
    let server = DatabaseServer::new(HostPort::new("db.party-a.example", 5432), "node");
    DataSource::new(DatabaseProduct::PostgreSql, &server, "node", secret("db"))
}

/// Every typed key of Corda Enterprise 4.14.
fn everything() -> NodeConf {
    let mut conf = participant();
    let service = |conf: &str| CryptoServiceFile {
        provider: HsmProvider::GemaltoLuna,
        conf: conf.into(),
    };
    conf.data_source = Some(postgresql());
    conf.network_services.csr_token = Some(secret("csr"));
    conf.settings = NodeSettings {
        additional_p2p_addresses: vec![HostPort::new("p2p-2.party-a.example", 10200)],
        private_network_map: Some("3f1a2c1e-0000-0000-0000-000000000000".into()),
        proxy: Some(Proxy {
            kind: ProxyType::Http,
            address: HostPort::new("proxy", 3128),
            credentials: Some(("node".into(), secret("proxy"))),
        }),
        rpc_ssl: Some(Store::new("/opt/corda/rpc.jks", secret("rpc-ssl"))),
        rpc_rate_limit: Some(RateLimit {
            backoff_base_seconds: 2,
            backoff_max_seconds: 60,
            attempt_expire_minutes: 15,
        }),
        sshd_port: Some(2222),
        database_schema: Some("party_a".into()),
        export_hibernate_jmx_statistics: Some(false),
        crl_check_artemis_server: Some(true),
        jmx_monitoring_http_port: Some(7005),
        jmx_reporter: Some(JmxReporter::NewRelic),
        graphite: Some(Graphite {
            server: HostPort::new("graphite", 2004),
            prefix: Some("party-a".into()),
            sample_interval_seconds: Some(30),
        }),
        telemetry: Some(Telemetry {
            open_telemetry: true,
            simple_log: false,
            span_start_end_events: false,
            copy_baggage_to_tags: true,
        }),
        crypto_service: Some(CryptoService {
            provider: HsmProvider::AzureKeyVault,
            conf: "/etc/corda/azure.conf".into(),
            timeout: Some(std::time::Duration::from_secs(20)),
            flow_retry_count: Some(-2),
        }),
        parameter_acceptance: Some(ParameterAcceptance {
            auto_accept: true,
            excluded: vec!["packageOwnership".into()],
        }),
        flow_timeout: Some(FlowTimeout {
            timeout: std::time::Duration::from_secs(30),
            max_restart_count: 6,
            backoff_base: 1.8,
        }),
        external_verifier_jvm_arguments: vec!["-Xmx256m".into()],
    };
    conf.enterprise = Some(EnterpriseConfiguration {
        mutual_exclusion: Some(MutualExclusion::by_variable("POD_UID")),
        external_bridge: Some(true),
        health_check: Some(true),
        tuning: Tuning {
            flow_thread_pool_size: Some(16),
            rpc_thread_pool_size: Some(8),
            backchain_fetch_batch_size: Some(50),
            journal_buffer_timeout: Some(1_000_000),
            journal_buffer_size: Some(20_000_000),
        },
        messaging_server_ssl: Some(MessagingServerSsl {
            key_store: Store::new("/opt/corda/artemis/keys.jks", secret("artemis")),
            trust_store: Store::new("/opt/corda/artemis/trust.jks", secret("artemis-trust")),
        }),
        messaging_server_connection: Some(MessagingServerConnection::ContinuousRetry),
        tls_crypto_service: Some(service("/etc/corda/luna-tls.conf")),
        artemis_crypto_service: Some(service("/etc/corda/luna-artemis.conf")),
        identity_key_alias: Some("party-a-identity".into()),
        client_ca_key_alias: Some("party-a-ca".into()),
        tls_key_alias: Some("party-a-tls".into()),
        distributed_notary_key_alias: Some("notary".into()),
        maintenance_mode: Some(MaintenanceMode {
            schedule: "00 30 14,15 * * 5".into(),
            duration: std::time::Duration::from_hours(1),
            rpc_audit_retention_days: 365,
        }),
        metrics: Some(Metrics::TimeWindow(std::time::Duration::from_mins(5))),
    });
    conf
}

#[test]
fn every_typed_key() {
    let conf = everything();
    let text = conf.to_hocon(enterprise("4.14")).expect("it can be written");
    check(&conf, &text);
    insta::assert_snapshot!(text);
}

#[test]
fn what_another_release_does_not_know_is_told() {
    for (name, release) in [
        ("community", community()),
        ("enterprise-4.9", enterprise("4.9")),
        ("enterprise-4.12.5", enterprise("4.12.5")),
    ] {
        let error = everything().to_hocon(release).expect_err("it knows less");
        let problems: Vec<_> = error.problems.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(name, problems.join("\n"));
    }
}

/// Every release that can be named, those with the same keys together.
#[test]
fn each_release_has_its_own_keys() {
    let mut groups: Vec<(Vec<String>, String)> = Vec::new();
    for edition in [Edition::Community, Edition::Enterprise] {
        for minor in 5..=14 {
            let version = CordaVersion::new(minor, 0);
            let text = match everything().to_hocon(CordaRelease { edition, version }) {
                Ok(_) => "knows every typed key\n".to_owned(),
                Err(error) => error.problems.iter().fold(String::new(), |text, problem| {
                    format!("{text}refused: {problem}\n")
                }),
            };
            let name = format!("{edition} {version}");
            match groups.iter_mut().find(|(_, same)| *same == text) {
                Some((names, _)) => names.push(name),
                None => groups.push((vec![name], text)),
            }
        }
    }
    let groups: Vec<_> = groups
        .into_iter()
        .map(|(names, text)| format!("## {}\n\n{text}", names.join(", ")))
        .collect();
    insta::assert_snapshot!(groups.join("\n"));
}

#[test]
fn a_worker_of_a_highly_available_notary() {
    let mut server = DatabaseServer::new(HostPort::new("roach-1", 26257), "notary");
    server.hosts.push(HostPort::new("roach-2", 26257));
    server.hosts.push(HostPort::new("roach-3", 26257));
    let jpa = JpaNotary::new(DatabaseProduct::CockroachDb, &server, "notary", secret("roach"));
    let mut conf = participant();
    conf.data_source = Some(postgresql());
    conf.notary = Some(Notary::worker("O=HA Notary, L=London, C=GB", jpa));
    let text = conf.to_hocon(enterprise("4.12")).expect("it can be written");
    check(&conf, &text);
    insta::assert_snapshot!(text);
    conf.to_hocon(community())
        .expect_err("Community has no such notary");
}

#[test]
fn contradictions_are_told_together() {
    let mut conf = everything();
    conf.crl_check_soft_fail = false;
    conf.notary = Some(Notary::single(false, conf.my_legal_name.clone()));
    conf.messaging_server = Some(MessagingServer {
        address: HostPort::new("broker", 11005),
        external: true,
    });
    if let Some(enterprise) = &mut conf.enterprise {
        enterprise.messaging_server_ssl = None;
        if let Some(lease) = &mut enterprise.mutual_exclusion {
            lease.wait_interval = lease.update_interval;
        }
    }
    let error = conf
        .to_hocon(enterprise("4.14"))
        .expect_err("it contradicts itself");
    let problems: Vec<_> = error.problems.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(problems.join("\n"));
}
