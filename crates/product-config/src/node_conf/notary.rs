//! The notary service of a node, single or highly available.

use secrecy::SecretString;

use crate::{
    database::{DatabaseProduct, DatabaseServer},
    hocon::Block,
};

/// The notary service.
#[derive(Clone, Debug)]
pub struct Notary {
    /// Cannot change after the first start.
    pub validating: bool,
    /// X.500 name of the service; must differ from the node's. The workers of a highly available notary share
    /// it.
    pub service_legal_name: String,
    /// The database that the workers of a highly available notary share (Corda Enterprise).
    pub jpa: Option<JpaNotary>,
}

/// The shared database of a highly available notary.
#[derive(Clone, Debug)]
pub struct JpaNotary {
    /// JDBC URL, every server of the cluster in it.
    pub jdbc_url: String,
    /// User.
    pub username: String,
    /// Password.
    pub password: SecretString,
    /// Schema.
    pub schema: Option<String>,
    /// How often a connection is tried again: the number of servers.
    pub connection_retries: u32,
    /// Connections at most; the pool's own default when `None`.
    pub maximum_pool_size: Option<u16>,
    /// Multi-row statements, for `CockroachDB` only.
    pub generate_native_sql: bool,
    /// Refuses to start on tables that do not fit.
    pub validate_schema: bool,
}

impl Notary {
    /// A notary of one node.
    pub fn single(validating: bool, service_legal_name: impl Into<String>) -> Self {
        Self {
            validating,
            service_legal_name: service_legal_name.into(),
            jpa: None,
        }
    }

    /// A worker of a highly available notary, which never validates.
    pub fn worker(service_legal_name: impl Into<String>, jpa: JpaNotary) -> Self {
        Self {
            validating: false,
            service_legal_name: service_legal_name.into(),
            jpa: Some(jpa),
        }
    }

    pub(super) fn block(&self) -> Block {
        Block::new()
            .with("validating", self.validating)
            .with("serviceLegalName", &self.service_legal_name)
            .with_some("jpa", self.jpa.as_ref().map(JpaNotary::block))
    }
}

impl JpaNotary {
    /// Connections are renewed every ten minutes, as R3's guide has it.
    const MAX_LIFETIME_MILLISECONDS: u32 = 600_000;

    /// A database of a product on the servers of a cluster.
    pub fn new(
        product: DatabaseProduct,
        server: &DatabaseServer,
        username: impl Into<String>,
        password: SecretString,
    ) -> Self {
        Self {
            jdbc_url: product.jdbc_url(server),
            username: username.into(),
            password,
            schema: server.schema.clone(),
            connection_retries: u32::try_from(server.hosts.len()).unwrap_or(u32::MAX),
            maximum_pool_size: None,
            generate_native_sql: product == DatabaseProduct::CockroachDb,
            validate_schema: true,
        }
    }

    fn block(&self) -> Block {
        let source = Block::new()
            // The product documents it as text.
            .with("autoCommit", "false")
            .with("jdbcUrl", &self.jdbc_url)
            .with("username", &self.username)
            .with("password", &self.password)
            .with("maxLifetime", Self::MAX_LIFETIME_MILLISECONDS)
            .with_some("maximumPoolSize", self.maximum_pool_size);
        let database = Block::new()
            .with("validateSchema", self.validate_schema)
            .with_some("schema", self.schema.as_ref());
        Block::new()
            .with("connectionRetries", self.connection_retries)
            .with("generateNativeSQL", self.generate_native_sql)
            .with("dataSourceProperties", source)
            .with("database", database)
    }
}
