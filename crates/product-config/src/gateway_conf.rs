//! `gateway.conf`: the one door for command line and browsers.
//!
//! Precedence: 1. the product's defaults; 2. profile; 3. topology: this file. Environment variables that the product
//! reads as settings (`CENM_ZONE_PORT`) would come after: Pods run without service links so that none is set by
//! chance. No key can be overridden.

use secrecy::SecretString;

use crate::address::HostPort;
use crate::conf_error::{CenmFile, ConfError};
use crate::hocon::Block;
use crate::node_conf::Overrides;
use crate::ssl::{Ssl, Store};
use crate::version::CenmVersion;

/// The whole file.
#[derive(Clone, Debug)]
pub struct GatewayConf {
    /// The Auth Service.
    pub auth: HostPort,
    /// The SSL root, to check the Auth Service.
    pub auth_trust_store: Store,
    /// Id of the Gateway as a client of the Auth Service.
    pub client_id: String,
    /// Its secret.
    pub client_secret: SecretString,
    /// The Zone's **admin** port.
    pub zone: HostPort,
    /// The Gateway's own key, for the admin ports of the services.
    pub ssl: Ssl,
    /// HTTP port, plain.
    pub port: u16,
    /// `flow.management.plugin.middleware`, whatever that plugin wants; it is bundled from CENM 1.7 on.
    pub flow_management: Overrides,
}

impl GatewayConf {
    /// The file's text for a release. It holds secrets.
    pub fn to_hocon(&self, version: CenmVersion) -> Result<String, ConfError> {
        // Flat keys here, unlike every other `ssl` of the products.
        let ssl_config = Block::new()
            .with("trustStore", &self.auth_trust_store.location)
            .with("trustStorePassword", &self.auth_trust_store.password);
        let credentials = Block::new()
            .with("clientId", &self.client_id)
            .with("clientSecret", &self.client_secret);
        let auth = Block::new()
            .with("serverUrl", format!("https://{}", self.auth))
            .with("sslConfig", ssl_config)
            .with("clientCredentials", credentials);
        let cenm = Block::new()
            .with("zoneHost", &self.zone.host)
            .with("zonePort", self.zone.port)
            .with("ssl", self.ssl.block());
        let file = Block::new()
            .with("auth", auth)
            .with("cenm", cenm)
            .with("server", Block::new().with("port", self.port))
            .with_block("flow", self.flow_management());
        CenmFile::new("gateway.conf", version).write(&file)
    }
}

impl GatewayConf {
    fn flow_management(&self) -> Block {
        let middleware: Block = self.flow_management.iter().collect();
        let plugin = Block::new().with_block("middleware", middleware);
        let management = Block::new().with_block("plugin", plugin);
        Block::new().with_block("management", management)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node_conf::Setting;
    use crate::test_values::{check, each_version, secret, ssl, trust_store};

    #[test]
    fn the_file_of_the_gateway() {
        let conf = GatewayConf {
            auth: HostPort::new("auth.bank-network.svc", 8081),
            auth_trust_store: trust_store(),
            client_id: "gateway".into(),
            client_secret: secret("client"),
            zone: HostPort::new("zone.bank-network.svc", 12345),
            ssl: ssl("gateway"),
            port: 8080,
            flow_management: Overrides::new(),
        };
        let text = each_version(|version| conf.to_hocon(version));
        check(&conf, &text);
        insta::assert_snapshot!(text);
        let with_plugin = GatewayConf {
            flow_management: Overrides::from([("enabled".into(), Setting::Boolean(true))]),
            ..conf
        };
        let text = with_plugin
            .to_hocon(CenmVersion::V1_7)
            .expect("it can be written");
        assert!(text.contains("middleware {\n        enabled = true"), "{text}");
    }
}
