//! The `database` block of Auth, Zone, Identity Manager and Network Map.

use indexmap::IndexMap;
use secrecy::SecretString;

use crate::hocon::Block;

/// The database products that CENM supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseDriver {
    /// H2, for tests: a file in the service's own volume, the driver is built in.
    H2,
    /// `PostgreSQL`.
    PostgreSql,
    /// Microsoft SQL Server.
    SqlServer,
    /// Oracle.
    Oracle,
}

impl DatabaseDriver {
    const fn class_name(self) -> &'static str {
        match self {
            Self::H2 => "org.h2.Driver",
            Self::PostgreSql => "org.postgresql.Driver",
            Self::SqlServer => "com.microsoft.sqlserver.jdbc.SQLServerDriver",
            Self::Oracle => "oracle.jdbc.driver.OracleDriver",
        }
    }
}

/// What a service does about a Liquibase lock that an interrupted migration left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockResolutionStrategy {
    /// Removes it before migrating; right only where never two instances run, and only with `run_migration`.
    SingleInstance,
}

/// A service's own database.
#[derive(Clone, Debug)]
pub struct Database {
    /// The product.
    pub driver: DatabaseDriver,
    /// Path of the driver's jar; empty for H2.
    pub jdbc_driver: String,
    /// JDBC URL.
    pub url: String,
    /// User.
    pub user: String,
    /// Password.
    pub password: SecretString,
    /// Schema; needed where services share one database.
    pub schema: Option<String>,
    /// Creates and upgrades tables at start; otherwise the schema is only checked.
    pub run_migration: bool,
    /// What to do about a lock left behind.
    pub lock_resolution_strategy: Option<LockResolutionStrategy>,
    /// Settings of the connection pool.
    pub additional_properties: IndexMap<String, String>,
}

impl Database {
    /// An H2 database in a file, e.g. `/opt/cenm/h2/zone`. A service runs alone on it and may be killed at
    /// any moment, so a migration's stale lock is removed at the next start.
    pub fn h2_file(path: impl std::fmt::Display, user: impl Into<String>, password: SecretString) -> Self {
        Self {
            driver: DatabaseDriver::H2,
            jdbc_driver: String::new(),
            url: format!(
                "jdbc:h2:file:{path};DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=10000;WRITE_DELAY=0;AUTO_SERVER_PORT=0"
            ),
            user: user.into(),
            password,
            schema: None,
            run_migration: true,
            lock_resolution_strategy: Some(LockResolutionStrategy::SingleInstance),
            additional_properties: IndexMap::new(),
        }
    }

    pub(crate) fn block(&self) -> Block {
        let strategy = self
            .lock_resolution_strategy
            .map(|LockResolutionStrategy::SingleInstance| "SingleInstance");
        let block = Block::new()
            .with("driverClassName", self.driver.class_name())
            .with("jdbcDriver", &self.jdbc_driver)
            .with("url", &self.url)
            .with("user", &self.user)
            .with("password", &self.password)
            .with_some("schema", self.schema.as_ref())
            .with("runMigration", self.run_migration)
            .with_some("lockResolutionStrategy", strategy);
        if self.additional_properties.is_empty() {
            return block;
        }
        let properties = self
            .additional_properties
            .iter()
            .fold(Block::new(), |properties, (name, value)| {
                properties.with(name, value)
            });
        block.with("additionalProperties", properties)
    }
}
