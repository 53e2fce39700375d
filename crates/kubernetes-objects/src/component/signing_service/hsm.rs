//! The HSM of the Signing Service: what its config says of it, and what its Pod needs for that (reference §2.8, §3.7).
//!
//! Names of the vendors' files are those of R3's documents. No HSM was at hand: nothing of this has run.

use certificates::files;
use k8s_openapi::api::core::v1::Container;
use product_config::{
    HostPort, Store,
    hsm::{
        AzureKey, HsmKey, HsmLibrary, HsmLogin, HsmType, Protection, UtimacoKey, UtimacoMode, UtimacoUser,
    },
};
use topology::model::{Hsm, HsmKind, Mebibytes};

use super::COMPONENT;
use crate::{
    context::{Context, RenderError},
    pod::{container::ContainerSpec, image_files::ImageFiles, volume::Volume},
};

/// Folder of the store with the certificates of the HSM's keys.
pub(super) const CERTIFICATES: &str = "certificates";
/// Where R3's charts put the vendors' libraries.
const LIBRARY: &str = "/opt/cenm/HSM";
/// Where the file is that proves who asks a vault.
const LOGIN: &str = "/opt/cenm/hsm-login";
/// Where Luna's own settings are.
const CLIENT: &str = "/opt/cenm/hsm-client";
/// How AWS' documents start the daemon of SDK 3.
const DAEMON: [&str; 2] = [
    "/opt/cloudhsm/bin/cloudhsm_client",
    "/opt/cloudhsm/etc/cloudhsm_client.cfg",
];
/// Which folder has Luna's `Chrystoki.conf`.
const CLIENT_VARIABLE: &str = "ChrystokiConfigurationPath";

/// What the Pod needs to call an HSM.
#[derive(Default)]
pub(super) struct PodParts {
    pub(super) volumes: Vec<Volume>,
    pub(super) init_containers: Vec<Container>,
    pub(super) environment: Vec<(&'static str, String)>,
}

/// The libraries to load.
pub(super) fn library(hsm: &Hsm) -> HsmLibrary {
    let (kind, jar, shared) = match &hsm.kind {
        HsmKind::AzureKeyVault { .. } => (HsmType::AzureMsalKeyVault, "azure-keyvault-with-deps.jar", false),
        HsmKind::AwsCloudHsm { .. } => (HsmType::AmazonCloud, "cloudhsm-3.2.1.jar", true),
        HsmKind::Utimaco { .. } => (HsmType::Utimaco, "CryptoServerJCE.jar", false),
        HsmKind::Gemalto { .. } => (HsmType::Gemalto, "LunaProvider.jar", true),
        HsmKind::Securosys { .. } => (HsmType::Securosys, "primusX.jar", false),
    };
    HsmLibrary {
        hsm: kind,
        jars: vec![format!("{LIBRARY}/{jar}")],
        shared_library_directory: shared.then(|| LIBRARY.to_owned()),
    }
}

/// The store with the chains of all keys. The global one is not read for AWS, whose keys name it themselves.
pub(super) fn global_certificates(context: &Context<'_>, hsm: &Hsm) -> Result<Option<Store>, RenderError> {
    match hsm.kind {
        HsmKind::AwsCloudHsm { .. } => Ok(None),
        _ => certificates(context).map(Some),
    }
}

fn certificates(context: &Context<'_>) -> Result<Store, RenderError> {
    context.store(CERTIFICATES, files::HSM_CERTIFICATES)
}

/// Where a key is, and who may use it: the same for each, which differ by their aliases.
pub(super) fn key(context: &Context<'_>, hsm: &Hsm) -> Result<HsmKey, RenderError> {
    let password = context.given(&COMPONENT, &hsm.password)?;
    let address = || HostPort::new(hsm.endpoint.address.host.clone(), hsm.endpoint.address.port);
    Ok(match &hsm.kind {
        HsmKind::AzureKeyVault {
            vault,
            client_id,
            tenant_id,
            alias,
            key_store,
            hardware,
            login: _,
        } => {
            let (_, file) = context.given_file(&COMPONENT, key_store)?;
            HsmKey::AzureMsalKeyVault {
                key: AzureKey {
                    vault_url: vault.clone(),
                    protection: if *hardware {
                        Protection::Hardware
                    } else {
                        Protection::Software
                    },
                    key_store: Store::new(format!("{LOGIN}/{file}"), password),
                    key_store_alias: alias.clone(),
                    client_id: client_id.clone(),
                },
                tenant_id: tenant_id.clone(),
            }
        }
        HsmKind::AwsCloudHsm { user, partition, .. } => HsmKey::AmazonCloud {
            partition: partition.clone(),
            user_name: user.clone(),
            password,
            local_certificate_store: certificates(context)?,
        },
        HsmKind::Utimaco {
            user,
            key_group,
            key_specifier,
        } => HsmKey::Utimaco(UtimacoKey {
            address: address(),
            group: key_group.clone(),
            specifier: *key_specifier,
            auth_threshold: None,
            users: vec![UtimacoUser {
                username: Some(user.clone()),
                mode: UtimacoMode::Password(Some(password)),
            }],
        }),
        HsmKind::Gemalto { slot, .. } => HsmKey::Gemalto {
            key_store: slot.clone(),
            password: Some(password),
        },
        HsmKind::Securosys { user } => HsmKey::Securosys {
            address: address(),
            credentials: vec![HsmLogin {
                username: Some(user.clone()),
                password: Some(password),
            }],
        },
    })
}

/// The vendor's files, what proves who calls, and for AWS the daemon that calls in the service's stead.
pub(super) fn pod_parts(context: &Context<'_>, hsm: &Hsm) -> Result<PodParts, RenderError> {
    let library = ImageFiles::new("hsm-library", &hsm.library, LIBRARY, context.topology.platform);
    let mut parts = PodParts {
        volumes: vec![library.volume],
        init_containers: library.init_container.into_iter().collect(),
        environment: Vec::new(),
    };
    match &hsm.kind {
        HsmKind::AzureKeyVault { key_store, .. } => {
            let (secret, key) = context.given_file(&COMPONENT, key_store)?;
            parts
                .volumes
                .push(Volume::secret_keys("hsm-login", &secret, &[&key], LOGIN));
        }
        HsmKind::AwsCloudHsm { daemon, .. } => {
            let socket = Volume::scratch("hsm-daemon", &daemon.socket_directory);
            let mut container = ContainerSpec {
                name: "hsm-daemon",
                image: &daemon.image,
                command: DAEMON.map(str::to_owned).to_vec(),
                environment: Vec::new(),
                secret_environment: Vec::new(),
                volumes: std::slice::from_ref(&socket),
                ports: Vec::new(),
                memory: Mebibytes(128),
            }
            .build();
            // A sidecar: it runs before the service and as long as that (KEP-753).
            container.restart_policy = Some("Always".to_owned());
            parts.init_containers.push(container);
            parts.volumes.push(socket);
        }
        HsmKind::Gemalto {
            client: Some(secret), ..
        } => {
            parts.volumes.push(Volume::secret("hsm-client", secret, CLIENT));
            parts.environment.push((CLIENT_VARIABLE, CLIENT.to_owned()));
        }
        HsmKind::Gemalto { client: None, .. } | HsmKind::Utimaco { .. } | HsmKind::Securosys { .. } => {}
    }
    Ok(parts)
}
