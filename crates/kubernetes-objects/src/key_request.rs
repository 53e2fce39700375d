//! What keys a network needs, from the connection matrix: who serves TLS gets an identity with its names, who
//! shows a key gets one.

use certificates::{Algorithms, Lifetimes, MapSigner, PlanRequest, SslIdentity};
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
    PlanRequest {
        network: topology.name.to_string(),
        organisation: topology.operator.organisation().to_owned(),
        locality: topology.operator.locality().to_owned(),
        country: topology.operator.country().to_owned(),
        crl_base_url: format!("http://{}", topology.cenm.identity_manager_host),
        signing_component: Service::SigningService.name().to_owned(),
        map_signers: vec![MapSigner::only()],
        token_component: Service::Auth.name().to_owned(),
        ssl_identities,
        secrets: secrets::all(topology),
        algorithms: Algorithms::default(),
        lifetimes: Lifetimes::default(),
    }
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
