//! The Signing Service: alone in its namespace, without DNS, started bare with its keys (reference §1.3.8,
//! §2.8).

use std::time::Duration;

use certificates::{aliases, files};
use product_config::signer_conf::{ServiceLocation, SignedBy, Signer, SignerConf, SigningKey, SigningTask};
use topology::{
    connection::Port,
    model::{Component, Service},
};

use super::cenm_pod::{self, CenmPod};
use crate::{
    context::{Context, RenderError},
    key_request::ssl_files,
    manifest::Manifest,
    pod::probe::Question,
    resource::secret::SecretFiles,
};

const SERVICE: Service = Service::SigningService;
const IDENTITY_MANAGER_KEY: &str = "identity-manager";
const NETWORK_MAP_KEY: &str = "network-map";
/// Days that nodes' certificates are valid; clipped to the authority's end by CENM (reference §3.3).
const NODE_CERTIFICATE_DAYS: u32 = 7300;
/// How long a signed CRL is good: much longer than its schedule (reference §2.8).
const CRL_UPDATE_PERIOD: Duration = Duration::from_hours(7 * 24);

/// Its stores: the only Pod that gets the signing keys.
pub fn keys(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    let stores = [
        ssl_files(SERVICE).1,
        files::SSL_TRUST,
        files::IDENTITY_MANAGER_KEYS,
        files::NETWORK_MAP_KEYS,
    ];
    cenm_pod::keys(context, step, SERVICE, &stores)
}

/// Its configuration and Deployment.
pub fn run(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    let component = Component::Cenm(SERVICE);
    let (_, ssl_file) = ssl_files(SERVICE);
    let admin = context.own_port(&component, Port::Admin)?;
    let ssl = context.ssl(SERVICE)?;
    let signing_key = |name: &str, alias: &str, file: &str| {
        let key_store = context.store("signing", file)?;
        Ok::<_, RenderError>(SigningKey::local(name, alias, key_store))
    };
    let location = |service, port| {
        let address = context.address(&component, service, port)?;
        Ok::<_, RenderError>(vec![ServiceLocation {
            timeout: Some(Duration::from_secs(30)),
            ..ServiceLocation::new(address, ssl.clone())
        }])
    };
    let crl = format!(
        "http://{}/certificate-revocation-list/doorman",
        context.topology.cenm.identity_manager_host
    );
    let schedule = context.topology.cenm.schedule;
    let signer = |name: &str, task, key: &str, schedule, service_locations| Signer {
        name: name.to_owned(),
        task,
        signed_by: SignedBy::Key(key.to_owned()),
        schedule,
        service_locations,
    };
    let conf = SignerConf {
        hsm_libraries: Vec::new(),
        global_certificate_store: None,
        signing_keys: vec![
            signing_key(
                IDENTITY_MANAGER_KEY,
                aliases::IDENTITY_MANAGER,
                files::IDENTITY_MANAGER_KEYS,
            )?,
            signing_key(NETWORK_MAP_KEY, aliases::NETWORK_MAP, files::NETWORK_MAP_KEYS)?,
        ],
        signers: vec![
            signer(
                "CSR",
                SigningTask::Csr {
                    crl_distribution_point: Some(crl.clone()),
                    valid_days: NODE_CERTIFICATE_DAYS,
                },
                IDENTITY_MANAGER_KEY,
                schedule.certificate_signing_requests,
                location(Service::IdentityManager, Port::Issuance)?,
            ),
            signer(
                "CRL",
                SigningTask::Crl {
                    crl_distribution_point: crl,
                    update_period: CRL_UPDATE_PERIOD,
                },
                IDENTITY_MANAGER_KEY,
                schedule.revocation_list,
                location(Service::IdentityManager, Port::Revocation)?,
            ),
            signer(
                "NetworkMap",
                SigningTask::NetworkMap,
                NETWORK_MAP_KEY,
                schedule.network_map,
                location(Service::NetworkMap, Port::NetworkMapEnm)?,
            ),
            signer(
                "NetworkParameters",
                SigningTask::NetworkParameters,
                NETWORK_MAP_KEY,
                schedule.network_parameters,
                location(Service::NetworkMap, Port::NetworkMapEnm)?,
            ),
        ],
        administration: context.administration(SERVICE)?,
    };
    CenmPod {
        service: SERVICE,
        jar: "signer.jar",
        arguments: ["--config-file", "conf/signer.conf"].map(str::to_owned).to_vec(),
        config: SecretFiles::default().text("signer.conf", conf.to_hocon(context.cenm_version())?),
        stores: vec![
            ("ssl", vec![ssl_file]),
            ("trust", vec![files::SSL_TRUST]),
            (
                "signing",
                vec![files::IDENTITY_MANAGER_KEYS, files::NETWORK_MAP_KEYS],
            ),
        ],
        volumes: Vec::new(),
        secret_environment: Vec::new(),
        started: Question::Tcp(admin),
        host_aliases: context.callee_aliases(&component),
        uses_dns: false,
        has_database: false,
    }
    .build(context, step)
}
