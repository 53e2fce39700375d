//! What the Pods of all six CENM services share (reference §1.2: working directory, licence, user).

use k8s_openapi::api::core::v1::Container;
use product_config::{Argument, jmx_exporter_yml::JmxExporterYml};
use topology::{
    connection::Port,
    model::{Component, Database},
};

use super::cenm_database;
use crate::{
    context::{CENM, Context, RenderError},
    manifest::Manifest,
    metadata::checksum,
    names::{config_secret, database_claim, keys_secret},
    pod::{
        container::ContainerSpec,
        probe::{Probes, Question},
        template::PodTemplate,
        volume::Volume,
    },
    resource::{secret::SecretFiles, service::SERVING, workload::deployment},
};

/// The agent's settings beside a service's own configuration.
const METRICS_CONFIG: &str = "jmx-exporter.yaml";

/// What differs between the services.
pub struct CenmPod<'a> {
    /// Which component.
    pub component: Component,
    /// Its jar in `bin/`, e.g. `gateway.jar`.
    pub jar: &'a str,
    /// What the jar is called with.
    pub arguments: Vec<String>,
    /// Its configuration files.
    pub config: SecretFiles,
    /// Stores by folder: folder below `/opt/cenm`, files.
    pub stores: Vec<(&'static str, Vec<String>)>,
    /// Revocation lists that it serves: new ones restart it, for nothing says that it reads them again.
    pub crls: &'a [&'a str],
    /// Further volumes.
    pub volumes: Vec<Volume>,
    /// What fills them before it starts.
    pub init_containers: Vec<Container>,
    /// Further variables.
    pub environment: Vec<(&'static str, String)>,
    /// Variables from Secrets of its namespace: variable, Secret, key.
    pub secret_environment: Vec<(&'static str, &'static str, &'static str)>,
    /// What says that it has started.
    pub started: Question,
    /// Names that it knows without DNS.
    pub host_aliases: Vec<(String, Vec<String>)>,
    /// Whether it may ask the cluster's DNS.
    pub uses_dns: bool,
    /// Whether it keeps an H2 database.
    pub has_database: bool,
}

/// Calls what stands behind it with one more argument for each line of a file. A release that takes no file gets its
/// settings so: passwords stand in a Secret and not in the Pod, where whoever may list Pods would read them; inside of the
/// Pod the product itself shows them in its command line (reference §1.3.5).
const WITH_ARGUMENTS: &str =
    r#"while IFS= read -r argument; do set -- "$@" "$argument"; done < "$0"; exec "$@""#;

/// A file for [`WITH_ARGUMENTS`].
pub fn arguments_file(arguments: &[Argument]) -> String {
    arguments
        .iter()
        .map(|argument| argument.to_plain_text() + "\n")
        .collect()
}

impl CenmPod<'_> {
    /// The Secret with the configuration and the Deployment.
    pub fn build(self, context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
        self.build_called(&[], context, step)
    }

    /// As above, with further arguments from a file of its configuration.
    pub fn build_with_arguments(
        self,
        file: &str,
        context: &Context<'_>,
        step: &str,
    ) -> Result<Vec<Manifest>, RenderError> {
        let file = format!("conf/{file}");
        self.build_called(&["sh", "-euc", WITH_ARGUMENTS, &file], context, step)
    }

    fn build_called(
        self,
        caller: &[&str],
        context: &Context<'_>,
        step: &str,
    ) -> Result<Vec<Manifest>, RenderError> {
        let component = self.component;
        let cenm = context.cenm_service(&component)?;
        let owner = context.owner(step);
        let agent = context.metrics_agent(&component, &format!("{CENM}/conf/{METRICS_CONFIG}"));
        let config = if agent.jvm_argument.is_some() {
            self.config
                .text(METRICS_CONFIG, JmxExporterYml::for_cenm_service().to_yaml())
        } else {
            self.config
        };

        let mut volumes = vec![
            Volume::secret("conf", &config_secret(&component), &format!("{CENM}/conf")),
            Volume::scratch("etc", &format!("{CENM}/etc")),
            Volume::scratch("logs", &format!("{CENM}/logs")),
            Volume::scratch("tmp", "/tmp"),
        ];
        volumes.extend(
            self.stores
                .iter()
                .map(|(folder, files)| Context::store_volume(&component, folder, files)),
        );
        if self.has_database && cenm.database == Database::H2 {
            volumes.push(Volume::claim(
                "database",
                &database_claim(&component),
                &format!("{CENM}/h2"),
            ));
        }
        let mut init_containers: Vec<_> = agent.init_container.into_iter().collect();
        if let Some(server) = cenm.database.server().filter(|_| self.has_database) {
            let (volume, copy) = cenm_database::driver(cenm, server);
            let seen = std::slice::from_ref(&volume);
            init_containers.push(
                ContainerSpec {
                    volumes: seen,
                    ..copy
                }
                .build(),
            );
            volumes.push(volume);
        }
        volumes.extend(self.volumes);
        init_containers.extend(self.init_containers);
        volumes.extend(agent.volume);

        let mut command: Vec<String> = caller.iter().map(|&word| word.to_owned()).collect();
        command.push("java".to_owned());
        // Without it a pool may fail to start for want of entropy (reference §8.3, 10).
        command.push("-Djava.security.egd=file:/dev/./urandom".to_owned());
        command.extend(agent.jvm_argument);
        command.extend(["-jar".to_owned(), format!("bin/{}", self.jar)]);
        command.extend(self.arguments);

        let ports = context
            .matrix
            .ports_of(&component)
            .into_iter()
            .map(|(port, number)| (port.name(), number));
        let main = Port::main_of(&component)
            .map(|port| context.own_port(&component, port))
            .transpose()?
            .unwrap_or_default();
        let container = ContainerSpec {
            name: component.kind(),
            image: &cenm.image,
            command,
            environment: [("ACCEPT_LICENSE", "Y".to_owned()), ("HOME", "/tmp".to_owned())]
                .into_iter()
                .chain(self.environment)
                .collect(),
            secret_environment: self.secret_environment,
            volumes: &volumes,
            ports: ports.collect(),
            memory: cenm.memory,
        }
        .build_with(Probes::new(self.started, main));

        let stores = self.stores.into_iter().flat_map(|(_, files)| files);
        let keys: Vec<&[u8]> = stores
            .map(|file| Ok(context.keys.store(&file)?.bytes))
            .chain(self.crls.iter().map(|file| Ok(context.keys.crl(file)?)))
            .collect::<Result<_, RenderError>>()?;
        let config_checksum = checksum(config.parts().chain(keys));
        let template = PodTemplate {
            component: &component,
            workload: SERVING,
            init_containers,
            container,
            volumes: &volumes,
            host_aliases: self.host_aliases,
            uses_dns: self.uses_dns,
            restart_policy: "Always",
            config_checksum: Some(config_checksum),
            grace_period_seconds: 30,
        }
        .build(owner);
        Ok(vec![
            config.build(owner, &component, &config_secret(&component)),
            deployment(owner, &component, template),
        ])
    }
}

/// The Secret with the stores of a component: its part of B3.
pub fn keys(
    context: &Context<'_>,
    step: &str,
    component: &Component,
    stores: &[&str],
) -> Result<Vec<Manifest>, RenderError> {
    Ok(vec![context.stores(stores)?.build(
        context.owner(step),
        component,
        &keys_secret(component),
    )])
}
