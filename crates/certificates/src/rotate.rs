//! Replaces keys, certificates and passwords while a network runs.
//!
//! A leaf is replaced at once: who verifies it trusts its issuer. An SSL authority is replaced in three steps, with
//! a rollout after each, so that at every moment each service trusts whatever the others show:
//!
//! 1. the new authority is made, and everybody trusts both;
//! 2. every service gets a certificate of the new one;
//! 3. nobody trusts the old one any more.
//!
//! Where a rotation stands is in the ring itself (which authorities it holds), so it continues after any break.

use std::collections::BTreeMap;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

use crate::certificate::Validity;
use crate::contradiction;
use crate::inspection::Kind;
use crate::key_ring::{KeyRing, Store};
use crate::make_error::{MakeError, unmade};
use crate::make_missing::Changes;
use crate::password;
use crate::plan::{CertificatePlan, EntityPlan, Holder, Purpose, StoreEntry, aliases, files};
use crate::stores;

/// The new SSL authority before it issues.
pub(crate) const NEXT_SSL_ROOT: &str = "cordasslrootca-next";
/// The old SSL authority after the new one has issued.
pub(crate) const PREVIOUS_SSL_ROOT: &str = "cordasslrootca-previous";

/// Where the rotation of the SSL authority stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SslRotation {
    /// There is one authority.
    None,
    /// Both are trusted; the old one has issued all certificates.
    BothTrusted,
    /// Both are trusted; the new one has issued all certificates.
    Reissued,
}

impl SslRotation {
    /// What is to be done next, once the network has what the ring has.
    pub const fn next(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::BothTrusted => Some("give every service a certificate of the new authority"),
            Self::Reissued => Some("take the old authority out of the trust store"),
        }
    }
}

/// A trust store for others. It holds certificates and nothing else.
#[derive(Debug)]
pub struct TrustStoreCopy {
    /// PKCS#12 content.
    pub bytes: Vec<u8>,
    /// Its password.
    pub password: SecretString,
}

/// Why something was not replaced.
#[derive(Debug, Error)]
pub enum RotateError {
    /// The network has nothing of this name.
    #[error("the network has no key `{name}`: name one of {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// The products cannot do this.
    #[error("`{name}` ({kind}) cannot be rotated: {reason}; {instead}")]
    Refused {
        /// The alias.
        name: String,
        /// What it is.
        kind: Kind,
        /// Why not.
        reason: &'static str,
        /// What to do instead.
        instead: &'static str,
    },
    /// The ring lacks something that the plan has.
    #[error("`{0}` was never made: deploy the network first")]
    NotMade(String),
    /// Something new could not be made.
    #[error(transparent)]
    Make(#[from] MakeError),
}

impl KeyRing {
    /// Where the rotation of the SSL authority stands.
    pub fn ssl_rotation(&self) -> SslRotation {
        if self.entities.contains_key(NEXT_SSL_ROOT) {
            SslRotation::BothTrusted
        } else if self.entities.contains_key(PREVIOUS_SSL_ROOT) {
            SslRotation::Reissued
        } else {
            SslRotation::None
        }
    }

    /// Replaces a key and its certificate, or does the next step of replacing the SSL authority. On an error
    /// nothing has changed.
    pub fn rotate(
        &mut self,
        alias: &str,
        plan: &CertificatePlan,
        now: Timestamp,
    ) -> Result<Changes, RotateError> {
        let entity = plan.entity(alias).ok_or_else(|| unknown(alias, plan))?;
        if !self.entities.contains_key(alias) {
            return Err(RotateError::NotMade(alias.to_owned()));
        }
        contradiction::check_places(self, plan).map_err(MakeError::from)?;
        if matches!(entity.holder, Holder::Hsm(_)) && entity.purpose == Purpose::NetworkMap {
            return Err(RotateError::Refused {
                name: alias.to_owned(),
                kind: Kind::of_alias(alias).unwrap_or(Kind::NetworkMap),
                reason: "its key is in the HSM of the Signing Service, where this program makes none",
                instead: "make a new one there, and give a request of it to `cordanetes certificates issue`",
            });
        }
        let changes = match entity.purpose {
            Purpose::Tls | Purpose::NetworkMap | Purpose::Tokens => self.replace_leaves(&[entity], now)?,
            Purpose::Authority if alias == aliases::SSL_ROOT => self.next_ssl_step(entity, plan, now)?,
            Purpose::Authority | Purpose::CrlSigner => return Err(refused(alias)),
        };
        self.note(now, format!("rotated {alias}: {changes}"));
        Ok(changes)
    }

    /// Gives a store a new password. Its content stays.
    pub fn rotate_password(&mut self, file: &str, now: Timestamp) -> Result<Changes, RotateError> {
        let store = self
            .stores
            .get(file)
            .ok_or_else(|| RotateError::NotMade(file.to_owned()))?;
        let password = password::generate().map_err(unmade(file))?;
        let rebuilt = self.rebuilt(file, store.entries.clone(), password)?;
        self.stores.insert(file.to_owned(), rebuilt);
        self.note(now, format!("gave {file} a new password"));
        Ok(Changes {
            stores: vec![file.to_owned()],
            ..Changes::default()
        })
    }

    /// A trust store under a new password, to be given away: who has it learns no password of the network.
    pub fn copy_of_trust_store(&self, file: &str) -> Result<TrustStoreCopy, RotateError> {
        let store = self
            .stores
            .get(file)
            .ok_or_else(|| RotateError::NotMade(file.to_owned()))?;
        let entries = store
            .entries
            .iter()
            .filter(|entry| matches!(entry, StoreEntry::Trusted(_)))
            .cloned()
            .collect();
        let password = password::generate().map_err(unmade(file))?;
        let Store { password, bytes, .. } = self.rebuilt(file, entries, password)?;
        Ok(TrustStoreCopy { bytes, password })
    }

    /// New keys and certificates for leaves, in their stores, under new passwords.
    fn replace_leaves(&mut self, leaves: &[&EntityPlan], now: Timestamp) -> Result<Changes, RotateError> {
        let mut changes = Changes::default();
        let mut replaced = BTreeMap::new();
        for leaf in leaves {
            let made = self.make_entity(leaf, Validity::new(now, leaf.days), now)?;
            if let Some(old) = self.entities.insert(leaf.alias.clone(), made) {
                replaced.insert(leaf.alias.clone(), old);
            }
            changes.certificates.push(leaf.alias.clone());
        }
        match self.rebuild_stores_of(&changes.certificates) {
            Ok(rebuilt) => {
                changes.stores.extend(rebuilt.keys().cloned());
                self.stores.extend(rebuilt);
                Ok(changes)
            }
            Err(error) => {
                self.entities.extend(replaced);
                Err(error.into())
            }
        }
    }

    /// Stores with the keys of these aliases, made anew under new passwords.
    pub(crate) fn rebuild_stores_of(&self, aliases: &[String]) -> Result<BTreeMap<String, Store>, MakeError> {
        let mut rebuilt = BTreeMap::new();
        for (file, store) in &self.stores {
            let holds = store.entries.iter().any(|entry| match entry {
                StoreEntry::PrivateKey(alias) => aliases.contains(alias),
                StoreEntry::Trusted(_) => false,
            });
            if holds {
                let password = password::generate().map_err(unmade(file))?;
                rebuilt.insert(file.clone(), self.rebuilt(file, store.entries.clone(), password)?);
            }
        }
        Ok(rebuilt)
    }

    /// Writes the stores anew that trust a certificate which was replaced, under new passwords.
    pub(crate) fn rebuild_stores_that_trust(&mut self, alias: &str) -> Result<(), MakeError> {
        let mut rebuilt = BTreeMap::new();
        for (file, store) in &self.stores {
            let trusts = store
                .entries
                .iter()
                .any(|entry| matches!(entry, StoreEntry::Trusted(trusted) if trusted == alias));
            if trusts {
                let password = password::generate().map_err(unmade(file))?;
                rebuilt.insert(file.clone(), self.rebuilt(file, store.entries.clone(), password)?);
            }
        }
        self.stores.extend(rebuilt);
        Ok(())
    }

    fn rebuilt(
        &self,
        file: &str,
        entries: Vec<StoreEntry>,
        password: SecretString,
    ) -> Result<Store, MakeError> {
        let bytes =
            stores::make(self, &entries, password.expose_secret()).map_err(|cause| MakeError::Store {
                name: file.to_owned(),
                cause,
            })?;
        Ok(Store {
            password,
            entries,
            bytes,
        })
    }

    fn next_ssl_step(
        &mut self,
        root: &EntityPlan,
        plan: &CertificatePlan,
        now: Timestamp,
    ) -> Result<Changes, RotateError> {
        // The three steps change several things each: they are done on a copy, which replaces this ring whole.
        let mut next = self.clone();
        let changes = match self.ssl_rotation() {
            SslRotation::None => {
                let made = next.make_entity(root, Validity::new(now, root.days), now)?;
                next.entities.insert(NEXT_SSL_ROOT.to_owned(), made);
                next.trust_ssl(&[aliases::SSL_ROOT, NEXT_SSL_ROOT])?
            }
            SslRotation::BothTrusted => {
                next.swap_ssl_roots();
                let leaves: Vec<&EntityPlan> = plan
                    .entities
                    .iter()
                    .filter(|entity| {
                        entity.purpose == Purpose::Tls && self.entities.contains_key(&entity.alias)
                    })
                    .collect();
                let mut changes = next.replace_leaves(&leaves, now)?;
                let trust = next.trust_ssl(&[aliases::SSL_ROOT, PREVIOUS_SSL_ROOT])?;
                changes.stores.extend(trust.stores);
                changes.crls = next.renew_crls_of(plan, aliases::SSL_ROOT, now)?;
                changes
            }
            SslRotation::Reissued => {
                next.entities.remove(PREVIOUS_SSL_ROOT);
                next.trust_ssl(&[aliases::SSL_ROOT])?
            }
        };
        *self = next;
        Ok(changes)
    }

    fn swap_ssl_roots(&mut self) {
        if let Some(new) = self.entities.remove(NEXT_SSL_ROOT)
            && let Some(old) = self.entities.insert(aliases::SSL_ROOT.to_owned(), new)
        {
            self.entities.insert(PREVIOUS_SSL_ROOT.to_owned(), old);
        }
    }

    /// Writes the trust store of the SSL hierarchy anew. Its password stays: all services name the same one.
    fn trust_ssl(&mut self, trusted: &[&str]) -> Result<Changes, RotateError> {
        let file = files::SSL_TRUST;
        let store = self
            .stores
            .get(file)
            .ok_or_else(|| RotateError::NotMade(file.to_owned()))?;
        let entries = trusted
            .iter()
            .map(|alias| StoreEntry::Trusted((*alias).to_owned()))
            .collect();
        let rebuilt = self.rebuilt(file, entries, store.password.clone())?;
        self.stores.insert(file.to_owned(), rebuilt);
        Ok(Changes {
            stores: vec![file.to_owned()],
            ..Changes::default()
        })
    }
}

fn unknown(name: &str, plan: &CertificatePlan) -> RotateError {
    if let Some(kind) = Kind::of_alias(name).filter(|kind| kind.is_of_a_node()) {
        return RotateError::Refused {
            name: name.to_owned(),
            kind,
            reason: "the node made it, and the ledger knows the node by it",
            instead: "for a TLS or identity key that was stolen, revoke the node, register a node under another legal \
                      name, and move the assets to it; R3's support re-issues identities of Corda Enterprise",
        };
    }
    let rotatable = plan.entities.iter().filter(|entity| {
        matches!(
            entity.purpose,
            Purpose::Tls | Purpose::NetworkMap | Purpose::Tokens
        ) || entity.alias == aliases::SSL_ROOT
    });
    RotateError::Unknown {
        name: name.to_owned(),
        known: rotatable
            .map(|entity| format!("`{}`", entity.alias))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn refused(alias: &str) -> RotateError {
    let (kind, reason, instead) = match Kind::of_alias(alias) {
        Some(Kind::TlsCrlSigner) => (
            Kind::TlsCrlSigner,
            "every node's TLS certificate names it as the signer of its CRL, for the certificate's whole life",
            "renew its CRL with `cordanetes certificates renew-crls`, and plan for a new network when it ends",
        ),
        Some(Kind::IdentityManager) => (
            Kind::IdentityManager,
            "it has issued every node's certificates, and its CRL must go on covering them",
            "R3's support replaces it together with the nodes' certificates",
        ),
        kind => (
            kind.unwrap_or(Kind::Root),
            "every node trusts it since its registration, and no product hands a new trust root to nodes",
            "R3's support plans such a change with every participant; in time, a new network is the way",
        ),
    };
    RotateError::Refused {
        name: alias.to_owned(),
        kind,
        reason,
        instead,
    }
}
