//! What keys a network needs, from the connection matrix: who serves TLS gets an identity with its names, who
//! shows a key gets one.

use std::time::Duration;

use certificates::{Algorithms, KeyAlgorithm, Lifetimes, MapSigner, PlanRequest, SslIdentity, aliases};
use topology::{
    Topology,
    connection::{ConnectionMatrix, Presents, cluster_dns_names},
    model::{Component, Service},
};

use crate::names::secrets;

/// The alias and the file of a service's SSL key (reference §3.5; Zone and Gateway have their own here).
pub const fn ssl_files(service: Service) -> (&'static str, &'static str) {
    match service {
        Service::Auth => ("cordasslauthservice", "corda-ssl-auth-keys.jks"),
        Service::Gateway => ("cordasslgateway", "corda-ssl-gateway-keys.jks"),
        Service::Zone => ("cordasslzone", "corda-ssl-zone-keys.jks"),
        Service::IdentityManager => ("cordasslidentitymanager", "corda-ssl-identity-manager-keys.jks"),
        Service::SigningService => ("cordasslsigner", "corda-ssl-signer-keys.jks"),
        Service::NetworkMap => ("cordasslnetworkmap", "corda-ssl-network-map-keys.jks"),
    }
}

/// The request from which `certificates` makes its plan.
pub fn key_request(topology: &Topology) -> PlanRequest {
    let matrix = ConnectionMatrix::of(topology);
    let ssl_identities = Service::ALL
        .into_iter()
        .filter(|service| needs_ssl_key(&Component::Cenm(*service), &matrix))
        .map(|service| {
            let (alias, file) = ssl_files(service);
            SslIdentity {
                service: service.name().to_owned(),
                alias: alias.to_owned(),
                file: file.to_owned(),
                dns_names: cluster_dns_names(&Component::Cenm(service), topology),
            }
        })
        .collect();
    let map_signer = MapSigner::only();
    let lifetimes = lifetimes(topology, &map_signer);
    PlanRequest {
        network: topology.name.to_string(),
        organisation: topology.operator.organisation().to_owned(),
        locality: topology.operator.locality().to_owned(),
        country: topology.operator.country().to_owned(),
        crl_base_url: format!("http://{}", topology.cenm.identity_manager_host),
        signing_component: Service::SigningService.name().to_owned(),
        map_signers: vec![map_signer],
        token_component: Service::Auth.name().to_owned(),
        ssl_identities,
        secrets: secrets::all(topology),
        algorithms: algorithms(topology.key_algorithm),
        lifetimes,
    }
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

fn lifetimes(topology: &Topology, map_signer: &MapSigner) -> Lifetimes {
    let declared = &topology.lifetimes;
    let signing = days(declared.signing);
    Lifetimes {
        root_days: days(declared.root),
        authority_days: days(declared.subordinate),
        leaf_days: days(declared.ssl),
        crl_days: days(declared.revocation_lists),
        of: [aliases::IDENTITY_MANAGER, map_signer.alias.as_str()]
            .into_iter()
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
