//! Which of a plan's entities the entries of stores are.

use std::collections::BTreeMap;

use super::problem::{ImportProblem, Note};
use crate::inspection::Kind;
use crate::plan::{CertificatePlan, IssuedBy};
use crate::private_key::PrivateKey;
use crate::store_reader::{ReadContent, ReadStore};

/// What stores say about the entities of a plan.
#[derive(Default)]
pub(super) struct Found(BTreeMap<String, FoundEntity>);

/// A certificate, and its key where a store holds it.
pub(super) struct FoundEntity {
    pub(super) certificate: Vec<u8>,
    pub(super) key: Option<PrivateKey>,
    /// The first store that it is in.
    pub(super) store: String,
}

impl Found {
    /// Goes through all entries, and through the issuers that stand behind each key.
    pub(super) fn collect(
        plan: &CertificatePlan,
        stores: &[ReadStore],
        problems: &mut Vec<ImportProblem>,
        notes: &mut Vec<Note>,
    ) -> Self {
        let mut found = Self::default();
        for store in stores {
            for entry in &store.entries {
                let place = format!("{}, {}", store.name, entry.alias);
                let Some(alias) = planned_alias(plan, &entry.alias) else {
                    if is_further_trust(&entry.alias, &entry.content) {
                        problems.push(ImportProblem::FurtherTrust { place });
                    } else {
                        notes.push(Note::LeftOut { what: place });
                    }
                    continue;
                };
                match &entry.content {
                    ReadContent::Trusted(certificate) => {
                        found.add(alias, certificate, None, &store.name, problems);
                    }
                    ReadContent::PrivateKey { key, chain } => {
                        let path = path(plan, alias);
                        if path.len() != chain.len() {
                            problems.push(ImportProblem::Path {
                                place,
                                found: chain.len(),
                                wanted: path.join(" ← "),
                            });
                            continue;
                        }
                        for (index, (alias, certificate)) in path.into_iter().zip(chain).enumerate() {
                            let key = key.clone().filter(|_| index == 0);
                            found.add(alias, certificate, key, &store.name, problems);
                        }
                    }
                }
            }
        }
        found
    }

    pub(super) fn take(&mut self, alias: &str) -> Option<FoundEntity> {
        self.0.remove(alias)
    }

    fn add(
        &mut self,
        alias: &str,
        certificate: &[u8],
        key: Option<PrivateKey>,
        store: &str,
        problems: &mut Vec<ImportProblem>,
    ) {
        let known = self.0.entry(alias.to_owned()).or_insert_with(|| FoundEntity {
            certificate: certificate.to_vec(),
            key: None,
            store: store.to_owned(),
        });
        if known.certificate == certificate {
            known.key = known.key.take().or(key);
            return;
        }
        let differ = ImportProblem::Differ {
            alias: alias.to_owned(),
            store: known.store.clone(),
            other: store.to_owned(),
        };
        if !problems.contains(&differ) {
            problems.push(differ);
        }
    }
}

/// The planned entity that an alias stands for: of the same alias, or the only one of its kind under the name that R3's
/// templates give it.
fn planned_alias<'a>(plan: &'a CertificatePlan, alias: &str) -> Option<&'a str> {
    let named = |name: &str| {
        plan.entities
            .iter()
            .find(|entity| entity.alias.eq_ignore_ascii_case(name))
            .map(|entity| entity.alias.as_str())
    };
    named(alias).or_else(|| named(Kind::of_whole_alias(alias)?.alias()))
}

/// From an entity to its root.
fn path<'a>(plan: &'a CertificatePlan, alias: &'a str) -> Vec<&'a str> {
    let mut path = vec![alias];
    let mut entity = plan.entity(alias);
    while let Some(IssuedBy::Authority(issuer)) = entity.map(|entity| &entity.issued_by) {
        path.push(issuer);
        entity = plan.entity(issuer);
    }
    path
}

fn is_further_trust(alias: &str, content: &ReadContent) -> bool {
    let kind = Kind::of_alias(alias);
    matches!(content, ReadContent::Trusted(_))
        && matches!(kind, Some(Kind::Root | Kind::TlsCrlSigner | Kind::SslRoot))
}
