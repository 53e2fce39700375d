//! A small network, as tests plan it.

use std::sync::LazyLock;

use certificates::{Algorithms, CertificatePlan, KeyRing, Lifetimes, MapSigner, PlanRequest, SslIdentity};
use jiff::Timestamp;

/// The moment at which test rings are made.
pub(crate) fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// TLS identity of a service.
pub(crate) fn identity(service: &str, alias: &str) -> SslIdentity {
    SslIdentity {
        service: service.into(),
        title: service.into(),
        alias: alias.into(),
        file: format!("corda-ssl-{service}-keys.jks"),
        dns_names: vec![
            service.into(),
            format!("{service}.demo-network.svc.cluster.local"),
        ],
    }
}

/// A request with two services.
pub(crate) fn request() -> PlanRequest {
    PlanRequest {
        network: "demo".into(),
        organisation: "Example Network".into(),
        locality: "London".into(),
        country: "GB".into(),
        crl_base_url: "http://identity-manager.example:10000".into(),
        signing_component: "signer".into(),
        signing_keys_in_hsm: false,
        map_signers: vec![MapSigner::only()],
        token_component: "auth".into(),
        ssl_identities: vec![
            identity("auth", "cordasslauthservice"),
            identity("signer", "cordasslsigner"),
        ],
        operator_token: None,
        tunnels: Vec::new(),
        public_hosts: Vec::new(),
        secrets: vec!["gateway-client".into(), "auth-admin".into()],
        algorithms: Algorithms::default(),
        lifetimes: Lifetimes::default(),
    }
}

/// The plan of [`request`].
pub(crate) fn plan() -> CertificatePlan {
    CertificatePlan::new(&request()).unwrap()
}

/// A ring with everything of [`plan`].
pub(crate) fn ring() -> KeyRing {
    let mut ring = KeyRing::new("demo");
    ring.make_missing(&plan(), now()).unwrap();
    ring
}

/// A ring that is valid while the tests run, for those that only read: making one costs seconds without
/// optimisation.
pub(crate) fn shared() -> &'static KeyRing {
    static RING: LazyLock<KeyRing> = LazyLock::new(|| {
        let mut ring = KeyRing::new("demo");
        ring.make_missing(&plan(), Timestamp::now()).unwrap();
        ring
    });
    &RING
}
