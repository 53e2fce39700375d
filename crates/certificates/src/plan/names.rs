//! The names that key stores, configuration files and CENM's own tools agree on.

/// Aliases of the entities, as the key stores and the configuration files name them.
pub mod aliases {
    /// Root of the network hierarchy. Nodes take every alias that begins with this as a root.
    pub const ROOT: &str = "cordarootca";
    /// Authority between the root and the services.
    pub const SUBORDINATE: &str = "cordasubordinateca";
    /// Authority that signs the nodes' certificates and the `doorman` CRL.
    pub const IDENTITY_MANAGER: &str = "cordaidentitymanagerca";
    /// Key that signs network maps and parameters.
    pub const NETWORK_MAP: &str = "cordanetworkmap";
    /// Key that signs the CRL of the nodes' TLS certificates.
    pub const TLS_CRL_SIGNER: &str = "cordatlscrlsigner";
    /// Root of the hierarchy that only CENM's services trust.
    pub const SSL_ROOT: &str = "cordasslrootca";
    /// Root of the certificates of public HTTP hosts, which callers from outside trust.
    pub const PUBLIC_ROOT: &str = "publicrootca";
    /// RSA key that signs the access tokens of the Auth Service.
    pub const JWT: &str = "cordaauthjwk";
}

/// Names of the files, as CENM's own tools name them.
pub mod files {
    /// Signing key of the Identity Manager, for the Signing Service.
    pub const IDENTITY_MANAGER_KEYS: &str = "identity-manager-key-store.jks";
    /// Signing key of the Network Map, for the Signing Service.
    pub const NETWORK_MAP_KEYS: &str = "network-map-key-store.jks";
    /// What nodes trust.
    pub const NETWORK_TRUST: &str = "network-root-truststore.jks";
    /// What CENM's services trust in each other.
    pub const SSL_TRUST: &str = "corda-ssl-trust-store.jks";
    /// Certificates of the keys in an HSM with their issuers, for the Signing Service: an HSM keeps no chains.
    pub const HSM_CERTIFICATES: &str = "certificate-store.jks";
    /// Key of the access tokens.
    pub const JWT_KEYS: &str = "jwt-store.jks";
    /// CRL of the nodes' TLS certificates.
    pub const TLS_CRL: &str = "tls.crl";
    /// CRL of the root.
    pub const ROOT_CRL: &str = "root.crl";
    /// CRL of the subordinate authority.
    pub const SUBORDINATE_CRL: &str = "subordinate.crl";
    /// CRL of the SSL root.
    pub const SSL_CRL: &str = "ssl.crl";
}
