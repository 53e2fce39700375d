//! Values that the tests of several files share.

use std::fmt::Debug;
use std::time::Duration;

use secrecy::SecretString;

use crate::{
    Argument, ArgumentValue, AuthServiceConfig, CenmVersion, ConfError, Database, DatabaseProduct,
    DatabaseServer, HostPort, KeyStore, LocalSigner, Ssl, Store,
};

/// Every secret of the tests begins with this.
const SECRET: &str = "secret-";

pub(crate) fn secret(name: &str) -> SecretString {
    format!("{SECRET}{name}").into()
}

pub(crate) fn trust_store() -> Store {
    Store::new("/opt/cenm/trust/corda-ssl-trust-store.jks", secret("ssl-trust"))
}

pub(crate) fn ssl(service: &str) -> Ssl {
    let location = format!("/opt/cenm/ssl/corda-ssl-{service}-keys.jks");
    Ssl::new(
        KeyStore::new(location, secret(&format!("ssl-{service}"))),
        trust_store(),
    )
}

pub(crate) fn database(service: &str) -> Database {
    Database::h2_file(
        format!("/opt/cenm/h2/{service}"),
        service,
        secret(&format!("db-{service}")),
    )
}

pub(crate) fn postgresql(service: &str) -> Database {
    let mut server = DatabaseServer::new(HostPort::new("db.bank.example", 5432), "cenm");
    server.schema = Some(service.replace('-', "_"));
    let driver = "/opt/cenm/drivers/postgresql-42.7.8.jar";
    let mut database = Database::on(
        DatabaseProduct::PostgreSql,
        &server,
        service,
        secret(&format!("db-{service}")),
        driver,
    );
    database
        .additional_properties
        .insert("maximumPoolSize".into(), "20".into());
    database
}

pub(crate) fn local_signer() -> LocalSigner {
    LocalSigner {
        key_store: Store::new("/opt/cenm/signing/keys.jks", secret("signing")),
        key_alias: "key".into(),
        key_password: Some(secret("signing-key")),
        sign_interval: Duration::from_mins(1),
        timeout: Some(Duration::from_secs(30)),
        crl_distribution_url: Some("http://im.bank.example/certificate-revocation-list/doorman".into()),
    }
}

pub(crate) fn auth_service() -> AuthServiceConfig {
    AuthServiceConfig {
        address: HostPort::new("auth.bank-network.svc", 8081),
        issuer: "http://auth.bank-network.svc".to_owned(),
        leeway: Duration::from_secs(10),
        trust_store: trust_store(),
    }
}

/// The text holds the secrets, and its `Debug` does not. (That it reads back, the writer checks itself.)
pub(crate) fn check(file: &impl Debug, text: &str) {
    let debug = format!("{file:?}");
    assert!(!debug.contains(SECRET), "Debug shows a secret: {debug}");
    assert!(text.contains(SECRET), "the file lacks its secrets:\n{text}");
}

/// What is written for each release of CENM, releases with the same text together.
pub(crate) fn each_version(write: impl Fn(CenmVersion) -> Result<String, ConfError>) -> String {
    let mut groups: Vec<(Vec<&str>, String)> = Vec::new();
    for version in ["1.5", "1.5.9", "1.6", "1.6.3", "1.7", "1.7.2"] {
        let text = match write(version.parse().expect("it is a release")) {
            Ok(text) => text,
            Err(error) => error.problems.iter().fold(String::new(), |text, problem| {
                format!("{text}refused: {problem}\n")
            }),
        };
        match groups.iter_mut().find(|(_, same)| *same == text) {
            Some((versions, _)) => versions.push(version),
            None => groups.push((vec![version], text)),
        }
    }
    let groups: Vec<_> = groups
        .into_iter()
        .map(|(versions, text)| format!("## CENM {}\n\n{text}", versions.join(", ")))
        .collect();
    groups.join("\n")
}

/// Arguments as a snapshot shows them: which are secret, and no `Debug` that shows them.
pub(crate) fn arguments(arguments: &[Argument]) -> String {
    let debug = format!("{arguments:?}");
    assert!(!debug.contains(SECRET), "Debug shows a secret: {debug}");
    let lines: Vec<_> = arguments
        .iter()
        .map(|argument| match &argument.value {
            ArgumentValue::Text(_) => argument.to_plain_text(),
            ArgumentValue::Secret(_) => format!("{}  (secret)", argument.to_plain_text()),
        })
        .collect();
    lines.join("\n")
}
