//! Signs in a token.

use std::sync::{Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use rcgen::{PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, PublicKeyData, SignatureAlgorithm, SigningKey};

use super::error::TokenError;
use super::integers::two_integers;
use super::maker::Made;
use super::opened::Opened;
use super::{Token, TokenKey};
use crate::plan::KeyAlgorithm;

/// Bytes of one number of a P-256 signature.
const HALF: usize = 32;

/// A key in a token, for whoever signs certificates and CRLs.
#[derive(Debug)]
pub(crate) struct TokenSigner {
    token: Token,
    made: Made,
    algorithm: KeyAlgorithm,
    /// Why the last signature was not made: rcgen's error has no room for it.
    refusal: Mutex<Option<TokenError>>,
}

impl TokenSigner {
    pub(super) const fn new(token: Token, made: Made, algorithm: KeyAlgorithm) -> Self {
        Self {
            token,
            made,
            algorithm,
            refusal: Mutex::new(None),
        }
    }

    /// What finds the key again.
    pub(crate) const fn key(&self) -> &TokenKey {
        &self.made.key
    }

    /// Why the last signature was not made.
    pub(crate) fn take_refusal(&self) -> Option<TokenError> {
        self.refusal.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Signs with SHA-256, and looks whether the certificate's public key verifies it.
    fn signature(&self, message: &[u8]) -> Result<Vec<u8>, TokenError> {
        let Made { key, public_key } = &self.made;
        let signature = self.token.with(|opened| {
            if opened.token != key.token {
                return Err(TokenError::OtherToken {
                    key: key.label.clone(),
                    wanted: key.token.clone(),
                    given: opened.token.clone(),
                });
            }
            opened.sign(key, message, self.algorithm)
        })?;
        let verifies = UnparsedPublicKey::new(verification(self.algorithm), public_key)
            .verify(message, &signature)
            .is_ok();
        if verifies {
            return Ok(signature);
        }
        Err(TokenError::OtherKey {
            token: key.token.clone(),
            key: key.label.clone(),
        })
    }
}

impl PublicKeyData for TokenSigner {
    fn der_bytes(&self) -> &[u8] {
        &self.made.public_key
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        if self.algorithm.is_rsa() {
            &PKCS_RSA_SHA256
        } else {
            &PKCS_ECDSA_P256_SHA256
        }
    }
}

impl SigningKey for TokenSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        self.signature(message).map_err(|error| {
            *self.refusal.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            rcgen::Error::RemoteKeyError
        })
    }
}

impl Opened {
    fn sign(&self, key: &TokenKey, message: &[u8], algorithm: KeyAlgorithm) -> Result<Vec<u8>, TokenError> {
        let handle = self.private_key(key)?;
        let unable = |mechanism: &'static str| {
            move |error| match error {
                Error::Pkcs11(RvError::MechanismInvalid, _) => TokenError::Unable {
                    token: self.token.clone(),
                    what: format!("sign with keys of the kind {algorithm}"),
                    mechanism,
                },
                // The key is of another type than its certificate's.
                Error::Pkcs11(RvError::KeyTypeInconsistent, _) => TokenError::OtherKey {
                    token: self.token.clone(),
                    key: key.label.clone(),
                },
                error => self.refused(format!("sign with `{}`", key.label))(error),
            }
        };
        if algorithm.is_rsa() {
            return self
                .session
                .sign(&Mechanism::Sha256RsaPkcs, handle, message)
                .map_err(unable("CKM_SHA256_RSA_PKCS"));
        }
        // Few tokens hash for ECDSA themselves.
        let hash = digest(&SHA256, message);
        let raw = self
            .session
            .sign(&Mechanism::Ecdsa, handle, hash.as_ref())
            .map_err(unable("CKM_ECDSA"))?;
        der_of(&raw).ok_or_else(|| TokenError::Refused {
            token: self.token.clone(),
            what: format!("sign with `{}`", key.label),
            cause: format!("a signature of {} bytes", raw.len()),
        })
    }
}

fn verification(algorithm: KeyAlgorithm) -> &'static dyn VerificationAlgorithm {
    if algorithm.is_rsa() {
        &RSA_PKCS1_2048_8192_SHA256
    } else {
        &ECDSA_P256_SHA256_ASN1
    }
}

/// PKCS#11 gives the two numbers of a signature one behind the other (2.40, §2.3.1), X.509 wants a sequence of
/// integers (RFC 3279 §2.2.3).
fn der_of(raw: &[u8]) -> Option<Vec<u8>> {
    if raw.len() != 2 * HALF {
        return None;
    }
    let (first, second) = raw.split_at(HALF);
    Some(two_integers(first, second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_written_as_certificates_have_them() {
        let mut raw = [0; 64];
        raw[31] = 5;
        raw[32] = 0x80;
        let der = der_of(&raw).expect("64 bytes");
        // The first number has no zeros before it, the second one to stay positive.
        assert_eq!(der[..8], [0x30, 38, 2, 1, 5, 2, 33, 0]);
        assert_eq!(der[8], 0x80);
        assert_eq!(der.len(), 40);
        for wrong in [63, 65, 0] {
            assert_eq!(der_of(&vec![1; wrong]), None);
        }
    }
}
