//! The Network Map and its Angel (reference §1.3.9, §2.6, §2.9, §2.10).

use certificates::{aliases, files};
use product_config::{
    HostPort,
    angel_conf::AngelService,
    network_map_conf::{EnmClient, NetworkMapConf},
    network_parameters_conf::{NetworkParametersConf, NotaryEntry, NotaryIdentity},
};
use topology::{
    connection::Port,
    model::{Component, NodeRole, Service},
};

use super::{
    angel,
    cenm_pod::{self, CenmPod},
};
use crate::{
    context::{CENM, Context, RenderError},
    key_request::ssl_files,
    manifest::Manifest,
    names::{NODE_INFO_FILE, PARAMETERS, node_info},
    pod::{probe::Question, volume::Volume},
    resource::config_map::config_map,
};

const SERVICE: Service = Service::NetworkMap;
const NODE_INFO_FOLDER: &str = "notary-nodeinfo";

/// Its stores.
pub fn keys(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    cenm_pod::keys(
        context,
        step,
        SERVICE,
        &[ssl_files(SERVICE).1, files::SSL_TRUST, files::NETWORK_TRUST],
    )
}

/// The initial network parameters: B15.
pub fn parameters(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    let subzone = &context.topology.cenm.main_subzone;
    let notaries = context
        .topology
        .notaries
        .iter()
        .map(|notary| NotaryEntry {
            identity: NotaryIdentity::NodeInfoFile(format!(
                "{CENM}/{NODE_INFO_FOLDER}/{}/{NODE_INFO_FILE}",
                notary.name
            )),
            validating: matches!(notary.role, NodeRole::Notary { validating: true, .. }),
        })
        .collect();
    let conf = NetworkParametersConf {
        max_message_size: subzone.max_message_size,
        max_transaction_size: subzone.max_transaction_size,
        ..NetworkParametersConf::new(
            subzone.minimum_platform_version,
            notaries,
            subzone.event_horizon_days,
        )
    };
    let component = Component::Cenm(SERVICE);
    Ok(vec![config_map(
        context.owner(step),
        &component,
        PARAMETERS,
        [("network-parameters.conf", conf.to_hocon(context.cenm_version())?)],
    )])
}

/// The notaries' node infos, seen at one path by the command line and by the Network Map (reference §2.10).
pub fn node_info_volumes(context: &Context<'_>) -> Vec<Volume> {
    let volume = |name: &topology::names::NodeName| {
        Volume::config_map(
            &node_info(name),
            &node_info(name),
            &format!("{CENM}/{NODE_INFO_FOLDER}/{name}"),
        )
    };
    context
        .topology
        .notaries
        .iter()
        .map(|notary| volume(&notary.name))
        .collect()
}

/// The config that is uploaded to Zone with the subzone.
pub fn service_conf(context: &Context<'_>) -> Result<String, RenderError> {
    let component = Component::Cenm(SERVICE);
    let ssl = context.ssl(SERVICE)?;
    let client = |port| {
        Ok::<_, RenderError>(EnmClient {
            address: context.address(&component, Service::IdentityManager, port)?,
            ssl: ssl.clone(),
            timeout: None,
        })
    };
    let conf = NetworkMapConf {
        address: HostPort::any(context.own_port(&component, Port::Http)?),
        database: context.database(SERVICE)?,
        polling_interval: context.topology.cenm.main_subzone.polling_interval,
        check_revocation: true,
        enm_listener: context.listener(SERVICE, Port::NetworkMapEnm)?,
        identity_manager: client(Port::Issuance)?,
        revocation: Some(client(Port::Revocation)?),
        minimum_platform_version: None,
        new_pki_only: None,
        administration: context.administration(SERVICE)?,
        auth_object_id: None,
        local_signer: None,
    };
    Ok(conf.to_hocon(context.cenm_version())?)
}

/// The Angel's configuration and the Deployment.
pub fn run(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    let component = Component::Cenm(SERVICE);
    let (_, ssl) = ssl_files(SERVICE);
    let http = context.own_port(&component, Port::Http)?;
    let kind = AngelService::NetworkMap {
        network_parameters_file: format!("{CENM}/etc/network-parameters.conf"),
        network_root_trust_store: context.store("trust", files::NETWORK_TRUST)?,
        root_alias: aliases::ROOT.to_owned(),
    };
    let config = angel::config(context, SERVICE, kind, "networkmap.jar")?;
    CenmPod {
        service: SERVICE,
        jar: angel::JAR,
        arguments: angel::arguments(),
        config,
        stores: vec![
            ("ssl", vec![ssl]),
            ("trust", vec![files::SSL_TRUST, files::NETWORK_TRUST]),
        ],
        volumes: node_info_volumes(context),
        secret_environment: Vec::new(),
        started: Question::Http(http, "/network-map/my-hostname"),
        host_aliases: Vec::new(),
        uses_dns: true,
        has_database: true,
    }
    .build(context, step)
}
