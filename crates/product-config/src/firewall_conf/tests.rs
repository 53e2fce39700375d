use super::*;
use crate::{
    test_values::{check, secret},
    version::CordaVersion,
};

fn store(path: &str) -> Store {
    Store::new(format!("/opt/corda/{path}"), secret(path))
}

fn tunnel(part: &str) -> TunnelSsl {
    TunnelSsl {
        key_store: store(&format!("tunnel/{part}.jks")),
        private_key_password: Some(secret("tunnel-key")),
        trust_store: store("tunnel/truststore.jks"),
    }
}

fn stores() -> FirewallStores {
    FirewallStores {
        key_store: store("certificates/sslkeystore.jks"),
        trust_store: store("certificates/truststore.jks"),
        p2p_crypto_service: None,
    }
}

fn written(conf: &FirewallConf) -> String {
    let release = CordaRelease::enterprise("4.12".parse().expect("it is one"));
    let text = conf.to_hocon(release).expect("it can be written");
    check(conf, &text);
    text
}

fn bridge() -> FirewallMode {
    FirewallMode::BridgeInner {
        outbound: Outbound::to(HostPort::new("party-a.bank-party-a.svc", 11005)),
        tunnel: BridgeTunnel {
            float_addresses: vec![HostPort::new("float.bank-party-a-dmz.svc", 12005)],
            expected_certificate_subject: "CN=float, O=Tunnel, L=London, C=GB".into(),
            ssl: tunnel("bridge"),
        },
        network_parameters_path: "/opt/corda/network-parameters".into(),
        high_availability: None,
    }
}

#[test]
fn a_bridge() {
    insta::assert_snapshot!(written(&FirewallConf::new(bridge(), Some(stores()))));
}

#[test]
fn a_float() {
    let mode = FirewallMode::FloatOuter {
        listening_address: HostPort::any(10200),
        float_address: HostPort::any(12005),
        expected_certificate_subject: "CN=bridge, O=Tunnel, L=London, C=GB".into(),
        tunnel: tunnel("float"),
    };
    let mut conf = FirewallConf::new(mode, None);
    conf.revocation = Some(RevocationMode::ExternalSource);
    conf.health_check_phrase = Some("are you there?".into());
    conf.silenced_ips = vec!["10.0.0.1".into()];
    insta::assert_snapshot!(written(&conf));
}

#[test]
fn one_process_with_everything() {
    let mut outbound = Outbound::to(HostPort::new("broker", 11005));
    outbound.alternate_artemis_broker_addresses = vec![HostPort::new("broker-2", 11005)];
    outbound.artemis_ssl = Some(tunnel("artemis"));
    outbound.proxy = Some(FirewallProxy::Other(Proxy {
        kind: ProxyType::Socks,
        address: HostPort::new("proxy", 1080),
        credentials: Some(("corda".into(), secret("proxy"))),
    }));
    let mode = FirewallMode::SenderReceiver {
        outbound,
        listening_address: HostPort::any(10200),
        network_parameters_path: "/opt/corda/network-parameters".into(),
        high_availability: Some(HighAvailability {
            connection: "zk://a:2181,zk://b:2181".into(),
            priority: Some(1),
            topic: Some("party-a".into()),
        }),
    };
    let mut conf = FirewallConf::new(mode, Some(stores()));
    conf.revocation = Some(RevocationMode::HardFail);
    conf.audit_logging_interval_seconds = Some(60);
    conf.artemis_reconnection_interval = Some((5_000, 60_000));
    conf.bridge_connection_ttl_seconds = Some(0);
    conf.jvm_arguments = vec!["-Xmx1g".into()];
    insta::assert_snapshot!(written(&conf));
}

#[test]
fn contradictions_are_told_together() {
    let mut conf = FirewallConf::new(bridge(), None);
    conf.revocation = Some(RevocationMode::ExternalSource);
    let error = conf
        .to_hocon(CordaRelease::community(CordaVersion::V4_10))
        .expect_err("it cannot be");
    insta::assert_snapshot!(error);
}
