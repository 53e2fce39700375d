//! What keys a network needs, from the connection matrix: who serves TLS gets an identity with its names, who
//! shows a key gets one.

use std::time::Duration;

use certificates::{
    Algorithms, KeyAlgorithm, Lifetimes, MapSigner, PlanRequest, PublicHost, SslIdentity, Tunnel, aliases,
};
use topology::{
    Topology,
    connection::{ConnectionMatrix, Presents, cluster_dns_names},
    model::{Component, Custody, Service, SigningKeys, SubzoneId, TlsSource},
};

use crate::names::secrets;

/// The alias of a service's SSL key (reference §3.5; Zone and Gateway have their own here). That of a further subzone's
/// Network Map ends with the subzone.
pub fn ssl_alias(component: &Component) -> Option<String> {
    let alias = match component.cenm_service()? {
        Service::Auth => "cordasslauthservice",
        Service::Gateway => "cordasslgateway",
        Service::Zone => "cordasslzone",
        Service::IdentityManager => "cordasslidentitymanager",
        Service::SigningService => "cordasslsigner",
        Service::NetworkMap => "cordasslnetworkmap",
    };
    Some(match component {
        Component::NetworkMap(subzone) => format!("{alias}-{subzone}"),
        _ => alias.to_owned(),
    })
}

/// What the common names of a component's certificates call it: with the longest names of network and subzone the whole
/// has 64 characters at most.
fn title(component: &Component) -> String {
    match component {
        Component::NetworkMap(subzone) => format!("map {subzone}"),
        other => other.name().into_owned(),
    }
}

/// The file of a component's SSL key.
pub fn ssl_file(component: &Component) -> String {
    let name = match component {
        Component::Cenm(Service::SigningService) => "signer".into(),
        other => other.name(),
    };
    format!("corda-ssl-{name}-keys.jks")
}

/// The file of the key that signs a subzone's map and parameters.
pub fn map_signer_file(subzone: &SubzoneId) -> String {
    match subzone {
        SubzoneId::Main => certificates::files::NETWORK_MAP_KEYS.to_owned(),
        SubzoneId::Named(name) => format!("network-map-{name}-key-store.jks"),
    }
}

/// The keys of the tunnel through a participant's firewall.
pub fn tunnel_files(participant: &str) -> Tunnel {
    Tunnel::of(
        participant,
        &format!("{participant}-bridge"),
        &format!("{participant}-float"),
    )
}

/// The request from which `certificates` makes its plan.
pub fn key_request(topology: &Topology) -> PlanRequest {
    let matrix = ConnectionMatrix::of(topology);
    let ssl_identities = topology
        .components()
        .into_iter()
        .filter(|component| needs_ssl_key(component, &matrix))
        .filter_map(|component| {
            Some(SslIdentity {
                service: component.name().into_owned(),
                title: title(&component),
                alias: ssl_alias(&component)?,
                file: ssl_file(&component),
                dns_names: cluster_dns_names(&component, topology),
            })
        })
        .collect();
    let map_signers = map_signers(topology);
    let lifetimes = lifetimes(topology, &map_signers);
    PlanRequest {
        network: topology.name.to_string(),
        organisation: topology.operator.organisation().to_owned(),
        locality: topology.operator.locality().to_owned(),
        country: topology.operator.country().to_owned(),
        crl_base_url: format!("http://{}", topology.cenm.identity_manager_host),
        signing_component: Service::SigningService.name().to_owned(),
        signing_keys_in_hsm: matches!(topology.cenm.signing_keys, SigningKeys::Hsm(_)),
        map_signers,
        token_component: Service::Auth.name().to_owned(),
        ssl_identities,
        operator_token: match &topology.custody {
            Custody::File => None,
            Custody::Pkcs11(token) => Some(token.token.clone()),
        },
        tunnels: topology
            .participants
            .iter()
            .filter(|participant| participant.firewall.is_some())
            .map(|participant| tunnel_files(participant.name.as_str()))
            .collect(),
        public_hosts: topology
            .components()
            .iter()
            .filter_map(|component| public_host(topology, component))
            .collect(),
        secrets: secrets::all(topology),
        algorithms: algorithms(topology.key_algorithm),
        lifetimes,
    }
}

/// The public host of a component whose certificate is issued here, if it is.
pub fn public_host(topology: &Topology, component: &Component) -> Option<PublicHost> {
    if topology.exposure(component).tls != Some(TlsSource::Own) {
        return None;
    }
    Some(PublicHost {
        component: component.name().into_owned(),
        title: title(component),
        host: topology.public_host(component)?.to_string(),
    })
}

/// One signer of maps and parameters a subzone.
fn map_signers(topology: &Topology) -> Vec<MapSigner> {
    let further = topology
        .cenm
        .further_subzones
        .iter()
        .filter_map(|subzone| match &subzone.id {
            SubzoneId::Main => None,
            SubzoneId::Named(name) => Some(MapSigner::of_subzone(name.as_str())),
        });
    std::iter::once(MapSigner::only()).chain(further).collect()
}

/// One kind of key for everything; access tokens are signed with RSA whatever the rest is.
fn algorithms(algorithm: topology::model::KeyAlgorithm) -> Algorithms {
    use topology::model::KeyAlgorithm as Declared;
    let key = match algorithm {
        Declared::EcdsaP256 => KeyAlgorithm::EcP256,
        Declared::Rsa2048 => KeyAlgorithm::Rsa2048,
        Declared::Rsa3072 => KeyAlgorithm::Rsa3072,
        Declared::Rsa4096 => KeyAlgorithm::Rsa4096,
    };
    Algorithms {
        network: key,
        ssl: key,
        tokens: if key.is_rsa() { key } else { KeyAlgorithm::Rsa2048 },
        ..Algorithms::default()
    }
}

fn lifetimes(topology: &Topology, map_signers: &[MapSigner]) -> Lifetimes {
    let declared = &topology.lifetimes;
    let signing = days(declared.signing);
    Lifetimes {
        root_days: days(declared.root),
        authority_days: days(declared.subordinate),
        leaf_days: days(declared.ssl),
        crl_days: days(declared.revocation_lists),
        of: std::iter::once(aliases::IDENTITY_MANAGER)
            .chain(map_signers.iter().map(|signer| signer.alias.as_str()))
            .map(|alias| (alias.to_owned(), signing))
            .collect(),
    }
}

/// Whole days; the language has bounds far below what a number of days holds.
fn days(duration: Duration) -> u32 {
    u32::try_from(duration.as_secs() / (24 * 60 * 60)).unwrap_or(u32::MAX)
}

fn needs_ssl_key(component: &Component, matrix: &ConnectionMatrix) -> bool {
    let shows = |presents| matches!(presents, Presents::SslKey | Presents::SslKeyAndZoneToken);
    matrix
        .accepted_by(component)
        .any(|connection| connection.protocol.uses_ssl_hierarchy())
        || matrix
            .opened_by(component)
            .any(|connection| shows(connection.presents))
}
