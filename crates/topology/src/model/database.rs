//! Databases.

use super::{
    endpoint::Endpoint,
    secret::{ImageVolume, SecretReference},
};
use crate::language::choice;

choice! {
    /// A database product.
    pub enum DatabaseKind {
        /// H2 in a volume of the component's own; for trials only.
        H2 = "h2",
        /// PostgreSQL.
        PostgreSql = "postgresql",
        /// Microsoft SQL Server, Azure SQL.
        SqlServer = "sqlserver",
        /// Oracle.
        Oracle = "oracle",
        /// CockroachDB; as the shared database of a notary's workers only.
        CockroachDb = "cockroachdb",
    }
}

/// Where a component keeps its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// H2 in a volume of its own.
    H2,
    /// A server that exists already.
    Server(Box<DatabaseServer>),
}

/// A schema on a database server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseServer {
    /// The product; never H2.
    pub kind: DatabaseKind,
    /// Where it answers.
    pub endpoint: Endpoint,
    /// The database or, for Oracle, the service.
    pub name: String,
    /// The schema; the user's own when `None`.
    pub schema: Option<String>,
    /// The user.
    pub user: String,
    /// Its password.
    pub password: SecretReference,
    /// Whether the connection is encrypted and the server proved.
    pub tls: bool,
    /// Files with the JDBC driver; the product's own when `None`.
    pub driver: Option<ImageVolume>,
    /// Connections at most; the product's default when `None`.
    pub connections: Option<u16>,
}

impl Database {
    /// The server, if there is one.
    pub fn server(&self) -> Option<&DatabaseServer> {
        match self {
            Self::H2 => None,
            Self::Server(server) => Some(server),
        }
    }
}
