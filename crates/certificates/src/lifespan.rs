//! Until when each certificate and CRL lives.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::crl;
use crate::facts::CertificateFacts;
use crate::key_ring::KeyRing;
use crate::store_reader::{ReadContent, ReadStore};

/// A certificate or CRL and its end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Lifespan {
    /// Its end. First, so that sorting tells what ends first.
    pub ends: Timestamp,
    /// What it is.
    pub what: Mortal,
    /// Alias of the certificate, or file of the CRL.
    pub name: String,
    /// Where it is: a store's file, for what is in a store.
    pub file: String,
    /// Subject of the certificate, or issuer of the CRL.
    pub subject: String,
}

/// What ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Mortal {
    /// A certificate.
    Certificate,
    /// A CRL.
    Crl,
}

impl Lifespan {
    /// Whole days until the end; negative when it is over.
    pub fn days_left(&self, now: Timestamp) -> i64 {
        self.ends.duration_since(now).as_hours().div_euclid(24)
    }

    /// Whether it ends within this time.
    pub fn ends_within(&self, now: Timestamp, time: SignedDuration) -> bool {
        self.ends.duration_since(now) < time
    }

    /// Of a CRL in DER form; `None` when it is none or has no end.
    pub fn of_crl(file: &str, der: &[u8]) -> Option<Self> {
        let facts = crl::read(der).ok()?;
        Some(Self {
            ends: facts.next_update?,
            what: Mortal::Crl,
            name: file.to_owned(),
            file: file.to_owned(),
            subject: facts.issuer,
        })
    }

    /// Of every certificate in a store that stands for itself: a key's own, and each that is trusted. The issuers in
    /// a key's chain are told where they are at home.
    pub fn of_store(store: &ReadStore) -> Vec<Self> {
        store
            .entries
            .iter()
            .filter_map(|entry| {
                let certificate = match &entry.content {
                    ReadContent::PrivateKey { key: _, chain } => chain.first()?,
                    ReadContent::Trusted(certificate) => certificate,
                };
                Self::of_certificate(&entry.alias, &store.name, certificate)
            })
            .collect()
    }

    fn of_certificate(alias: &str, file: &str, der: &[u8]) -> Option<Self> {
        let facts = CertificateFacts::read(der).ok()?;
        Some(Self {
            ends: facts.not_after,
            what: Mortal::Certificate,
            name: alias.to_owned(),
            file: file.to_owned(),
            subject: facts.subject,
        })
    }
}

impl KeyRing {
    /// Until when each certificate and CRL of the ring lives, in the order of their ends.
    pub fn lifespans(&self) -> Vec<Lifespan> {
        let mut all: Vec<Lifespan> = self
            .entities
            .iter()
            .filter_map(|(alias, entity)| Lifespan::of_certificate(alias, "", &entity.certificate))
            .chain(
                self.crls
                    .iter()
                    .filter_map(|(file, der)| Lifespan::of_crl(file, der)),
            )
            .collect();
        all.sort();
        all
    }
}
