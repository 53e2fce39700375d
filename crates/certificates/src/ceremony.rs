//! Signing with keys that this machine never sees.
//!
//! Some of the operator's keys may be kept offline, on a machine without a network. What needs their signature is then
//! asked for by files that somebody carries there and back:
//!
//! 1. [`KeyRing::keep_offline`] says which keys these are;
//! 2. [`KeyRing::prepare_ceremony`] makes the keys of what is to be signed and says what is to be done: [`Agenda`],
//!    whose [`Agenda::files`] are requests, OpenSSL's settings and a checklist with the commands to run;
//! 3. [`KeyRing::accept_ceremony`] takes back what was signed: all of it, or nothing and every problem.
//!
//! The same way renews: [`KeyRing::request_rotation`] and [`KeyRing::request_crls`] add to the next agenda.

mod accept;
mod agenda;
mod checklist;
mod openssl;
mod problem;
mod request;

use std::collections::BTreeSet;

use jiff::Timestamp;
use thiserror::Error;

pub use self::accept::{Accepted, SignedFile};
pub use self::agenda::{Agenda, CertificateTask, CrlTask, Request};
pub use self::checklist::CeremonyFile;
pub use self::problem::AcceptProblem;
use crate::key_ring::KeyRing;
use crate::make_error::MakeError;
use crate::plan::{CertificatePlan, EntityPlan, Holder, IssuedBy, Purpose, aliases};
use crate::private_key::Away;

/// The keys that can be kept offline: those that sign seldom. The SSL root signs at every rotation of a service's key.
const SELDOM: [&str; 3] = [aliases::ROOT, aliases::SUBORDINATE, aliases::TLS_CRL_SIGNER];

/// What is kept offline unless something else is asked for: both keys that nodes trust by themselves.
pub const OFFLINE_BY_DEFAULT: [&str; 2] = [aliases::ROOT, aliases::TLS_CRL_SIGNER];

/// Why no ceremony can be prepared.
#[derive(Debug, Error)]
pub enum CeremonyError {
    /// Not a key that can be kept offline.
    #[error("`{alias}` cannot be kept offline, because it signs too often: name some of {}", SELDOM.map(|alias| format!("`{alias}`")).join(", "))]
    TooOften {
        /// What was asked for.
        alias: String,
    },
    /// This machine has had the key already.
    #[error(
        "the key of `{alias}` is in the key file already: a key that this machine has seen cannot be kept offline any more; \
         begin a new network, or leave it where it is"
    )]
    Seen {
        /// Its alias.
        alias: String,
    },
    /// A key below one that is online would have to be signed by it.
    #[error(
        "`{alias}` is signed by `{issuer}`, which is not kept offline: keep both offline, or only `{issuer}`"
    )]
    IssuerOnline {
        /// What was asked for.
        alias: String,
        /// Who signs it.
        issuer: String,
    },
    /// Keys are in a token, or offline.
    #[error(
        "the topology has the operator's keys in a token (`custody.pkcs11`), so `{alias}` cannot be kept offline or signed \
         there: take that out, or hold no ceremony"
    )]
    Token {
        /// A key that is planned in a token.
        alias: String,
    },
    /// A request could not be made.
    #[error(transparent)]
    Make(#[from] MakeError),
}

impl KeyRing {
    /// Keeps keys of these aliases offline from now on. On an error nothing has changed.
    pub fn keep_offline(
        &mut self,
        aliases: &[String],
        plan: &CertificatePlan,
        now: Timestamp,
    ) -> Result<(), CeremonyError> {
        // Nothing to do for a network without offline keys.
        if aliases.is_empty() {
            return Ok(());
        }
        if let Some(in_token) = plan
            .entities
            .iter()
            .find(|entity| matches!(entity.holder, Holder::OperatorToken(_)))
        {
            return Err(CeremonyError::Token {
                alias: in_token.alias.clone(),
            });
        }
        let mut next = self.offline.clone();
        for alias in aliases {
            if !SELDOM.contains(&alias.as_str()) {
                return Err(CeremonyError::TooOften { alias: alias.clone() });
            }
            if self.private_key(alias).is_ok() {
                return Err(CeremonyError::Seen { alias: alias.clone() });
            }
            next.insert(alias.clone());
        }
        for alias in &next {
            if let Some(issuer) = plan.entity(alias).and_then(issuer)
                && !next.contains(issuer)
                && !self.is_offline(issuer)
            {
                return Err(CeremonyError::IssuerOnline {
                    alias: alias.clone(),
                    issuer: issuer.to_owned(),
                });
            }
        }
        if next != self.offline {
            let names: Vec<&str> = next.difference(&self.offline).map(String::as_str).collect();
            self.note(now, format!("keeps offline: {}", names.join(", ")));
            self.offline = next;
        }
        Ok(())
    }

    /// Whether a key is kept offline, or will be.
    pub fn is_offline(&self, alias: &str) -> bool {
        self.offline.contains(alias) || matches!(self.away(alias), Some(Away::Offline))
    }

    /// Whether any key is kept offline.
    pub fn has_offline_keys(&self) -> bool {
        !self.offline.is_empty()
            || self
                .entities
                .keys()
                .any(|alias| matches!(self.away(alias), Some(Away::Offline)))
    }

    /// Names of what a plan needs, the ring lacks, and only offline keys can sign. What they are asked to renew is not
    /// among it: the network can wait for that.
    pub fn needs_ceremony(&self, plan: &CertificatePlan) -> Vec<String> {
        let certificates = plan
            .entities
            .iter()
            .filter(|entity| self.is_to_be_signed(entity) && !self.entities.contains_key(&entity.alias))
            .map(|entity| entity.alias.clone());
        let crls = plan
            .crls
            .iter()
            .filter(|crl| self.is_offline(&crl.signer) && !self.crls.contains_key(&crl.file))
            .map(|crl| crl.file.clone());
        certificates.chain(crls).collect()
    }

    /// Whether the next ceremony signs a certificate of this entity.
    fn is_to_be_signed(&self, entity: &EntityPlan) -> bool {
        let offline =
            self.is_offline(&entity.alias) || issuer(entity).is_some_and(|issuer| self.is_offline(issuer));
        // A key in the HSM of the Signing Service gets its certificate on the request of that.
        let in_hsm = matches!(entity.holder, Holder::Hsm(_));
        offline
            && !in_hsm
            && (!self.entities.contains_key(&entity.alias) || self.requests.contains_key(&entity.alias))
    }

    /// Who signs a leaf of the ring, when that key is kept offline: its rotation needs a ceremony then.
    pub fn offline_issuer<'a>(&self, alias: &str, plan: &'a CertificatePlan) -> Option<&'a str> {
        let leaf = plan.entity(alias).filter(|entity| {
            matches!(entity.purpose, Purpose::NetworkMap | Purpose::Tls) && self.entities.contains_key(alias)
        });
        leaf.and_then(issuer).filter(|issuer| self.is_offline(issuer))
    }

    /// Asks for a new certificate with a new key. The old one stays in use until the new one is accepted.
    pub fn request_rotation(
        &mut self,
        alias: &str,
        plan: &CertificatePlan,
        now: Timestamp,
    ) -> Result<(), CeremonyError> {
        if let Some(entity) = plan.entity(alias)
            && !self.requests.contains_key(alias)
        {
            let key = request::new_key(entity)?;
            self.requests.insert(alias.to_owned(), key);
            self.note(now, format!("asks for a new certificate of {alias}"));
        }
        Ok(())
    }

    /// Asks for all CRLs of signers that are kept offline to be signed again; which these are.
    pub fn request_crls(&mut self, plan: &CertificatePlan, now: Timestamp) -> Vec<String> {
        let asked: BTreeSet<String> = plan
            .crls
            .iter()
            .filter(|crl| self.is_offline(&crl.signer))
            .map(|crl| crl.file.clone())
            .collect();
        if !asked.is_subset(&self.stale_crls) {
            self.note(now, format!("asks for {} to be signed again", listed(&asked)));
            self.stale_crls.extend(asked.iter().cloned());
        }
        asked.into_iter().collect()
    }
}

fn listed(names: &BTreeSet<String>) -> String {
    names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// Who signs an entity's certificate, unless it does itself.
pub(crate) fn issuer(entity: &EntityPlan) -> Option<&str> {
    match &entity.issued_by {
        IssuedBy::Itself => None,
        IssuedBy::Authority(alias) => Some(alias),
    }
}
