//! The Jobs that call the `cenm` command line and the Gateway's user administration (reference §5.4 to §5.6).
//! Each looks before it makes: run again, it finds its work done.

use secrecy::ExposeSecret;
use topology::{
    connection::{Port, service_host},
    model::{Component, Mebibytes, Service, Subzone, SubzoneId},
};

use super::{identity_manager, network_map};
use crate::{
    context::{CENM, Context, RenderError, deadline},
    manifest::{Manifest, ObjectKey},
    metadata::checksum,
    names::{TOKEN_KEY, USERS_SECRET, of_subzone, secrets, token_secret},
    pod::{container::ContainerSpec, probe::file_exists, template::PodTemplate, volume::Volume},
    resource::{job::job, secret::SecretFiles},
    step::{OutputFile, OutputShape, Outputs},
    user::User,
};

/// Shell functions that all of them share.
const COMMON: &str = include_str!("bootstrap_job/common.sh");
const OUTPUTS: &str = "/outputs";
const UPLOAD: &str = "/upload";
/// Beside what is uploaded: which version it is, so that a Job knows whether it has been given its own. A node may show the
/// former content of a Secret for a while, and what is uploaded from that would stay in Zone's database.
const UPLOAD_VERSION: &str = "version";

/// The Jobs, each a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BootstrapJob {
    /// B9: users, groups and roles.
    Users,
    /// B10: the Identity Manager's address and config; hands its zone token over.
    IdentityManagerConfig,
    /// B13: the Signing Service's address.
    SigningServiceAddress,
    /// B16: the subzone, looked up by its label first; hands its zone token over.
    Subzone(SubzoneId),
    /// B18: the Signing Service knows its tasks.
    SigningTasks,
    /// B23: roles on the subzone.
    SubzonePermissions(SubzoneId),
}

impl BootstrapJob {
    /// Its name: of the step, the Job and its container.
    pub fn name(&self) -> String {
        match self {
            Self::Users => "users".to_owned(),
            Self::IdentityManagerConfig => "identity-manager-config".to_owned(),
            Self::SigningServiceAddress => "signing-service-address".to_owned(),
            Self::Subzone(id) => of_subzone("subzone", id),
            Self::SigningTasks => "signing-tasks".to_owned(),
            Self::SubzonePermissions(id) => of_subzone("subzone-permissions", id),
        }
    }

    /// The subzone that it is about; those about none look at the main one.
    const fn subzone(&self) -> &SubzoneId {
        match self {
            Self::Subzone(id) | Self::SubzonePermissions(id) => id,
            _ => &SubzoneId::Main,
        }
    }

    const fn script(&self) -> &'static str {
        match self {
            Self::Users => include_str!("bootstrap_job/users.sh"),
            Self::IdentityManagerConfig => include_str!("bootstrap_job/identity-manager-config.sh"),
            Self::SigningServiceAddress => include_str!("bootstrap_job/signing-service-address.sh"),
            Self::Subzone(_) => include_str!("bootstrap_job/subzone.sh"),
            Self::SigningTasks => include_str!("bootstrap_job/signing-tasks.sh"),
            Self::SubzonePermissions(_) => include_str!("bootstrap_job/subzone-permissions.sh"),
        }
    }

    /// The service whose zone token it hands over.
    fn token_of(&self) -> Option<Component> {
        match self {
            Self::IdentityManagerConfig => Some(Service::IdentityManager.into()),
            Self::Subzone(id) => Some(id.network_map()),
            Self::Users | Self::SigningServiceAddress | Self::SigningTasks | Self::SubzonePermissions(_) => {
                None
            }
        }
    }

    /// The config that it uploads.
    fn upload(
        &self,
        context: &Context<'_>,
        subzone: &Subzone,
    ) -> Result<Option<(&'static str, String)>, RenderError> {
        Ok(match self {
            Self::IdentityManagerConfig => {
                Some(("identitymanager.conf", identity_manager::service_conf(context)?))
            }
            Self::Subzone(_) => Some(("networkmap.conf", network_map::service_conf(context, subzone)?)),
            Self::Users | Self::SigningServiceAddress | Self::SigningTasks | Self::SubzonePermissions(_) => {
                None
            }
        })
    }

    /// Its objects, and what it hands over.
    pub fn render(&self, context: &Context<'_>) -> Result<(Vec<Manifest>, Option<Outputs>), RenderError> {
        let component = Component::Bootstrap;
        let name = self.name();
        let name = name.as_str();
        let subzone = context.subzone(self.subzone())?;
        let owner = context.owner(name);
        let mut manifests = Vec::new();
        let mut volumes = vec![
            Volume::secret("users", USERS_SECRET, "/users"),
            Volume::scratch("tmp", "/tmp"),
            Volume::scratch("logs", &format!("{CENM}/logs")),
            Volume::memory("outputs", OUTPUTS),
        ];
        let mut config_checksum = None;
        let mut environment = environment(context, subzone)?;
        if let Some((file, text)) = self.upload(context, subzone)? {
            let secret = SecretFiles::default().text(file, text);
            let version = checksum(secret.parts());
            let secret = secret.text(UPLOAD_VERSION, version.clone());
            environment.push(("UPLOAD_VERSION", version.clone()));
            config_checksum = Some(version);
            let secret_name = format!("{name}-upload");
            manifests.push(secret.build(owner, &component, &secret_name));
            volumes.push(Volume::secret("upload", &secret_name, UPLOAD));
        }
        if matches!(self, Self::Subzone(_)) {
            let parameters = network_map::parameters_name(subzone);
            volumes.push(Volume::config_map("parameters", &parameters, "/parameters"));
            volumes.extend(network_map::node_info_volumes(context, subzone));
        }
        let mut container = ContainerSpec {
            name,
            image: &context.topology.cenm.command_line_image,
            command: ["bash", "-euo", "pipefail", "-c"]
                .map(str::to_owned)
                .into_iter()
                .chain([format!("{COMMON}{}", self.script())])
                .collect(),
            environment,
            secret_environment: Vec::new(),
            volumes: &volumes,
            ports: Vec::new(),
            memory: Mebibytes(384),
        }
        .build();
        let outputs = self.token_of().map(|of| {
            container.readiness_probe = Some(file_exists(&format!("{OUTPUTS}/complete")));
            self.outputs(context, &of)
        });
        let template = PodTemplate {
            config_checksum,
            ..PodTemplate::once(&component, container, &volumes)
        }
        .build(owner);
        manifests.push(job(owner, &component, name, template, deadline::JOB));
        Ok((manifests, outputs))
    }

    /// The key of its Job.
    pub fn key(&self, context: &Context<'_>) -> ObjectKey {
        object(context, "batch/v1", "Job", self.name())
    }

    fn outputs(&self, context: &Context<'_>, of: &Component) -> Outputs {
        Outputs {
            job: self.key(context),
            container: self.name(),
            complete: format!("{OUTPUTS}/complete"),
            release: format!("{OUTPUTS}/release"),
            files: vec![OutputFile {
                path: format!("{OUTPUTS}/token"),
                target: object(context, "v1", "Secret", token_secret(of)),
                key: TOKEN_KEY.to_owned(),
                shape: OutputShape::Uuid,
            }],
        }
    }
}

/// The passwords of the users that the Jobs log in as.
pub fn users_secret(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    let mut secret = SecretFiles::default();
    for user in User::ALL {
        secret = secret.text(user.name(), context.secret(&secrets::user(user))?.expose_secret());
    }
    Ok(vec![secret.build(
        context.owner(step),
        &Component::Bootstrap,
        USERS_SECRET,
    )])
}

fn object(context: &Context<'_>, api_version: &str, kind: &str, name: String) -> ObjectKey {
    ObjectKey {
        api_version: api_version.to_owned(),
        kind: kind.to_owned(),
        namespace: Some(context.namespace(&Component::Bootstrap)),
        name,
    }
}

fn environment(context: &Context<'_>, subzone: &Subzone) -> Result<Vec<(&'static str, String)>, RenderError> {
    let gateway = context.address(&Component::Bootstrap, Service::Gateway, Port::Gateway)?;
    let admin = |component: Component| {
        let port = context.own_port(&component, Port::Admin)?;
        Ok::<_, RenderError>(format!("{}:{port}", service_host(&component, context.topology)))
    };
    let memberships: Vec<String> = User::ALL
        .into_iter()
        .filter_map(|user| user.membership().map(|membership| (user, membership)))
        .map(|(user, membership)| format!("{} {} {}", user.name(), membership.group, membership.role))
        .collect();
    Ok(vec![
        ("ACCEPT_LICENSE", "Y".to_owned()),
        ("HOME", "/tmp".to_owned()),
        ("GATEWAY", format!("http://{}:{}", gateway.host, gateway.port)),
        ("IDENTITY_MANAGER_ADMIN", admin(Service::IdentityManager.into())?),
        ("NETWORK_MAP_ADMIN", admin(subzone.component())?),
        ("SIGNING_SERVICE_ADMIN", admin(Service::SigningService.into())?),
        ("SUBZONE_LABEL", subzone.label.clone()),
        ("MAIL_DOMAIN", context.topology.domain.to_string()),
        ("MEMBERSHIPS", memberships.join("\n")),
    ])
}
