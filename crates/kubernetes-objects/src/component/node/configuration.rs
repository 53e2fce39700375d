//! `node.conf` of a node, by its edition and release (reference §6.3).

use std::sync::LazyLock;

use certificates::files;
use product_config::{
    CordaRelease, CordaVersion, Edition, HostPort,
    jmx_exporter_yml::JmxExporterYml,
    node_conf::{
        DataSource, EnterpriseConfiguration, JpaNotary, MessagingServer, MutualExclusion, NetworkServices,
        NodeConf, NodeSettings, Notary, RpcSettings, RpcUser, TlsCrl,
    },
};
use topology::{
    connection::{RPC_ADMIN_PORT, service_host},
    model::{self, Component, Node, NodeRole},
    names::NodeName,
};

use crate::{
    context::{Context, RenderError},
    database,
    names::{rpc_user_name, secrets},
    node_configuration,
    resource::secret::SecretFiles,
};

/// The metrics agent's settings beside `node.conf`.
pub(super) const METRICS_CONFIG: &str = "jmx-exporter.yaml";

/// Those settings: the same for every node, and as long as all else that is written for one.
static METRICS: LazyLock<String> = LazyLock::new(|| JmxExporterYml::for_corda_node().to_yaml());

/// The variable that tells one Pod of a node from the next: both have one host name (reference §6.7).
pub const POD_UID: &str = "POD_UID";

/// The release that a node's files are written for.
///
/// # Errors
/// product-config does not know it.
pub fn release(node: &Node) -> Result<CordaRelease, RenderError> {
    let version: CordaVersion = node.version.to_string().parse()?;
    Ok(CordaRelease {
        edition: match node.edition {
            model::Edition::Community => Edition::Community,
            model::Edition::Enterprise => Edition::Enterprise,
        },
        version,
    })
}

/// The Secret's files: `node.conf`, and the metrics agent's settings where metrics are shown.
pub(super) fn files(context: &Context<'_>, node: &Node) -> Result<SecretFiles, RenderError> {
    let conf = conf(context, node)?.to_hocon(release(node)?)?;
    let files = SecretFiles::default().text("node.conf", conf);
    Ok(if context.topology.is_monitored(&node.component()) {
        files.text(METRICS_CONFIG, METRICS.as_str())
    } else {
        files
    })
}

/// The file, typed.
pub fn conf(context: &Context<'_>, node: &Node) -> Result<NodeConf, RenderError> {
    let component = node.component();
    let tls_crl = context.plan.crl(files::TLS_CRL).map(|crl| TlsCrl {
        distribution_point: crl.url.clone(),
        issuer: crl.issuer.to_string(),
    });
    let heap = format!("-Xmx{}m", node.heap.0);
    let jvm_arguments = std::iter::once(heap)
        .chain(node.jvm_arguments.iter().cloned())
        .collect();
    let server = node.database.server();
    let is_enterprise = node.edition == model::Edition::Enterprise;
    Ok(NodeConf {
        my_legal_name: node.legal_name.to_string(),
        email_address: format!("operations@{}", context.topology.domain),
        p2p_address: p2p_address(context, node),
        messaging_server: Some(MessagingServer::embedded(HostPort::any(node.p2p_port))),
        network_services: NetworkServices {
            doorman_url: format!("http://{}", context.topology.cenm.identity_manager_host),
            network_map_url: format!("http://{}", context.subzone(&node.subzone)?.host),
            csr_token: None,
        },
        key_store_password: context.secret(&secrets::node_key_store(node))?,
        trust_store_password: context.secret(&secrets::node_trust_store(node))?,
        rpc_settings: RpcSettings {
            address: HostPort::any(node.rpc_port),
            admin_address: HostPort::loopback(RPC_ADMIN_PORT),
        },
        rpc_users: rpc_users(context, node, &component)?,
        data_source: server
            .map(|server| data_source(context, &component, server))
            .transpose()?,
        crl_check_soft_fail: !node.strict_revocation,
        tls_crl,
        cordapp_signer_key_fingerprint_blacklist: node.development_cordapps.then(Vec::new),
        notary: notary(context, node, &component)?,
        jvm_arguments,
        settings: NodeSettings {
            sshd_port: node.ssh_port,
            database_schema: server
                .filter(|_| is_enterprise)
                .and_then(|server| server.schema.clone()),
            ..NodeSettings::default()
        },
        enterprise: is_enterprise.then(|| EnterpriseConfiguration {
            // The lease is a row of the node's database: only one that outlives a Pod can tell of it.
            mutual_exclusion: server.map(|_| MutualExclusion::by_variable(POD_UID)),
            external_bridge: node.firewall.as_ref().map(|_| true),
            ..EnterpriseConfiguration::default()
        }),
        overrides: node_configuration::overrides(node),
    })
}

/// Where peers call: the float of a node behind a firewall, the public host of one that has it, else its Service.
fn p2p_address(context: &Context<'_>, node: &Node) -> HostPort {
    if let Some(firewall) = &node.firewall {
        let port = firewall.exposure.port.unwrap_or(firewall.port);
        return HostPort::new(firewall.host.to_string(), port);
    }
    match &node.host {
        Some(host) => HostPort::new(host.to_string(), node.exposure.port.unwrap_or(node.p2p_port)),
        None => HostPort::new(service_host(&node.component(), context.topology), node.p2p_port),
    }
}

/// The users of its RPC clients, with generated passwords, then those of the topology.
fn rpc_users(context: &Context<'_>, node: &Node, component: &Component) -> Result<Vec<RpcUser>, RenderError> {
    let user = |name: &NodeName, password, permissions: &[String]| RpcUser {
        username: rpc_user_name(name),
        password,
        permissions: permissions.to_vec(),
    };
    let clients = node.rpc_clients.iter().map(|client| {
        let password = context.secret(&secrets::rpc_user(&node.name, &client.name))?;
        Ok(user(&client.name, password, &client.permissions))
    });
    let others = node.rpc_users.iter().map(|other| {
        let password = context.given(component, &other.password)?;
        Ok(user(&other.name, password, &other.permissions))
    });
    clients.chain(others).collect()
}

fn data_source(
    context: &Context<'_>,
    component: &Component,
    declared: &model::DatabaseServer,
) -> Result<DataSource, RenderError> {
    let password = context.given(component, &declared.password)?;
    let source = DataSource::new(
        database::product(declared.kind),
        &database::server(declared),
        declared.user.clone(),
        password,
    );
    Ok(DataSource {
        url: database::encrypted(source.url, declared),
        ..source
    })
}

/// The notary service; the workers of one share its name and its database (reference §6.9).
fn notary(context: &Context<'_>, node: &Node, component: &Component) -> Result<Option<Notary>, RenderError> {
    Ok(match &node.role {
        NodeRole::Participant => None,
        NodeRole::Notary {
            service_legal_name,
            validating,
            ..
        } => Some(Notary::single(*validating, service_legal_name.to_string())),
        NodeRole::NotaryWorker {
            service,
            service_legal_name,
            ..
        } => {
            let declared = context
                .topology
                .notary_service(service)
                .and_then(|service| service.high_availability.as_ref())
                .and_then(|shared| shared.database.server())
                .ok_or_else(|| RenderError::NotInTopology(component.clone()))?;
            let shared = JpaNotary::new(
                database::product(declared.kind),
                &database::server(declared),
                declared.user.clone(),
                context.given(component, &declared.password)?,
            );
            let shared = JpaNotary {
                jdbc_url: database::encrypted(shared.jdbc_url, declared),
                maximum_pool_size: declared.connections,
                ..shared
            };
            Some(Notary::worker(service_legal_name.to_string(), shared))
        }
    })
}
