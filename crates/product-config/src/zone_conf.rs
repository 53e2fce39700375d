//! The Zone Service: configurations, subzones and tokens. `zone.conf` from CENM 1.6.1 on, arguments before.
//!
//! Precedence: 1. the product's defaults; 2. profile; 3. topology: the file or the arguments, never both. No key
//! can be overridden.

use crate::{
    arguments::Argument,
    auth_service_config::AuthServiceConfig,
    conf_error::{CenmFile, ConfError},
    database::Database,
    hocon::Block,
    listener::Listener,
    ssl::Ssl,
    version::{CenmFeature, CenmVersion},
};

/// What the Zone is told.
#[derive(Clone, Debug)]
pub struct ZoneConf {
    /// The service's own database.
    pub database: Database,
    /// Port on which Angels fetch their configuration. It has no `ssl` of its own: TLS as on the admin port.
    pub enm_listener: Listener,
    /// Port for the Gateway, with the Zone's own key.
    pub admin_listener: Listener,
    /// How tokens are checked; the Zone writes this block into what it hands to Identity Manager and Network
    /// Map. Tokens are not checked when absent: for development.
    pub auth_service: Option<AuthServiceConfig>,
}

impl ZoneConf {
    /// The usual Zone: mutual TLS on both ports, on every interface.
    pub fn new(
        database: Database,
        enm_port: u16,
        admin_port: u16,
        ssl: Ssl,
        auth_service: AuthServiceConfig,
    ) -> Self {
        Self {
            database,
            enm_listener: Listener::without_ssl(enm_port),
            admin_listener: Listener::with_ssl(admin_port, ssl),
            auth_service: Some(auth_service),
        }
    }

    /// The text of `zone.conf`. It holds secrets.
    pub fn to_hocon(&self, version: CenmVersion) -> Result<String, ConfError> {
        self.file(version)
            .exists_since(CenmFeature::ZoneConf)
            .write(&self.block())
    }

    /// The arguments that say the same to a release without `zone.conf`. Secrets are among them, which every
    /// process of the Pod can read.
    pub fn arguments(&self, version: CenmVersion) -> Result<Vec<Argument>, ConfError> {
        let database = &self.database;
        let without_argument = database.additional_properties.keys().map(|property| {
            crate::ConfProblem::contradiction(
                format!("database.additionalProperties.{property}"),
                "cannot be said: there is no argument for it",
            )
        });
        self.file(version)
            .problems(without_argument)
            .checked(&self.block())?;
        let mut arguments = vec![
            Argument::text("--enm-listener-port", self.enm_listener.port),
            Argument::text("--enm-reconnect", self.enm_listener.reconnect),
            Argument::text("--admin-listener-port", self.admin_listener.port),
            Argument::text("--driver-class-name", database.product.driver_class()),
            Argument::text("--jdbc-driver", &database.jdbc_driver),
            Argument::text("--url", &database.url),
            Argument::text("--user", &database.user),
            Argument::secret("--password", &database.password),
            Argument::text("--run-migration", database.run_migration),
        ];
        arguments.extend(
            database
                .schema
                .as_ref()
                .map(|schema| Argument::text("--current-schema", schema)),
        );
        match &self.auth_service {
            None => arguments.push(Argument::text("--disable-authentication", true)),
            Some(auth) => arguments.extend([
                Argument::text("--auth-host", &auth.address.host),
                Argument::text("--auth-port", auth.address.port),
                Argument::text("--auth-trust-store-location", &auth.trust_store.location),
                Argument::secret("--auth-trust-store-password", &auth.trust_store.password),
                Argument::text("--auth-issuer", &auth.issuer),
                Argument::text("--auth-leeway", auth.leeway.as_secs()),
            ]),
        }
        match &self.admin_listener.ssl {
            None => arguments.push(Argument::text("--tls", false)),
            Some(ssl) => arguments.extend(Argument::tls(ssl)),
        }
        Ok(arguments)
    }

    fn file(&self, version: CenmVersion) -> CenmFile {
        CenmFile::new("zone.conf", version)
            .problems(self.database.contradictions())
            .problems(self.enm_listener.ssl.as_ref().map(|_| {
                crate::ConfProblem::contradiction(
                    "enmListener.ssl",
                    "must be absent: the port has the TLS of adminListener",
                )
            }))
    }

    fn block(&self) -> Block {
        let auth = self
            .auth_service
            .as_ref()
            .map_or_else(AuthServiceConfig::disabled, AuthServiceConfig::block);
        Block::new()
            .with("database", self.database.block())
            .with("enmListener", self.enm_listener.block())
            .with("adminListener", self.admin_listener.block())
            .with("authServiceConfig", auth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_values::{arguments, auth_service, check, database, each_version, ssl};

    fn conf() -> ZoneConf {
        ZoneConf::new(database("zone"), 25000, 12345, ssl("zone"), auth_service())
    }

    #[test]
    fn the_file_of_the_zone() {
        let text = each_version(|version| conf().to_hocon(version));
        check(&conf(), &text);
        insta::assert_snapshot!(text);
    }

    #[test]
    fn the_arguments_of_the_zone() {
        let said = conf().arguments(CenmVersion::V1_5).expect("they can be said");
        insta::assert_snapshot!(arguments(&said));
    }
}
