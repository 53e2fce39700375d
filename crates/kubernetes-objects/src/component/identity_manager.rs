//! The Identity Manager and its Angel (reference §1.3.6, §1.3.7, §2.6, §2.7).

use std::time::Duration;

use certificates::files;
use product_config::{
    HostPort,
    angel_conf::AngelService,
    identity_manager_conf::{
        IdentityManagerConf, IssuanceWorkflow, Jira, RevocationWorkflow, WorkflowPlugin,
    },
    node_conf::Overrides,
};
use topology::{
    connection::Port,
    model::{Approval, Component, Service},
};

use super::{angel::Angel, cenm_database, cenm_pod::CenmPod};
use crate::{
    context::{CENM, Context, RenderError},
    key_request::ssl_file,
    manifest::Manifest,
    names::keys_secret,
    pod::{image_files::ImageFiles, probe::Question, volume::Volume},
    resource::secret::SecretFiles,
};

const COMPONENT: Component = Component::Cenm(Service::IdentityManager);
/// The static CRLs that it serves; the chart of R3 forgets the last (reference §2.7).
const CRLS: [&str; 4] = [
    files::TLS_CRL,
    files::ROOT_CRL,
    files::SUBORDINATE_CRL,
    files::SSL_CRL,
];

/// Its stores and CRLs.
pub fn keys(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    let component = COMPONENT;
    let mut secret = context.stores(&[&ssl_file(&COMPONENT), files::SSL_TRUST])?;
    for file in CRLS {
        secret = secret.bytes(file, context.keys.crl(file)?);
    }
    Ok(vec![secret.build(
        context.owner(step),
        &component,
        &keys_secret(&component),
    )])
}

/// The config that is uploaded to Zone and handed to the service by its Angel.
pub fn service_conf(context: &Context<'_>) -> Result<String, RenderError> {
    let component = COMPONENT;
    let conf = IdentityManagerConf {
        address: HostPort::any(context.own_port(&component, Port::Http)?),
        database: cenm_database::database(context, &component)?,
        issuance: IssuanceWorkflow {
            update_interval: Duration::from_secs(10),
            enm_listener: context.listener(&component, Port::Issuance)?,
            plugin: plugin(context, &component, Requests::Certificates)?,
            minimum_platform_version: None,
            new_pki_only: None,
        },
        revocation: RevocationWorkflow {
            crl_cache_timeout: Duration::from_mins(15),
            crl_files: CRLS.iter().map(|file| format!("{CENM}/crl/{file}")).collect(),
            enm_listener: context.listener(&component, Port::Revocation)?,
            plugin: plugin(context, &component, Requests::Revocations)?,
        },
        administration: context.administration(&component)?,
        local_signer: None,
    };
    Ok(conf.to_hocon(context.cenm_version(&component)?)?)
}

/// What is asked for.
#[derive(Clone, Copy)]
enum Requests {
    Certificates,
    Revocations,
}

/// Where the workflow plugin of the operator's own is.
const PLUGIN_FOLDER: &str = "/opt/cenm/plugin";

/// The absolute path of the plugin's jar.
fn plugin_jar(context: &Context<'_>) -> Option<String> {
    match &context.topology.cenm.approval {
        Approval::Plugin { jar, .. } => Some(format!("{PLUGIN_FOLDER}/{}", jar.file_name())),
        Approval::Automatic | Approval::Jira { .. } => None,
    }
}

/// Who approves requests of a kind.
fn plugin(
    context: &Context<'_>,
    component: &Component,
    requests: Requests,
) -> Result<WorkflowPlugin, RenderError> {
    Ok(match &context.topology.cenm.approval {
        Approval::Automatic => WorkflowPlugin::ApproveAll,
        Approval::Jira {
            address,
            project,
            user,
            password,
            endpoint: _,
        } => WorkflowPlugin::Jira(Jira {
            address: address.as_str().to_owned(),
            project_code: project.clone(),
            username: user.clone(),
            password: context.given(component, password)?,
        }),
        Approval::Plugin {
            class,
            revocation_class,
            ..
        } => WorkflowPlugin::Custom {
            class: match requests {
                Requests::Certificates => class.clone(),
                Requests::Revocations => revocation_class.clone(),
            },
            jar: plugin_jar(context),
            config: Overrides::new(),
        },
    })
}

/// The Angel's configuration and the Deployment.
pub fn run(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    let component = COMPONENT;
    let ssl = ssl_file(&COMPONENT);
    let http = context.own_port(&component, Port::Http)?;
    let (plugin_volume, plugin_container) = match &context.topology.cenm.approval {
        Approval::Plugin { jar, .. } => {
            let files = jar.folder();
            let files = ImageFiles::new("plugin", &files, PLUGIN_FOLDER, context.topology.platform);
            (Some(files.volume), files.init_container)
        }
        Approval::Automatic | Approval::Jira { .. } => (None, None),
    };
    let crls = Volume::secret_keys("crl", &keys_secret(&component), &CRLS, &format!("{CENM}/crl"));
    let angel = Angel {
        service: AngelService::IdentityManager,
        jar: "identitymanager.jar",
        plugin_jar: plugin_jar(context),
    };
    let pod = CenmPod {
        component: component.clone(),
        jar: "",
        arguments: Vec::new(),
        config: SecretFiles::default(),
        stores: vec![("ssl", vec![ssl]), ("trust", vec![files::SSL_TRUST.to_owned()])],
        crls: &CRLS,
        volumes: std::iter::once(crls).chain(plugin_volume).collect(),
        init_containers: plugin_container.into_iter().collect(),
        environment: Vec::new(),
        secret_environment: Vec::new(),
        started: Question::Http(http, "/status"),
        host_aliases: Vec::new(),
        uses_dns: true,
        has_database: true,
    };
    angel.build(pod, context, step)
}
