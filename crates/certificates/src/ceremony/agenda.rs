//! What a ceremony has to do.

use jiff::{SignedDuration, Timestamp};

use super::{CeremonyError, issuer, request};
use crate::crl;
use crate::facts::CertificateFacts;
use crate::key_ring::KeyRing;
use crate::make_error::{MakeError, damaged};
use crate::plan::{CertificatePlan, CrlPlan, EntityPlan};

/// Everything that a ceremony has to do, in this order.
#[derive(Debug)]
pub struct Agenda {
    /// The network.
    pub network: String,
    /// When it was prepared.
    pub prepared: Timestamp,
    /// Certificates to be signed; an issuer stands before what it issues.
    pub certificates: Vec<CertificateTask>,
    /// CRLs to be signed.
    pub crls: Vec<CrlTask>,
    /// Certificates of the offline keys that exist already: alias and DER.
    pub known: Vec<(String, Vec<u8>)>,
}

/// A certificate to be signed.
#[derive(Debug)]
pub struct CertificateTask {
    /// What it must say.
    pub entity: EntityPlan,
    /// How long it can live, so that it ends before its issuer.
    pub days: u32,
    /// The request; none when its key is to be made offline, too.
    pub request: Option<Request>,
}

/// A certificate request (PKCS#10).
#[derive(Debug)]
pub struct Request {
    /// In PEM form.
    pub pem: String,
    /// SHA-256 of its public key (`SubjectPublicKeyInfo`), to be compared by voice.
    pub key_sha256: String,
}

/// A CRL to be signed.
#[derive(Debug)]
pub struct CrlTask {
    /// What it must say.
    pub crl: CrlPlan,
    /// Its number: one more than that of the last one.
    pub number: u64,
    /// How long it can live.
    pub days: u32,
}

impl Agenda {
    /// Whether there is nothing to do.
    pub const fn is_empty(&self) -> bool {
        self.certificates.is_empty() && self.crls.is_empty()
    }

    /// Whether the ceremony signs a certificate of this alias.
    pub(super) fn signs(&self, alias: &str) -> bool {
        self.certificates.iter().any(|task| task.entity.alias == alias)
    }
}

impl KeyRing {
    /// Says what is to be done for `plan`, and makes the keys that requests are for. Asked again before anything is
    /// accepted, it asks for the same keys. On an error nothing has changed.
    pub fn prepare_ceremony(
        &mut self,
        plan: &CertificatePlan,
        now: Timestamp,
    ) -> Result<Agenda, CeremonyError> {
        let mut agenda = Agenda {
            network: plan.network.clone(),
            prepared: now,
            certificates: Vec::new(),
            crls: Vec::new(),
            known: Vec::new(),
        };
        let mut keys = self.requests.clone();
        for entity in plan.entities.iter().filter(|entity| self.is_to_be_signed(entity)) {
            let request = if self.is_offline(&entity.alias) {
                None
            } else {
                let key = match keys.get(&entity.alias) {
                    Some(key) => key.clone(),
                    None => request::new_key(entity)?,
                };
                let request = request::make(entity, &key)?;
                keys.insert(entity.alias.clone(), key);
                Some(request)
            };
            let days = self.days_within(issuer(entity), entity.days, &agenda, now)?;
            agenda.certificates.push(CertificateTask {
                entity: entity.clone(),
                days,
                request,
            });
        }
        for crl in plan.crls.iter().filter(|crl| self.is_offline(&crl.signer)) {
            let existing = self.crls.get(&crl.file);
            if existing.is_some() && !self.stale_crls.contains(&crl.file) {
                continue;
            }
            let last = match existing {
                Some(der) => crl::read(der).map_err(damaged(&crl.file))?.number,
                None => 0,
            };
            let days = self.days_within(Some(&crl.signer), crl.days, &agenda, now)?;
            agenda.crls.push(CrlTask {
                crl: crl.clone(),
                number: last.saturating_add(1),
                days,
            });
        }
        for entity in &plan.entities {
            if self.is_offline(&entity.alias)
                && let Some(existing) = self.entities.get(&entity.alias)
            {
                agenda
                    .known
                    .push((entity.alias.clone(), existing.certificate.clone()));
            }
        }
        if keys.len() != self.requests.len() {
            self.note(
                now,
                format!(
                    "asks for certificates of {}",
                    keys.keys().cloned().collect::<Vec<_>>().join(", ")
                ),
            );
        }
        self.requests = keys;
        Ok(agenda)
    }

    /// OpenSSL counts from the moment of signing: one day less than the issuer has left keeps within its life.
    fn days_within(
        &self,
        issuer: Option<&str>,
        wanted: u32,
        agenda: &Agenda,
        now: Timestamp,
    ) -> Result<u32, CeremonyError> {
        let Some(issuer) = issuer else {
            return Ok(wanted);
        };
        let signed_before = agenda
            .certificates
            .iter()
            .find(|task| task.entity.alias == issuer);
        let left = match signed_before {
            Some(task) => task.days,
            None => self.days_left_of(issuer, now)?,
        };
        Ok(wanted.min(left.saturating_sub(1)).max(1))
    }

    fn days_left_of(&self, issuer: &str, now: Timestamp) -> Result<u32, MakeError> {
        let facts = CertificateFacts::read(self.certificate(issuer)?).map_err(damaged(issuer))?;
        let left = facts.not_after.duration_since(now);
        if left < SignedDuration::from_hours(48) {
            return Err(MakeError::IssuerEnded {
                name: issuer.to_owned(),
                issuer: issuer.to_owned(),
                ended: facts.not_after,
            });
        }
        Ok(u32::try_from(left.as_hours() / 24).unwrap_or(u32::MAX))
    }
}
