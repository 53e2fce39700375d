//! One chain of certificates, from a key up to its root.

use std::collections::BTreeMap;

use jiff::Timestamp;
use x509_parser::error::X509Error;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::facts::CertificateFacts;
use crate::inspection::Place;
use crate::inspection::kind::Kind;
use crate::inspection::problem::{Finding, Problem};
use crate::private_key::PrivateKey;
use crate::provider;

/// A chain whose certificates can be read.
pub(super) struct Chain<'a> {
    links: Vec<Link<'a>>,
}

struct Link<'a> {
    der: &'a [u8],
    certificate: X509Certificate<'a>,
    facts: CertificateFacts,
}

impl Link<'_> {
    fn signs_itself(&self) -> bool {
        self.certificate.subject().as_raw() == self.certificate.issuer().as_raw()
    }

    /// Whether both the CA bit and the key usage allow it to issue.
    fn may_issue(&self) -> bool {
        let usage = self.certificate.key_usage().ok().flatten();
        self.facts.authority && usage.is_none_or(|usage| usage.value.key_cert_sign())
    }
}

impl Place<'_> {
    /// Whether key and certificate belong together.
    pub(super) fn key(self, key: &PrivateKey, chain: &[Vec<u8>], findings: &mut Vec<Finding>) {
        let Some((_, certificate)) = chain.first().and_then(|der| X509Certificate::from_der(der).ok()) else {
            // Told where the chain is read.
            return;
        };
        match provider::load(key) {
            Err(error) => findings.push(self.finding(Problem::Key(error.to_string()))),
            Ok(pair) if *pair.public_key_raw() != *certificate.public_key().subject_public_key.data => {
                findings.push(self.finding(Problem::OtherKey));
            }
            Ok(_) => {}
        }
    }
}

impl<'a> Chain<'a> {
    /// Reads a chain; what cannot be read ends it.
    pub(super) fn read(chain: &'a [Vec<u8>], place: Place<'_>, findings: &mut Vec<Finding>) -> Self {
        let mut links = Vec::new();
        if chain.is_empty() {
            findings.push(place.finding(Problem::NoCertificate));
        }
        for (index, der) in chain.iter().enumerate() {
            let read = X509Certificate::from_der(der)
                .ok()
                .zip(CertificateFacts::read(der).ok());
            let Some(((_, certificate), facts)) = read else {
                findings.push(place.finding(Problem::Damaged { position: index + 1 }));
                break;
            };
            links.push(Link {
                der,
                certificate,
                facts,
            });
        }
        Self { links }
    }

    /// Everything that a product would refuse in the chain of a key.
    pub(super) fn check(
        &self,
        kind: Option<Kind>,
        trusted: &BTreeMap<Vec<u8>, String>,
        place: Place<'_>,
        now: Timestamp,
        findings: &mut Vec<Finding>,
    ) {
        let mut problems = Vec::new();
        self.links(now, &mut problems);
        if let Some(kind) = kind {
            self.kind(kind, &mut problems);
            self.roles_above(kind, &mut problems);
            self.root(kind, trusted, &mut problems);
        }
        findings.extend(problems.into_iter().map(|problem| place.finding(problem)));
    }

    /// What must hold for a certificate in a trust store.
    pub(super) fn check_trusted(
        &self,
        kind: Option<Kind>,
        place: Place<'_>,
        now: Timestamp,
        findings: &mut Vec<Finding>,
    ) {
        let mut problems = Vec::new();
        for link in &self.links {
            life(link, now, &mut problems);
        }
        if let Some(kind) = kind {
            self.kind(kind, &mut problems);
        }
        findings.extend(problems.into_iter().map(|problem| place.finding(problem)));
    }

    /// Each link by itself and against the next one.
    fn links(&self, now: Timestamp, problems: &mut Vec<Problem>) {
        for (index, link) in self.links.iter().enumerate() {
            let subject = || link.facts.subject.clone();
            life(link, now, problems);
            if link.facts.key.is_none() {
                problems.push(Problem::Algorithm { subject: subject() });
            }
            match self.links.get(index + 1) {
                Some(parent) => {
                    signed_by(link, parent, problems);
                    if !parent.may_issue() {
                        problems.push(Problem::NoAuthority {
                            subject: parent.facts.subject.clone(),
                        });
                    }
                    if link.facts.not_after > parent.facts.not_after {
                        problems.push(Problem::Outlives {
                            subject: subject(),
                            ended: link.facts.not_after,
                            issuer_ended: parent.facts.not_after,
                        });
                    }
                }
                None if link.signs_itself() => signed_by(link, link, problems),
                None => problems.push(Problem::Incomplete {
                    subject: subject(),
                    issuer: link.facts.issuer.clone(),
                }),
            }
        }
    }

    /// What the first certificate must say because of what it is.
    fn kind(&self, kind: Kind, problems: &mut Vec<Problem>) {
        let Some(first) = self.links.first() else {
            return;
        };
        match (first.facts.role, kind.role()) {
            (found, wanted) if found == wanted => {}
            (None, Some(wanted)) => problems.push(Problem::MissingRole { kind, wanted }),
            (Some(found), wanted) => problems.push(Problem::Role { kind, found, wanted }),
            (None, None) => {}
        }
        match kind.authority() {
            Some(true) if !first.may_issue() => problems.push(Problem::NoAuthority {
                subject: first.facts.subject.clone(),
            }),
            Some(false) if first.facts.authority => problems.push(Problem::Authority { kind }),
            _ => {}
        }
        if first.signs_itself() && !kind.signs_itself() {
            problems.push(Problem::SelfSigned { kind });
        }
    }

    /// Corda looks for the nearest issuer that has a role.
    fn roles_above(&self, kind: Kind, problems: &mut Vec<Problem>) {
        let Some(above) = self.links.get(1..).filter(|above| !above.is_empty()) else {
            return;
        };
        let found = above.iter().find_map(|link| link.facts.role);
        if !kind.parents().contains(&found) {
            let wanted: Vec<String> = kind
                .parents()
                .iter()
                .map(|role| role.map_or_else(|| "no role".to_owned(), |role| format!("role {role}")))
                .collect();
            problems.push(Problem::ParentRole {
                kind,
                found,
                wanted: wanted.join(" or "),
            });
        }
    }

    fn root(&self, kind: Kind, trusted: &BTreeMap<Vec<u8>, String>, problems: &mut Vec<Problem>) {
        let (Some(root), Some(trust)) = (self.links.last(), kind.trust_store()) else {
            return;
        };
        let trust_store_is_known = trusted.values().any(|store| store == trust);
        let is_trusted = trusted.get(root.der).is_some_and(|store| store == trust);
        if root.signs_itself() && trust_store_is_known && !is_trusted {
            problems.push(Problem::Foreign {
                root: root.facts.subject.clone(),
                trust,
            });
        }
    }
}

fn life(link: &Link<'_>, now: Timestamp, problems: &mut Vec<Problem>) {
    let CertificateFacts {
        subject,
        not_before,
        not_after,
        ..
    } = &link.facts;
    if *not_after <= now {
        problems.push(Problem::Expired {
            subject: subject.clone(),
            ended: *not_after,
        });
    } else if *not_before > now {
        problems.push(Problem::NotYetValid {
            subject: subject.clone(),
            begins: *not_before,
            now: now.round(jiff::Unit::Second).unwrap_or(now),
        });
    }
}

fn signed_by(link: &Link<'_>, parent: &Link<'_>, problems: &mut Vec<Problem>) {
    let named = link.certificate.issuer().as_raw() == parent.certificate.subject().as_raw();
    let signed = link
        .certificate
        .verify_signature(Some(parent.certificate.public_key()));
    match signed {
        Err(X509Error::SignatureUnsupportedAlgorithm) => problems.push(Problem::Signature {
            subject: link.facts.subject.clone(),
        }),
        Ok(()) if named => {}
        _ => problems.push(Problem::Parent {
            subject: link.facts.subject.clone(),
            parent: parent.facts.subject.clone(),
        }),
    }
}
