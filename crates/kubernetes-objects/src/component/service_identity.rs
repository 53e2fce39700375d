//! The identity that the workers of a notary share: registered once with R3's `ha-utilities`, handed over by the Job, and
//! imported into every worker's key store before the worker itself registers (reference §6.9).

use certificates::files;
use k8s_openapi::api::core::v1::Container;
use product_config::node_conf::NodeConf;
use secrecy::{ExposeSecret, SecretString};
use topology::{
    model::{HighAvailability, Mebibytes, Node, NotaryService, StorageSize, Volume as Storage},
    names::NodeName,
};

use super::node::{self, CONFIG, OUTPUTS, TRUST, WAIT_FOR_IDENTITY_MANAGER};
use crate::{
    context::{Context, RenderError, deadline},
    manifest::Manifest,
    names::{keys_secret, secrets, service_identity, service_identity_config},
    pod::{container::ContainerSpec, probe::file_exists, template::PodTemplate, volume::Volume},
    resource::{claim::claim, job::job, secret::SecretFiles},
    step::{OutputFile, OutputShape, Outputs, object_key},
};

/// The key store, in the Secret and below `certificates`.
const KEY_STORE: &str = "nodekeystore.jks";
const BASE_DIRECTORY: &str = "/var/lib/corda";
const ARGUMENTS: &str = "ha-utilities.args";
const SHARED: &str = "/etc/corda-service-identity";
const SHARED_PASSWORD: &str = "service-identity.password";
const OWN_PASSWORD: &str = "node-key-store.password";

/// The configuration, the volume that keeps what a killed run has begun, and the Job with the key store that it hands
/// over.
pub fn register(
    context: &Context<'_>,
    step: &str,
    service: &NotaryService,
    shared: &HighAvailability,
) -> Result<(Vec<Manifest>, Option<Outputs>), RenderError> {
    // The Job runs in the name of the first worker, so that policies let it register.
    let Some(worker) = context.topology.workers_of(&service.name).next() else {
        return Ok((Vec::new(), None));
    };
    let component = worker.component();
    let owner = context.owner(step);
    let name = service_identity(&service.name);
    let config_name = service_identity_config(&service.name);
    let conf = NodeConf {
        key_store_password: context.secret(&secrets::service_identity(&service.name))?,
        ..node::conf(context, worker)?
    };
    let trust_password = context.password(files::NETWORK_TRUST)?;
    let config = SecretFiles::default()
        .text("node.conf", conf.to_hocon(node::release(worker)?)?)
        .text(ARGUMENTS, format!("-p\n{}\n", trust_password.expose_secret()));
    let volumes = [
        Volume::claim("base-directory", &name, BASE_DIRECTORY),
        Volume::secret("config", &config_name, CONFIG),
        Volume::secret_keys("trust", &keys_secret(&component), &[files::NETWORK_TRUST], TRUST),
        Volume::memory("outputs", OUTPUTS),
        Volume::scratch("tmp", "/tmp"),
    ];
    let template = PodTemplate {
        host_aliases: vec![context.identity_manager_alias()],
        ..PodTemplate::once(&component, container(context, shared, &volumes), &volumes)
    }
    .build(owner);
    let storage = Storage {
        class_name: worker.storage.class_name.clone(),
        size: StorageSize(256),
    };
    let manifests = vec![
        config.build(owner, &component, &config_name),
        claim(owner, &component, &name, &storage),
        job(owner, &component, &name, template, deadline::NODE),
    ];
    let namespace = context.namespace(&component);
    let outputs = Outputs {
        job: object_key("batch/v1", "Job", namespace.clone(), name.clone()),
        container: CONTAINER.to_owned(),
        complete: format!("{OUTPUTS}/complete"),
        release: format!("{OUTPUTS}/release"),
        files: vec![OutputFile {
            path: format!("{OUTPUTS}/{KEY_STORE}"),
            target: object_key("v1", "Secret", namespace, name),
            key: KEY_STORE.to_owned(),
            shape: OutputShape::JavaKeyStore,
        }],
    };
    Ok((manifests, Some(outputs)))
}

const CONTAINER: &str = "registration";

fn container(context: &Context<'_>, shared: &HighAvailability, volumes: &[Volume]) -> Container {
    let mut container = ContainerSpec {
        name: CONTAINER,
        image: &shared.tools_image,
        command: node::shell(&format!("{WAIT_FOR_IDENTITY_MANAGER}{REGISTER}")),
        environment: vec![
            ("ACCEPT_LICENSE", "Y".to_owned()),
            ("HOME", "/tmp".to_owned()),
            (
                "IDENTITY_MANAGER_HOST",
                context.topology.cenm.identity_manager_host.to_string(),
            ),
        ],
        secret_environment: Vec::new(),
        volumes,
        ports: Vec::new(),
        memory: Mebibytes(1024),
    }
    .build();
    container.readiness_probe = Some(file_exists(&format!("{OUTPUTS}/complete")));
    container.working_dir = Some(BASE_DIRECTORY.to_owned());
    node::tell_pod_uid(&mut container);
    container
}

/// Registers the service once. The password of the trust store stands in a file of arguments, so that no process list
/// shows it. R3 publishes no image with the tool: it is looked for where images keep programs.
const REGISTER: &str = r#"mkdir -p certificates
if [ ! -f certificates/.registered ]; then
  java -jar "$(find /opt /usr/share -name 'corda-tools-ha-utilities*.jar' 2> /dev/null | head -n 1)" notary-registration \
    -b /var/lib/corda -f /etc/corda/node.conf \
    -t /etc/corda-trust/network-root-truststore.jks @/etc/corda/ha-utilities.args
  touch certificates/.registered
fi
rm -f /outputs/*
mkfifo /outputs/release
cp certificates/nodekeystore.jks /outputs/nodekeystore.jks
touch /outputs/complete
read -r _ < /outputs/release
"#;

/// The volume with the shared identity, for a worker's registration.
pub fn volume(notary: &NodeName) -> Volume {
    Volume::secret("service-identity", &service_identity(notary), SHARED)
}

/// Adds the passwords that the import needs, as `keytool` reads them: from files.
pub fn import_passwords(
    context: &Context<'_>,
    secret: SecretFiles,
    notary: &NodeName,
    worker: &Node,
) -> Result<SecretFiles, RenderError> {
    let line = |password: SecretString| format!("{}\n", password.expose_secret());
    let shared = context.secret(&secrets::service_identity(notary))?;
    let own = context.secret(&secrets::node_key_store(worker))?;
    Ok(secret
        .text(SHARED_PASSWORD, line(shared))
        .text(OWN_PASSWORD, line(own)))
}

/// Puts the shared key into the store that registration goes on to fill, under the password of that store. It appears
/// there whole or not at all.
pub const IMPORT: &str = r"  if [ ! -f certificates/nodekeystore.jks ]; then
    rm -f certificates/nodekeystore.new
    keytool -importkeystore -noprompt -srcalias distributed-notary-private-key \
      -srckeystore /etc/corda-service-identity/nodekeystore.jks \
      -srcstorepass:file /etc/corda-trust/service-identity.password \
      -destkeystore certificates/nodekeystore.new -deststoretype JKS \
      -deststorepass:file /etc/corda-trust/node-key-store.password \
      -destkeypass:file /etc/corda-trust/node-key-store.password
    mv certificates/nodekeystore.new certificates/nodekeystore.jks
  fi
";
