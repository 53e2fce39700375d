use super::*;
use crate::hsm::{AzureKey, HsmLogin, HsmType, Protection, UtimacoKey, UtimacoMode, UtimacoUser};
use crate::listener::Listener;
use crate::test_values::{auth_service, check, each_version, secret, ssl};

fn key(name: &str, alias: &str, file: &str) -> SigningKey {
    SigningKey::local(name, alias, store(file, name))
}

fn store(file: &str, name: &str) -> Store {
    Store::new(format!("/opt/cenm/signing/{file}"), secret(name))
}

fn signer(name: &str, task: SigningTask, key: &str, host: &str, port: u16) -> Signer {
    Signer {
        name: name.into(),
        task,
        signed_by: SignedBy::Key(key.into()),
        schedule: Some(Duration::from_mins(1)),
        service_locations: vec![location(host, port)],
    }
}

fn location(host: &str, port: u16) -> ServiceLocation {
    let mut location = ServiceLocation::new(HostPort::new(host, port), ssl("signer"));
    location.timeout = Some(Duration::from_secs(30));
    location
}

fn administration() -> Administration {
    Administration::gateway(Listener::with_ssl(6000, ssl("signer")), auth_service())
}

#[test]
fn the_file_of_the_signing_service() {
    let list = "http://identity-manager.bank.example/certificate-revocation-list/doorman".to_owned();
    let (manager, map) = (
        "identity-manager.bank-network.svc",
        "network-map.bank-network.svc",
    );
    let csr = SigningTask::Csr {
        crl_distribution_point: Some(list.clone()),
        valid_days: 7300,
    };
    let crl = SigningTask::Crl {
        crl_distribution_point: list,
        update_period: Duration::from_hours(7 * 24),
    };
    let conf = SignerConf {
        hsm_libraries: Vec::new(),
        global_certificate_store: None,
        signing_keys: vec![
            key(
                "identity-manager",
                "cordaidentitymanagerca",
                "identity-manager-key-store.jks",
            ),
            key("network-map", "cordanetworkmap", "network-map-key-store.jks"),
        ],
        signers: vec![
            signer("CSR", csr, "identity-manager", manager, 5052),
            signer("CRL", crl, "identity-manager", manager, 5053),
            signer("NetworkMap", SigningTask::NetworkMap, "network-map", map, 5050),
            signer(
                "NetworkParameters",
                SigningTask::NetworkParameters,
                "network-map",
                map,
                5050,
            ),
        ],
        administration: administration(),
    };
    let text = each_version(|version| conf.to_hocon(version));
    check(&conf, &text);
    insta::assert_snapshot!(text);
}

fn utimaco(users: Vec<UtimacoUser>) -> HsmKey {
    HsmKey::Utimaco(UtimacoKey {
        address: HostPort::new("hsm.bank.example", 3001),
        group: "cenm".into(),
        specifier: 1,
        auth_threshold: Some(2),
        users,
    })
}

fn user(name: &str, mode: UtimacoMode) -> UtimacoUser {
    UtimacoUser {
        username: Some(name.into()),
        mode,
    }
}

fn azure() -> AzureKey {
    AzureKey {
        vault_url: "https://bank.vault.azure.net".into(),
        protection: Protection::Hardware,
        key_store: store("principal.p12", "principal"),
        key_store_alias: "1".into(),
        client_id: "12345-abcde-54321".into(),
    }
}

fn library(hsm: HsmType, jar: &str, shared: Option<&str>) -> HsmLibrary {
    HsmLibrary {
        hsm,
        jars: vec![format!("/opt/cenm/hsm/{jar}")],
        shared_library_directory: shared.map(str::to_owned),
    }
}

/// A key in each make of HSM, two subzones, and a plugin.
fn with_hsms() -> SignerConf {
    let keys = [
        (
            "utimaco",
            utimaco(vec![
                user("one", UtimacoMode::Password(Some(secret("one")))),
                user(
                    "two",
                    UtimacoMode::KeyFile("/opt/cenm/hsm/two.key".into(), Some(secret("two"))),
                ),
            ]),
        ),
        (
            "gemalto",
            HsmKey::Gemalto {
                key_store: "tokenlabel:cenm".into(),
                password: Some(secret("gemalto")),
            },
        ),
        (
            "securosys",
            HsmKey::Securosys {
                address: HostPort::new("primus.bank.example", 2300),
                credentials: vec![HsmLogin {
                    username: Some("cenm".into()),
                    password: Some(secret("securosys")),
                }],
            },
        ),
        ("azure", HsmKey::AzureKeyVault(azure())),
        (
            "azure-msal",
            HsmKey::AzureMsalKeyVault {
                key: azure(),
                tenant_id: "45ca2399-b7b3-7869-11ee-564aca9b634e".into(),
            },
        ),
        (
            "aws",
            HsmKey::AmazonCloud {
                partition: "hsm-abc".into(),
                user_name: "cenm".into(),
                password: secret("aws"),
                local_certificate_store: store("aws.jks", "aws-certificates"),
            },
        ),
    ];
    let mut map = signer(
        "NetworkMap",
        SigningTask::NetworkMap,
        "utimaco",
        "network-map-1",
        5050,
    );
    map.service_locations.push(location("network-map-2", 5050));
    for (index, location) in map.service_locations.iter_mut().enumerate() {
        location.sub_zone_id = u32::try_from(index + 1).ok();
    }
    let csr = SigningTask::Csr {
        crl_distribution_point: None,
        valid_days: 7300,
    };
    let mut csr = signer("CSR", csr, "", "identity-manager", 5052);
    csr.schedule = None;
    csr.signed_by = SignedBy::Plugin {
        jar: "/opt/cenm/plugins/signing.jar".into(),
        class: "com.bank.SigningPlugin".into(),
    };
    SignerConf {
        hsm_libraries: vec![
            library(HsmType::Utimaco, "CryptoServerJCE.jar", None),
            library(HsmType::Gemalto, "LunaProvider.jar", Some("/opt/cenm/hsm")),
            library(HsmType::Securosys, "primusX.jar", None),
            library(HsmType::AzureKeyVault, "azure-keyvault-with-deps.jar", None),
            library(HsmType::AzureMsalKeyVault, "azure-keyvault-with-deps.jar", None),
            library(
                HsmType::AmazonCloud,
                "cloudhsm-3.2.1.jar",
                Some("/opt/cloudhsm/lib"),
            ),
        ],
        global_certificate_store: Some(store("certificate-store.jks", "certificates")),
        signing_keys: keys
            .into_iter()
            .map(|(name, key)| SigningKey::in_hsm(name, format!("{name}-key"), key))
            .collect(),
        signers: vec![csr, map],
        administration: administration(),
    }
}

#[test]
fn keys_in_hsms() {
    let conf = with_hsms();
    let text = each_version(|version| conf.to_hocon(version));
    check(&conf, &text);
    insta::assert_snapshot!(text);
}

#[test]
fn a_shell_for_people_with_cards() {
    let mut conf = with_hsms();
    conf.hsm_libraries.truncate(1);
    conf.signing_keys = vec![SigningKey::in_hsm(
        "utimaco",
        "cordaidentitymanagerca",
        utimaco(vec![user("card", UtimacoMode::CardReader(None))]),
    )];
    conf.signers.truncate(1);
    conf.administration = Administration::Shell(crate::Shell {
        host: Some("127.0.0.1".into()),
        port: 20003,
        user: "operator".into(),
        password: secret("shell"),
        commands_directory: None,
        host_key_directory: Some("/opt/cenm/shell".into()),
        local_shell: Some(false),
    });
    let text = each_version(|version| conf.to_hocon(version));
    check(&conf, &text);
    insta::assert_snapshot!(text);
}

#[test]
fn contradictions_are_told_together() {
    let mut conf = with_hsms();
    conf.global_certificate_store = None;
    conf.hsm_libraries.remove(1);
    conf.signing_keys.truncate(2);
    conf.signing_keys[0].location =
        KeyLocation::Hsm(utimaco(vec![user("card", UtimacoMode::CardReader(None))]));
    let crl = SigningTask::Crl {
        crl_distribution_point: "http://im/doorman".into(),
        update_period: Duration::from_mins(1),
    };
    let mut crl = signer("CRL", crl, "absent", "identity-manager", 5053);
    crl.service_locations.push(location("identity-manager", 5054));
    crl.service_locations[0].sub_zone_id = Some(1);
    conf.signers.push(crl);
    let error = conf
        .to_hocon(CenmVersion::V1_7)
        .expect_err("it contradicts itself");
    let problems: Vec<_> = error.problems.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(problems.join("\n"));
}
