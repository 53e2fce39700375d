//! Notaries and participants: registered by a Job, run by a StatefulSet on the same volume (reference §5.2,
//! §6). The paths are those of the Community image of the quick start.

use certificates::files;
use k8s_openapi::api::core::v1::{Container, PodTemplateSpec};
use product_config::{
    CordaRelease, CordaVersion, HostPort,
    jmx_exporter_yml::JmxExporterYml,
    node_conf::{
        MessagingServer, NetworkServices, NodeConf, NodeSettings, Notary, Overrides, RpcSettings, RpcUser,
        TlsCrl,
    },
};
use secrecy::ExposeSecret;
use topology::{
    connection::{METRICS_PORT, RPC_ADMIN_PORT, service_host},
    model::{Component, Node, NodeRole, Service},
};

use crate::{
    context::{Context, RenderError, deadline},
    manifest::{Manifest, ObjectKey},
    metadata::{Owner, checksum},
    names::{
        NODE_INFO_FILE, base_directory_claim, config_secret, keys_secret, node_info, registration, secrets,
    },
    pod::{
        container::ContainerSpec,
        probe::{Probes, Question, file_exists},
        template::PodTemplate,
        volume::Volume,
    },
    resource::{claim::claim, job::job, secret::SecretFiles, service::SERVING, workload::stateful_set},
    step::{OutputFile, OutputShape, Outputs},
};

const BASE_DIRECTORY: &str = "/opt/corda";
const METRICS_CONFIG: &str = "jmx-exporter.yaml";
const TRUST: &str = "/etc/corda-trust";
const REGISTRATION_ARGUMENTS: &str = "registration.args";
const OUTPUTS: &str = "/outputs";

/// The trust store that registration needs, the volume, and nothing else: the node makes its own keys.
pub fn keys(context: &Context<'_>, step: &str, node: &Node) -> Result<Vec<Manifest>, RenderError> {
    let component = node.component();
    let owner = context.owner(step);
    let password = context.keys.store(files::NETWORK_TRUST)?.password;
    let arguments = format!(
        "--network-root-truststore-password={}\n",
        password.expose_secret()
    );
    let secret = context
        .stores(&[files::NETWORK_TRUST])?
        .text(REGISTRATION_ARGUMENTS, arguments);
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
    let config = config(context, node)?;
    let name = registration(node);
    let pod = NodePod::new(context, node, vec![Volume::memory("outputs", OUTPUTS)]);
    let script = if node.is_notary() {
        format!("{REGISTER}{HAND_OVER_NODE_INFO}")
    } else {
        REGISTER.to_owned()
    };
    let mut container = pod
        .container(context, node, "registration", shell(&script))
        .build();
    if node.is_notary() {
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
    let key = |api_version: &str, kind: &str, namespace: String, name: String| ObjectKey {
        api_version: api_version.to_owned(),
        kind: kind.to_owned(),
        namespace: Some(namespace),
        name,
    };
    let outputs = node.is_notary().then(|| {
        let network = context.namespace(&Component::Cenm(Service::NetworkMap));
        Outputs {
            job: key("batch/v1", "Job", context.namespace(&component), name),
            container: "registration".to_owned(),
            complete: format!("{OUTPUTS}/complete"),
            release: format!("{OUTPUTS}/release"),
            files: vec![OutputFile {
                path: format!("{OUTPUTS}/{NODE_INFO_FILE}"),
                target: key("v1", "ConfigMap", network, node_info(&node.name)),
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
    let container = pod
        .container(context, node, "node", shell(START))
        .build_with(Probes::new(started, node.p2p_port));
    let config_checksum = Some(checksum(config(context, node)?.parts()));
    let workload = Workload {
        name: SERVING,
        restart_policy: "Always",
        config_checksum,
    };
    let template = pod.template(owner, context, node, workload, container);
    Ok(vec![stateful_set(owner, &component, template)])
}

/// Registers once: what a killed run has begun is taken up by request id (reference §6.4). The `CorDapps` come first,
/// for their tables are made here too. The trust store's password is read from a file of arguments, so that no
/// process list shows it. A registration killed while it makes its tables leaves their lock behind, and the next
/// one would wait for it for ever: before the node has ever run, its database is made anew instead. The product gives up at the first refused connection, and a new Pod may run before every
/// node knows that it may call: so the first connection is tried until it opens.
const REGISTER: &str = r#"for attempt in $(seq 240); do
  if (exec 3<> "/dev/tcp/$IDENTITY_MANAGER_HOST/80") 2> /dev/null; then break; fi
  sleep 0.5
done
mkdir -p certificates cordapps
cp -u /usr/share/corda/cordapps/*.jar cordapps/
if [ ! -f certificates/.registered ]; then
  if [ -f certificates/.registering ]; then rm -f persistence.mv.db persistence.trace.db; fi
  touch certificates/.registering
  java -jar /usr/share/corda/corda.jar initial-registration \
    --base-directory /opt/corda --config-file /etc/corda/node.conf \
    --network-root-truststore /etc/corda-trust/network-root-truststore.jks @/etc/corda-trust/registration.args
  mv certificates/.registering certificates/.registered
fi
"#;

/// Hands the node info over, which registration has written, and waits until it was taken.
const HAND_OVER_NODE_INFO: &str = r"rm -f /outputs/*
mkfifo /outputs/release
cp nodeInfo-* /outputs/nodeInfo
touch /outputs/complete
read -r _ < /outputs/release
";

/// Logs of earlier starts are set aside, for the start probe looks for a line of this one. The launcher drops an
/// agent that node.conf names, and so it is given to the launcher itself.
const START: &str = r#"mkdir -p cordapps logs/earlier
cp -u /usr/share/corda/cordapps/*.jar cordapps/
find logs -maxdepth 1 -name '*.log' -exec mv -t logs/earlier {} +
exec java "-Dcapsule.jvm.args=$METRICS_AGENT" -jar /usr/share/corda/corda.jar \
  --base-directory /opt/corda --config-file /etc/corda/node.conf --no-local-shell
"#;

fn shell(script: &str) -> Vec<String> {
    ["bash", "-euc", script].map(str::to_owned).to_vec()
}

fn config(context: &Context<'_>, node: &Node) -> Result<SecretFiles, RenderError> {
    let component = node.component();
    let cenm = &context.topology.cenm;
    let tls_crl = context.plan.crl(files::TLS_CRL).map(|crl| TlsCrl {
        distribution_point: crl.url.clone(),
        issuer: crl.issuer.to_string(),
    });
    let rpc_users = node
        .rpc_clients
        .iter()
        .map(|client| {
            Ok(RpcUser {
                username: client.name.to_string(),
                password: context.secret(&secrets::rpc_user(&node.name, &client.name))?,
                permissions: client.permissions.clone(),
            })
        })
        .collect::<Result<_, RenderError>>()?;
    let heap = format!("-Xmx{}m", node.heap.0);
    let jvm_arguments = std::iter::once(heap)
        .chain(node.jvm_arguments.iter().cloned())
        .collect();
    let conf = NodeConf {
        my_legal_name: node.legal_name.to_string(),
        email_address: format!("operations@{}", context.topology.domain),
        p2p_address: HostPort::new(service_host(&component, context.topology), node.p2p_port),
        messaging_server: Some(MessagingServer::embedded(HostPort::any(node.p2p_port))),
        network_services: NetworkServices {
            doorman_url: format!("http://{}", cenm.identity_manager_host),
            network_map_url: format!("http://{}", context.subzone(&node.subzone)?.host),
            csr_token: None,
        },
        key_store_password: context.secret(&secrets::node_key_store(node))?,
        trust_store_password: context.secret(&secrets::node_trust_store(node))?,
        rpc_settings: RpcSettings {
            address: HostPort::any(node.rpc_port),
            admin_address: HostPort::loopback(RPC_ADMIN_PORT),
        },
        rpc_users,
        data_source: None,
        crl_check_soft_fail: true,
        tls_crl,
        cordapp_signer_key_fingerprint_blacklist: node.development_cordapps.then(Vec::new),
        notary: match &node.role {
            NodeRole::Notary {
                service_legal_name,
                validating,
                ..
            } => Some(Notary::single(*validating, service_legal_name.to_string())),
            NodeRole::NotaryWorker { .. } | NodeRole::Participant => None,
        },
        jvm_arguments,
        settings: NodeSettings::default(),
        enterprise: None,
        overrides: Overrides::new(),
    };
    let release = CordaRelease::community(CordaVersion::V4_10);
    let mut files = SecretFiles::default().text("node.conf", conf.to_hocon(release)?);
    if context.topology.monitoring.is_some() {
        files = files.text(METRICS_CONFIG, JmxExporterYml::for_corda_node().to_yaml());
    }
    Ok(files)
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
        let agent = context.metrics_agent(&component, &format!("/etc/corda/{METRICS_CONFIG}"));
        let mut volumes = vec![
            Volume::claim("base-directory", &base_directory_claim(node), BASE_DIRECTORY),
            Volume::secret("config", &config_secret(&component), "/etc/corda"),
            Volume::secret("trust", &keys_secret(&component), TRUST),
            Volume::scratch("tmp", "/tmp"),
        ];
        volumes.extend(extra);
        volumes.extend(agent.volume);
        Self {
            volumes,
            init_containers: agent.init_container.into_iter().collect(),
            metrics_agent: agent.jvm_argument.unwrap_or_default(),
        }
    }

    fn container<'a>(
        &'a self,
        context: &Context<'_>,
        node: &'a Node,
        name: &'a str,
        command: Vec<String>,
    ) -> ContainerSpec<'a> {
        ContainerSpec {
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
            ports: vec![
                ("p2p", node.p2p_port),
                ("rpc", node.rpc_port),
                ("metrics", METRICS_PORT),
            ],
            memory: node.memory,
        }
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

/// Which of a node's two workloads a Pod is of.
struct Workload {
    name: &'static str,
    restart_policy: &'static str,
    config_checksum: Option<String>,
}
