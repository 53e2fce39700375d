//! The Network Map of a subzone and its Angel (reference §1.3.9, §2.6, §2.9, §2.10).

use certificates::{aliases, files};
use product_config::{
    HostPort,
    angel_conf::AngelService,
    network_map_conf::{EnmClient, NetworkMapConf},
    network_parameters_conf::{
        NetworkParametersConf, NotaryEntry, NotaryIdentity, OwnerAlgorithm, PackageOwner,
    },
};
use topology::{
    connection::Port,
    model::{Component, NotaryJoins, NotaryService, PackageKeyAlgorithm, Service, Subzone},
};

use super::{
    angel::Angel,
    cenm_database,
    cenm_pod::{self, CenmPod},
};
use crate::{
    context::{CENM, Context, RenderError},
    key_request::ssl_file,
    manifest::Manifest,
    names::{NODE_INFO_FILE, PARAMETERS, node_info, of_subzone},
    pod::{probe::Question, volume::Volume},
    resource::{config_map::config_map, secret::SecretFiles},
};

const NODE_INFO_FOLDER: &str = "notary-nodeinfo";

/// Its stores.
pub fn keys(context: &Context<'_>, step: &str, component: &Component) -> Result<Vec<Manifest>, RenderError> {
    cenm_pod::keys(
        context,
        step,
        component,
        &[&ssl_file(component), files::SSL_TRUST, files::NETWORK_TRUST],
    )
}

/// The initial network parameters: B15.
pub fn parameters(
    context: &Context<'_>,
    step: &str,
    subzone: &Subzone,
) -> Result<Vec<Manifest>, RenderError> {
    let notaries = initial_notaries(context, subzone)
        .map(|notary| NotaryEntry {
            identity: if notary.high_availability.is_some() {
                NotaryIdentity::X500Name(notary.legal_name.to_string())
            } else {
                NotaryIdentity::NodeInfoFile(format!(
                    "{CENM}/{NODE_INFO_FOLDER}/{}/{NODE_INFO_FILE}",
                    notary.name
                ))
            },
            validating: notary.validating,
        })
        .collect();
    let package_ownership = subzone
        .package_ownership
        .iter()
        .enumerate()
        .map(|(at, owner)| PackageOwner {
            package_name: owner.package.clone(),
            public_key_path: format!("/parameters/{}", owner_file(at)),
            algorithm: match owner.algorithm {
                PackageKeyAlgorithm::Rsa => OwnerAlgorithm::Rsa,
                PackageKeyAlgorithm::Ec => OwnerAlgorithm::Ec,
            },
        })
        .collect();
    let conf = NetworkParametersConf {
        package_ownership,
        max_message_size: subzone.max_message_size,
        max_transaction_size: subzone.max_transaction_size,
        ..NetworkParametersConf::new(
            subzone.minimum_platform_version,
            notaries,
            subzone.event_horizon_days,
        )
    };
    let component = subzone.component();
    let owners = subzone
        .package_ownership
        .iter()
        .enumerate()
        .map(|(at, owner)| (owner_file(at), owner.public_key.clone()));
    let text = conf.to_hocon(context.cenm_version(&component)?)?;
    let files: Vec<_> = std::iter::once(("network-parameters.conf".to_owned(), text))
        .chain(owners)
        .collect();
    Ok(vec![config_map(
        context.owner(step),
        &component,
        &parameters_name(subzone),
        files.iter().map(|(name, text)| (name.as_str(), text.clone())),
    )])
}

/// The `ConfigMap` with a subzone's initial parameters.
pub fn parameters_name(subzone: &Subzone) -> String {
    of_subzone(PARAMETERS, &subzone.id)
}

fn owner_file(at: usize) -> String {
    format!("package-owner-{at}.pem")
}

/// The notaries whose identities are in a subzone's initial parameters.
pub fn initial_notaries<'a>(
    context: &Context<'a>,
    subzone: &'a Subzone,
) -> impl Iterator<Item = &'a NotaryService> + use<'a> {
    context
        .topology
        .notary_services
        .iter()
        .filter(|notary| notary.subzone == subzone.id && notary.joins == NotaryJoins::Initially)
}

/// The notaries' node infos, seen at one path by the command line and by the Network Map (reference §2.10).
pub fn node_info_volumes(context: &Context<'_>, subzone: &Subzone) -> Vec<Volume> {
    initial_notaries(context, subzone)
        .filter(|notary| notary.high_availability.is_none())
        .map(|notary| {
            let name = node_info(&notary.name);
            Volume::config_map(
                &name,
                &name,
                &format!("{CENM}/{NODE_INFO_FOLDER}/{}", notary.name),
            )
        })
        .collect()
}

/// The config that is uploaded to Zone with the subzone.
pub fn service_conf(context: &Context<'_>, subzone: &Subzone) -> Result<String, RenderError> {
    let component = subzone.component();
    let ssl = context.ssl(&component)?;
    let client = |port| {
        Ok::<_, RenderError>(EnmClient {
            address: context.address(&component, Service::IdentityManager, port)?,
            ssl: ssl.clone(),
            timeout: None,
        })
    };
    let conf = NetworkMapConf {
        address: HostPort::any(context.own_port(&component, Port::Http)?),
        database: cenm_database::database(context, &component)?,
        polling_interval: subzone.polling_interval,
        check_revocation: true,
        enm_listener: context.listener(&component, Port::NetworkMapEnm)?,
        identity_manager: client(Port::Issuance)?,
        revocation: Some(client(Port::Revocation)?),
        minimum_platform_version: None,
        new_pki_only: None,
        administration: context.administration(&component)?,
        auth_object_id: None,
        local_signer: None,
    };
    Ok(conf.to_hocon(context.cenm_version(&component)?)?)
}

/// The Angel's configuration and the Deployment.
pub fn run(context: &Context<'_>, step: &str, subzone: &Subzone) -> Result<Vec<Manifest>, RenderError> {
    let component = subzone.component();
    let http = context.own_port(&component, Port::Http)?;
    let kind = AngelService::NetworkMap {
        network_parameters_file: format!("{CENM}/etc/network-parameters.conf"),
        network_root_trust_store: context.store("trust", files::NETWORK_TRUST)?,
        root_alias: aliases::ROOT.to_owned(),
    };
    let angel = Angel {
        service: kind,
        jar: "networkmap.jar",
        plugin_jar: None,
    };
    let pod = CenmPod {
        component: component.clone(),
        jar: "",
        arguments: Vec::new(),
        config: SecretFiles::default(),
        stores: vec![
            ("ssl", vec![ssl_file(&component)]),
            (
                "trust",
                vec![files::SSL_TRUST.to_owned(), files::NETWORK_TRUST.to_owned()],
            ),
        ],
        crls: &[],
        volumes: node_info_volumes(context, subzone),
        init_containers: Vec::new(),
        environment: Vec::new(),
        secret_environment: Vec::new(),
        started: Question::Http(http, "/network-map/my-hostname"),
        host_aliases: Vec::new(),
        uses_dns: true,
        has_database: true,
    };
    angel.build(pod, context, step)
}
