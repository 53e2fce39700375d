//! Database servers as product configs name them; for nodes and CENM services alike.

use product_config::{DatabaseProduct, DatabaseServer, HostPort};
use topology::model::{self, DatabaseKind};

/// The product.
pub const fn product(kind: DatabaseKind) -> DatabaseProduct {
    match kind {
        DatabaseKind::H2 => DatabaseProduct::H2,
        DatabaseKind::PostgreSql => DatabaseProduct::PostgreSql,
        DatabaseKind::SqlServer => DatabaseProduct::SqlServer,
        DatabaseKind::Oracle => DatabaseProduct::Oracle,
        DatabaseKind::CockroachDb => DatabaseProduct::CockroachDb,
    }
}

/// The server. With TLS the driver proves it by what the JVM trusts.
pub fn server(declared: &model::DatabaseServer) -> DatabaseServer {
    let address = HostPort::new(
        declared.endpoint.address.host.clone(),
        declared.endpoint.address.port,
    );
    DatabaseServer {
        schema: declared.schema.clone(),
        properties: tls_properties(declared)
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        ..DatabaseServer::new(address, declared.name.clone())
    }
}

const fn tls_properties(declared: &model::DatabaseServer) -> &'static [(&'static str, &'static str)] {
    match (declared.kind, declared.tls) {
        (DatabaseKind::PostgreSql | DatabaseKind::CockroachDb, true) => &[
            ("sslmode", "verify-full"),
            ("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory"),
        ],
        (DatabaseKind::PostgreSql | DatabaseKind::CockroachDb, false) => &[("sslmode", "disable")],
        (DatabaseKind::SqlServer, true) => &[("encrypt", "true"), ("trustServerCertificate", "false")],
        (DatabaseKind::SqlServer, false) => &[("encrypt", "false")],
        (DatabaseKind::Oracle, true) => &[("ssl_server_dn_match", "true")],
        (DatabaseKind::Oracle, false) | (DatabaseKind::H2, _) => &[],
    }
}

/// A URL of the server that asks for TLS, where properties cannot: Oracle names the protocol before the host.
pub fn encrypted(url: String, declared: &model::DatabaseServer) -> String {
    if declared.tls && matches!(declared.kind, DatabaseKind::Oracle) {
        url.replacen("@//", "@tcps://", 1)
    } else {
        url
    }
}
