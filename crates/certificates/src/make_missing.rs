//! Makes what a plan names and a ring lacks. Never changes what exists.

use std::fmt;

use jiff::Timestamp;
use rcgen::Issuer;
use secrecy::{ExposeSecret, SecretString};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::certificate::{self, Validity};
use crate::contradiction;
use crate::crl;
use crate::facts::{CertificateFacts, FactsError};
use crate::key_ring::{Entity, KeyRing, Store};
use crate::make_error::{MakeError, damaged, unmade};
use crate::password;
use crate::plan::{CertificatePlan, CrlPlan, EntityPlan, IssuedBy};
use crate::provider::{self, ProviderError};
use crate::stores;

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
        let mut changes = Changes::default();
        for entity in &plan.entities {
            if !self.entities.contains_key(&entity.alias) {
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
        for store in &plan.stores {
            if !self.stores.contains_key(&store.file) {
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
        let failed = || unmade(&plan.alias);
        let private_key = provider::generate(plan.key).map_err(failed())?;
        let pair = provider::load(&private_key).map_err(failed())?;
        let (certificate, issuer) = match &plan.issued_by {
            IssuedBy::Itself => (
                certificate::self_signed(plan, validity, &pair).map_err(failed())?,
                None,
            ),
            IssuedBy::Authority(alias) => {
                let validity = validity.within(self.live_issuer(alias, &plan.alias, now)?);
                let authority = self.entity(alias)?;
                let key = provider::load(&authority.private_key).map_err(failed())?;
                let issuer = Issuer::from_ca_cert_der(&authority.certificate.as_slice().into(), key)
                    .map_err(ProviderError::from)
                    .map_err(failed())?;
                let made = certificate::signed_by(plan, validity, &pair, &issuer).map_err(failed())?;
                (made, Some(alias.clone()))
            }
        };
        Ok(Entity {
            private_key,
            certificate: certificate.der().to_vec(),
            issuer,
        })
    }

    pub(crate) fn make_crl(
        &self,
        plan: &CrlPlan,
        number: u64,
        validity: Validity,
        now: Timestamp,
    ) -> Result<Vec<u8>, MakeError> {
        let validity = validity.within(self.live_issuer(&plan.signer, &plan.file, now)?);
        let signer = self.entity(&plan.signer)?;
        let key = provider::load(&signer.private_key).map_err(unmade(&plan.file))?;
        let (_, certificate) = X509Certificate::from_der(&signer.certificate)
            .map_err(|_| FactsError::Certificate)
            .map_err(damaged(&plan.signer))?;
        crl::make(plan, number, validity, &key, &certificate).map_err(unmade(&plan.file))
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
        Ok(Validity {
            from: facts.not_before,
            until: facts.not_after,
        })
    }
}
