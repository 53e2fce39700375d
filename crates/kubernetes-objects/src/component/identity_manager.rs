//! The Identity Manager and its Angel (reference §1.3.6, §1.3.7, §2.6, §2.7).

use std::time::Duration;

use certificates::files;
use product_config::{
    HostPort,
    angel_conf::AngelService,
    identity_manager_conf::{
        IdentityManagerConf, IssuanceWorkflow, Jira, RevocationWorkflow, WorkflowPlugin,
    },
};
use topology::{
    connection::Port,
    model::{Approval, Component, Service},
};

use super::{angel, cenm_database, cenm_pod::CenmPod};
use crate::{
    context::{CENM, Context, RenderError},
    key_request::ssl_file,
    manifest::Manifest,
    names::keys_secret,
    pod::{probe::Question, volume::Volume},
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
            plugin: plugin(context, &component)?,
            minimum_platform_version: None,
            new_pki_only: None,
        },
        revocation: RevocationWorkflow {
            crl_cache_timeout: Duration::from_mins(15),
            crl_files: CRLS.iter().map(|file| format!("{CENM}/crl/{file}")).collect(),
            enm_listener: context.listener(&component, Port::Revocation)?,
            plugin: plugin(context, &component)?,
        },
        administration: context.administration(&component)?,
        local_signer: None,
    };
    Ok(conf.to_hocon(context.cenm_version(&component)?)?)
}

/// Who approves requests of both kinds.
fn plugin(context: &Context<'_>, component: &Component) -> Result<WorkflowPlugin, RenderError> {
    Ok(match &context.topology.cenm.approval {
        Approval::Automatic => WorkflowPlugin::ApproveAll,
        Approval::Jira {
            address,
            project,
            user,
            password,
        } => WorkflowPlugin::Jira(Jira {
            address: address.as_str().to_owned(),
            project_code: project.clone(),
            username: user.clone(),
            password: context.given(component, password)?,
        }),
        Approval::Plugin { .. } => {
            return Err(RenderError::NotRendered(
                "a workflow plugin of the operator's own",
            ));
        }
    })
}

/// The Angel's configuration and the Deployment.
pub fn run(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    let component = COMPONENT;
    let ssl = ssl_file(&COMPONENT);
    let http = context.own_port(&component, Port::Http)?;
    let config = angel::config(
        context,
        &component,
        AngelService::IdentityManager,
        "identitymanager.jar",
    )?;
    CenmPod {
        component: component.clone(),
        jar: angel::JAR,
        arguments: angel::arguments(),
        config,
        stores: vec![("ssl", vec![ssl]), ("trust", vec![files::SSL_TRUST.to_owned()])],
        volumes: vec![Volume::secret_keys(
            "crl",
            &keys_secret(&component),
            &CRLS,
            &format!("{CENM}/crl"),
        )],
        secret_environment: Vec::new(),
        started: Question::Http(http, "/status"),
        host_aliases: Vec::new(),
        uses_dns: true,
        has_database: true,
    }
    .build(context, step)
}
