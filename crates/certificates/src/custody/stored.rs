//! The ring as text: JSON with a version, inside the encrypted file.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::adopted::Adopted;
use crate::key_ring::{Entity, JournalEntry, KeyRing, Store};
use crate::loaded_key::OperatorToken;
use crate::plan::StoreEntry;
use crate::private_key::{Away, Key, PrivateKey};
use crate::x500_name::{NamePart, X500Name};

const FORMAT: &str = "cordanetes key ring";
const VERSION: u32 = 1;

/// Why text is no key ring. Never quotes the text: it holds keys.
#[derive(Debug, Error)]
pub enum StoredError {
    /// Some other text.
    #[error("it does not hold the keys of a network")]
    Foreign,
    /// From another version of this program.
    #[error("its format has version {0} and this program reads version {VERSION}")]
    Version(u32),
    /// Right format, wrong content.
    #[error("its content is damaged at line {line}, column {column}")]
    Damaged {
        /// Line of the text.
        line: usize,
        /// Column in the line.
        column: usize,
    },
    /// A value that should be base64 is not.
    #[error("its entry `{0}` is damaged")]
    Entry(String),
    /// The ring cannot be written as JSON.
    #[error("it could not be put into words")]
    Unwritable,
}

#[derive(Deserialize)]
struct Preamble {
    format: String,
    version: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StoredRing {
    format: String,
    version: u32,
    network: String,
    entities: BTreeMap<String, StoredEntity>,
    crls: BTreeMap<String, String>,
    stores: BTreeMap<String, StoredStore>,
    secrets: BTreeMap<String, Zeroizing<String>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    adopted: BTreeMap<String, StoredAdopted>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    offline: BTreeSet<String>,
    /// PKCS#8, by alias.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    requests: BTreeMap<String, Zeroizing<String>>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    stale_crls: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    journal: Vec<JournalEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StoredAdopted {
    /// In the order in which they are printed.
    subject: Vec<(NamePart, String)>,
    key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    own_crl_url: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StoredEntity {
    /// PKCS#8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    private_key: Option<Zeroizing<String>>,
    /// Where the private key is instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    away: Option<Away>,
    certificate: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StoredStore {
    password: Zeroizing<String>,
    entries: Vec<StoreEntry>,
    content: String,
}

/// Writes a ring as JSON.
pub(crate) fn write(ring: &KeyRing) -> Result<Zeroizing<Vec<u8>>, StoredError> {
    let KeyRing {
        network,
        entities,
        crls,
        stores,
        secrets,
        adopted,
        offline,
        requests,
        stale_crls,
        journal,
        token: _,
    } = ring;
    let stored = StoredRing {
        format: FORMAT.to_owned(),
        version: VERSION,
        network: network.clone(),
        entities: entities
            .iter()
            .map(|(alias, entity)| (alias.clone(), stored_entity(entity)))
            .collect(),
        crls: crls
            .iter()
            .map(|(file, der)| (file.clone(), STANDARD.encode(der)))
            .collect(),
        stores: stores
            .iter()
            .map(|(file, store)| (file.clone(), stored_store(store)))
            .collect(),
        secrets: secrets
            .iter()
            .map(|(name, secret)| (name.clone(), exposed(secret)))
            .collect(),
        adopted: adopted
            .iter()
            .map(|(alias, adopted)| (alias.clone(), stored_adopted(adopted)))
            .collect(),
        offline: offline.clone(),
        requests: requests
            .iter()
            .map(|(alias, key)| (alias.clone(), stored_key(key)))
            .collect(),
        stale_crls: stale_crls.clone(),
        journal: journal.clone(),
    };
    // A buffer that grows would leave copies of keys behind.
    let mut text = Zeroizing::new(Vec::with_capacity(size(ring)));
    serde_json::to_writer(&mut *text, &stored).map_err(|_| StoredError::Unwritable)?;
    Ok(text)
}

/// Reads a ring from JSON.
pub(crate) fn read(text: &[u8]) -> Result<KeyRing, StoredError> {
    let preamble: Preamble = serde_json::from_slice(text).map_err(|_| StoredError::Foreign)?;
    if preamble.format != FORMAT {
        return Err(StoredError::Foreign);
    }
    if preamble.version != VERSION {
        return Err(StoredError::Version(preamble.version));
    }
    let stored: StoredRing = serde_json::from_slice(text).map_err(|error| StoredError::Damaged {
        line: error.line(),
        column: error.column(),
    })?;
    let StoredRing {
        format: _,
        version: _,
        network,
        entities,
        crls,
        stores,
        secrets,
        adopted,
        offline,
        requests,
        stale_crls,
        journal,
    } = stored;
    Ok(KeyRing {
        network,
        entities: entities
            .into_iter()
            .map(|(alias, entity)| Ok((alias.clone(), read_entity(&alias, entity)?)))
            .collect::<Result<_, _>>()?,
        crls: crls
            .into_iter()
            .map(|(file, der)| Ok((file.clone(), decoded(&file, &der)?)))
            .collect::<Result<_, _>>()?,
        stores: stores
            .into_iter()
            .map(|(file, store)| Ok((file.clone(), read_store(&file, store)?)))
            .collect::<Result<_, _>>()?,
        secrets: secrets
            .into_iter()
            .map(|(name, secret)| (name, SecretString::from(secret.as_str())))
            .collect(),
        adopted: adopted
            .into_iter()
            .map(|(alias, stored)| Ok((alias.clone(), read_adopted(&alias, stored)?)))
            .collect::<Result<_, _>>()?,
        offline,
        requests: requests
            .into_iter()
            .map(|(alias, key)| Ok((alias.clone(), read_key(&alias, &key)?)))
            .collect::<Result<_, _>>()?,
        stale_crls,
        journal,
        token: OperatorToken::NotConnected,
    })
}

fn stored_adopted(adopted: &Adopted) -> StoredAdopted {
    let Adopted {
        subject,
        key,
        own_crl_url,
    } = adopted;
    StoredAdopted {
        subject: subject.parts().to_vec(),
        key: key.to_string(),
        own_crl_url: own_crl_url.clone(),
    }
}

fn read_adopted(alias: &str, stored: StoredAdopted) -> Result<Adopted, StoredError> {
    let StoredAdopted {
        subject,
        key,
        own_crl_url,
    } = stored;
    Ok(Adopted {
        subject: X500Name::of_parts(subject),
        key: key.parse().map_err(|_| StoredError::Entry(alias.to_owned()))?,
        own_crl_url,
    })
}

fn exposed(secret: &SecretString) -> Zeroizing<String> {
    Zeroizing::new(secret.expose_secret().to_owned())
}

fn stored_key(key: &PrivateKey) -> Zeroizing<String> {
    Zeroizing::new(STANDARD.encode(key.expose_pkcs8()))
}

fn read_key(alias: &str, key: &str) -> Result<PrivateKey, StoredError> {
    Ok(PrivateKey::from_pkcs8(Zeroizing::new(decoded(alias, key)?)))
}

fn stored_entity(entity: &Entity) -> StoredEntity {
    let Entity {
        key,
        certificate,
        issuer,
    } = entity;
    let (private_key, away) = match key {
        Key::Held(key) => (Some(stored_key(key)), None),
        Key::Away(away) => (None, Some(away.clone())),
    };
    StoredEntity {
        private_key,
        away,
        certificate: STANDARD.encode(certificate),
        issuer: issuer.clone(),
    }
}

fn read_entity(alias: &str, stored: StoredEntity) -> Result<Entity, StoredError> {
    let StoredEntity {
        private_key,
        away,
        certificate,
        issuer,
    } = stored;
    let key = match (private_key, away) {
        (Some(key), None) => Key::Held(read_key(alias, &key)?),
        (None, Some(away)) => Key::Away(away),
        _ => return Err(StoredError::Entry(alias.to_owned())),
    };
    Ok(Entity {
        key,
        certificate: decoded(alias, &certificate)?,
        issuer,
    })
}

fn stored_store(store: &Store) -> StoredStore {
    let Store {
        password,
        entries,
        bytes,
    } = store;
    StoredStore {
        password: exposed(password),
        entries: entries.clone(),
        content: STANDARD.encode(bytes),
    }
}

fn read_store(file: &str, stored: StoredStore) -> Result<Store, StoredError> {
    let StoredStore {
        password,
        entries,
        content,
    } = stored;
    let password = SecretString::from(password.as_str());
    Ok(Store {
        password,
        entries,
        bytes: decoded(file, &content)?,
    })
}

fn decoded(name: &str, text: &str) -> Result<Vec<u8>, StoredError> {
    STANDARD
        .decode(text)
        .map_err(|_| StoredError::Entry(name.to_owned()))
}

/// More than the JSON can need: four characters for three bytes, and room for names.
fn size(ring: &KeyRing) -> usize {
    const NAMES: usize = 1024;
    let base64 = |length: usize| length.div_ceil(3) * 4 + NAMES;
    let entities = ring.entities.values().map(|entity| {
        let key = entity.key.held().map_or(0, |key| key.expose_pkcs8().len());
        base64(key) + base64(entity.certificate.len())
    });
    let requests: usize = ring
        .requests
        .values()
        .map(|key| base64(key.expose_pkcs8().len()))
        .sum();
    let crls = ring.crls.values().map(|crl| base64(crl.len()));
    let stores = ring.stores.values().map(|store| base64(store.bytes.len()));
    let journal: usize = ring
        .journal
        .iter()
        .map(|entry| entry.what.len() * 2 + NAMES)
        .sum();
    journal
        + requests
        + NAMES * (1 + ring.secrets.len() + ring.adopted.len() + ring.offline.len() + ring.stale_crls.len())
        + entities.chain(crls).chain(stores).sum::<usize>()
}
