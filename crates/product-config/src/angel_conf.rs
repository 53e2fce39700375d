//! `angel.conf` (CENM 1.6.1 and later): the parent process of a service that the Zone configures.
//!
//! Precedence: 1. the product's defaults; 2. this file; 3. arguments of the Angel (`--working-dir`).

use std::time::Duration;

use secrecy::SecretString;

use crate::address::HostPort;
use crate::hocon::{self, Block};
use crate::ssl::{Ssl, Store};

/// The whole file.
#[derive(Clone, Debug)]
pub struct AngelConf {
    /// How often the Zone is asked for a new configuration.
    pub polling_time: Duration,
    /// Where health is served; off when absent. Both host and port must be written or nothing starts.
    pub web_service: Option<HostPort>,
    /// The service that the Angel runs.
    pub service: AngelService,
    /// Path of the service's jar, relative to the working directory of the process.
    pub jar_file: String,
    /// Absolute path of a workflow plugin's jar.
    pub plugin_jar: Option<String>,
    /// The service's own key, to speak to the Zone.
    pub ssl: Ssl,
    /// The Zone's ENM port.
    pub zone: HostPort,
    /// Token that the Zone gave for this service.
    pub token: SecretString,
}

/// What an Angel runs.
#[derive(Clone, Debug)]
pub enum AngelService {
    /// The Identity Manager.
    IdentityManager,
    /// The Network Map.
    NetworkMap {
        /// Where the Angel writes the network parameters in plain text.
        network_parameters_file: String,
        /// The network's root; without it flag days cannot run.
        network_root_trust_store: Store,
        /// Alias of the root in it.
        root_alias: String,
    },
    /// The Signing Service.
    Signer,
}

impl AngelConf {
    /// The file's text. It holds secrets.
    pub fn to_hocon(&self) -> String {
        let (kind, parameters_file, root) = match &self.service {
            AngelService::IdentityManager => ("IDENTITY_MANAGER", None, None),
            AngelService::Signer => ("SIGNER", None, None),
            AngelService::NetworkMap {
                network_parameters_file,
                network_root_trust_store,
                root_alias,
            } => (
                "NETWORK_MAP",
                Some(network_parameters_file),
                Some(network_root_trust_store.block().with("rootAlias", root_alias)),
            ),
        };
        let service = Block::new()
            .with("type", kind)
            .with("jarFile", &self.jar_file)
            .with_some("pluginJar", self.plugin_jar.as_ref())
            .with("ssl", self.ssl.block())
            .with_some("networkRootTrustStore", root);
        let zone = Block::new()
            .with("host", &self.zone.host)
            .with("port", self.zone.port)
            .with("authToken", &self.token);
        let file = Block::new()
            .with("pollingTimeSeconds", self.polling_time.as_secs())
            .with_some(
                "webServiceHost",
                self.web_service.as_ref().map(|address| address.host.as_str()),
            )
            .with_some(
                "webServicePort",
                self.web_service.as_ref().map(|address| address.port),
            )
            .with_some("networkParametersFile", parameters_file)
            .with("service", service)
            .with("zone", zone);
        hocon::write(&file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_values::{check, secret, ssl};

    fn conf(service: AngelService, jar: &str, keys: &str) -> AngelConf {
        AngelConf {
            polling_time: Duration::from_secs(10),
            web_service: None,
            service,
            jar_file: format!("bin/{jar}.jar"),
            plugin_jar: None,
            ssl: ssl(keys),
            zone: HostPort::new("zone.bank-network.svc", 25000),
            token: secret("token"),
        }
    }

    #[test]
    fn the_angel_of_the_identity_manager() {
        let conf = conf(
            AngelService::IdentityManager,
            "identitymanager",
            "identity-manager",
        );
        let text = conf.to_hocon();
        check(&conf, &text);
        insta::assert_snapshot!(text);
    }

    #[test]
    fn the_angel_of_the_network_map() {
        let service = AngelService::NetworkMap {
            network_parameters_file: "/opt/cenm/etc/network-parameters.conf".into(),
            network_root_trust_store: Store::new(
                "/opt/cenm/trust/network-root-truststore.jks",
                secret("network-trust"),
            ),
            root_alias: "cordarootca".into(),
        };
        let mut conf = conf(service, "networkmap", "network-map");
        conf.web_service = Some(HostPort::any(8090));
        let text = conf.to_hocon();
        check(&conf, &text);
        insta::assert_snapshot!(text);
    }
}
