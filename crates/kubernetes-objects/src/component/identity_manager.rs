//! The Identity Manager and its Angel (reference §1.3.6, §1.3.7, §2.6, §2.7).

use std::time::Duration;

use certificates::files;
use product_config::{
    HostPort,
    angel_conf::AngelService,
    identity_manager_conf::{IdentityManagerConf, IssuanceWorkflow, RevocationWorkflow, WorkflowPlugin},
};
use topology::{
    connection::Port,
    model::{Component, Service},
};

use super::{angel, cenm_pod::CenmPod};
use crate::{
    context::{CENM, Context, RenderError},
    key_request::ssl_files,
    manifest::Manifest,
    names::keys_secret,
    pod::{probe::Question, volume::Volume},
};

const SERVICE: Service = Service::IdentityManager;
/// The static CRLs that it serves; the chart of R3 forgets the last (reference §2.7).
const CRLS: [&str; 4] = [
    files::TLS_CRL,
    files::ROOT_CRL,
    files::SUBORDINATE_CRL,
    files::SSL_CRL,
];

/// Its stores and CRLs.
pub fn keys(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    let component = Component::Cenm(SERVICE);
    let mut secret = context.stores(&[ssl_files(SERVICE).1, files::SSL_TRUST])?;
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
    let component = Component::Cenm(SERVICE);
    let conf = IdentityManagerConf {
        address: HostPort::any(context.own_port(&component, Port::Http)?),
        database: context.database(SERVICE)?,
        issuance: IssuanceWorkflow {
            update_interval: Duration::from_secs(10),
            enm_listener: context.listener(SERVICE, Port::Issuance)?,
            plugin: WorkflowPlugin::ApproveAll,
            minimum_platform_version: None,
            new_pki_only: None,
        },
        revocation: RevocationWorkflow {
            crl_cache_timeout: Duration::from_mins(15),
            crl_files: CRLS.iter().map(|file| format!("{CENM}/crl/{file}")).collect(),
            enm_listener: context.listener(SERVICE, Port::Revocation)?,
            plugin: WorkflowPlugin::ApproveAll,
        },
        administration: context.administration(SERVICE)?,
        local_signer: None,
    };
    Ok(conf.to_hocon(context.cenm_version())?)
}

/// The Angel's configuration and the Deployment.
pub fn run(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    let component = Component::Cenm(SERVICE);
    let (_, ssl) = ssl_files(SERVICE);
    let http = context.own_port(&component, Port::Http)?;
    let config = angel::config(
        context,
        SERVICE,
        AngelService::IdentityManager,
        "identitymanager.jar",
    )?;
    CenmPod {
        service: SERVICE,
        jar: angel::JAR,
        arguments: angel::arguments(),
        config,
        stores: vec![("ssl", vec![ssl]), ("trust", vec![files::SSL_TRUST])],
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
