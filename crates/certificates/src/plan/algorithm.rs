//! Kinds of keys, and which entity gets which.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// Kind of key. Each is one that CENM, Corda and the JVM's TLS take, and is used with SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum KeyAlgorithm {
    /// `ECDSA_SECP256R1_SHA256` in CENM's words.
    #[serde(rename = "EC P-256")]
    EcP256,
    /// `RSA_SHA256` with 2048 bits.
    #[serde(rename = "RSA 2048")]
    Rsa2048,
    /// `RSA_SHA256` with 3072 bits.
    #[serde(rename = "RSA 3072")]
    Rsa3072,
    /// `RSA_SHA256` with 4096 bits.
    #[serde(rename = "RSA 4096")]
    Rsa4096,
}

impl KeyAlgorithm {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::EcP256, Self::Rsa2048, Self::Rsa3072, Self::Rsa4096];

    /// Whether it is an RSA key.
    pub const fn is_rsa(self) -> bool {
        match self {
            Self::EcP256 => false,
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => true,
        }
    }
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::EcP256 => "EC P-256",
            Self::Rsa2048 => "RSA 2048",
            Self::Rsa3072 => "RSA 3072",
            Self::Rsa4096 => "RSA 4096",
        })
    }
}

/// Reads what [`fmt::Display`] prints.
impl FromStr for KeyAlgorithm {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.to_string() == text)
            .ok_or_else(|| {
                let known = Self::ALL.map(|algorithm| format!("`{algorithm}`")).join(", ");
                format!("`{text}` is no kind of key: write one of {known}")
            })
    }
}

/// Which entity gets which kind of key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Algorithms {
    /// The hierarchy that nodes trust.
    pub network: KeyAlgorithm,
    /// The hierarchy between CENM's services.
    pub ssl: KeyAlgorithm,
    /// Access tokens: RSA only, as the Auth Service signs them.
    pub tokens: KeyAlgorithm,
    /// Single entities that differ, by alias.
    pub of: BTreeMap<String, KeyAlgorithm>,
}

/// What R3's charts use.
impl Default for Algorithms {
    fn default() -> Self {
        Self {
            network: KeyAlgorithm::EcP256,
            ssl: KeyAlgorithm::EcP256,
            tokens: KeyAlgorithm::Rsa2048,
            of: BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read_again() {
        for algorithm in KeyAlgorithm::ALL {
            assert_eq!(algorithm.to_string().parse(), Ok(algorithm));
        }
        assert_eq!(
            "DSA".parse::<KeyAlgorithm>().unwrap_err(),
            "`DSA` is no kind of key: write one of `EC P-256`, `RSA 2048`, `RSA 3072`, `RSA 4096`"
        );
    }
}
