//! Notaries and participants: registered by a Job, run by a StatefulSet on the same volume (reference §5.2, §6).

mod configuration;
mod cordapps;
mod image_layout;

use certificates::files;
pub use configuration::{POD_UID, conf, release};
pub use image_layout::{ImageLayout, WAIT_FOR_IDENTITY_MANAGER};
use k8s_openapi::api::core::v1::{Container, EnvVar, EnvVarSource, ObjectFieldSelector, PodTemplateSpec};
use secrecy::ExposeSecret;
use topology::{
    connection::METRICS_PORT,
    model::{Component, Edition, Node, NodeRole, Service},
};

use self::{
    configuration::METRICS_CONFIG,
    cordapps::{DRIVERS, NodeFiles},
    image_layout::HAND_OVER_NODE_INFO,
};
use super::service_identity;
use crate::{
    context::{Context, RenderError, deadline},
    manifest::Manifest,
    metadata::{Owner, checksum},
    names::{NODE_INFO_FILE, base_directory_claim, config_secret, keys_secret, node_info, registration},
    pod::{
        container::ContainerSpec,
        image_files::ImageFiles,
        probe::{Probes, Question, file_exists},
        template::PodTemplate,
        volume::Volume,
    },
    resource::{claim::claim, job::job, service::SERVING, workload::stateful_set},
    step::{OutputFile, OutputShape, Outputs, object_key},
};

/// Where a node's container sees its configuration.
pub const CONFIG: &str = "/etc/corda";
/// Where it sees the network's trust store.
pub const TRUST: &str = "/etc/corda-trust";
/// Where a Job puts what it hands over.
pub const OUTPUTS: &str = "/outputs";
const REGISTRATION_ARGUMENTS: &str = "registration.args";

/// The trust store that registration needs, the volume, and nothing else: the node makes its own keys.
pub fn keys(context: &Context<'_>, step: &str, node: &Node) -> Result<Vec<Manifest>, RenderError> {
    let component = node.component();
    let owner = context.owner(step);
    let password = context.password(files::NETWORK_TRUST)?;
    let arguments = format!(
        "--network-root-truststore-password={}\n",
        password.expose_secret()
    );
    let mut secret = context
        .stores(&[files::NETWORK_TRUST])?
        .text(REGISTRATION_ARGUMENTS, arguments);
    if let NodeRole::NotaryWorker { service, .. } = &node.role {
        secret = service_identity::import_passwords(context, secret, service, node)?;
    }
    Ok(vec![
        secret.build(owner, &component, &keys_secret(&component)),
        claim(owner, &component, &base_directory_claim(node), &node.storage),
    ])
}

/// The registration: its configuration, which the node goes on to use, and the Job.
pub fn register(
    context: &Context<'_>,
    step: &str,
    node: &Node,
) -> Result<(Vec<Manifest>, Option<Outputs>), RenderError> {
    let component = node.component();
    let owner = context.owner(step);
    let config = configuration::files(context, node)?;
    let name = registration(node);
    let mut extra = vec![Volume::memory("outputs", OUTPUTS)];
    let mut before = "";
    if let NodeRole::NotaryWorker { service, .. } = &node.role {
        extra.push(service_identity::volume(service));
        before = service_identity::IMPORT;
    }
    let pod = NodePod::new(context, node, extra);
    let mut script = ImageLayout::of(node).register(before);
    // Parameters name a notary of one node by its node info, that of workers by its name.
    let hands_over = matches!(node.role, NodeRole::Notary { .. });
    if hands_over {
        script.push_str(HAND_OVER_NODE_INFO);
    }
    let mut container = pod.container(context, node, "registration", shell(&script));
    if hands_over {
        container.readiness_probe = Some(file_exists(&format!("{OUTPUTS}/complete")));
    }
    let workload = Workload {
        name: "registration",
        restart_policy: "Never",
        config_checksum: None,
    };
    let template = pod.template(owner, context, node, workload, container);
    let manifests = vec![
        config.build(owner, &component, &config_secret(&component)),
        job(owner, &component, &name, template, deadline::NODE),
    ];
    let outputs = hands_over.then(|| {
        let network = context.namespace(&Component::Cenm(Service::NetworkMap));
        Outputs {
            job: object_key("batch/v1", "Job", context.namespace(&component), name),
            container: "registration".to_owned(),
            complete: format!("{OUTPUTS}/complete"),
            release: format!("{OUTPUTS}/release"),
            files: vec![OutputFile {
                path: format!("{OUTPUTS}/{NODE_INFO_FILE}"),
                target: object_key("v1", "ConfigMap", network, node_info(&node.name)),
                key: NODE_INFO_FILE.to_owned(),
                shape: OutputShape::CordaBlob,
            }],
        }
    });
    Ok((manifests, outputs))
}

/// The running node.
pub fn run(context: &Context<'_>, step: &str, node: &Node) -> Result<Vec<Manifest>, RenderError> {
    let component = node.component();
    let owner = context.owner(step);
    let pod = NodePod::new(context, node, Vec::new());
    // There is no HTTP health endpoint: the line in its own log is the product's word (reference §6.6).
    let started = Question::Command(
        [
            "sh",
            "-c",
            "grep -qs 'started up and registered in' logs/node-*.log",
        ]
        .map(str::to_owned)
        .to_vec(),
    );
    let script = ImageLayout::of(node).start();
    let mut container = pod.container(context, node, "node", shell(&script));
    Probes::new(started, node.p2p_port).put_into(&mut container);
    let config_checksum = Some(checksum(configuration::files(context, node)?.parts()));
    let workload = Workload {
        name: SERVING,
        restart_policy: "Always",
        config_checksum,
    };
    let template = pod.template(owner, context, node, workload, container);
    Ok(vec![stateful_set(owner, &component, template)])
}

/// What runs a script of ours.
pub fn shell(script: &str) -> Vec<String> {
    ["bash", "-euc", script].map(str::to_owned).to_vec()
}

/// What registration and run share.
struct NodePod {
    volumes: Vec<Volume>,
    init_containers: Vec<Container>,
    metrics_agent: String,
}

impl NodePod {
    fn new(context: &Context<'_>, node: &Node, extra: Vec<Volume>) -> Self {
        let component = node.component();
        let agent = context.metrics_agent(&component, &format!("{CONFIG}/{METRICS_CONFIG}"));
        let base_directory = ImageLayout::of(node).base_directory;
        let mut volumes = vec![
            Volume::claim("base-directory", &base_directory_claim(node), base_directory),
            Volume::secret("config", &config_secret(&component), CONFIG),
            Volume::secret("trust", &keys_secret(&component), TRUST),
            Volume::scratch("tmp", "/tmp"),
        ];
        volumes.extend(extra);
        volumes.extend(agent.volume);
        let mut files = NodeFiles::default();
        for (name, image) in drivers(context, node) {
            let folder = format!("{DRIVERS}/{name}");
            files.image(ImageFiles::new(
                &format!("{name}-driver"),
                image,
                &folder,
                context.topology.platform,
            ));
        }
        files.cordapps(node, context.topology.platform);
        volumes.extend(files.volumes);
        Self {
            volumes,
            init_containers: agent
                .init_container
                .into_iter()
                .chain(files.init_containers)
                .collect(),
            metrics_agent: agent.jvm_argument.unwrap_or_default(),
        }
    }

    fn container(&self, context: &Context<'_>, node: &Node, name: &str, command: Vec<String>) -> Container {
        let mut container = ContainerSpec {
            name,
            image: &node.image,
            command,
            environment: vec![
                ("ACCEPT_LICENSE", "Y".to_owned()),
                ("HOME", "/tmp".to_owned()),
                (
                    "IDENTITY_MANAGER_HOST",
                    context.topology.cenm.identity_manager_host.to_string(),
                ),
                ("METRICS_AGENT", self.metrics_agent.clone()),
            ],
            secret_environment: Vec::new(),
            volumes: &self.volumes,
            ports: ports(context, node),
            memory: node.memory,
        }
        .build();
        if node.edition == Edition::Enterprise {
            tell_pod_uid(&mut container);
            // The image's own is where its jar lies.
            container.working_dir = Some(ImageLayout::of(node).base_directory.to_owned());
        }
        container
    }

    fn template(
        self,
        owner: Owner<'_>,
        context: &Context<'_>,
        node: &Node,
        workload: Workload,
        container: Container,
    ) -> PodTemplateSpec {
        PodTemplate {
            component: &node.component(),
            workload: workload.name,
            init_containers: self.init_containers,
            container,
            volumes: &self.volumes,
            host_aliases: context.public_host_aliases(),
            uses_dns: true,
            restart_policy: workload.restart_policy,
            config_checksum: workload.config_checksum,
            // A node closes its broker and database within 50 s at most (reference §6.7).
            grace_period_seconds: 60,
        }
        .build(owner)
    }
}

fn ports(context: &Context<'_>, node: &Node) -> Vec<(&'static str, u16)> {
    let mut ports = vec![("p2p", node.p2p_port), ("rpc", node.rpc_port)];
    ports.extend(node.ssh_port.map(|port| ("ssh", port)));
    if context.topology.is_monitored(&node.component()) {
        ports.push(("metrics", METRICS_PORT));
    }
    ports
}

/// The images with JDBC drivers: of its own database, and of the one that the workers of a notary share.
fn drivers<'a>(
    context: &Context<'a>,
    node: &'a Node,
) -> Vec<(&'static str, &'a topology::model::ImageVolume)> {
    let own = node.database.server().and_then(|server| server.driver.as_ref());
    let shared = match &node.role {
        NodeRole::NotaryWorker { service, .. } => context
            .topology
            .notary_service(service)
            .and_then(|service| service.high_availability.as_ref())
            .and_then(|shared| shared.database.server())
            .and_then(|server| server.driver.as_ref())
            .filter(|driver| Some(*driver) != own),
        _ => None,
    };
    own.map(|driver| ("node", driver))
        .into_iter()
        .chain(shared.map(|driver| ("notary", driver)))
        .collect()
}

/// Tells a container the identity of its Pod, which `node.conf` of Corda Enterprise names.
pub fn tell_pod_uid(container: &mut Container) {
    container.env.get_or_insert_default().push(EnvVar {
        name: POD_UID.to_owned(),
        value: None,
        value_from: Some(EnvVarSource {
            field_ref: Some(ObjectFieldSelector {
                api_version: None,
                field_path: "metadata.uid".to_owned(),
            }),
            ..EnvVarSource::default()
        }),
    });
}

/// Which of a node's two workloads a Pod is of.
struct Workload {
    name: &'static str,
    restart_policy: &'static str,
    config_checksum: Option<String>,
}
