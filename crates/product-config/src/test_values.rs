//! Values that the tests of several files share.

use std::fmt::Debug;
use std::time::Duration;

use secrecy::SecretString;

use crate::{AuthServiceConfig, Database, HostPort, KeyStore, Ssl, Store};

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

pub(crate) fn auth_service() -> AuthServiceConfig {
    AuthServiceConfig {
        address: HostPort::new("auth.bank-network.svc", 8081),
        issuer: "http://auth.bank-network.svc".to_owned(),
        leeway: Duration::from_secs(10),
        trust_store: trust_store(),
    }
}

/// The text holds the secrets, its `Debug` does not, and a parser of HOCON takes it.
pub(crate) fn check(file: &impl Debug, text: &str) {
    let debug = format!("{file:?}");
    assert!(!debug.contains(SECRET), "Debug shows a secret: {debug}");
    assert!(text.contains(SECRET), "the file lacks its secrets:\n{text}");
    let _parsed: hocon_rs::Value =
        hocon_rs::Config::parse_str(text, None).unwrap_or_else(|error| panic!("{error} in:\n{text}"));
}
