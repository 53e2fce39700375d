//! The `database` block of Auth, Zone, Identity Manager and Network Map.

mod product;

use indexmap::IndexMap;
use secrecy::SecretString;

pub use product::{DatabaseProduct, DatabaseServer};

use crate::{
    conf_error::ConfProblem,
    hocon::Block,
    node_conf::{Kind, POOL, find, nearest},
};

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
    pub product: DatabaseProduct,
    /// Path of the driver's jar; empty for H2. [`CenmVersion::postgresql_driver`] knows the one in the images.
    ///
    /// [`CenmVersion::postgresql_driver`]: crate::CenmVersion::postgresql_driver
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
    /// Settings of the connection pool, `HikariCP`, e.g. `maximumPoolSize`; for Oracle `connectionInitSql`. A name
    /// that the pool does not have, or a value that it would not take, is an error when the file is written.
    pub additional_properties: IndexMap<String, String>,
}

impl Database {
    /// An H2 database in a file, e.g. `/opt/cenm/h2/zone`. A service runs alone on it and may be killed at
    /// any moment, so a migration's stale lock is removed at the next start.
    pub fn h2_file(path: impl std::fmt::Display, user: impl Into<String>, password: SecretString) -> Self {
        let file = DatabaseServer {
            hosts: Vec::new(),
            database: path.to_string(),
            schema: None,
            properties: IndexMap::new(),
        };
        Self::on(DatabaseProduct::H2, &file, user, password, "")
    }

    /// A database of a product on a server, with the path of the driver's jar. Tables are created and upgraded
    /// at start, and a stale lock is removed, since only one instance of a service ever runs.
    pub fn on(
        product: DatabaseProduct,
        server: &DatabaseServer,
        user: impl Into<String>,
        password: SecretString,
        jdbc_driver: impl Into<String>,
    ) -> Self {
        Self {
            product,
            jdbc_driver: jdbc_driver.into(),
            url: product.jdbc_url(server),
            user: user.into(),
            password,
            schema: server.schema.clone(),
            run_migration: true,
            lock_resolution_strategy: Some(LockResolutionStrategy::SingleInstance),
            additional_properties: IndexMap::new(),
        }
    }

    pub(crate) fn block(&self) -> Block {
        let strategy = self
            .lock_resolution_strategy
            .map(|LockResolutionStrategy::SingleInstance| "SingleInstance");
        Block::new()
            .with("driverClassName", self.product.driver_class())
            .with("jdbcDriver", &self.jdbc_driver)
            .with("url", &self.url)
            .with("user", &self.user)
            .with("password", &self.password)
            .with_some("schema", self.schema.as_ref())
            .with("runMigration", self.run_migration)
            .with_some("lockResolutionStrategy", strategy)
            .with_block(
                "additionalProperties",
                self.additional_properties.iter().collect(),
            )
    }

    /// What contradicts itself in the block.
    pub(crate) fn contradictions(&self) -> Vec<ConfProblem> {
        let mut problems = Vec::new();
        let mut refuse = |key: &str, cause: &str| {
            problems.push(ConfProblem::contradiction(format!("database.{key}"), cause));
        };
        if self.product == DatabaseProduct::CockroachDb {
            refuse(
                "driverClassName",
                "cannot be CockroachDB, which only highly available notaries support",
            );
        }
        if self.product == DatabaseProduct::H2 && !self.jdbc_driver.is_empty() {
            refuse("jdbcDriver", "must be empty for H2, whose driver is built in");
        }
        if self.product != DatabaseProduct::H2 && self.jdbc_driver.is_empty() {
            refuse("jdbcDriver", "must name the driver's jar");
        }
        if self.lock_resolution_strategy.is_some() && !self.run_migration {
            refuse("lockResolutionStrategy", "has no effect without runMigration");
        }
        for (name, value) in &self.additional_properties {
            let key = format!("additionalProperties.{name}");
            match find(POOL, name).map(|key| key.kind) {
                None => {
                    let meant = nearest(POOL, name, |_| true)
                        .map_or_else(String::new, |name| format!("; did you mean `{name}`?"));
                    refuse(&key, &format!("is no property of the connection pool{meant}"));
                }
                Some(Kind::Integer) if value.parse::<i64>().is_err() => refuse(&key, "takes a whole number"),
                Some(Kind::Boolean) if value.parse::<bool>().is_err() => refuse(&key, "takes true or false"),
                Some(_) => {}
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{HostPort, test_values::secret};

    #[test]
    fn contradictions_are_told_together() {
        let server = DatabaseServer::new(HostPort::new("db", 26257), "zone");
        let mut database = Database::on(DatabaseProduct::CockroachDb, &server, "zone", secret("db"), "");
        database.run_migration = false;
        for (name, value) in [
            ("maximumPoolSizes", "20"),
            ("maxLifetime", "soon"),
            ("autoCommit", "no"),
            ("poolName", "zone"),
        ] {
            database.additional_properties.insert(name.into(), value.into());
        }
        let problems: Vec<_> = database
            .contradictions()
            .iter()
            .map(ToString::to_string)
            .collect();
        insta::assert_snapshot!(problems.join("\n"));
    }
}
