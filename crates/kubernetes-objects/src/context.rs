//! What every component is rendered from, with the look-ups that they share.

use std::time::Duration;

use certificates::{CertificatePlan, KeyRing, NotInRing, PlanError, files};
use k8s_openapi::api::core::v1::Container;
use product_config::{
    Administration, AuthServiceConfig, CenmVersion, ConfError, Database, HostPort, KeyStore, Listener, Ssl,
    Store,
};
use secrecy::SecretString;
use topology::{
    Topology,
    connection::{ConnectionMatrix, Port, service_host},
    model::{CenmService, Component, Mebibytes, Node, Service, Subzone},
};

use crate::{
    binding,
    key_request::ssl_files,
    metadata::Owner,
    names::{keys_secret, secrets},
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
    /// The topology asks for certificates that cannot be made.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A product's file cannot say what the topology asks for.
    #[error(transparent)]
    Conf(#[from] ConfError),
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

    /// The subzone of a node.
    pub fn subzone_of(&self, node: &Node) -> Result<&'a Subzone, RenderError> {
        self.topology
            .cenm
            .subzone(&node.subzone)
            .ok_or_else(|| RenderError::NotInTopology(node.subzone.network_map()))
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
    pub fn listener(&self, service: Service, port: Port) -> Result<Listener, RenderError> {
        let number = self.own_port(&Component::Cenm(service), port)?;
        Ok(Listener::with_ssl(number, self.ssl(service)?))
    }

    /// Where `client` calls `server`; only what the matrix allows has an address.
    pub fn address(&self, client: &Component, server: Service, port: Port) -> Result<HostPort, RenderError> {
        let server = Component::Cenm(server);
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

    /// The number of a port that others call a component on.
    pub fn own_port(&self, component: &Component, port: Port) -> Result<u16, RenderError> {
        self.matrix
            .ports_of(component)
            .into_iter()
            .find(|(known, _)| *known == port)
            .map(|(_, number)| number)
            .ok_or_else(|| RenderError::NotInMatrix {
                client: Box::new(component.clone()),
                server: Box::new(component.clone()),
                port: port.name(),
            })
    }

    /// The release of CENM that the configuration files are written for.
    pub const fn cenm_version(&self) -> CenmVersion {
        CenmVersion::V1_7
    }

    /// How the Gateway administers a service.
    pub fn administration(&self, service: Service) -> Result<Administration, RenderError> {
        Ok(Administration::gateway(
            self.listener(service, Port::Admin)?,
            self.auth_service(service)?,
        ))
    }

    /// A generated secret.
    pub fn secret(&self, name: &str) -> Result<SecretString, RenderError> {
        Ok(self.keys.secret(name)?.clone())
    }

    /// A trust or key store as a config names it: at `folder` of the image, with its password.
    pub fn store(&self, folder: &str, file: &str) -> Result<Store, RenderError> {
        Ok(Store::new(
            format!("{CENM}/{folder}/{file}"),
            self.keys.store(file)?.password.clone(),
        ))
    }

    /// The trust store of the SSL hierarchy; same path and password in every Pod, since Zone hands its own
    /// out (reference §2.1).
    pub fn ssl_trust(&self) -> Result<Store, RenderError> {
        self.store("trust", files::SSL_TRUST)
    }

    /// A service's own SSL block.
    pub fn ssl(&self, service: Service) -> Result<Ssl, RenderError> {
        let (_, file) = ssl_files(service);
        let password = self.keys.store(file)?.password.clone();
        Ok(Ssl::new(
            KeyStore::new(format!("{CENM}/ssl/{file}"), password),
            self.ssl_trust()?,
        ))
    }

    /// How a service verifies tokens.
    pub fn auth_service(&self, service: Service) -> Result<AuthServiceConfig, RenderError> {
        Ok(AuthServiceConfig {
            address: self.address(&Component::Cenm(service), Service::Auth, Port::Auth)?,
            issuer: TOKEN_ISSUER.to_owned(),
            leeway: AuthServiceConfig::RECOMMENDED_LEEWAY,
            trust_store: self.ssl_trust()?,
        })
    }

    /// A service's database: H2 in its own volume.
    pub fn database(&self, service: Service) -> Result<Database, RenderError> {
        let password = self.secret(&secrets::database(service))?;
        Ok(Database::h2_file(
            format!("{CENM}/h2/{}", service.name()),
            service.name().replace('-', "_"),
            password,
        ))
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
        [
            (Service::IdentityManager, &cenm.identity_manager_host),
            (Service::NetworkMap, &cenm.main_subzone.host),
        ]
        .into_iter()
        .map(|(service, host)| (self.service_ip(service), vec![host.to_string()]))
        .collect()
    }

    /// The names of every service that a Pod without DNS may call.
    pub fn callee_aliases(&self, client: &Component) -> Vec<(String, Vec<String>)> {
        let mut aliases = Vec::new();
        for connection in self.matrix.opened_by(client) {
            let Some(Component::Cenm(service)) = connection.server_component() else {
                continue;
            };
            let alias = (
                self.service_ip(*service),
                vec![service_host(&Component::Cenm(*service), self.topology)],
            );
            if !aliases.contains(&alias) {
                aliases.push(alias);
            }
        }
        aliases
    }

    fn service_ip(&self, service: Service) -> String {
        let component = Component::Cenm(service);
        binding::service_ip(&self.namespace(&component), &component.name())
    }

    /// The volume with some of a component's stores.
    pub fn store_volume(component: &Component, folder: &str, stores: &[&str]) -> Volume {
        Volume::secret_keys(
            folder,
            &keys_secret(component),
            stores,
            &format!("{CENM}/{folder}"),
        )
    }

    /// The JMX exporter agent: the volume that carries it, the container that puts it there, and the JVM's
    /// argument. Nothing when monitoring is off.
    pub fn metrics_agent(&self, config: &str) -> MetricsAgent {
        let Some(monitoring) = &self.topology.monitoring else {
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
