//! Looks through stores and CRLs for everything that a product would refuse, and tells every problem at once.
//!
//! The rules are those of the products (reference §3): what an alias must stand for, Corda's roles and their
//! parents, the right to issue, whole chains up to a root that somebody trusts, validity, and CRLs that are
//! fresh and signed by the right key.

mod chain;
mod kind;
mod problem;
mod revocation;

use std::collections::BTreeMap;

use jiff::Timestamp;
use secrecy::SecretString;

use self::chain::Chain;
pub use self::kind::Kind;
pub use self::problem::{Finding, Problem};
use crate::facts::CertificateFacts;
use crate::key_ring::KeyRing;
use crate::plan::{StoreEntry, files};
use crate::store_reader::{ReadContent, ReadStore, ReadStoreError, read_store};

/// A store as it lies there, with what is said to open it.
#[derive(Clone, Copy, Debug)]
pub struct StoreInput<'a> {
    /// File, by its path below the folder that is looked through; the last part decides what belongs in it.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
    /// Password of the store.
    pub password: &'a SecretString,
    /// Password of the keys in it; the same but in `JKS` stores.
    pub key_password: &'a SecretString,
}

/// A CRL as it lies there.
#[derive(Clone, Copy, Debug)]
pub struct CrlInput<'a> {
    /// File name.
    pub name: &'a str,
    /// Its content, DER.
    pub bytes: &'a [u8],
}

/// What was found.
#[derive(Debug, Default)]
pub struct Inspection {
    /// The stores that could be opened.
    pub stores: Vec<ReadStore>,
    /// Every problem, in the order of the stores.
    pub findings: Vec<Finding>,
}

/// Looks through stores and CRLs.
pub fn inspect(stores: &[StoreInput<'_>], crls: &[CrlInput<'_>], now: Timestamp) -> Inspection {
    let mut inspection = Inspection::default();
    for store in stores {
        match read_store(store.name, store.bytes, store.password, store.key_password) {
            Ok(read) => inspection.stores.push(read),
            Err(error) => inspection
                .findings
                .push(Finding::of(store.name, None, Problem::Store(error))),
        }
    }
    let trusted = trusted(&inspection.stores);
    for store in &inspection.stores {
        for entry in &store.entries {
            let place = Place {
                store: &store.name,
                alias: &entry.alias,
            };
            let findings = &mut inspection.findings;
            match &entry.content {
                ReadContent::PrivateKey { key, chain } => {
                    let kind = place.kind(findings);
                    match key {
                        None => findings.push(place.finding(Problem::Store(ReadStoreError::Password))),
                        Some(key) => place.key(key, chain, findings),
                    }
                    Chain::read(chain, place, findings).check(kind, &trusted, place, now, findings);
                }
                ReadContent::Trusted(certificate) => {
                    let kind = place.trusted_kind(findings);
                    let chain = std::slice::from_ref(certificate);
                    Chain::read(chain, place, findings).check_trusted(kind, place, now, findings);
                }
            }
        }
        if store.entries.is_empty() {
            inspection
                .findings
                .push(Finding::of(&store.name, None, Problem::Empty));
        }
    }
    let authorities = authorities(&inspection.stores);
    for crl in crls {
        revocation::check(crl, &authorities, now, &mut inspection.findings);
    }
    inspection
}

/// Looks through everything that a ring holds: its stores and CRLs as services get them, and the keys that
/// are in no store because they never leave the operator.
pub fn inspect_ring(ring: &KeyRing, now: Timestamp) -> Inspection {
    let stores: Vec<StoreInput<'_>> = ring
        .stores
        .iter()
        .map(|(name, store)| StoreInput {
            name,
            bytes: &store.bytes,
            password: &store.password,
            key_password: &store.password,
        })
        .collect();
    let crls: Vec<CrlInput<'_>> = ring
        .crls
        .iter()
        .map(|(name, bytes)| CrlInput { name, bytes })
        .collect();
    let mut inspection = inspect(&stores, &[], now);
    let mut authorities = authorities(&inspection.stores);
    let trusted = trusted(&inspection.stores);
    for (alias, entity) in &ring.entities {
        authorities.insert(facts_key(&entity.certificate), entity.certificate.clone());
        let in_store = ring
            .stores
            .values()
            .any(|store| store.entries.contains(&StoreEntry::PrivateKey(alias.clone())));
        if in_store {
            continue;
        }
        let place = Place {
            store: "the key file",
            alias,
        };
        let findings = &mut inspection.findings;
        let chain: Vec<Vec<u8>> = match ring.chain(alias) {
            Ok(chain) => chain.into_iter().map(<[u8]>::to_vec).collect(),
            Err(_) => vec![entity.certificate.clone()],
        };
        if let Some(key) = entity.key.held() {
            place.key(key, &chain, findings);
        }
        let kind = place.kind(findings);
        Chain::read(&chain, place, findings).check(kind, &trusted, place, now, findings);
    }
    for crl in &crls {
        revocation::check(crl, &authorities, now, &mut inspection.findings);
    }
    inspection
}

/// Looks at one chain, from a certificate up to its root.
pub(crate) fn check_chain(file: &str, alias: &str, chain: &[Vec<u8>], now: Timestamp) -> Vec<Finding> {
    let mut findings = Vec::new();
    let place = Place { store: file, alias };
    let kind = Kind::of_alias(alias);
    Chain::read(chain, place, &mut findings).check(kind, &BTreeMap::new(), place, now, &mut findings);
    findings
}

/// Looks at one CRL that must be signed by the key of this certificate.
pub(crate) fn check_crl(input: &CrlInput<'_>, signer: &[u8], now: Timestamp) -> Vec<Finding> {
    let mut findings = Vec::new();
    let authorities = BTreeMap::from([(facts_key(signer), signer.to_vec())]);
    revocation::check(input, &authorities, now, &mut findings);
    findings
}

/// Where something was found.
#[derive(Clone, Copy)]
struct Place<'a> {
    store: &'a str,
    alias: &'a str,
}

impl Place<'_> {
    fn finding(self, problem: Problem) -> Finding {
        Finding::of(self.store, Some(self.alias), problem)
    }

    /// What the private key must be: the file decides where it is known, else the alias.
    fn kind(self, findings: &mut Vec<Finding>) -> Option<Kind> {
        let by_alias = Kind::of_alias(self.alias);
        let by_file = Kind::of_key_store(last_part(self.store));
        match (by_file, by_alias) {
            (Some(file), Some(alias)) if file == alias => Some(file),
            (Some(file), None) => {
                findings.push(self.finding(Problem::Alias { wanted: file }));
                Some(file)
            }
            (Some(file), Some(alias)) => {
                findings.push(self.finding(Problem::Misplaced {
                    wanted: file,
                    found: alias,
                }));
                Some(alias)
            }
            (None, alias) => alias,
        }
    }

    /// What a trusted certificate must be.
    fn trusted_kind(self, findings: &mut Vec<Finding>) -> Option<Kind> {
        let kind = Kind::of_alias(self.alias);
        let wanted = match last_part(self.store) {
            files::NETWORK_TRUST => &[Kind::Root, Kind::TlsCrlSigner][..],
            files::SSL_TRUST => &[Kind::SslRoot, Kind::SslIdentity][..],
            _ => return kind,
        };
        if !kind.is_some_and(|kind| wanted.contains(&kind)) {
            findings.push(self.finding(Problem::Alias { wanted: wanted[0] }));
        }
        kind
    }
}

/// A file's name without its folders.
pub(crate) fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Every certificate that a trust store holds, by its bytes.
fn trusted(stores: &[ReadStore]) -> BTreeMap<Vec<u8>, String> {
    let mut trusted = BTreeMap::new();
    // The Signing Service looks chains up in its certificate store, and trusts nobody for it.
    let trust_stores = stores
        .iter()
        .filter(|store| last_part(&store.name) != files::HSM_CERTIFICATES);
    for store in trust_stores {
        for entry in &store.entries {
            if let ReadContent::Trusted(certificate) = &entry.content {
                trusted.insert(certificate.clone(), last_part(&store.name).to_owned());
            }
        }
    }
    trusted
}

/// Every certificate that may have signed a CRL, by subject and key.
fn authorities(stores: &[ReadStore]) -> BTreeMap<String, Vec<u8>> {
    let mut authorities = BTreeMap::new();
    for store in stores {
        for entry in &store.entries {
            match &entry.content {
                ReadContent::Trusted(certificate) => {
                    authorities.insert(facts_key(certificate), certificate.clone());
                }
                ReadContent::PrivateKey { key: _, chain } => {
                    authorities.extend(
                        chain
                            .iter()
                            .map(|certificate| (facts_key(certificate), certificate.clone())),
                    );
                }
            }
        }
    }
    authorities
}

fn facts_key(certificate: &[u8]) -> String {
    CertificateFacts::read(certificate).map_or_else(|_| String::new(), |facts| facts.sha256)
}
