//! The database products, and how their JDBC drivers are spoken to.

use std::fmt::Write as _;

use indexmap::IndexMap;

use crate::address::HostPort;

/// A database product that CENM, nodes or notaries support.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DatabaseProduct {
    /// H2, for tests: a file in the service's own volume, the driver is built in.
    H2,
    /// `PostgreSQL`.
    PostgreSql,
    /// Microsoft SQL Server.
    SqlServer,
    /// Oracle.
    Oracle,
    /// `CockroachDB`, which speaks `PostgreSQL`'s protocol: for highly available notaries only.
    CockroachDb,
}

/// Where a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseServer {
    /// Its servers. Several for a cluster that `PostgreSQL`'s driver tries in turn; other drivers take the
    /// first one.
    pub hosts: Vec<HostPort>,
    /// Database; for Oracle the service.
    pub database: String,
    /// Schema.
    pub schema: Option<String>,
    /// Further properties of the driver, e.g. `sslmode`.
    pub properties: IndexMap<String, String>,
}

impl DatabaseServer {
    /// A database on one server.
    pub fn new(address: HostPort, database: impl Into<String>) -> Self {
        Self {
            hosts: vec![address],
            database: database.into(),
            schema: None,
            properties: IndexMap::new(),
        }
    }
}

impl DatabaseProduct {
    /// The driver's class, as CENM names it.
    pub const fn driver_class(self) -> &'static str {
        match self {
            Self::H2 => "org.h2.Driver",
            Self::PostgreSql | Self::CockroachDb => "org.postgresql.Driver",
            Self::SqlServer => "com.microsoft.sqlserver.jdbc.SQLServerDriver",
            Self::Oracle => "oracle.jdbc.driver.OracleDriver",
        }
    }

    /// The driver's data source, as a node names it.
    pub const fn data_source_class(self) -> &'static str {
        match self {
            Self::H2 => "org.h2.jdbcx.JdbcDataSource",
            Self::PostgreSql | Self::CockroachDb => "org.postgresql.ds.PGSimpleDataSource",
            Self::SqlServer => "com.microsoft.sqlserver.jdbc.SQLServerDataSource",
            Self::Oracle => "oracle.jdbc.pool.OracleDataSource",
        }
    }

    /// The port that its servers listen on unless told otherwise; H2 has none, it is a file.
    pub const fn default_port(self) -> Option<u16> {
        match self {
            Self::H2 => None,
            Self::PostgreSql => Some(5432),
            Self::SqlServer => Some(1433),
            Self::Oracle => Some(1521),
            Self::CockroachDb => Some(26257),
        }
    }

    /// The JDBC URL of a database. For H2 the database is the path of its file and servers are ignored; it is not compacted
    /// when it is closed, because H2 2.2.224 then cuts chunks off that its layout still names, and opens an older version of the
    /// data the next time.
    pub fn jdbc_url(self, server: &DatabaseServer) -> String {
        let first = server.hosts.first().map(ToString::to_string).unwrap_or_default();
        match self {
            Self::H2 => format!(
                "jdbc:h2:file:{};DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=10000;WRITE_DELAY=0;AUTO_SERVER_PORT=0;MAX_COMPACT_TIME=0",
                server.database
            ),
            Self::PostgreSql | Self::CockroachDb => {
                let hosts: Vec<_> = server.hosts.iter().map(ToString::to_string).collect();
                let schema = server
                    .schema
                    .iter()
                    .map(|schema| ("currentSchema", schema.as_str()));
                let properties = schema.chain(pairs(&server.properties));
                let mut url = format!(
                    "jdbc:postgresql://{}/{}",
                    hosts.join(","),
                    encoded(&server.database)
                );
                for (index, (name, value)) in properties.enumerate() {
                    let mark = if index == 0 { '?' } else { '&' };
                    let _infallible = write!(url, "{mark}{}={}", encoded(name), encoded(value));
                }
                url
            }
            Self::SqlServer => {
                let mut url = format!(
                    "jdbc:sqlserver://{first};databaseName={}",
                    braced(&server.database)
                );
                for (name, value) in pairs(&server.properties) {
                    let _infallible = write!(url, ";{name}={}", braced(value));
                }
                url
            }
            Self::Oracle => {
                let mut url = format!("jdbc:oracle:thin:@//{first}/{}", server.database);
                for (index, (name, value)) in pairs(&server.properties).enumerate() {
                    let mark = if index == 0 { '?' } else { '&' };
                    let _infallible = write!(url, "{mark}{name}={value}");
                }
                url
            }
        }
    }
}

fn pairs(properties: &IndexMap<String, String>) -> impl Iterator<Item = (&str, &str)> {
    properties
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
}

/// A part of `PostgreSQL`'s URL, which the driver decodes. Bindings `@{…}` are filled in later and stay.
fn encoded(part: &str) -> String {
    if part.contains("@{") {
        return part.to_owned();
    }
    part.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _infallible = write!(text, "%{byte:02X}");
        }
        text
    })
}

/// A value of SQL Server's URL: in braces where it holds what would end it.
fn braced(value: &str) -> String {
    if value.contains([';', '{', '}', ' ', '=']) && !value.contains("@{") {
        format!("{{{}}}", value.replace('}', "}}"))
    } else {
        value.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_product_has_a_url_of_its_own() {
        let mut server = DatabaseServer::new(HostPort::new("db.bank.example", 5432), "corda");
        server.schema = Some("party_a".into());
        let url = |product: DatabaseProduct, server: &DatabaseServer| product.jdbc_url(server);
        assert_eq!(
            url(DatabaseProduct::PostgreSql, &server),
            "jdbc:postgresql://db.bank.example:5432/corda?currentSchema=party_a"
        );
        server.hosts = ["a", "b", "c"].map(|host| HostPort::new(host, 26257)).to_vec();
        server.schema = None;
        server.properties.insert("sslmode".into(), "verify-full".into());
        server.properties.insert("options".into(), "-c a=b&c".into());
        assert_eq!(
            url(DatabaseProduct::CockroachDb, &server),
            "jdbc:postgresql://a:26257,b:26257,c:26257/corda?sslmode=verify-full&options=-c%20a%3Db%26c"
        );
        let mut server = DatabaseServer::new(HostPort::new("db", 1433), "corda;x");
        server.properties.insert("encrypt".into(), "true".into());
        assert_eq!(
            url(DatabaseProduct::SqlServer, &server),
            "jdbc:sqlserver://db:1433;databaseName={corda;x};encrypt=true"
        );
        let server = DatabaseServer::new(HostPort::new("db", 1521), "CORDA");
        assert_eq!(
            url(DatabaseProduct::Oracle, &server),
            "jdbc:oracle:thin:@//db:1521/CORDA"
        );
    }
}
