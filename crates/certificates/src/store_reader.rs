//! Reads Java stores of whatever making: PKCS#12 and `JKS`.

use p12_keystore::error::Error as Pkcs12Error;
use p12_keystore::{KeyStore, KeyStoreEntry, Pkcs12ImportPolicy};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::jks;
use crate::private_key::PrivateKey;

/// A store, opened.
#[derive(Clone, Debug)]
pub struct ReadStore {
    /// File name.
    pub name: String,
    /// What is in it, by alias.
    pub entries: Vec<ReadEntry>,
}

/// One entry of a store.
#[derive(Clone, Debug)]
pub struct ReadEntry {
    /// Its alias.
    pub alias: String,
    /// What it is.
    pub content: ReadContent,
}

/// What an entry is.
#[derive(Clone, Debug)]
pub enum ReadContent {
    /// A private key with certificates.
    PrivateKey {
        /// The key; `None` when the given password is not the key's.
        key: Option<PrivateKey>,
        /// Its certificate, then the issuers', each in DER form.
        chain: Vec<Vec<u8>>,
    },
    /// A certificate, in DER form.
    Trusted(Vec<u8>),
}

/// Why a store cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ReadStoreError {
    /// Another password locks it.
    #[error("the given password does not open it: give the one that it was made with")]
    Password,
    /// Cut off or altered.
    #[error("it is cut off or altered: restore it from a copy")]
    Damaged,
    /// Neither PKCS#12 nor JKS.
    #[error(
        "it is no Java key store in PKCS#12 or JKS form: take it away, or convert it with `keytool -importkeystore`"
    )]
    Foreign,
}

/// Opens a store. Keys in a `JKS` store may have a password of their own; in PKCS#12 it must be the store's.
pub fn read_store(
    name: &str,
    bytes: &[u8],
    password: &SecretString,
    key_password: &SecretString,
) -> Result<ReadStore, ReadStoreError> {
    let mut entries = if jks::is_jks(bytes) {
        jks::read(bytes, password, key_password)?
    } else if bytes.first() == Some(&DER_SEQUENCE) {
        pkcs12(bytes, password)?
    } else {
        return Err(ReadStoreError::Foreign);
    };
    entries.sort_by(|left, right| left.alias.cmp(&right.alias));
    Ok(ReadStore {
        name: name.to_owned(),
        entries,
    })
}

const DER_SEQUENCE: u8 = 0x30;

fn pkcs12(bytes: &[u8], password: &SecretString) -> Result<Vec<ReadEntry>, ReadStoreError> {
    let store = KeyStore::from_pkcs12(bytes, password.expose_secret(), Pkcs12ImportPolicy::Relaxed)
        .map_err(|error| pkcs12_error(&error, bytes))?;
    let mut entries = Vec::new();
    for (alias, entry) in store.entries() {
        let content = match entry {
            KeyStoreEntry::PrivateKeyChain(chain) => ReadContent::PrivateKey {
                key: Some(PrivateKey::from_pkcs8(Zeroizing::new(
                    chain.key().as_der().to_vec(),
                ))),
                chain: chain
                    .certs()
                    .iter()
                    .map(|certificate| certificate.as_der().to_vec())
                    .collect(),
            },
            KeyStoreEntry::Certificate(certificate) => ReadContent::Trusted(certificate.as_der().to_vec()),
            // Symmetric keys: none of the products has any.
            KeyStoreEntry::Secret(_) => continue,
        };
        entries.push(ReadEntry {
            alias: alias.clone(),
            content,
        });
    }
    Ok(entries)
}

fn pkcs12_error(error: &Pkcs12Error, bytes: &[u8]) -> ReadStoreError {
    match error {
        Pkcs12Error::MacError(_) | Pkcs12Error::Pkcs5Error(_) | Pkcs12Error::UnpadError => {
            ReadStoreError::Password
        }
        Pkcs12Error::InvalidVersion | Pkcs12Error::UnsupportedContentType => ReadStoreError::Foreign,
        _ if is_whole_sequence(bytes) && !looks_like_pkcs12(bytes) => ReadStoreError::Foreign,
        _ => ReadStoreError::Damaged,
    }
}

/// Whether the outermost DER element ends where the bytes do.
#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the method itself is not general enough over its lifetimes"
)]
fn is_whole_sequence(bytes: &[u8]) -> bool {
    yasna::parse_der(bytes, |reader| reader.read_der()).is_ok()
}

/// A PFX begins with its version, 3.
#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the method itself is not general enough over its lifetimes"
)]
fn looks_like_pkcs12(bytes: &[u8]) -> bool {
    yasna::parse_der(bytes, |reader| {
        reader.read_sequence(|reader| {
            let version = reader.next().read_u8()?;
            while reader.read_optional(|reader| reader.read_der())?.is_some() {}
            Ok(version == 3)
        })
    })
    .unwrap_or(false)
}
