//! The Signing Service: alone in its namespace, without DNS, started bare with its keys (reference §1.3.8,
//! §2.8).

mod hsm;

use std::time::Duration;

use certificates::{aliases, files};
use product_config::signer_conf::{ServiceLocation, SignedBy, Signer, SignerConf, SigningKey, SigningTask};
use topology::{
    connection::Port,
    model::{Component, Hsm, Service, SigningKeys},
};

use super::cenm_pod::{self, CenmPod};
use crate::{
    context::{Context, RenderError},
    key_request::{map_signer_file, ssl_file},
    manifest::Manifest,
    names::of_subzone,
    pod::probe::Question,
    resource::secret::SecretFiles,
};

const COMPONENT: Component = Component::Cenm(Service::SigningService);
const IDENTITY_MANAGER_KEY: &str = "identity-manager";
const NETWORK_MAP_KEY: &str = "network-map";
/// Days that nodes' certificates are valid; clipped to the authority's end by CENM (reference §3.3).
const NODE_CERTIFICATE_DAYS: u32 = 7300;
/// How long a signed CRL is good: much longer than its schedule (reference §2.8).
const CRL_UPDATE_PERIOD: Duration = Duration::from_hours(7 * 24);

/// Its stores: the only Pod that gets the signing keys.
pub fn keys(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    let ssl = ssl_file(&COMPONENT);
    let signing = signing_files(context);
    let stores: Vec<&str> = [ssl.as_str(), files::SSL_TRUST]
        .into_iter()
        .chain(signing.iter().map(String::as_str))
        .collect();
    cenm_pod::keys(context, step, &COMPONENT, &stores)
}

/// The stores with the Identity Manager's key and one for each subzone's map; with an HSM the one with their certificates.
fn signing_files(context: &Context<'_>) -> Vec<String> {
    if let SigningKeys::Hsm(_) = &context.topology.cenm.signing_keys {
        return vec![files::HSM_CERTIFICATES.to_owned()];
    }
    let maps = context
        .topology
        .cenm
        .subzones()
        .map(|subzone| map_signer_file(&subzone.id));
    std::iter::once(files::IDENTITY_MANAGER_KEYS.to_owned())
        .chain(maps)
        .collect()
}

/// Its configuration and Deployment.
pub fn run(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    let component = COMPONENT;
    let hsm = match &context.topology.cenm.signing_keys {
        SigningKeys::Local => None,
        SigningKeys::Hsm(hsm) => Some(hsm.as_ref()),
    };
    let admin = context.own_port(&component, Port::Admin)?;
    let conf = SignerConf {
        hsm_libraries: hsm.map(hsm::library).into_iter().collect(),
        global_certificate_store: match hsm {
            Some(hsm) => hsm::global_certificates(context, hsm)?,
            None => None,
        },
        signing_keys: signing_keys(context, hsm)?,
        signers: signers(context)?,
        administration: context.administration(&component)?,
    };
    let parts = match hsm {
        Some(hsm) => hsm::pod_parts(context, hsm)?,
        None => hsm::PodParts::default(),
    };
    let signing = if hsm.is_some() {
        hsm::CERTIFICATES
    } else {
        "signing"
    };
    CenmPod {
        component: component.clone(),
        jar: "signer.jar",
        arguments: ["--config-file", "conf/signer.conf"].map(str::to_owned).to_vec(),
        config: SecretFiles::default().text("signer.conf", conf.to_hocon(context.cenm_version(&component)?)?),
        stores: vec![
            ("ssl", vec![ssl_file(&component)]),
            ("trust", vec![files::SSL_TRUST.to_owned()]),
            (signing, signing_files(context)),
        ],
        crls: &[],
        volumes: parts.volumes,
        init_containers: parts.init_containers,
        environment: parts.environment,
        secret_environment: Vec::new(),
        started: Question::Tcp(admin),
        host_aliases: context.callee_aliases(&component),
        uses_dns: false,
        has_database: false,
    }
    .build(context, step)
}

/// The Identity Manager's key, and one for each subzone's map.
fn signing_keys(context: &Context<'_>, hsm: Option<&Hsm>) -> Result<Vec<SigningKey>, RenderError> {
    let key = |name: &str, alias: &str, file: &str| {
        if let Some(hsm) = hsm {
            return Ok(SigningKey::in_hsm(name, alias, hsm::key(context, hsm)?));
        }
        let key_store = context.store("signing", file)?;
        Ok::<_, RenderError>(SigningKey::local(name, alias, key_store))
    };
    let mut keys = vec![key(
        IDENTITY_MANAGER_KEY,
        aliases::IDENTITY_MANAGER,
        files::IDENTITY_MANAGER_KEYS,
    )?];
    for subzone in context.topology.cenm.subzones() {
        let alias = of_subzone(aliases::NETWORK_MAP, &subzone.id);
        let name = of_subzone(NETWORK_MAP_KEY, &subzone.id);
        keys.push(key(&name, &alias, &map_signer_file(&subzone.id))?);
    }
    Ok(keys)
}

/// What it signs: requests and the list for the Identity Manager, map and parameters for each subzone. Each subzone has
/// signers of its own, since a source that several share would have to be told by an id that Zone gives out later.
fn signers(context: &Context<'_>) -> Result<Vec<Signer>, RenderError> {
    let ssl = context.ssl(&COMPONENT)?;
    let location = |server: Component, port| {
        let address = context.address(&COMPONENT, server, port)?;
        Ok::<_, RenderError>(vec![ServiceLocation {
            timeout: Some(Duration::from_secs(30)),
            ..ServiceLocation::new(address, ssl.clone())
        }])
    };
    let identity_manager = || Component::from(Service::IdentityManager);
    let crl = format!(
        "http://{}/certificate-revocation-list/doorman",
        context.topology.cenm.identity_manager_host
    );
    let schedule = context.topology.cenm.schedule;
    let signer = |name: String, task, key: String, schedule, service_locations| Signer {
        name,
        task,
        signed_by: SignedBy::Key(key),
        schedule,
        service_locations,
    };
    let mut signers = vec![
        signer(
            "CSR".to_owned(),
            SigningTask::Csr {
                crl_distribution_point: Some(crl.clone()),
                valid_days: NODE_CERTIFICATE_DAYS,
            },
            IDENTITY_MANAGER_KEY.to_owned(),
            schedule.certificate_signing_requests,
            location(identity_manager(), Port::Issuance)?,
        ),
        signer(
            "CRL".to_owned(),
            SigningTask::Crl {
                crl_distribution_point: crl,
                update_period: CRL_UPDATE_PERIOD,
            },
            IDENTITY_MANAGER_KEY.to_owned(),
            schedule.revocation_list,
            location(identity_manager(), Port::Revocation)?,
        ),
    ];
    for subzone in context.topology.cenm.subzones() {
        let key = of_subzone(NETWORK_MAP_KEY, &subzone.id);
        let tasks = [
            ("NetworkMap", SigningTask::NetworkMap, schedule.network_map),
            (
                "NetworkParameters",
                SigningTask::NetworkParameters,
                schedule.network_parameters,
            ),
        ];
        for (name, task, interval) in tasks {
            signers.push(signer(
                of_subzone(name, &subzone.id),
                task,
                key.clone(),
                interval,
                location(subzone.component(), Port::NetworkMapEnm)?,
            ));
        }
    }
    Ok(signers)
}
