//! The Angel: the parent process of a service that the Zone configures. `angel.conf` from CENM 1.6.1 on,
//! arguments before.
//!
//! Precedence: 1. the product's defaults; 2. profile; 3. topology: the file or the arguments, never both but for
//! `--working-dir`, which has no key in the file. No key can be overridden.

use std::time::Duration;

use secrecy::SecretString;

use crate::{
    address::HostPort,
    arguments::Argument,
    conf_error::{CenmFile, ConfError},
    hocon::Block,
    ssl::{Ssl, Store},
    version::{CenmFeature, CenmVersion},
};

/// What an Angel is told.
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

impl AngelService {
    const fn as_str(&self) -> &'static str {
        match self {
            Self::IdentityManager => "IDENTITY_MANAGER",
            Self::NetworkMap { .. } => "NETWORK_MAP",
            Self::Signer => "SIGNER",
        }
    }
}

impl AngelConf {
    /// The text of `angel.conf`. It holds secrets.
    pub fn to_hocon(&self, version: CenmVersion) -> Result<String, ConfError> {
        CenmFile::new("angel.conf", version)
            .exists_since(CenmFeature::AngelConf)
            .write(&self.block())
    }

    /// The arguments that say the same to a release without `angel.conf`. Secrets are among them, which every
    /// process of the Pod can read. A plugin's jar has no argument: the service's own configuration names it.
    pub fn arguments(&self) -> Vec<Argument> {
        let mut arguments = vec![
            Argument::text("--jar-name", &self.jar_file),
            Argument::text("--service", self.service.as_str()),
            Argument::text("--zone-host", &self.zone.host),
            Argument::text("--zone-port", self.zone.port),
            Argument::secret("--token", &self.token),
            Argument::text("--polling-interval", self.polling_time.as_secs()),
        ];
        if let Some(web) = &self.web_service {
            arguments.push(Argument::text("--webservice-host", &web.host));
            arguments.push(Argument::text("--webservice-port", web.port));
        }
        if let AngelService::NetworkMap {
            network_parameters_file,
            network_root_trust_store,
            root_alias,
        } = &self.service
        {
            arguments.extend([
                Argument::text("--network-parameters-file", network_parameters_file),
                Argument::text("--network-truststore", &network_root_trust_store.location),
                Argument::secret("--truststore-password", &network_root_trust_store.password),
                Argument::text("--root-alias", root_alias),
            ]);
        }
        arguments.extend(Argument::tls(&self.ssl));
        arguments
    }

    fn block(&self) -> Block {
        let (parameters_file, root) = match &self.service {
            AngelService::IdentityManager | AngelService::Signer => (None, None),
            AngelService::NetworkMap {
                network_parameters_file,
                network_root_trust_store,
                root_alias,
            } => (
                Some(network_parameters_file),
                Some(network_root_trust_store.block().with("rootAlias", root_alias)),
            ),
        };
        let service = Block::new()
            .with("type", self.service.as_str())
            .with("jarFile", &self.jar_file)
            .with_some("pluginJar", self.plugin_jar.as_ref())
            .with("ssl", self.ssl.block())
            .with_some("networkRootTrustStore", root);
        let zone = Block::new()
            .with("host", &self.zone.host)
            .with("port", self.zone.port)
            .with("authToken", &self.token);
        let web = self.web_service.as_ref();
        Block::new()
            .with("pollingTimeSeconds", self.polling_time.as_secs())
            .with_some("webServiceHost", web.map(|address| address.host.as_str()))
            .with_some("webServicePort", web.map(|address| address.port))
            .with_some("networkParametersFile", parameters_file)
            .with("service", service)
            .with("zone", zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_values::{arguments, check, each_version, secret, ssl};

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
        let text = each_version(|version| conf.to_hocon(version));
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
        let text = each_version(|version| conf.to_hocon(version));
        check(&conf, &text);
        insta::assert_snapshot!(text);
        insta::assert_snapshot!(arguments(&conf.arguments()));
    }
}
