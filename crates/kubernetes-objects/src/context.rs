//! What every component is rendered from, with the look-ups that they share.

use std::time::Duration;

use certificates::{CertificatePlan, KeyRing, NotInRing, PlanError, files};
use k8s_openapi::api::core::v1::Container;
use product_config::{
    Administration, AuthServiceConfig, CenmVersion, ConfError, HostPort, KeyStore, Listener, Ssl, Store,
    UnknownCordaVersion,
};
use secrecy::SecretString;
use topology::{
    Topology,
    connection::{ConnectionMatrix, Party, Port, service_host},
    model::{CenmService, Component, Endpoint, Mebibytes, Service, Subzone, SubzoneId},
    scalar::IpRange,
};

use crate::{
    binding,
    delivery::made::{MadeValues, Source},
    given::GivenSecrets,
    key_request::ssl_file,
    metadata::Owner,
    names::keys_secret,
    pod::{container::ContainerSpec, volume::Volume},
    resource::secret::SecretFiles,
};

/// Where CENM's images expect things (reference §1.2).
pub const CENM: &str = "/opt/cenm";

/// What tokens name as their issuer; all services must agree (reference §8.3, 26).
pub const TOKEN_ISSUER: &str = "accounts-service";

/// Why a network cannot be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The ring was not made for this topology.
    #[error("{0}; make the missing keys first")]
    Keys(#[from] NotInRing),
    /// The matrix has no such connection: a component would be configured to call what no policy allows.
    #[error(
        "the connection matrix does not let {client} call {server} on its port `{port}`: a row is missing"
    )]
    NotInMatrix {
        /// Who would call.
        client: Box<Component>,
        /// Whom.
        server: Box<Component>,
        /// Where.
        port: &'static str,
    },
    /// The model contradicts itself.
    #[error("the topology has no {0}, though something refers to it")]
    NotInTopology(Component),
    /// The topology says something that is checked and not rendered.
    #[error("{0} cannot be rendered by this release; leave it out of the topology")]
    NotRendered(&'static str),
    /// A secret was not read before rendering.
    #[error("{0} was not read; the topology refers to it")]
    NotGiven(String),
    /// A secret would become two arguments.
    #[error(
        "{0} has a line break, and stands in a file of which each line is an argument; give a value without one"
    )]
    LineBreak(String),
    /// A release of Corda that no file can be written for.
    #[error(transparent)]
    CordaVersion(#[from] UnknownCordaVersion),
    /// The topology asks for certificates that cannot be made.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A product's file cannot say what the topology asks for.
    #[error(transparent)]
    Conf(#[from] ConfError),
    /// What was rendered cannot be delivered as the topology wants.
    #[error("the keys cannot be delivered: {0}")]
    Delivery(String),
    /// The bootstrap table contradicts itself.
    #[error("the bootstrap graph is broken: {0}")]
    Graph(#[from] dependency_graph::GraphError),
}

/// What every component is rendered from.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The network.
    pub topology: &'a Topology,
    /// Its connections.
    pub matrix: &'a ConnectionMatrix,
    /// What its certificates must be.
    pub plan: &'a CertificatePlan,
    /// Its keys and passwords.
    pub keys: &'a KeyRing,
    /// Secrets from the operator's side that are no keys of ours.
    pub given: &'a GivenSecrets,
    /// Where files are not to hold passwords themselves: what stands for them.
    pub(crate) made: Option<&'a MadeValues>,
}

impl<'a> Context<'a> {
    /// Who applies an object.
    pub const fn owner(&self, step: &'a str) -> Owner<'a> {
        Owner {
            topology: self.topology,
            step,
        }
    }

    /// The settings of a CENM component.
    pub fn cenm_service(&self, component: &Component) -> Result<&'a CenmService, RenderError> {
        self.topology
            .cenm_service(component)
            .ok_or_else(|| RenderError::NotInTopology(component.clone()))
    }

    /// A subzone.
    pub fn subzone(&self, id: &SubzoneId) -> Result<&'a Subzone, RenderError> {
        self.topology
            .cenm
            .subzone(id)
            .ok_or_else(|| RenderError::NotInTopology(id.network_map()))
    }

    /// A component's namespace.
    pub fn namespace(&self, component: &Component) -> String {
        component.namespace().name(&self.topology.name)
    }

    /// The host of one of a component's further Services.
    pub fn host_of(&self, component: &Component, service: &str) -> String {
        format!("{service}.{}.svc", self.namespace(component))
    }

    /// A listener of a service that speaks mutual TLS with its own key.
    pub fn listener(&self, component: &Component, port: Port) -> Result<Listener, RenderError> {
        let number = self.own_port(component, port)?;
        Ok(Listener::with_ssl(number, self.ssl(component)?))
    }

    /// Where `client` calls `server`; only what the matrix allows has an address.
    pub fn address(
        &self,
        client: &Component,
        server: impl Into<Component>,
        port: Port,
    ) -> Result<HostPort, RenderError> {
        let server = server.into();
        let number = self
            .matrix
            .number(client, &server, port)
            .ok_or_else(|| RenderError::NotInMatrix {
                client: Box::new(client.clone()),
                server: Box::new(server.clone()),
                port: port.name(),
            })?;
        Ok(HostPort::new(service_host(&server, self.topology), number))
    }

    /// The number of a port that a component listens on.
    pub fn own_port(&self, component: &Component, port: Port) -> Result<u16, RenderError> {
        self.matrix
            .own_number(component, port, self.topology)
            .ok_or_else(|| RenderError::NotInMatrix {
                client: Box::new(component.clone()),
                server: Box::new(component.clone()),
                port: port.name(),
            })
    }

    /// The release of CENM that a component's configuration files are written for.
    pub fn cenm_version(&self, component: &Component) -> Result<CenmVersion, RenderError> {
        Ok(release(self.cenm_service(component)?.version))
    }

    /// How the Gateway administers a service.
    pub fn administration(&self, component: &Component) -> Result<Administration, RenderError> {
        Ok(Administration::gateway(
            self.listener(component, Port::Admin)?,
            self.auth_service(component)?,
        ))
    }

    /// A generated secret.
    pub fn secret(&self, name: &str) -> Result<SecretString, RenderError> {
        Ok(self.or_placeholder(&Source::Secret(name), self.keys.secret(name)?, true))
    }

    /// The password of a store.
    pub fn password(&self, file: &str) -> Result<SecretString, RenderError> {
        Ok(self.or_placeholder(&Source::Password(file), self.keys.store(file)?.password, true))
    }

    /// A value as a file is to hold it, inside of a quoted string or where nothing is quoted. What is generated has letters
    /// and digits only, and is the same in both.
    pub(crate) fn or_placeholder(
        &self,
        source: &Source<'_>,
        value: &SecretString,
        is_quoted: bool,
    ) -> SecretString {
        self.made
            .and_then(|made| made.placeholder(source, is_quoted))
            .unwrap_or_else(|| value.clone())
    }

    /// A trust or key store as a config names it: at `folder` of the image, with its password.
    pub fn store(&self, folder: &str, file: &str) -> Result<Store, RenderError> {
        Ok(Store::new(
            format!("{CENM}/{folder}/{file}"),
            self.password(file)?,
        ))
    }

    /// The trust store of the SSL hierarchy; same path and password in every Pod, since Zone hands its own
    /// out (reference §2.1).
    pub fn ssl_trust(&self) -> Result<Store, RenderError> {
        self.store("trust", files::SSL_TRUST)
    }

    /// A service's own SSL block.
    pub fn ssl(&self, component: &Component) -> Result<Ssl, RenderError> {
        let file = ssl_file(component);
        let password = self.password(&file)?;
        Ok(Ssl::new(
            KeyStore::new(format!("{CENM}/ssl/{file}"), password),
            self.ssl_trust()?,
        ))
    }

    /// How a service verifies tokens.
    pub fn auth_service(&self, component: &Component) -> Result<AuthServiceConfig, RenderError> {
        Ok(AuthServiceConfig {
            address: self.address(component, Service::Auth, Port::Auth)?,
            issuer: TOKEN_ISSUER.to_owned(),
            leeway: AuthServiceConfig::RECOMMENDED_LEEWAY,
            trust_store: self.ssl_trust()?,
        })
    }

    /// The Secret with the given stores.
    pub fn stores(&self, stores: &[&str]) -> Result<SecretFiles, RenderError> {
        let mut secret = SecretFiles::default();
        for file in stores {
            secret = secret.bytes(file, self.keys.store(file)?.bytes);
        }
        Ok(secret)
    }

    /// The names under which a Pod finds the public hosts of the network: the same as outside.
    pub fn public_host_aliases(&self) -> Vec<(String, Vec<String>)> {
        let cenm = &self.topology.cenm;
        let identity_manager = Component::Cenm(Service::IdentityManager);
        std::iter::once((identity_manager, &cenm.identity_manager_host))
            .chain(
                cenm.subzones()
                    .map(|subzone| (subzone.component(), &subzone.host)),
            )
            .map(|(component, host)| (self.service_ip(&component), vec![host.to_string()]))
            .collect()
    }

    /// The name under which a Pod finds the Identity Manager: the same as outside.
    pub fn identity_manager_alias(&self) -> (String, Vec<String>) {
        let host = self.topology.cenm.identity_manager_host.to_string();
        (self.service_ip(&Service::IdentityManager.into()), vec![host])
    }

    /// The names of everybody that a Pod without DNS may call: services of the network, and servers outside of it at
    /// their declared addresses.
    pub fn callee_aliases(&self, client: &Component) -> Vec<(String, Vec<String>)> {
        let mut aliases = Vec::new();
        for connection in self.matrix.opened_by(client) {
            let (addresses, name) = match &connection.server {
                Party::Component(server) if server.cenm_service().is_some() => {
                    (vec![self.service_ip(server)], service_host(server, self.topology))
                }
                Party::Endpoint(server) => (addresses_of(server), server.address.host.clone()),
                _ => continue,
            };
            for address in addresses {
                let alias = (address, vec![name.clone()]);
                if !aliases.contains(&alias) {
                    aliases.push(alias);
                }
            }
        }
        aliases
    }

    fn service_ip(&self, component: &Component) -> String {
        binding::service_ip(&self.namespace(component), &component.name())
    }

    /// The volume with some of a component's stores.
    pub fn store_volume(component: &Component, folder: &str, stores: &[String]) -> Volume {
        let stores: Vec<_> = stores.iter().map(String::as_str).collect();
        Volume::secret_keys(
            folder,
            &keys_secret(component),
            &stores,
            &format!("{CENM}/{folder}"),
        )
    }

    /// The JMX exporter agent: the volume that carries it, the container that puts it there, and the JVM's
    /// argument. Nothing when monitoring is off.
    pub fn metrics_agent(&self, component: &Component, config: &str) -> MetricsAgent {
        let Some(monitoring) = self
            .topology
            .monitoring
            .as_ref()
            .filter(|_| self.topology.is_monitored(component))
        else {
            return MetricsAgent::default();
        };
        let volume = Volume::scratch("metrics-agent", AGENT_FOLDER);
        let copy = ContainerSpec {
            name: "metrics-agent",
            image: &monitoring.agent_image,
            command: ["cp", AGENT_SOURCE, AGENT_FOLDER].map(str::to_owned).to_vec(),
            environment: Vec::new(),
            secret_environment: Vec::new(),
            volumes: std::slice::from_ref(&volume),
            ports: Vec::new(),
            memory: Mebibytes(64),
        };
        let argument = format!(
            "-javaagent:{AGENT_FOLDER}/jmx_prometheus_javaagent.jar={}:{config}",
            topology::connection::METRICS_PORT
        );
        MetricsAgent {
            init_container: Some(copy.build()),
            volume: Some(volume),
            jvm_argument: Some(argument),
        }
    }
}

const AGENT_FOLDER: &str = "/opt/metrics-agent";
const AGENT_SOURCE: &str = "/jmx-exporter/jmx_prometheus_javaagent.jar";

/// What a Pod needs to show its JVM's metrics.
#[derive(Default)]
pub struct MetricsAgent {
    /// Copies the agent into the Pod.
    pub init_container: Option<Container>,
    /// Where it is put.
    pub volume: Option<Volume>,
    /// What the JVM is started with.
    pub jvm_argument: Option<String>,
}

/// The addresses of a server that is called by a name; none where its address is one itself.
fn addresses_of(server: &Endpoint) -> Vec<String> {
    if server.address.ip_address().is_some() {
        return Vec::new();
    }
    match server.address.service() {
        Some((namespace, service)) => vec![binding::service_ip(namespace, service)],
        None => (server.ranges.iter())
            .filter_map(IpRange::single)
            .map(|address| address.to_string())
            .collect(),
    }
}

/// The release that files are written for: the least patch of a release, but 1.6.1, from which on all services read
/// their settings from files (reference §8.2).
fn release(version: topology::model::CenmVersion) -> CenmVersion {
    match version {
        topology::model::CenmVersion::V1_5 => CenmVersion::V1_5,
        topology::model::CenmVersion::V1_6 => CenmVersion::V1_6_1,
        topology::model::CenmVersion::V1_7 => CenmVersion::V1_7,
    }
}

/// How long a step's gates may take.
pub mod deadline {
    use super::Duration;

    /// For objects that only have to be accepted.
    pub const APPLIED: Duration = Duration::from_mins(1);
    /// For a service to start, its image pulled.
    pub const SERVICE: Duration = Duration::from_mins(7);
    /// For a Job of a few calls.
    pub const JOB: Duration = Duration::from_mins(5);
    /// For a node to register or start while others do the same.
    pub const NODE: Duration = Duration::from_mins(10);
}
