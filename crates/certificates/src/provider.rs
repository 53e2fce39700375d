//! The one place that chooses who does the cryptography: aws-lc-rs.
//!
//! Randomness enters here and nowhere else, but for the salts of the PKCS#12 and age containers, which those
//! crates draw from the operating system themselves.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, PublicKeyData, RsaKeySize};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::plan::KeyAlgorithm;
use crate::private_key::PrivateKey;
use crate::token::TokenError;

/// Why the provider could not do its work.
#[derive(Debug, Error)]
pub enum ProviderError {
    /// The operating system gives no random numbers.
    #[error("the operating system gave no random numbers: check that this process may call getrandom")]
    Random,
    /// Key generation, signing or reading failed.
    #[error("the cryptographic library refused to work ({0})")]
    Library(rcgen::Error),
    /// The token of the operator did not do its part.
    #[error(transparent)]
    Token(Box<TokenError>),
}

impl From<TokenError> for ProviderError {
    fn from(cause: TokenError) -> Self {
        Self::Token(Box::new(cause))
    }
}

// Not `#[from]`: the sentence tells the cause, which a chain of sources would tell again.
impl From<rcgen::Error> for ProviderError {
    fn from(cause: rcgen::Error) -> Self {
        Self::Library(cause)
    }
}

/// Makes a key.
pub(crate) fn generate(algorithm: KeyAlgorithm) -> Result<PrivateKey, ProviderError> {
    let pair = match algorithm {
        KeyAlgorithm::EcP256 => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?,
        KeyAlgorithm::Rsa2048 => KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?,
        KeyAlgorithm::Rsa3072 => KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_3072)?,
        KeyAlgorithm::Rsa4096 => KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_4096)?,
    };
    Ok(PrivateKey::from_pkcs8(Zeroizing::new(pair.serialize_der())))
}

/// Makes a key ready to sign.
pub(crate) fn load(key: &PrivateKey) -> Result<KeyPair, ProviderError> {
    Ok(KeyPair::try_from(key.expose_pkcs8())?)
}

/// Whether bytes are a private key in DER form.
pub(crate) fn is_private_key(bytes: &[u8]) -> bool {
    KeyPair::try_from(bytes).is_ok()
}

/// Fills with random bytes.
pub(crate) fn random<const LENGTH: usize>() -> Result<Zeroizing<[u8; LENGTH]>, ProviderError> {
    let mut bytes = Zeroizing::new([0; LENGTH]);
    SystemRandom::new()
        .fill(bytes.as_mut_slice())
        .map_err(|_| ProviderError::Random)?;
    Ok(bytes)
}

/// Name of a public key in certificates and CRLs: SHA-1 of its bits (RFC 5280 §4.2.1.2, method 1). Nothing
/// rests on its strength. Corda names its issuer's key in this way whatever the issuer's certificate says, and
/// Java takes a CRL whose issuer is named otherwise for one of somebody else.
pub(crate) fn key_identifier(key: &impl PublicKeyData) -> Vec<u8> {
    digest(&SHA1_FOR_LEGACY_USE_ONLY, key.der_bytes())
        .as_ref()
        .to_vec()
}

/// A public key with its kind (`SubjectPublicKeyInfo`), as OpenSSL prints it in DER form.
pub(crate) fn public_key_info(key: &KeyPair) -> Vec<u8> {
    key.subject_public_key_info()
}

/// SHA-256 in lower-case hexadecimal digits.
pub(crate) fn sha256_hex(data: &[u8]) -> String {
    use std::fmt::Write as _;

    digest(&SHA256, data)
        .as_ref()
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            write!(text, "{byte:02x}").expect("writing to a String cannot fail");
            text
        })
}
