//! Nodes to render, and values for every documented key.

use std::time::Duration;

use product_config::{
    CordaRelease, DatabaseProduct, DatabaseServer, HostPort, Store,
    node_conf::{
        DataSource, FlowTimeout, JmxReporter, Kind, MessagingServer, NetworkServices, NodeConf, NodeKey,
        NodeSettings, Notary, Overrides, ParameterAcceptance, RpcSettings, RpcUser, Setting, Telemetry,
        TlsCrl,
    },
};

use crate::{COMMUNITY, below, is_free};

/// Makes a node.
pub(crate) type Node = fn() -> NodeConf;

/// A participant as the quick start's.
pub(crate) fn participant() -> NodeConf {
    NodeConf {
        my_legal_name: "O=PartyA, L=London, C=GB".into(),
        email_address: "operations@bank.example".into(),
        p2p_address: HostPort::new("party-a.bank-participant-party-a.svc", 10200),
        messaging_server: Some(MessagingServer::embedded(HostPort::any(10200))),
        network_services: NetworkServices {
            doorman_url: "http://identity-manager.bank.example".into(),
            network_map_url: "http://network-map.bank.example".into(),
            csr_token: Some("a token with \" and ${HOME}".to_owned().into()),
        },
        key_store_password: "p\"w\\d\n${?HOME} ü".to_owned().into(),
        trust_store_password: "# not a comment // nor this".to_owned().into(),
        rpc_settings: RpcSettings {
            address: HostPort::any(10201),
            admin_address: HostPort::loopback(10202),
        },
        rpc_users: vec![RpcUser {
            username: "payment".into(),
            password: "secret".to_owned().into(),
            permissions: vec!["InvokeRpc.nodeInfo".into(), "ALL".into()],
        }],
        data_source: None,
        crl_check_soft_fail: true,
        tls_crl: Some(TlsCrl {
            distribution_point: "http://identity-manager.bank.example/certificate-revocation-list/tls".into(),
            issuer: "CN=TLS CRL Signer, O=Bank, L=London, C=GB".into(),
        }),
        cordapp_signer_key_fingerprint_blacklist: Some(Vec::new()),
        notary: None,
        jvm_arguments: vec!["-Xmx512m".into(), "-XX:+UseG1GC".into()],
        settings: NodeSettings::default(),
        enterprise: None,
        overrides: Overrides::new(),
    }
}

/// A notary.
pub(crate) fn notary() -> NodeConf {
    NodeConf {
        my_legal_name: "O=Notary, L=London, C=GB".into(),
        messaging_server: None,
        rpc_users: Vec::new(),
        notary: Some(Notary::single(false, "O=Notary Service, L=London, C=GB")),
        ..participant()
    }
}

/// What is written for nodes of many kinds.
pub(crate) fn files() -> Vec<(String, String)> {
    let with = |change: &dyn Fn(&mut NodeConf)| {
        let mut conf = participant();
        change(&mut conf);
        conf
    };
    let mut nodes = vec![
        ("participant".to_owned(), participant()),
        ("notary".to_owned(), notary()),
        (
            "strict revocation".to_owned(),
            with(&|conf| conf.crl_check_soft_fail = false),
        ),
        (
            "default blacklist".to_owned(),
            with(&|conf| conf.cordapp_signer_key_fingerprint_blacklist = None),
        ),
        (
            "every typed setting".to_owned(),
            with(&|conf| conf.settings = settings()),
        ),
        (
            "defaults only".to_owned(),
            with(&|conf| {
                conf.tls_crl = None;
                conf.network_services.csr_token = None;
                conf.jvm_arguments = Vec::new();
            }),
        ),
    ];
    for product in [
        DatabaseProduct::H2,
        DatabaseProduct::PostgreSql,
        DatabaseProduct::SqlServer,
        DatabaseProduct::Oracle,
    ] {
        let mut server = DatabaseServer::new(HostPort::new("db.bank.example", 1234), "node");
        server.schema = Some("party_a".into());
        server.properties.insert("applicationName".into(), "a;b c".into());
        let source = DataSource::new(product, &server, "node", "s;e\"c".to_owned().into());
        nodes.push((
            format!("{product:?}"),
            with(&|conf| conf.data_source = Some(source.clone())),
        ));
    }
    nodes
        .into_iter()
        .map(|(name, conf)| (name, conf.to_hocon(COMMUNITY).expect("it can be written")))
        .collect()
}

/// Every typed setting that Community knows.
fn settings() -> NodeSettings {
    NodeSettings {
        additional_p2p_addresses: vec![HostPort::new("p2p-2.bank.example", 10200)],
        private_network_map: Some("3f1a2c1e-1111-2222-3333-444455556666".into()),
        rpc_ssl: Some(Store::new("/opt/corda/rpc.jks", "secret".to_owned().into())),
        sshd_port: Some(2222),
        export_hibernate_jmx_statistics: Some(true),
        crl_check_artemis_server: Some(true),
        jmx_monitoring_http_port: Some(7005),
        jmx_reporter: Some(JmxReporter::NewRelic),
        telemetry: Some(Telemetry {
            open_telemetry: false,
            simple_log: true,
            span_start_end_events: false,
            copy_baggage_to_tags: false,
        }),
        parameter_acceptance: Some(ParameterAcceptance {
            auto_accept: false,
            excluded: vec!["packageOwnership".into()],
        }),
        flow_timeout: Some(FlowTimeout {
            timeout: Duration::from_secs(45),
            max_restart_count: 3,
            backoff_base: 1.5,
        }),
        ..NodeSettings::default()
    }
}

/// A value for a key, with all that an operator may set below it; nothing for keys that are Cordanetes' own.
pub(crate) fn sample(key: &'static NodeKey, release: CordaRelease) -> Option<Setting> {
    if !is_free(key) {
        return None;
    }
    value(&key.kind, release)
}

fn value(kind: &'static Kind, release: CordaRelease) -> Option<Setting> {
    Some(match kind {
        Kind::Text => Setting::Text("net.corda.Example \"${HOME}\" \\ ü".into()),
        Kind::Address => Setting::Text("host.bank.example:1234".into()),
        Kind::Uuid => Setting::Text("3f1a2c1e-1111-2222-3333-444455556666".into()),
        Kind::Url => Setting::Text("https://host.bank.example/path".into()),
        Kind::Port => Setting::Integer(9092),
        Kind::Integer => Setting::Integer(i32::MAX.into()),
        Kind::Decimal => Setting::Decimal(1.25),
        Kind::Boolean => Setting::Boolean(true),
        Kind::Duration => Setting::Text("90 seconds".into()),
        Kind::OneOf(words) => Setting::Text((*words.first()?).into()),
        Kind::List(element) => Setting::List(vec![value(element, release)?, value(element, release)?]),
        Kind::Map => below(&["any.key", "below"], Setting::List(vec![Setting::Integer(1)])),
        Kind::Block(keys) => {
            let below: Overrides = keys
                .iter()
                .filter(|key| key.is_known_to(release))
                .filter_map(|key| Some((key.name.to_owned(), sample(key, release)?)))
                .collect();
            if below.is_empty() {
                return None;
            }
            Setting::Mapping(below)
        }
    })
}

/// A value that a key must not take, as HOCON; nothing where the parser takes anything.
pub(crate) fn wrong(kind: &Kind) -> Option<&'static str> {
    match kind {
        Kind::Text | Kind::Map => None,
        Kind::Address => Some("\"without-a-port\""),
        Kind::Url => Some("\"no url\""),
        Kind::Uuid => Some("\"no-uuid\""),
        Kind::Port | Kind::Integer | Kind::Decimal => Some("many"),
        Kind::Boolean => Some("perhaps"),
        Kind::Duration => Some("soon"),
        Kind::OneOf(_) => Some("NONE_OF_THEM"),
        Kind::List(_) | Kind::Block(_) => Some("\"one word\""),
    }
}
