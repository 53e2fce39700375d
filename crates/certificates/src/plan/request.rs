//! What a plan is made from.

use thiserror::Error;

use crate::plan::{Algorithms, CordaRole, KeyAlgorithm, Lifetimes, PublicHost, Tunnel, aliases, files};

/// What a plan is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRequest {
    /// Name of the network; begins every common name.
    pub network: String,
    /// `O` of every subject.
    pub organisation: String,
    /// `L` of every subject.
    pub locality: String,
    /// `C` of every subject: two capital letters.
    pub country: String,
    /// Where the Identity Manager is reached by nodes, e.g. `http://identity-manager.example`. Baked into
    /// certificates for their whole life.
    pub crl_base_url: String,
    /// Name of the component that gets the signing keys of Identity Manager and Network Map.
    pub signing_component: String,
    /// Whether the keys of the Identity Manager and of the signers of maps are in the HSM of the signing component.
    pub signing_keys_in_hsm: bool,
    /// Who signs maps and parameters: one signer of maps for each subzone, see [`MapSigner`].
    pub map_signers: Vec<MapSigner>,
    /// Name of the component that gets the key of the access tokens.
    pub token_component: String,
    /// One for each service that speaks TLS to others.
    pub ssl_identities: Vec<SslIdentity>,
    /// Label of the token that holds the operator's keys; they lie in the key file when absent.
    pub operator_token: Option<String>,
    /// One for each Corda Firewall.
    pub tunnels: Vec<Tunnel>,
    /// Public HTTP hosts whose certificates are issued here.
    pub public_hosts: Vec<PublicHost>,
    /// Names of generated passwords and tokens.
    pub secrets: Vec<String>,
    /// Kinds of keys.
    pub algorithms: Algorithms,
    /// How long things live.
    pub lifetimes: Lifetimes,
}

/// A key that signs network maps or parameters, for the Signing Service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapSigner {
    /// The subzone, when there are several; ends the common name.
    pub subzone: Option<String>,
    /// Whether it signs parameters only. Without such a signer that of the maps signs both.
    pub parameters: bool,
    /// Alias, e.g. `cordanetworkmap`.
    pub alias: String,
    /// Key store, e.g. `network-map-key-store.jks`.
    pub file: String,
}

impl MapSigner {
    /// The signer of a network that has one subzone: it signs maps and parameters.
    pub fn only() -> Self {
        Self {
            subzone: None,
            parameters: false,
            alias: aliases::NETWORK_MAP.to_owned(),
            file: files::NETWORK_MAP_KEYS.to_owned(),
        }
    }

    /// The signer of maps and parameters of one of several subzones.
    pub fn of_subzone(subzone: &str) -> Self {
        Self {
            subzone: Some(subzone.to_owned()),
            parameters: false,
            alias: format!("{}-{subzone}", aliases::NETWORK_MAP),
            file: format!("network-map-{subzone}-key-store.jks"),
        }
    }

    /// Corda's role of its certificate.
    pub const fn role(&self) -> CordaRole {
        if self.parameters {
            CordaRole::NetworkParameters
        } else {
            CordaRole::NetworkMap
        }
    }
}

/// TLS identity of one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SslIdentity {
    /// Component that holds it, e.g. `auth`.
    pub service: String,
    /// What its common name calls it.
    pub title: String,
    /// Alias, e.g. `cordasslauthservice`.
    pub alias: String,
    /// Key store, e.g. `corda-ssl-auth-keys.jks`.
    pub file: String,
    /// Names of its Services.
    pub dns_names: Vec<String>,
}

/// Why no plan can be made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PlanError {
    /// A part of the subjects is empty, too long or has characters that no certificate takes.
    #[error(
        "{field} `{value}` cannot stand in a certificate's subject: give 1 to {longest} printable characters"
    )]
    SubjectPart {
        /// Field of the request.
        field: &'static str,
        /// What it says.
        value: String,
        /// The limit.
        longest: usize,
    },
    /// Not an ISO 3166 code.
    #[error("country `{0}` is not a country code: give two capital letters, such as `GB`")]
    Country(String),
    /// Not usable as the base of CRL addresses.
    #[error(
        "CRL base address `{url}` {problem}: give `http://` and a DNS name that will last as long as the certificates"
    )]
    CrlBaseUrl {
        /// The address.
        url: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Not a DNS name.
    #[error("`{name}` of `{alias}` is not a DNS name: use lower-case letters, digits, `-` and `.`")]
    DnsName {
        /// Alias of the identity.
        alias: String,
        /// The name.
        name: String,
    },
    /// A leaf without names could not be checked by its clients.
    #[error("`{alias}` has no DNS name: name at least one Service that it answers for")]
    NoDnsName {
        /// Alias of the identity.
        alias: String,
    },
    /// Two things have one name.
    #[error("{what} `{name}` is used twice: give each its own")]
    Duplicate {
        /// Kind of thing.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A lifetime that no certificate can have.
    #[error("a lifetime of {0} days is not usable: give 1 to 36500 days")]
    Lifetime(u32),
    /// Something would be valid for longer than who signs it.
    #[error(
        "`{name}` would live {days} days and its issuer `{issuer}` only {issuer_days}: \
         give it {issuer_days} days at most, or the issuer more"
    )]
    Outlives {
        /// Alias or file.
        name: String,
        /// Its life in days.
        days: u32,
        /// Alias of the issuer.
        issuer: String,
        /// The issuer's life in days.
        issuer_days: u32,
    },
    /// The Auth Service signs tokens with RSA and nothing else.
    #[error(
        "`{alias}` signs access tokens, which need an RSA key, and {asked} is asked for: write `RSA 2048` or more"
    )]
    TokenKey {
        /// Alias of the key.
        alias: String,
        /// What is asked for.
        asked: KeyAlgorithm,
    },
    /// An algorithm or a lifetime is given for something that the plan does not have.
    #[error(
        "{what} is given for `{name}`, which the network does not have: take it out, or write one of {known}"
    )]
    Unknown {
        /// What is given: `an algorithm`, `a lifetime`.
        what: &'static str,
        /// The name.
        name: String,
        /// What there is.
        known: String,
    },
    /// Nobody would sign network maps.
    #[error("no key signs network maps: name at least one signer of maps")]
    NoMapSigner,
}
