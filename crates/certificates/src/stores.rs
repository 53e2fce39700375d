//! Java stores: PKCS#12 under `.jks` names.
//!
//! Java reads PKCS#12 whether it is asked for `PKCS12` or for `JKS` (from 8u60). AES-256 with SHA-256 is what
//! its own keytool writes since Java 11; Java 8 reads it from 8u301 on. The older 3DES with SHA-1 would reach
//! further back, but no image that CENM 1.5.9 or later, or Corda 4.10 or later, runs on is that old.

use p12_keystore::error::Error as Pkcs12Error;
use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey as StoredKey,
    PrivateKeyChain,
};
use thiserror::Error;

use crate::key_ring::{KeyRing, NotInRing};
use crate::plan::StoreEntry;

/// The JVM's default. The passwords are random, so that more work would protect nothing.
const ITERATIONS: u32 = 10_000;

/// Why a store could not be made.
#[derive(Debug, Error)]
pub enum StoreError {
    /// An entry names what does not exist.
    #[error(transparent)]
    NotInRing(#[from] NotInRing),
    /// The container refused an entry.
    #[error("the PKCS#12 library refused an entry ({0})")]
    Container(Pkcs12Error),
}

/// Makes the bytes of a store. Salts are random: call it once and keep the result.
pub(crate) fn make(ring: &KeyRing, entries: &[StoreEntry], password: &str) -> Result<Vec<u8>, StoreError> {
    let refused = StoreError::Container;
    let mut store = KeyStore::new();
    for entry in entries {
        match entry {
            StoreEntry::PrivateKey(alias) => {
                let key = StoredKey::from_der(ring.private_key(alias)?.expose_pkcs8()).map_err(refused)?;
                let chain = ring
                    .chain(alias)?
                    .into_iter()
                    .map(Certificate::from_der)
                    .collect::<Result<Vec<_>, _>>()
                    .map_err(refused)?;
                let chain = PrivateKeyChain::new(alias.as_str(), key, chain);
                store.add_entry(alias, KeyStoreEntry::PrivateKeyChain(chain));
            }
            StoreEntry::Trusted(alias) => {
                let certificate = Certificate::from_der(ring.certificate(alias)?).map_err(refused)?;
                store.add_entry(alias, KeyStoreEntry::Certificate(certificate));
            }
        }
    }
    store
        .writer(password)
        .encryption_algorithm(EncryptionAlgorithm::PbeWithHmacSha256AndAes256)
        .encryption_iterations(ITERATIONS)
        .mac_algorithm(MacAlgorithm::HmacSha256)
        .mac_iterations(ITERATIONS)
        .write()
        .map_err(refused)
}
