//! What an alias stands for, and what Corda and CENM want of it.

use std::fmt;

use crate::plan::files;

/// What a certificate is in a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Root of the hierarchy that nodes trust.
    Root,
    /// Authority below it.
    Subordinate,
    /// Signs nodes' certificates.
    IdentityManager,
    /// Signs network maps.
    NetworkMap,
    /// Signs network parameters.
    NetworkParameters,
    /// Signs the CRL of the nodes' TLS certificates.
    TlsCrlSigner,
    /// Root of the hierarchy between CENM's services.
    SslRoot,
    /// TLS key of a service.
    SslIdentity,
    /// Signs access tokens.
    Tokens,
    /// A node's own authority.
    NodeCa,
    /// A node's TLS key.
    NodeTls,
    /// A node's legal identity.
    LegalIdentity,
    /// A notary's service identity.
    ServiceIdentity,
}

/// Aliases by which the products look for a key: those of R3's templates and charts, and ours.
const ALIASES: [(Kind, &[&str]); 13] = [
    (Kind::Root, &["cordarootca"]),
    (Kind::Subordinate, &["cordasubordinateca", "subordinateca"]),
    (
        Kind::IdentityManager,
        &["cordaidentitymanagerca", "identitymanagerca"],
    ),
    (Kind::NetworkMap, &["cordanetworkmap", "networkmap"]),
    (
        Kind::NetworkParameters,
        &["cordanetworkparameters", "networkparameters"],
    ),
    (Kind::TlsCrlSigner, &["cordatlscrlsigner", "tlscrlsigner"]),
    (Kind::SslRoot, &["cordasslrootca"]),
    (Kind::SslIdentity, &["cordassl"]),
    (Kind::Tokens, &["cordaauthjwk", "oauth-test-jwt"]),
    (Kind::NodeCa, &["cordaclientca"]),
    (Kind::NodeTls, &["cordaclienttls"]),
    (Kind::LegalIdentity, &["identity-private-key"]),
    (Kind::ServiceIdentity, &["distributed-notary-private-key"]),
];

impl Kind {
    /// What an alias stands for. Java folds the case of aliases; what follows tells several apart.
    pub fn of_alias(alias: &str) -> Option<Self> {
        let alias = alias.to_lowercase();
        ALIASES
            .iter()
            .find(|(_, begins)| begins.iter().any(|begin| alias.starts_with(begin)))
            .map(|(kind, _)| *kind)
    }

    /// What an alias stands for when nothing follows that would tell several apart.
    pub(crate) fn of_whole_alias(alias: &str) -> Option<Self> {
        let alias = alias.to_lowercase();
        ALIASES
            .iter()
            .find(|(kind, names)| *kind != Self::SslIdentity && names.contains(&alias.as_str()))
            .map(|(kind, _)| *kind)
    }

    /// The alias that a product looks for.
    pub fn alias(self) -> &'static str {
        ALIASES
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, aliases)| aliases[0])
    }

    /// What the private key in a store of this name must be (reference §3.5).
    pub(super) fn of_key_store(file: &str) -> Option<Self> {
        let name = file.strip_suffix(".jks")?;
        Some(match name {
            "root-key-store" => Self::Root,
            "subordinate-key-store" => Self::Subordinate,
            "tls-crl-signer-key-store" => Self::TlsCrlSigner,
            "corda-ssl-root-keys" => Self::SslRoot,
            _ if file == files::IDENTITY_MANAGER_KEYS => Self::IdentityManager,
            _ if file == files::JWT_KEYS => Self::Tokens,
            _ if name.starts_with("network-map-") && name.ends_with("key-store") => Self::NetworkMap,
            _ if name.starts_with("network-parameters-") && name.ends_with("key-store") => {
                Self::NetworkParameters
            }
            _ if name.starts_with("corda-ssl-") && name.ends_with("-keys") => Self::SslIdentity,
            _ => return None,
        })
    }

    /// Number of Corda's role in its certificate (reference §3.2).
    pub const fn role(self) -> Option<u8> {
        match self {
            Self::IdentityManager => Some(1),
            Self::NetworkMap => Some(2),
            Self::ServiceIdentity => Some(3),
            Self::NodeCa => Some(4),
            Self::NodeTls => Some(5),
            Self::LegalIdentity => Some(6),
            Self::NetworkParameters => Some(8),
            Self::Root
            | Self::Subordinate
            | Self::TlsCrlSigner
            | Self::SslRoot
            | Self::SslIdentity
            | Self::Tokens => None,
        }
    }

    /// Roles of which the nearest issuer that has one must be; nothing stands for an issuer without.
    pub(super) const fn parents(self) -> &'static [Option<u8>] {
        match self {
            Self::NodeCa | Self::ServiceIdentity => &[Some(1)],
            Self::NodeTls | Self::LegalIdentity => &[Some(1), Some(4)],
            _ => &[None],
        }
    }

    /// Whether it issues certificates. A legal identity may: it issues confidential ones.
    pub(super) const fn authority(self) -> Option<bool> {
        match self {
            Self::Root | Self::Subordinate | Self::IdentityManager | Self::SslRoot | Self::NodeCa => {
                Some(true)
            }
            Self::LegalIdentity | Self::ServiceIdentity => None,
            _ => Some(false),
        }
    }

    /// Whether it signs itself.
    pub(super) const fn signs_itself(self) -> bool {
        matches!(
            self,
            Self::Root | Self::TlsCrlSigner | Self::SslRoot | Self::Tokens
        )
    }

    /// Whether a node makes the key itself.
    pub(crate) const fn is_of_a_node(self) -> bool {
        matches!(
            self,
            Self::NodeCa | Self::NodeTls | Self::LegalIdentity | Self::ServiceIdentity
        )
    }

    /// The trust store that must hold the root of its chain; tokens are verified by other means.
    pub(super) const fn trust_store(self) -> Option<&'static str> {
        match self {
            Self::SslRoot | Self::SslIdentity => Some(files::SSL_TRUST),
            Self::Tokens => None,
            _ => Some(files::NETWORK_TRUST),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Root => "root",
            Self::Subordinate => "subordinate authority",
            Self::IdentityManager => "Identity Manager's authority",
            Self::NetworkMap => "signer of network maps",
            Self::NetworkParameters => "signer of network parameters",
            Self::TlsCrlSigner => "signer of the TLS CRL",
            Self::SslRoot => "SSL root",
            Self::SslIdentity => "TLS key of a service",
            Self::Tokens => "key of the access tokens",
            Self::NodeCa => "node's authority",
            Self::NodeTls => "node's TLS key",
            Self::LegalIdentity => "node's legal identity",
            Self::ServiceIdentity => "notary's service identity",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_of_templates_charts_and_subzones_are_known() {
        for (alias, kind) in [
            ("cordarootca", Some(Kind::Root)),
            ("CordaRootCA-2", Some(Kind::Root)),
            ("subordinateca", Some(Kind::Subordinate)),
            ("networkmap", Some(Kind::NetworkMap)),
            ("cordanetworkmap-retail", Some(Kind::NetworkMap)),
            ("cordasslrootca", Some(Kind::SslRoot)),
            ("cordasslauthservice", Some(Kind::SslIdentity)),
            ("identity-private-key", Some(Kind::LegalIdentity)),
            ("mykey", None),
        ] {
            assert_eq!(Kind::of_alias(alias), kind, "{alias}");
        }
        for (kind, _) in ALIASES {
            assert!(!kind.alias().is_empty(), "{kind}");
        }
    }
}
