//! Takes back what was signed: all of it, or nothing and every problem.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use x509_parser::pem::Pem;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::{AcceptProblem, Agenda, CertificateTask, CrlTask, issuer};
use crate::crl;
use crate::facts::CertificateFacts;
use crate::inspection::{CrlInput, Finding, check_chain, check_crl, inspect_ring};
use crate::key_ring::{Entity, KeyRing};
use crate::make_missing::Changes;
use crate::plan::CertificatePlan;
use crate::private_key::{Away, Key};
use crate::provider;

/// A file that came back.
#[derive(Clone, Copy, Debug)]
pub struct SignedFile<'a> {
    /// Path below the folder.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}

/// What an acceptance did.
#[derive(Debug)]
pub struct Accepted {
    /// Aliases of new certificates, with their ends.
    pub certificates: Vec<(String, Timestamp)>,
    /// Files of new CRLs, with the next one's time.
    pub crls: Vec<(String, Option<Timestamp>)>,
    /// What could be made then.
    pub made: Changes,
    /// Stores that were made anew because of it.
    pub stores: Vec<String>,
}

impl KeyRing {
    /// Takes back everything that [`KeyRing::prepare_ceremony`] asks for under `plan`. `fingerprints` are those of the
    /// certificates that signed themselves, by alias: 64 hexadecimal digits.
    pub fn accept_ceremony(
        &mut self,
        plan: &CertificatePlan,
        files: &[SignedFile<'_>],
        fingerprints: &BTreeMap<String, String>,
        now: Timestamp,
    ) -> Result<Accepted, Vec<AcceptProblem>> {
        // On a copy: keys that were never asked for must not appear in this ring.
        let agenda = self
            .clone()
            .prepare_ceremony(plan, now)
            .map_err(|error| vec![AcceptProblem::Make(error.to_string())])?;
        if agenda.is_empty() {
            return Err(vec![AcceptProblem::NothingAsked]);
        }
        let mut acceptance = Acceptance {
            ring: self,
            agenda: &agenda,
            files: read(files),
            problems: Vec::new(),
            certificates: BTreeMap::new(),
        };
        acceptance.leaked_keys();
        acceptance.unexpected();
        for task in &agenda.certificates {
            acceptance.certificate(task, fingerprints, now);
        }
        let lists: Vec<(String, Vec<u8>)> = agenda
            .crls
            .iter()
            .filter_map(|task| acceptance.crl(task, now))
            .collect();
        for alias in fingerprints.keys() {
            let task = agenda
                .certificates
                .iter()
                .find(|task| task.entity.alias == *alias);
            if task.is_none_or(|task| issuer(&task.entity).is_some()) {
                acceptance
                    .problems
                    .push(AcceptProblem::UnusedFingerprint { alias: alias.clone() });
            }
        }
        let Acceptance {
            problems,
            certificates,
            ..
        } = acceptance;
        if !problems.is_empty() {
            return Err(problems);
        }
        self.take_in(plan, &agenda, certificates, lists, now)
    }

    fn take_in(
        &mut self,
        plan: &CertificatePlan,
        agenda: &Agenda,
        mut certificates: BTreeMap<String, Vec<u8>>,
        lists: Vec<(String, Vec<u8>)>,
        now: Timestamp,
    ) -> Result<Accepted, Vec<AcceptProblem>> {
        let failed = |error: String| vec![AcceptProblem::Make(error)];
        let mut next = self.clone();
        let mut ends = Vec::new();
        let mut replaced = Vec::new();
        for task in &agenda.certificates {
            let alias = &task.entity.alias;
            let Some(certificate) = certificates.remove(alias) else {
                continue;
            };
            let key = match next.requests.remove(alias) {
                Some(key) => Key::Held(key),
                None => Key::Away(Away::Offline),
            };
            let facts = CertificateFacts::read(&certificate).map_err(|error| failed(error.to_string()))?;
            ends.push((alias.clone(), facts.not_after));
            let entity = Entity {
                key,
                certificate,
                issuer: issuer(&task.entity).map(ToOwned::to_owned),
            };
            if next.entities.insert(alias.clone(), entity).is_some() {
                replaced.push(alias.clone());
            }
        }
        let crls: Vec<(String, Option<Timestamp>)> = lists
            .iter()
            .map(|(file, der)| {
                let next_update = crl::read(der).ok().and_then(|facts| facts.next_update);
                (file.clone(), next_update)
            })
            .collect();
        for (file, der) in lists {
            next.stale_crls.remove(&file);
            next.crls.insert(file, der);
        }
        let stores = next
            .rebuild_stores_of(&replaced)
            .map_err(|error| failed(error.to_string()))?;
        let rebuilt = stores.keys().cloned().collect();
        next.stores.extend(stores);
        let names: Vec<&str> = ends
            .iter()
            .map(|(alias, _)| alias.as_str())
            .chain(crls.iter().map(|(file, _)| file.as_str()))
            .collect();
        next.note(now, format!("accepted from a ceremony: {}", names.join(", ")));
        let made = next
            .make_missing(plan, now)
            .map_err(|error| failed(error.to_string()))?;
        let findings = inspect_ring(&next, now).findings;
        if !findings.is_empty() {
            return Err(findings.into_iter().map(AcceptProblem::Finding).collect());
        }
        *self = next;
        Ok(Accepted {
            certificates: ends,
            crls,
            made,
            stores: rebuilt,
        })
    }
}

/// What a file is.
enum Content {
    Der(Vec<u8>),
    PrivateKey,
    Nothing,
}

/// Everything by the last part of its name; the folder's own files are left out.
fn read<'a>(files: &[SignedFile<'a>]) -> BTreeMap<&'a str, Content> {
    files
        .iter()
        .map(|file| (file.name, content(file.bytes)))
        .collect()
}

fn content(bytes: &[u8]) -> Content {
    let text = String::from_utf8_lossy(bytes);
    if text.contains("PRIVATE KEY-----") {
        return Content::PrivateKey;
    }
    if text.contains("-----BEGIN ") {
        // OpenSSL may write a certificate in words before it.
        return match Pem::iter_from_buffer(bytes).next() {
            Some(Ok(pem)) => Content::Der(pem.contents),
            _ => Content::Nothing,
        };
    }
    if provider::is_private_key(bytes) {
        return Content::PrivateKey;
    }
    Content::Der(bytes.to_vec())
}

struct Acceptance<'a> {
    ring: &'a KeyRing,
    agenda: &'a Agenda,
    files: BTreeMap<&'a str, Content>,
    problems: Vec<AcceptProblem>,
    /// What can be read, by alias.
    certificates: BTreeMap<String, Vec<u8>>,
}

/// Where the signed things lie.
fn signed(name: &str) -> String {
    format!("signed/{name}")
}

impl Acceptance<'_> {
    fn leaked_keys(&mut self) {
        for (name, content) in &self.files {
            if matches!(content, Content::PrivateKey) {
                self.problems.push(AcceptProblem::PrivateKey {
                    file: (*name).to_owned(),
                });
            }
        }
    }

    fn unexpected(&mut self) {
        let certificates = self
            .agenda
            .certificates
            .iter()
            .map(|task| signed(&format!("{}.pem", task.entity.alias)));
        let crls = self.agenda.crls.iter().map(|task| signed(&task.crl.file));
        let mut expected: BTreeSet<String> = certificates.chain(crls).collect();
        expected.insert(signed("README"));
        for name in self.files.keys() {
            if name.starts_with("signed/") && !expected.contains(*name) {
                self.problems.push(AcceptProblem::Unexpected {
                    file: (*name).to_owned(),
                });
            }
        }
    }

    /// A file's DER, unless it was told what is wrong with it.
    fn der(&mut self, file: &str, wanted: &'static str) -> Option<Vec<u8>> {
        match self.files.get(file) {
            None => {
                self.problems.push(AcceptProblem::Missing {
                    file: file.to_owned(),
                });
                None
            }
            Some(Content::Nothing) => {
                self.problems.push(AcceptProblem::Unreadable {
                    file: file.to_owned(),
                    wanted,
                });
                None
            }
            Some(Content::PrivateKey) => None,
            Some(Content::Der(der)) => Some(der.clone()),
        }
    }

    fn certificate(
        &mut self,
        task: &CertificateTask,
        fingerprints: &BTreeMap<String, String>,
        now: Timestamp,
    ) {
        let CertificateTask {
            entity,
            days: _,
            request,
        } = task;
        let alias = &entity.alias;
        let file = signed(&format!("{alias}.pem"));
        let Some(der) = self.der(&file, "certificate") else {
            return;
        };
        let (Ok((_, certificate)), Ok(facts)) =
            (X509Certificate::from_der(&der), CertificateFacts::read(&der))
        else {
            self.problems.push(AcceptProblem::Unreadable {
                file,
                wanted: "certificate",
            });
            return;
        };
        if let Some(request) = request
            && provider::sha256_hex(certificate.public_key().raw) != request.key_sha256
        {
            self.problems.push(AcceptProblem::OtherKey {
                file: file.clone(),
                alias: alias.clone(),
            });
        }
        let key = facts.key.map(|key| key.to_string());
        let none = || "none".to_owned();
        let crl_url = entity.crl_url.clone().unwrap_or_else(none);
        for (property, found, wanted) in [
            ("the subject", facts.subject.clone(), entity.subject.to_string()),
            (
                "a key of the kind",
                key.unwrap_or_else(none),
                entity.key.to_string(),
            ),
            ("the DNS names", words(&facts.dns_names), words(&entity.dns_names)),
            ("the CRL address", words(&facts.crl_urls), crl_url),
        ] {
            self.expect(&file, property, found, wanted);
        }
        if issuer(entity).is_none() {
            self.anchor(&file, alias, &facts.sha256, fingerprints.get(alias));
        }
        self.certificates.insert(alias.clone(), der.clone());
        let chain = self.chain(der, issuer(entity));
        let findings = check_chain(&file, alias, &chain, now);
        self.problems
            .extend(findings.into_iter().map(AcceptProblem::Finding));
    }

    fn anchor(&mut self, file: &str, alias: &str, found: &str, given: Option<&String>) {
        let file = file.to_owned();
        match given.map(|given| given.to_lowercase().replace(':', "")) {
            None => self.problems.push(AcceptProblem::NoFingerprint {
                file,
                alias: alias.to_owned(),
            }),
            Some(given) if given == found => {}
            Some(given) => self.problems.push(AcceptProblem::Fingerprint {
                file,
                found: found.to_owned(),
                given,
            }),
        }
    }

    /// Tells of a property that is not as it was asked for.
    fn expect(&mut self, file: &str, property: &'static str, found: String, wanted: String) {
        if found != wanted {
            self.problems.push(AcceptProblem::Differs {
                file: file.to_owned(),
                property,
                found,
                wanted,
            });
        }
    }

    /// A certificate and its issuers', as far as they are there.
    fn chain(&self, certificate: Vec<u8>, issuer: Option<&str>) -> Vec<Vec<u8>> {
        let mut chain = vec![certificate];
        let mut next = issuer.map(ToOwned::to_owned);
        while let Some(alias) = next {
            let task = self
                .agenda
                .certificates
                .iter()
                .find(|task| task.entity.alias == alias);
            let (der, issuer) = match (self.certificates.get(&alias), self.ring.entities.get(&alias)) {
                (Some(der), _) => (
                    der.clone(),
                    task.and_then(|task| super::issuer(&task.entity))
                        .map(ToOwned::to_owned),
                ),
                (None, Some(entity)) => (entity.certificate.clone(), entity.issuer.clone()),
                // It was told that it is missing.
                (None, None) => break,
            };
            chain.push(der);
            next = issuer;
        }
        chain
    }

    fn crl(&mut self, task: &CrlTask, now: Timestamp) -> Option<(String, Vec<u8>)> {
        let CrlTask { crl, number, days: _ } = task;
        let file = signed(&crl.file);
        let der = self.der(&file, "CRL")?;
        let Ok(facts) = crl::read(&der) else {
            self.problems
                .push(AcceptProblem::Unreadable { file, wanted: "CRL" });
            return None;
        };
        self.expect(&file, "the issuer", facts.issuer, crl.issuer.to_string());
        let none = || "none".to_owned();
        self.expect(
            &file,
            "the address of an indirect CRL",
            facts.indirect_url.unwrap_or_else(none),
            if crl.indirect { crl.url.clone() } else { none() },
        );
        if facts.number < *number {
            self.problems.push(AcceptProblem::CrlNumber {
                file: file.clone(),
                found: facts.number,
                last: number.saturating_sub(1),
            });
        }
        let signer = self.certificates.get(&crl.signer).or_else(|| {
            self.ring
                .entities
                .get(&crl.signer)
                .map(|entity| &entity.certificate)
        });
        let input = CrlInput {
            name: &file,
            bytes: &der,
        };
        let findings: Vec<Finding> = signer.map_or_else(Vec::new, |signer| check_crl(&input, signer, now));
        self.problems
            .extend(findings.into_iter().map(AcceptProblem::Finding));
        Some((crl.file.clone(), der))
    }
}

fn words(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.sort_unstable();
    names.join(" ")
}
