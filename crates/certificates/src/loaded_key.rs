//! A key ready to sign, in memory or in a token.

use rcgen::{KeyPair, PublicKeyData, SignatureAlgorithm, SigningKey};

use crate::plan::KeyAlgorithm;
use crate::private_key::{Away, Key};
use crate::provider::{self, ProviderError};
use crate::token::{Token, TokenError, TokenSigner};

/// A key ready to sign.
pub(crate) enum LoadedKey {
    /// In memory.
    Memory(KeyPair),
    /// In a token.
    Token(Box<TokenSigner>),
}

/// Where keys are made and used that the operator holds in a token.
#[derive(Clone, Debug, Default)]
pub(crate) enum OperatorToken {
    /// Nowhere: whoever needs one is told so.
    #[default]
    NotConnected,
    /// In this token.
    Connected(Token),
    /// In memory, for a look at what would be: signatures are of nobody.
    Imagined,
}

impl OperatorToken {
    /// Makes a key under this label.
    pub(crate) fn make(
        &self,
        token: &str,
        label: &str,
        generation: u32,
        algorithm: KeyAlgorithm,
    ) -> Result<(Key, LoadedKey), ProviderError> {
        match self {
            Self::Connected(connected) if connected.label() == token => {
                let signer = connected.make(label, generation, algorithm)?;
                let key = Key::Away(Away::Token(Box::new(signer.key().clone())));
                Ok((key, LoadedKey::Token(Box::new(signer))))
            }
            Self::Connected(other) => Err(TokenError::OtherToken {
                key: label.to_owned(),
                wanted: token.to_owned(),
                given: other.label().to_owned(),
            }
            .into()),
            Self::Imagined => in_memory(algorithm),
            Self::NotConnected => Err(TokenError::NotConnected {
                token: token.to_owned(),
            }
            .into()),
        }
    }
}

/// Makes a key in memory.
pub(crate) fn in_memory(algorithm: KeyAlgorithm) -> Result<(Key, LoadedKey), ProviderError> {
    let key = provider::generate(algorithm)?;
    let pair = provider::load(&key)?;
    Ok((Key::Held(key), LoadedKey::Memory(pair)))
}

impl LoadedKey {
    /// What an error of rcgen means: it has no room for the words of a token.
    pub(crate) fn told(&self, error: rcgen::Error) -> ProviderError {
        let refusal = match self {
            Self::Memory(_) => None,
            Self::Token(signer) => signer.take_refusal(),
        };
        refusal.map_or(ProviderError::Library(error), ProviderError::from)
    }
}

impl PublicKeyData for LoadedKey {
    fn der_bytes(&self) -> &[u8] {
        match self {
            Self::Memory(pair) => pair.der_bytes(),
            Self::Token(signer) => signer.der_bytes(),
        }
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        match self {
            Self::Memory(pair) => PublicKeyData::algorithm(pair),
            Self::Token(signer) => PublicKeyData::algorithm(signer.as_ref()),
        }
    }
}

impl SigningKey for LoadedKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        match self {
            Self::Memory(pair) => pair.sign(message),
            Self::Token(signer) => signer.sign(message),
        }
    }
}
