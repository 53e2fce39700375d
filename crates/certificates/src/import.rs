//! Takes the keys of a network that others made, such as R3's PKI tool, into a ring.
//!
//! Everything is looked at before anything is taken: what [`inspect`](crate::inspection::inspect) finds, what the plan
//! wants otherwise, what is missing. Where there is one problem nothing is taken, and all of them are told.
//!
//! Stores are not taken over, only what is in them: the ring makes its own, each with a password of its own.

mod found;
mod problem;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use self::found::{Found, FoundEntity};
pub use self::problem::{ImportProblem, Note};
use crate::adopted::Adopted;
use crate::crl;
use crate::facts::CertificateFacts;
use crate::inspection::{CrlInput, Kind, Problem, StoreInput, inspect, inspect_ring, last_part};
use crate::key_ring::{Entity, KeyRing};
use crate::make_missing::Changes;
use crate::plan::{CertificatePlan, CrlPlan, EntityPlan, Holder, IssuedBy, aliases};
use crate::private_key::{Away, Key};

/// What an import did.
#[derive(Debug)]
pub struct Imported {
    /// Aliases of the plan whose certificates were taken, with their keys where these were there.
    pub certificates: Vec<String>,
    /// Files of the CRLs that were taken.
    pub crls: Vec<String>,
    /// What was made because it was not there.
    pub made: Changes,
    /// What an operator should know.
    pub notes: Vec<Note>,
}

impl KeyRing {
    /// Takes what `plan` names out of stores and CRLs, and makes what they lack; or changes nothing and tells every
    /// problem.
    pub fn import(
        &mut self,
        plan: &CertificatePlan,
        stores: &[StoreInput<'_>],
        crls: &[CrlInput<'_>],
        now: Timestamp,
    ) -> Result<Imported, Vec<ImportProblem>> {
        let inspection = inspect(stores, crls, now);
        let mut import = Import {
            plan,
            ring: self,
            found: Found::default(),
            problems: Vec::new(),
            notes: Vec::new(),
        };
        for finding in inspection.findings {
            match finding.problem {
                // R3's charts put it there (reference §3.5). It is mended by taking the key and not the store.
                Problem::Misplaced {
                    wanted: Kind::SslIdentity,
                    found: Kind::SslRoot,
                } => import.notes.push(Note::SslRootInService { store: finding.store }),
                _ => import.problems.push(ImportProblem::Finding(finding)),
            }
        }
        import.found = Found::collect(plan, &inspection.stores, &mut import.problems, &mut import.notes);
        let taken = import.entities();
        let taken_crls = import.crls(crls, &taken);
        let Import {
            problems, mut notes, ..
        } = import;
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut next = self.clone();
        let certificates: Vec<String> = taken.keys().cloned().collect();
        for (alias, (entity, adopted)) in taken {
            next.adopted.insert(alias.clone(), adopted);
            next.entities.insert(alias, entity);
        }
        let files: Vec<String> = taken_crls.iter().map(|(file, _)| file.clone()).collect();
        next.crls.extend(taken_crls);
        next.note(
            now,
            format!("imported {}", [&certificates[..], &files[..]].concat().join(", ")),
        );
        let adopting = plan.clone().adopting(&next);
        let waits = next.needs_ceremony(&adopting);
        let made = if waits.is_empty() {
            next.make_missing(&adopting, now)
                .map_err(|cause| vec![ImportProblem::Make(cause.to_string())])?
        } else {
            notes.push(Note::Ceremony { names: waits });
            Changes::default()
        };
        let findings = inspect_ring(&next, now).findings;
        if !findings.is_empty() {
            return Err(findings.into_iter().map(ImportProblem::Finding).collect());
        }
        *self = next;
        Ok(Imported {
            certificates,
            crls: files,
            made,
            notes,
        })
    }
}

struct Import<'a> {
    plan: &'a CertificatePlan,
    ring: &'a KeyRing,
    found: Found,
    problems: Vec<ImportProblem>,
    notes: Vec<Note>,
}

type Taken = BTreeMap<String, (Entity, Adopted)>;

impl Import<'_> {
    /// What is taken, entity by entity; an issuer stands before what it issued.
    fn entities(&mut self) -> Taken {
        let mut taken = Taken::new();
        for planned in &self.plan.entities {
            match self.found.take(&planned.alias) {
                Some(found) => {
                    if let Some(entity) = self.entity(planned, found, &taken) {
                        taken.insert(planned.alias.clone(), entity);
                    }
                }
                None => self.absent(planned, &taken),
            }
        }
        taken
    }

    fn entity(
        &mut self,
        planned: &EntityPlan,
        found: FoundEntity,
        taken: &Taken,
    ) -> Option<(Entity, Adopted)> {
        let alias = &planned.alias;
        let FoundEntity {
            certificate,
            key,
            store,
        } = found;
        // What cannot be read was told by the inspection.
        let facts = CertificateFacts::read(&certificate).ok()?;
        let issuer = match &planned.issued_by {
            IssuedBy::Itself => None,
            IssuedBy::Authority(issuer) => Some(issuer.clone()),
        };
        let unfit = unfit(planned, &facts);
        let replaceable = Kind::of_alias(alias) == Some(Kind::SslIdentity);
        if replaceable && (key.is_none() || unfit.is_some()) && self.can_issue(issuer.as_deref(), taken) {
            if self.ring.entities.contains_key(alias) {
                return None;
            }
            self.notes.push(Note::MadeAnew {
                alias: alias.clone(),
                because: unfit.map_or_else(|| "its key is not in the folder".to_owned(), |(what, _)| what),
            });
            return None;
        }
        if let Some(existing) = self.ring.entities.get(alias)
            && existing.certificate != certificate
        {
            self.problems
                .push(ImportProblem::AlreadyThere { alias: alias.clone() });
            return None;
        }
        if let Some((_, problem)) = unfit {
            self.problems.push(problem);
        }
        let key = match (key, &planned.holder) {
            (Some(key), _) => Key::Held(key),
            (None, Holder::Operator) => {
                self.notes.push(Note::Offline { alias: alias.clone() });
                Key::Away(Away::Offline)
            }
            (None, _) => {
                self.problems.push(ImportProblem::NoKey {
                    alias: alias.clone(),
                    store: store.clone(),
                    holder: planned.holder.to_string(),
                });
                return None;
            }
        };
        let Some(adopted) = Adopted::of(&facts, facts.name.clone()) else {
            self.problems.push(ImportProblem::Name {
                alias: alias.clone(),
                store,
                subject: facts.subject,
            });
            return None;
        };
        Some((
            Entity {
                key,
                certificate,
                issuer,
            },
            adopted,
        ))
    }

    /// Whether something that is not there can be made.
    fn absent(&mut self, planned: &EntityPlan, taken: &Taken) {
        if self.ring.entities.contains_key(&planned.alias) {
            return;
        }
        let can_be_made = match (&planned.issued_by, planned.alias.as_str()) {
            // What a network cannot lose without becoming another one.
            (_, aliases::ROOT | aliases::SUBORDINATE | aliases::IDENTITY_MANAGER) => false,
            (IssuedBy::Itself, _) => true,
            (IssuedBy::Authority(issuer), _) => self.can_issue(Some(issuer), taken),
        };
        if !can_be_made {
            self.problems.push(ImportProblem::Missing {
                alias: planned.alias.clone(),
                kind: Kind::of_alias(&planned.alias),
            });
        }
    }

    /// Whether an issuer can sign: its key is there, will be made, or is kept offline and can be asked.
    fn can_issue(&self, issuer: Option<&str>, taken: &Taken) -> bool {
        let Some(issuer) = issuer else {
            return true;
        };
        let known = taken.contains_key(issuer) || self.ring.entities.contains_key(issuer);
        // The root of the SSL hierarchy, when nothing of that is there.
        known || issuer == aliases::SSL_ROOT || issuer.ends_with("-tunnel")
    }

    fn crls(&mut self, given: &[CrlInput<'_>], taken: &Taken) -> Vec<(String, Vec<u8>)> {
        for crl in given {
            if self.plan.crl(last_part(crl.name)).is_none() {
                self.notes.push(Note::LeftOut {
                    what: crl.name.to_owned(),
                });
            }
        }
        let plan = self.plan;
        plan.crls
            .iter()
            .filter_map(|planned| self.crl(planned, given, taken))
            .collect()
    }

    fn crl(&mut self, planned: &CrlPlan, given: &[CrlInput<'_>], taken: &Taken) -> Option<(String, Vec<u8>)> {
        let signer = taken.get(&planned.signer);
        // One that is not there is signed anew.
        let input = given.iter().find(|crl| last_part(crl.name) == planned.file)?;
        // What cannot be read was told by the inspection.
        let facts = crl::read(input.bytes).ok()?;
        let issuer = signer.map(|(_, adopted)| adopted.subject.to_string());
        if issuer.as_deref().is_some_and(|issuer| issuer != facts.issuer) {
            self.problems.push(ImportProblem::CrlIssuer {
                file: input.name.to_owned(),
                found: facts.issuer,
                wanted: issuer.unwrap_or_default(),
            });
            return None;
        }
        let address = planned.indirect.then_some(&planned.url);
        if facts.indirect_url.as_ref() != address && facts.indirect_url.is_some() {
            self.problems.push(ImportProblem::CrlAddress {
                alias: input.name.to_owned(),
                says: facts.indirect_url.unwrap_or_default(),
                planned: planned.url.clone(),
            });
            return None;
        }
        // The signer is new: the list is of the old one.
        signer?;
        Some((planned.file.clone(), input.bytes.to_vec()))
    }
}

/// Why a certificate does not fit into the planned network: in a few words, and as a problem.
fn unfit(planned: &EntityPlan, facts: &CertificateFacts) -> Option<(String, ImportProblem)> {
    let alias = planned.alias.clone();
    let says = || facts.crl_urls.join(" ");
    if planned.issued_by != IssuedBy::Itself && !facts.crl_urls.iter().eq(&planned.crl_url) {
        let planned = planned.crl_url.clone().unwrap_or_default();
        let problem = ImportProblem::CrlAddress {
            alias,
            says: says(),
            planned,
        };
        return Some(("its CRL would be looked for elsewhere".to_owned(), problem));
    }
    let set = |names: &[String]| names.iter().cloned().collect::<BTreeSet<String>>();
    (set(&facts.dns_names) != set(&planned.dns_names)).then(|| {
        (
            "it has not the names of its Service".to_owned(),
            ImportProblem::DnsNames {
                alias,
                found: facts.dns_names.join(" "),
                planned: planned.dns_names.join(" "),
            },
        )
    })
}
