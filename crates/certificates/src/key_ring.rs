//! Everything that was made for a network.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::adopted::Adopted;
use crate::loaded_key::OperatorToken;
use crate::plan::StoreEntry;
use crate::private_key::{Away, Key, PrivateKey};
use crate::token::Token;

/// Keys, certificates, CRLs, stores and secrets of one network. Rendering never changes what is in it, see
/// [`KeyRing::make_missing`]; only a rotation does, see [`KeyRing::rotate`].
#[derive(Clone)]
pub struct KeyRing {
    pub(crate) network: String,
    pub(crate) entities: BTreeMap<String, Entity>,
    pub(crate) crls: BTreeMap<String, Vec<u8>>,
    pub(crate) stores: BTreeMap<String, Store>,
    pub(crate) secrets: BTreeMap<String, SecretString>,
    /// By alias: what was imported keeps its name and kind of key.
    pub(crate) adopted: BTreeMap<String, Adopted>,
    /// Aliases of keys that are kept offline, see [`crate::ceremony`].
    pub(crate) offline: BTreeSet<String>,
    /// Keys whose certificates an offline key is asked for, by alias.
    pub(crate) requests: BTreeMap<String, PrivateKey>,
    /// Files of CRLs that an offline key is asked to sign again.
    pub(crate) stale_crls: BTreeSet<String>,
    pub(crate) journal: Vec<JournalEntry>,
    /// For the time of a run; never stored.
    pub(crate) token: OperatorToken,
}

/// What was done with a ring, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JournalEntry {
    /// When.
    pub at: Timestamp,
    /// What, in words for people; nothing secret.
    pub what: String,
}

/// A key with its certificate.
#[derive(Clone)]
pub(crate) struct Entity {
    pub(crate) key: Key,
    pub(crate) certificate: Vec<u8>,
    /// Alias of the issuer; `None` when it signed itself.
    pub(crate) issuer: Option<String>,
}

/// A made store.
#[derive(Clone)]
pub(crate) struct Store {
    pub(crate) password: SecretString,
    pub(crate) entries: Vec<StoreEntry>,
    pub(crate) bytes: Vec<u8>,
}

/// A Java store, ready to be written.
#[derive(Clone, Copy, Debug)]
pub struct StoreFile<'a> {
    /// File name.
    pub file_name: &'a str,
    /// PKCS#12 content; the same at every call.
    pub bytes: &'a [u8],
    /// Password of the store and of the key in it.
    pub password: &'a SecretString,
}

/// Asked for something that the ring does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotInRing {
    /// It was never made.
    #[error(
        "{what} `{name}` is not in the key ring: add it to the plan, whose missing parts are made at the next run"
    )]
    NeverMade {
        /// Kind of thing.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// The private key is somewhere else.
    #[error("the private key of `{alias}` is {away}, and not in the key file: {}", away.instead())]
    Away {
        /// Alias of the certificate.
        alias: String,
        /// Where the key is.
        away: Away,
    },
}

fn found<T>(what: &'static str, name: &str, value: Option<T>) -> Result<T, NotInRing> {
    value.ok_or_else(|| NotInRing::NeverMade {
        what,
        name: name.to_owned(),
    })
}

impl KeyRing {
    /// An empty ring.
    pub fn new(network: impl Into<String>) -> Self {
        Self {
            network: network.into(),
            entities: BTreeMap::new(),
            crls: BTreeMap::new(),
            stores: BTreeMap::new(),
            secrets: BTreeMap::new(),
            adopted: BTreeMap::new(),
            offline: BTreeSet::new(),
            requests: BTreeMap::new(),
            stale_crls: BTreeSet::new(),
            journal: Vec::new(),
            token: OperatorToken::NotConnected,
        }
    }

    /// Connects the token in which the plan keeps the operator's keys. It is opened when the first of them is needed.
    pub fn connect_token(&mut self, token: Token) {
        self.token = OperatorToken::Connected(token);
    }

    /// Makes in memory what would be made in the token, for a look at what would be. The ring is of no other use then:
    /// certificates that it makes have signatures of nobody.
    pub fn imagine_token(&mut self) {
        self.token = OperatorToken::Imagined;
    }

    /// What was done with the ring, oldest first.
    pub fn journal(&self) -> &[JournalEntry] {
        &self.journal
    }

    pub(crate) fn note(&mut self, at: Timestamp, what: String) {
        self.journal.push(JournalEntry { at, what });
    }

    /// The network that it belongs to.
    pub fn network(&self) -> &str {
        &self.network
    }

    /// A Java store, by file name.
    pub fn store(&self, file: &str) -> Result<StoreFile<'_>, NotInRing> {
        let (file_name, store) = found("key store", file, self.stores.get_key_value(file))?;
        let Store {
            password,
            entries: _,
            bytes,
        } = store;
        Ok(StoreFile {
            file_name,
            bytes,
            password,
        })
    }

    /// A CRL in DER form, by file name.
    pub fn crl(&self, file: &str) -> Result<&[u8], NotInRing> {
        found("CRL", file, self.crls.get(file)).map(Vec::as_slice)
    }

    /// A generated secret, by name.
    pub fn secret(&self, name: &str) -> Result<&SecretString, NotInRing> {
        found("secret", name, self.secrets.get(name))
    }

    /// Files of its stores.
    pub fn store_files(&self) -> impl Iterator<Item = &str> {
        self.stores.keys().map(String::as_str)
    }

    /// Files of its CRLs.
    pub fn crl_files(&self) -> impl Iterator<Item = &str> {
        self.crls.keys().map(String::as_str)
    }

    /// Aliases of everything that has a certificate.
    pub fn aliases(&self) -> impl Iterator<Item = &str> {
        self.entities.keys().map(String::as_str)
    }

    /// A certificate in DER form.
    pub fn certificate(&self, alias: &str) -> Result<&[u8], NotInRing> {
        self.entity(alias).map(|entity| entity.certificate.as_slice())
    }

    /// A certificate and its issuers' up to the root, each in DER form.
    pub fn chain(&self, alias: &str) -> Result<Vec<&[u8]>, NotInRing> {
        let mut entity = self.entity(alias)?;
        let mut chain = vec![entity.certificate.as_slice()];
        while let Some(issuer) = &entity.issuer {
            entity = self.entity(issuer)?;
            chain.push(&entity.certificate);
        }
        Ok(chain)
    }

    /// A private key.
    pub fn private_key(&self, alias: &str) -> Result<&PrivateKey, NotInRing> {
        match &self.entity(alias)?.key {
            Key::Held(key) => Ok(key),
            Key::Away(away) => Err(NotInRing::Away {
                alias: alias.to_owned(),
                away: away.clone(),
            }),
        }
    }

    /// Where a private key is, when it is not in the ring.
    pub fn away(&self, alias: &str) -> Option<&Away> {
        match &self.entities.get(alias)?.key {
            Key::Held(_) => None,
            Key::Away(away) => Some(away),
        }
    }

    pub(crate) fn entity(&self, alias: &str) -> Result<&Entity, NotInRing> {
        found("certificate", alias, self.entities.get(alias))
    }
}

/// Names what it holds, and nothing secret.
impl fmt::Debug for KeyRing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            network,
            entities,
            crls,
            stores,
            secrets,
            adopted: _,
            offline,
            requests,
            stale_crls: _,
            journal: _,
            token: _,
        } = self;
        formatter
            .debug_struct("KeyRing")
            .field("network", network)
            .field("entities", &entities.keys())
            .field("crls", &crls.keys())
            .field("stores", &stores.keys())
            .field("secrets", &secrets.keys())
            .field("offline", offline)
            .field("requests", &requests.keys())
            .finish()
    }
}
