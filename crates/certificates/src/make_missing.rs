//! Makes what a plan names and a ring lacks. Never changes what exists.

use std::fmt;

use jiff::Timestamp;
use rcgen::{Issuer, PublicKeyData};
use secrecy::{ExposeSecret, SecretString};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::certificate::{self, Validity};
use crate::contradiction::{self, issuer_alias};
use crate::crl;
use crate::facts::{self, CertificateFacts, FactsError};
use crate::key_ring::{Entity, KeyRing, Store};
use crate::loaded_key::{self, LoadedKey, OperatorToken};
use crate::make_error::{MakeError, damaged, unmade};
use crate::password;
use crate::plan::{
    CertificatePlan, CrlPlan, EntityPlan, Holder, IssuedBy, KeyAlgorithm, StoreEntry, StorePlan, aliases,
};
use crate::private_key::{Away, Key};
use crate::provider::{self, ProviderError};
use crate::rotate::{NEXT_SSL_ROOT, PREVIOUS_SSL_ROOT};
use crate::stores;
use crate::token::{Token, TokenError, TokenKey};

/// Names of what was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Aliases of new keys with their certificates.
    pub certificates: Vec<String>,
    /// Files of new CRLs.
    pub crls: Vec<String>,
    /// Files of new stores.
    pub stores: Vec<String>,
    /// Names of new secrets.
    pub secrets: Vec<String>,
}

impl Changes {
    /// Whether everything existed.
    pub const fn is_empty(&self) -> bool {
        let Self {
            certificates,
            crls,
            stores,
            secrets,
        } = self;
        certificates.is_empty() && crls.is_empty() && stores.is_empty() && secrets.is_empty()
    }
}

/// For people: `7 certificates, 4 CRLs, 6 key stores, 0 secrets`.
impl fmt::Display for Changes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            certificates,
            crls,
            stores,
            secrets,
        } = self;
        let counts = (certificates.len(), crls.len(), stores.len(), secrets.len());
        write!(
            formatter,
            "{} certificates, {} CRLs, {} key stores, {} secrets",
            counts.0, counts.1, counts.2, counts.3
        )
    }
}

impl KeyRing {
    /// Makes what `plan` names and the ring lacks, valid from `now` on. What exists stays as it is, byte for
    /// byte; where the plan wants it otherwise, nothing is made and the difference is the error.
    pub fn make_missing(&mut self, plan: &CertificatePlan, now: Timestamp) -> Result<Changes, MakeError> {
        contradiction::check(self, plan)?;
        let offline = self.needs_ceremony(plan);
        if !offline.is_empty() {
            return Err(MakeError::Ceremony { names: offline });
        }
        let mut changes = Changes::default();
        for entity in &plan.entities {
            // A key in the HSM of the Signing Service is made by others, and its certificate on request.
            let is_made = !matches!(entity.holder, Holder::Hsm(_));
            if is_made && !self.entities.contains_key(&entity.alias) {
                let made = self.make_entity(entity, Validity::new(now, entity.days), now)?;
                self.entities.insert(entity.alias.clone(), made);
                changes.certificates.push(entity.alias.clone());
            }
        }
        for crl in &plan.crls {
            if !self.crls.contains_key(&crl.file) {
                let made = self.make_crl(crl, 1, Validity::new(now, crl.days), now)?;
                self.crls.insert(crl.file.clone(), made);
                changes.crls.push(crl.file.clone());
            }
        }
        let awaited = self.awaited(plan);
        for store in &plan.stores {
            if !self.stores.contains_key(&store.file) && !waits(store, &awaited) {
                let password = password::generate().map_err(unmade(&store.file))?;
                let bytes =
                    stores::make(self, &store.entries, password.expose_secret()).map_err(|cause| {
                        MakeError::Store {
                            name: store.file.clone(),
                            cause,
                        }
                    })?;
                let made = Store {
                    password,
                    entries: store.entries.clone(),
                    bytes,
                };
                self.stores.insert(store.file.clone(), made);
                changes.stores.push(store.file.clone());
            }
        }
        for name in &plan.secrets {
            if !self.secrets.contains_key(name) {
                self.make_secret(name).map_err(unmade(name))?;
                changes.secrets.push(name.clone());
            }
        }
        if !changes.is_empty() {
            self.note(now, format!("made {changes}"));
        }
        Ok(changes)
    }

    /// A generated secret: 32 letters and digits that satisfy CENM's password policy. Made at the first call
    /// for this name.
    pub fn make_secret(&mut self, name: &str) -> Result<&SecretString, ProviderError> {
        if !self.secrets.contains_key(name) {
            self.secrets.insert(name.to_owned(), password::generate()?);
        }
        Ok(&self.secrets[name])
    }

    pub(crate) fn make_entity(
        &self,
        plan: &EntityPlan,
        validity: Validity,
        now: Timestamp,
    ) -> Result<Entity, MakeError> {
        let (key, pair) = self.make_key(plan).map_err(unmade(&plan.alias))?;
        let (certificate, issuer) = match &plan.issued_by {
            IssuedBy::Itself => {
                let made = certificate::self_signed(plan, validity, &pair).map_err(unmade(&plan.alias))?;
                (made.der().to_vec(), None)
            }
            IssuedBy::Authority(_) => {
                let (made, issuer) = self.certify(plan, &pair, validity, now)?;
                (made, Some(issuer))
            }
        };
        Ok(Entity {
            key,
            certificate,
            issuer,
        })
    }

    /// A certificate for a key, and the alias of who has issued it.
    pub(crate) fn certify(
        &self,
        plan: &EntityPlan,
        key: &impl PublicKeyData,
        validity: Validity,
        now: Timestamp,
    ) -> Result<(Vec<u8>, String), MakeError> {
        let failed = || unmade(&plan.alias);
        let alias = issuer_alias(plan);
        let validity = validity.within(self.live_issuer(alias, &plan.alias, now)?);
        let signer = self.load_key(alias, &plan.alias)?;
        let issuer = Issuer::from_ca_cert_der(&self.certificate(alias)?.into(), signer)
            .map_err(ProviderError::from)
            .map_err(failed())?;
        let made = certificate::signed_by(plan, validity, key, &issuer).map_err(failed())?;
        Ok((made.der().to_vec(), alias.to_owned()))
    }

    pub(crate) fn make_crl(
        &self,
        plan: &CrlPlan,
        number: u64,
        validity: Validity,
        now: Timestamp,
    ) -> Result<Vec<u8>, MakeError> {
        let validity = validity.within(self.live_issuer(&plan.signer, &plan.file, now)?);
        let key = self.load_key(&plan.signer, &plan.file)?;
        let (_, certificate) = X509Certificate::from_der(self.certificate(&plan.signer)?)
            .map_err(|_| FactsError::Certificate)
            .map_err(damaged(&plan.signer))?;
        crl::make(plan, number, validity, &key, &certificate).map_err(unmade(&plan.file))
    }

    fn make_key(&self, plan: &EntityPlan) -> Result<(Key, LoadedKey), ProviderError> {
        match &plan.holder {
            Holder::OperatorToken(token) => {
                let generation = self.next_generation(&plan.alias);
                let label = TokenKey::label_of(&self.network, &plan.alias, generation);
                self.token.make(token, &label, generation, plan.key)
            }
            Holder::Operator | Holder::Component(_) | Holder::Hsm(_) | Holder::Anyone => {
                loaded_key::in_memory(plan.key)
            }
        }
    }

    /// The public half of a key, from its certificate.
    pub(crate) fn public_key(&self, alias: &str) -> Result<(KeyAlgorithm, Vec<u8>), MakeError> {
        let certificate = self.certificate(alias)?;
        let read = || {
            let algorithm = CertificateFacts::read(certificate)?
                .key
                .ok_or(FactsError::Certificate)?;
            Ok((algorithm, facts::public_key(certificate)?))
        };
        read().map_err(damaged(alias))
    }

    /// Whether the connected token holds every key that the ring has in it, as it must be; what is wrong, by alias.
    pub fn check_token(&self, token: &Token) -> Vec<(String, MakeError)> {
        self.aliases()
            .filter_map(|alias| {
                let Some(Away::Token(key)) = self.away(alias) else {
                    return None;
                };
                let checked = self.public_key(alias).and_then(|(algorithm, public_key)| {
                    token
                        .check(key, &public_key, algorithm)
                        .map_err(|error| unmade(alias)(error.into()))
                });
                checked.err().map(|error| (alias.to_owned(), error))
            })
            .collect()
    }

    /// How many keys of a token the alias has had: a rotated key stays in the token under its own label, and is never
    /// taken for a new one.
    fn next_generation(&self, alias: &str) -> u32 {
        let rotated = [NEXT_SSL_ROOT, PREVIOUS_SSL_ROOT]
            .into_iter()
            .filter(|_| alias == aliases::SSL_ROOT);
        std::iter::once(alias)
            .chain(rotated)
            .filter_map(|alias| match self.away(alias) {
                Some(Away::Token(key)) => Some(key.generation.saturating_add(1)),
                _ => None,
            })
            .max()
            .unwrap_or(0)
    }

    /// The key of an authority, ready to sign what is called `name`.
    fn load_key(&self, alias: &str, name: &str) -> Result<LoadedKey, MakeError> {
        let Some(Away::Token(key)) = self.away(alias) else {
            let pair = provider::load(self.private_key(alias)?).map_err(unmade(name))?;
            return Ok(LoadedKey::Memory(pair));
        };
        let (algorithm, public_key) = self.public_key(alias)?;
        match &self.token {
            OperatorToken::Connected(token) => Ok(LoadedKey::Token(Box::new(
                token.signer(key, public_key, algorithm),
            ))),
            OperatorToken::Imagined => loaded_key::in_memory(algorithm)
                .map(|(_, key)| key)
                .map_err(unmade(name)),
            OperatorToken::NotConnected => Err(unmade(name)(
                TokenError::NotConnected {
                    token: key.token.clone(),
                }
                .into(),
            )),
        }
    }

    /// The life of an issuer that has not ended.
    fn live_issuer(&self, issuer: &str, name: &str, now: Timestamp) -> Result<Validity, MakeError> {
        let facts = CertificateFacts::read(self.certificate(issuer)?).map_err(damaged(issuer))?;
        if facts.not_after <= now {
            return Err(MakeError::IssuerEnded {
                name: name.to_owned(),
                issuer: issuer.to_owned(),
                ended: facts.not_after,
            });
        }
        if facts.not_before > now {
            return Err(MakeError::Clock {
                name: name.to_owned(),
                issuer: issuer.to_owned(),
                begins: facts.not_before,
                now: now.round(jiff::Unit::Second).unwrap_or(now),
            });
        }
        Ok(Validity {
            from: facts.not_before,
            until: facts.not_after,
        })
    }
}

/// Whether a store must hold a certificate that is still to be issued on request.
fn waits(store: &StorePlan, awaited: &[String]) -> bool {
    store.entries.iter().any(|entry| match entry {
        StoreEntry::PrivateKey(alias) | StoreEntry::Trusted(alias) => awaited.contains(alias),
    })
}
