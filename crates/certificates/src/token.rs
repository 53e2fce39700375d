//! The operator's keys in a token that speaks PKCS#11 (OASIS, versions 2.40 and 3.x): an HSM, or SoftHSM for tests.
//!
//! Keys are made in the token, marked sensitive and not extractable, and every signature is made there. The ring
//! holds what finds them again, see [`TokenKey`]. The token is opened when its first key is needed, so that nobody
//! is asked for a PIN in vain.

mod error;
mod integers;
mod key;
mod library;
mod maker;
mod opened;
mod signer;

use std::error::Error;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use secrecy::SecretString;

pub use self::error::TokenError;
pub use self::key::TokenKey;
pub(crate) use self::opened::Opened;
pub(crate) use self::signer::TokenSigner;
use crate::plan::KeyAlgorithm;

/// Which token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenLocation {
    /// The vendor's library.
    pub module: PathBuf,
    /// The token's label.
    pub label: String,
    /// Its serial number, where several tokens have this label.
    pub serial: Option<String>,
}

/// What the token says of itself before its PIN is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinPlace {
    /// Whether it has a keypad of its own.
    pub keypad: bool,
}

/// Answers with the PIN of the token's user, or with none where the token's own keypad shall ask for it.
pub type PinSource =
    Box<dyn Fn(PinPlace) -> Result<Option<SecretString>, Box<dyn Error + Send + Sync>> + Send + Sync>;

/// A token and what opens it. Copies share the session.
#[derive(Clone)]
pub struct Token(Arc<Shared>);

struct Shared {
    location: TokenLocation,
    pin: PinSource,
    opened: Mutex<Option<Opened>>,
}

impl Token {
    /// A token, which is not opened yet.
    pub fn new(location: TokenLocation, pin: PinSource) -> Self {
        Self(Arc::new(Shared {
            location,
            pin,
            opened: Mutex::new(None),
        }))
    }

    /// Its label.
    pub fn label(&self) -> &str {
        &self.0.location.label
    }

    /// Does something in the session, which is opened first where there is none.
    pub(crate) fn with<T>(
        &self,
        what: impl FnOnce(&Opened) -> Result<T, TokenError>,
    ) -> Result<T, TokenError> {
        // A panic elsewhere leaves the session as good as it was.
        let mut opened = self.0.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if opened.is_none() {
            *opened = Some(Opened::open(&self.0.location, &self.0.pin)?);
        }
        match opened.as_ref() {
            Some(opened) => what(opened),
            None => Err(TokenError::NotConnected {
                token: self.label().to_owned(),
            }),
        }
    }

    /// Makes a key, or takes the one that has this label already.
    pub(crate) fn make(
        &self,
        label: &str,
        generation: u32,
        algorithm: KeyAlgorithm,
    ) -> Result<TokenSigner, TokenError> {
        let made = self.with(|opened| opened.make(label, generation, algorithm))?;
        Ok(TokenSigner::new(self.clone(), made, algorithm))
    }

    /// A key that was made, ready to sign for a certificate with this public key.
    pub(crate) fn signer(&self, key: &TokenKey, public_key: Vec<u8>, algorithm: KeyAlgorithm) -> TokenSigner {
        let made = maker::Made {
            key: key.clone(),
            public_key,
        };
        TokenSigner::new(self.clone(), made, algorithm)
    }

    /// Whether the token holds a key as it must be: it is there once, of this kind, cannot be read out, and its public
    /// half is this one. Makes no signature.
    pub fn check(
        &self,
        key: &TokenKey,
        public_key: &[u8],
        algorithm: KeyAlgorithm,
    ) -> Result<(), TokenError> {
        self.with(|opened| opened.check(key, public_key, algorithm))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Token")
            .field(&self.0.location)
            .finish_non_exhaustive()
    }
}
