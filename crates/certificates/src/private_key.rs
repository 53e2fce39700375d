//! A private key in memory, never printed, wiped when dropped; or where it is instead.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::token::TokenKey;

/// A private key as PKCS#8.
#[derive(Clone)]
pub struct PrivateKey(Zeroizing<Vec<u8>>);

impl PrivateKey {
    pub(crate) const fn from_pkcs8(der: Zeroizing<Vec<u8>>) -> Self {
        Self(der)
    }

    /// The key as PKCS#8 DER.
    pub fn expose_pkcs8(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PrivateKey([REDACTED])")
    }
}

/// The private half of an entity: in the ring, or somewhere that the ring only knows of.
#[derive(Clone, Debug)]
pub(crate) enum Key {
    /// In the ring.
    Held(PrivateKey),
    /// Somewhere else; this program never sees it.
    Away(Away),
}

impl Key {
    /// The key, when the ring holds it.
    pub(crate) const fn held(&self) -> Option<&PrivateKey> {
        match self {
            Self::Held(key) => Some(key),
            Self::Away(_) => None,
        }
    }
}

/// Where a private key is that the ring does not hold. It prints as the end of `the key is …`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Away {
    /// In a token on the operator's side.
    Token(Box<TokenKey>),
    /// In the HSM of the Signing Service.
    Hsm,
    /// On a machine without a network, which signs by hand.
    Offline,
}

impl Away {
    /// How to get a signature of such a key.
    pub(crate) const fn instead(&self) -> &'static str {
        match self {
            Self::Token(_) => "it signs there and never leaves it",
            Self::Hsm => "the Signing Service signs with it there",
            Self::Offline => "ask for its signature with `cordanetes certificates ceremony`",
        }
    }
}

impl fmt::Display for Away {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offline => formatter.write_str("kept offline"),
            Self::Hsm => formatter.write_str("in the HSM of the Signing Service"),
            Self::Token(key) => write!(formatter, "in token `{}`", key.token),
        }
    }
}
