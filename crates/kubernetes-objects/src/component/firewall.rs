//! The Corda Firewall: a bridge beside the node, which calls, and a float in the DMZ, which is called (reference §6.10).
//!
//! A bridge needs three files of its node: the TLS key store and the trust store that registration made, and the network
//! parameters that the first start fetched. A Job reads them from the node's volume, on the machine where that is
//! mounted, and hands them over: so neither bridge nor float sees the volume with the node's identity, and the bridge
//! may run elsewhere. After a flag day, or new TLS keys of the node, the Job must run again.

use certificates::TunnelEnd;
use k8s_openapi::api::core::v1::Container;
use product_config::{
    HostPort, Store,
    firewall_conf::{
        BridgeTunnel, FirewallConf, FirewallMode, FirewallStores, Outbound, RevocationMode, TunnelSsl,
    },
};
use topology::{
    connection::Port,
    model::{Component, Firewall, FirewallProcess, Mebibytes, Node},
};

use super::node::{self, ImageLayout, OUTPUTS};
use crate::{
    context::{Context, RenderError, deadline},
    key_request::tunnel_files,
    manifest::Manifest,
    metadata::checksum,
    names::{base_directory_claim, bridge_files, config_secret, keys_secret, secrets},
    pod::{
        container::ContainerSpec,
        placement::beside,
        probe::{Probes, Question, file_exists, once_told},
        template::PodTemplate,
        volume::Volume,
    },
    resource::{job::job, secret::SecretFiles, service::SERVING, workload::deployment},
    step::{OutputFile, OutputShape, Outputs, object_key},
};

const BASE_DIRECTORY: &str = "/var/lib/corda-firewall";
const CONFIG: &str = "/etc/corda-firewall";
const TUNNEL: &str = "/etc/corda-tunnel";
const NODE_FILES: &str = "/etc/corda-node";
const KEY_STORE: &str = "sslkeystore.jks";
const TRUST_STORE: &str = "truststore.jks";
const PARAMETERS: &str = "network-parameters";

/// The stores of one end of the tunnel.
pub fn keys(
    context: &Context<'_>,
    step: &str,
    node: &Node,
    end: TunnelEnd,
) -> Result<Vec<Manifest>, RenderError> {
    let component = component_of(node, end);
    let files = tunnel_files(node.name.as_str());
    Ok(vec![context.stores(&[files.keys(end), &files.trust])?.build(
        context.owner(step),
        &component,
        &keys_secret(&component),
    )])
}

fn component_of(node: &Node, end: TunnelEnd) -> Component {
    match end {
        TunnelEnd::Bridge => Component::Bridge(node.name.clone()),
        TunnelEnd::Float => Component::Float(node.name.clone()),
    }
}

/// The Job that takes a bridge's files from the volume of its node, which runs.
pub fn files(context: &Context<'_>, step: &str, node: &Node) -> (Vec<Manifest>, Option<Outputs>) {
    let component = node.component();
    let owner = context.owner(step);
    let name = bridge_files(&node.name);
    let volumes = [
        Volume::claim_to_read(
            "base-directory",
            &base_directory_claim(node),
            ImageLayout::of(node).base_directory,
        ),
        Volume::memory("outputs", OUTPUTS),
    ];
    let mut container = ContainerSpec {
        name: "files",
        image: &node.image,
        command: node::shell(HAND_OVER),
        environment: Vec::new(),
        secret_environment: Vec::new(),
        volumes: &volumes,
        ports: Vec::new(),
        memory: Mebibytes(64),
    }
    .build();
    container.readiness_probe = Some(file_exists(&format!("{OUTPUTS}/complete")));
    container.working_dir = Some(ImageLayout::of(node).base_directory.to_owned());
    let mut template = PodTemplate::once(&component, container, &volumes).build(owner);
    if let Some(pod) = &mut template.spec {
        pod.affinity = Some(beside(&component));
    }
    let namespace = context.namespace(&component);
    let secret = object_key("v1", "Secret", namespace.clone(), name.clone());
    let file = |key: &str, shape| OutputFile {
        path: format!("{OUTPUTS}/{key}"),
        target: secret.clone(),
        key: key.to_owned(),
        shape,
    };
    let outputs = Outputs {
        job: object_key("batch/v1", "Job", namespace, name.clone()),
        container: "files".to_owned(),
        complete: format!("{OUTPUTS}/complete"),
        release: format!("{OUTPUTS}/release"),
        files: vec![
            file(KEY_STORE, OutputShape::JavaKeyStore),
            file(TRUST_STORE, OutputShape::JavaKeyStore),
            file(PARAMETERS, OutputShape::CordaBlob),
        ],
    };
    let job = job(owner, &component, &name, template, deadline::JOB);
    (vec![job], Some(outputs))
}

const HAND_OVER: &str = r"rm -f /outputs/*
mkfifo /outputs/release
cp certificates/sslkeystore.jks certificates/truststore.jks network-parameters /outputs/
touch /outputs/complete
read -r _ < /outputs/release
";

/// The float: it listens for its bridge, and for peers once the bridge is there.
pub fn run_float(
    context: &Context<'_>,
    step: &str,
    node: &Node,
    firewall: &Firewall,
) -> Result<Vec<Manifest>, RenderError> {
    let component = component_of(node, TunnelEnd::Float);
    let conf = FirewallConf {
        // It calls nobody: lists come through the tunnel.
        revocation: Some(RevocationMode::ExternalSource),
        jvm_arguments: jvm_arguments(&firewall.float),
        ..FirewallConf::new(
            FirewallMode::FloatOuter {
                listening_address: HostPort::any(firewall.port),
                float_address: HostPort::any(firewall.tunnel_port),
                expected_certificate_subject: subject(context, node, TunnelEnd::Bridge),
                tunnel: tunnel(context, node, TunnelEnd::Float)?,
            },
            None,
        )
    };
    let config = SecretFiles::default().text("firewall.conf", conf.to_hocon(node::release(node)?)?);
    let tunnel = Question::Tcp(firewall.tunnel_port);
    FirewallPod {
        component,
        node,
        firewall,
        process: &firewall.float,
        config,
        files: None,
        ports: vec![
            (Port::P2p.name(), firewall.port),
            (Port::Tunnel.name(), firewall.tunnel_port),
        ],
        host_aliases: Vec::new(),
    }
    .build(context, step, TunnelEnd::Float, |container| {
        Probes::new(tunnel, firewall.tunnel_port).put_into(container);
    })
}

/// The bridge: it takes its node's messages out, and those of peers in, through the tunnel that it opens.
pub fn run_bridge(
    context: &Context<'_>,
    step: &str,
    node: &Node,
    firewall: &Firewall,
) -> Result<Vec<Manifest>, RenderError> {
    let component = component_of(node, TunnelEnd::Bridge);
    let float = component_of(node, TunnelEnd::Float);
    let stores = FirewallStores {
        key_store: Store::new(
            format!("{NODE_FILES}/{KEY_STORE}"),
            context.secret(&secrets::node_key_store(node))?,
        ),
        trust_store: Store::new(
            format!("{NODE_FILES}/{TRUST_STORE}"),
            context.secret(&secrets::node_trust_store(node))?,
        ),
        p2p_crypto_service: None,
    };
    let conf = FirewallConf {
        revocation: Some(if node.strict_revocation {
            RevocationMode::HardFail
        } else {
            RevocationMode::SoftFail
        }),
        jvm_arguments: jvm_arguments(&firewall.bridge),
        ..FirewallConf::new(
            FirewallMode::BridgeInner {
                outbound: Outbound::to(context.address(&component, node.component(), Port::P2p)?),
                tunnel: BridgeTunnel {
                    float_addresses: vec![context.address(&component, float, Port::Tunnel)?],
                    expected_certificate_subject: subject(context, node, TunnelEnd::Float),
                    ssl: tunnel(context, node, TunnelEnd::Bridge)?,
                },
                network_parameters_path: format!("{NODE_FILES}/{PARAMETERS}"),
                high_availability: None,
            },
            Some(stores),
        )
    };
    let config = SecretFiles::default().text("firewall.conf", conf.to_hocon(node::release(node)?)?);
    FirewallPod {
        component,
        node,
        firewall,
        process: &firewall.bridge,
        config,
        files: Some(Volume::secret("node", &bridge_files(&node.name), NODE_FILES)),
        ports: Vec::new(),
        host_aliases: vec![context.identity_manager_alias()],
    }
    .build(context, step, TunnelEnd::Bridge, |container| {
        // Nobody calls a bridge: the line in its log is the product's word.
        let active = Question::Command(
            [
                "sh",
                "-c",
                "grep -qs 'BridgeSupervisorService: active = true' logs/*.log",
            ]
            .map(str::to_owned)
            .to_vec(),
        );
        let (startup, readiness) = once_told(active);
        container.startup_probe = Some(startup);
        container.readiness_probe = Some(readiness);
    })
}

/// The name in the certificate of one end, which the other expects.
fn subject(context: &Context<'_>, node: &Node, end: TunnelEnd) -> String {
    let alias = tunnel_files(node.name.as_str()).alias(end).to_owned();
    context
        .plan
        .entity(&alias)
        .map(|entity| entity.subject.to_string())
        .unwrap_or_default()
}

fn tunnel(context: &Context<'_>, node: &Node, end: TunnelEnd) -> Result<TunnelSsl, RenderError> {
    let files = tunnel_files(node.name.as_str());
    let store = |file: &str| {
        let password = context.password(file)?;
        Ok::<_, RenderError>(Store::new(format!("{TUNNEL}/{file}"), password))
    };
    Ok(TunnelSsl {
        key_store: store(files.keys(end))?,
        private_key_password: None,
        trust_store: store(&files.trust)?,
    })
}

/// Half of the container: the rest is the launcher's and what lies outside of the heap.
fn jvm_arguments(process: &FirewallProcess) -> Vec<String> {
    vec![
        format!("-Xmx{}m", process.memory.0 / 2),
        "-XX:+UseG1GC".to_owned(),
    ]
}

/// What bridge and float share.
struct FirewallPod<'a> {
    component: Component,
    node: &'a Node,
    firewall: &'a Firewall,
    process: &'a FirewallProcess,
    config: SecretFiles,
    files: Option<Volume>,
    ports: Vec<(&'static str, u16)>,
    host_aliases: Vec<(String, Vec<String>)>,
}

impl FirewallPod<'_> {
    fn build(
        self,
        context: &Context<'_>,
        step: &str,
        end: TunnelEnd,
        probe: impl FnOnce(&mut Container),
    ) -> Result<Vec<Manifest>, RenderError> {
        let owner = context.owner(step);
        let mut volumes = vec![
            Volume::scratch("base-directory", BASE_DIRECTORY),
            Volume::secret("config", &config_secret(&self.component), CONFIG),
            Volume::secret("tunnel", &keys_secret(&self.component), TUNNEL),
            Volume::scratch("tmp", "/tmp"),
        ];
        volumes.extend(self.files);
        let mut container = ContainerSpec {
            name: self.component.kind(),
            image: &self.firewall.image,
            command: node::shell(START),
            environment: vec![("ACCEPT_LICENSE", "Y".to_owned()), ("HOME", "/tmp".to_owned())],
            secret_environment: Vec::new(),
            volumes: &volumes,
            ports: self.ports,
            memory: self.process.memory,
        }
        .build();
        container.working_dir = Some(BASE_DIRECTORY.to_owned());
        probe(&mut container);
        let files = tunnel_files(self.node.name.as_str());
        let tunnel = [
            context.keys.store(files.keys(end))?.bytes,
            context.keys.store(&files.trust)?.bytes,
        ];
        let config_checksum = checksum(self.config.parts().chain(tunnel));
        let template = PodTemplate {
            workload: SERVING,
            host_aliases: self.host_aliases,
            restart_policy: "Always",
            config_checksum: Some(config_checksum),
            grace_period_seconds: 30,
            ..PodTemplate::once(&self.component, container, &volumes)
        }
        .build(owner);
        Ok(vec![
            self.config
                .build(owner, &self.component, &config_secret(&self.component)),
            deployment(owner, &self.component, template),
        ])
    }
}

/// R3 publishes no image of the firewall: its jar is looked for where images keep programs.
const START: &str = r#"exec java -jar "$(find /opt /usr/share -name 'corda-firewall*.jar' 2> /dev/null | head -n 1)" \
  --base-directory /var/lib/corda-firewall --config-file /etc/corda-firewall/firewall.conf
"#;
