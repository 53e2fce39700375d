//! `zone.conf` (CENM 1.6.1 and later): configurations, subzones and tokens.
//!
//! Precedence: 1. the product's defaults; 2. this file, from the topology. Earlier versions take the same
//! settings as arguments, passwords included, which every process of the Pod could read.

use crate::auth_service_config::AuthServiceConfig;
use crate::database::Database;
use crate::hocon::{self, Block};
use crate::listener::Listener;
use crate::ssl::Ssl;

/// The whole file.
#[derive(Clone, Debug)]
pub struct ZoneConf {
    /// The service's own database.
    pub database: Database,
    /// Port on which Angels fetch their configuration; TLS as on the admin port.
    pub enm_port: u16,
    /// Port for the Gateway.
    pub admin_port: u16,
    /// The Zone's own key, for both ports.
    pub ssl: Ssl,
    /// How tokens are checked; the Zone writes this block into what it hands to Identity Manager and Network
    /// Map.
    pub auth_service: AuthServiceConfig,
}

impl ZoneConf {
    /// The file's text. It holds secrets.
    pub fn to_hocon(&self) -> String {
        let file = Block::new()
            .with("database", self.database.block())
            .with("enmListener", Listener::without_ssl(self.enm_port).block())
            .with(
                "adminListener",
                Listener::with_ssl(self.admin_port, self.ssl.clone()).block(),
            )
            .with("authServiceConfig", self.auth_service.block());
        hocon::write(&file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_values::{auth_service, check, database, ssl};

    #[test]
    fn the_file_of_the_zone() {
        let conf = ZoneConf {
            database: database("zone"),
            enm_port: 25000,
            admin_port: 12345,
            ssl: ssl("zone"),
            auth_service: auth_service(),
        };
        let text = conf.to_hocon();
        check(&conf, &text);
        insta::assert_snapshot!(text);
    }
}
