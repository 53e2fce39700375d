//! Finds where a plan wants something else than what exists.
//!
//! Certificates cannot be changed, only replaced, and nodes keep what they once trusted. So a difference is
//! never mended silently: it is told, and nothing is made.

use thiserror::Error;

use crate::crl;
use crate::facts::CertificateFacts;
use crate::key_ring::{Entity, KeyRing};
use crate::make_error::{MakeError, damaged};
use crate::plan::{CertificatePlan, CordaRole, CrlPlan, EntityPlan, Holder, IssuedBy, Purpose, StoreEntry};
use crate::private_key::{Away, Key};
use crate::rotate::{NEXT_SSL_ROOT, PREVIOUS_SSL_ROOT};

/// A difference between a plan and what exists.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "`{name}` was made with {property} {existing}, and now {planned} is asked for: \
     give it its old value again, or start a new network with a key file of its own"
)]
pub struct Contradiction {
    /// Alias or file name.
    pub name: String,
    /// What differs, e.g. `the subject`.
    pub property: &'static str,
    /// How it is.
    pub existing: String,
    /// How the plan wants it.
    pub planned: String,
}

/// Checks everything that both know.
pub(crate) fn check(ring: &KeyRing, plan: &CertificatePlan) -> Result<(), MakeError> {
    if ring.network != plan.network {
        return Err(MakeError::OtherNetwork {
            existing: ring.network.clone(),
            planned: plan.network.clone(),
        });
    }
    check_places(ring, plan)?;
    for planned in &plan.entities {
        if let Some(existing) = ring.entities.get(&planned.alias) {
            check_entity(planned, existing)?;
            check_issuer(ring, planned)?;
        }
    }
    for planned in &plan.crls {
        if let Some(existing) = ring.crls.get(&planned.file) {
            check_crl(planned, existing)?;
        }
    }
    for planned in &plan.stores {
        if let Some(existing) = ring.stores.get(&planned.file) {
            same(
                &planned.file,
                "the entries",
                &listed(&without_rotation(&existing.entries)),
                &listed(&planned.entries),
            )?;
        }
    }
    Ok(())
}

/// Checks that keys are in the token, or in the key file, where the plan has them: none can be moved.
pub(crate) fn check_places(ring: &KeyRing, plan: &CertificatePlan) -> Result<(), Contradiction> {
    for planned in &plan.entities {
        let Some(existing) = ring.entities.get(&planned.alias) else {
            continue;
        };
        if planned.holder == Holder::Operator && matches!(existing.key, Key::Away(Away::Offline)) {
            continue;
        }
        let existing = match &existing.key {
            Key::Away(away) => away.to_string(),
            Key::Held(_) => "in the key file".to_owned(),
        };
        let planned_place = match &planned.holder {
            Holder::OperatorToken(label) => format!("in token `{label}`"),
            Holder::Hsm(_) => Away::Hsm.to_string(),
            Holder::Operator | Holder::Component(_) | Holder::Anyone => "in the key file".to_owned(),
        };
        same(&planned.alias, "its private key", &existing, &planned_place)?;
    }
    Ok(())
}

fn check_entity(planned: &EntityPlan, existing: &Entity) -> Result<(), MakeError> {
    let alias = planned.alias.as_str();
    let facts = CertificateFacts::read(&existing.certificate).map_err(damaged(alias))?;
    same(alias, "the subject", &facts.subject, &planned.subject.to_string())?;
    let issuer = existing.issuer.as_deref().unwrap_or(alias);
    same(alias, "the issuer", issuer, issuer_alias(planned))?;
    same(
        alias,
        "the key",
        &format!("{:?}", facts.key),
        &format!("{:?}", Some(planned.key)),
    )?;
    let role = |number: Option<u8>| number.map_or_else(|| "none".to_owned(), |number| number.to_string());
    same(
        alias,
        "the Corda role",
        &role(facts.role),
        &role(planned.role.map(CordaRole::number)),
    )?;
    let authority = planned.purpose == Purpose::Authority;
    same(
        alias,
        "the right to issue",
        &facts.authority.to_string(),
        &authority.to_string(),
    )?;
    same(
        alias,
        "the DNS names",
        &sorted(&facts.dns_names),
        &sorted(&planned.dns_names),
    )?;
    let urls: Vec<String> = planned.crl_url.iter().cloned().collect();
    same(alias, "the CRL address", &sorted(&facts.crl_urls), &sorted(&urls))?;
    Ok(())
}

/// A child without its issuer would be given a new, unrelated one.
fn check_issuer(ring: &KeyRing, planned: &EntityPlan) -> Result<(), Contradiction> {
    let issuer = issuer_alias(planned);
    if ring.entities.contains_key(issuer) {
        return Ok(());
    }
    Err(Contradiction {
        name: planned.alias.clone(),
        property: "the issuer",
        existing: format!("{issuer}, which is lost"),
        planned: "a new one".into(),
    })
}

fn check_crl(planned: &CrlPlan, existing: &[u8]) -> Result<(), MakeError> {
    let facts = crl::read(existing).map_err(damaged(&planned.file))?;
    same(
        &planned.file,
        "the issuer",
        &facts.issuer,
        &planned.issuer.to_string(),
    )?;
    let planned_url = planned.indirect.then_some(planned.url.as_str());
    same(
        &planned.file,
        "the address of an indirect CRL",
        facts.indirect_url.as_deref().unwrap_or("none"),
        planned_url.unwrap_or("none"),
    )?;
    Ok(())
}

pub(crate) fn issuer_alias(planned: &EntityPlan) -> &str {
    match &planned.issued_by {
        IssuedBy::Itself => &planned.alias,
        IssuedBy::Authority(alias) => alias,
    }
}

fn same(name: &str, property: &'static str, existing: &str, planned: &str) -> Result<(), Contradiction> {
    if existing == planned {
        return Ok(());
    }
    Err(Contradiction {
        name: name.to_owned(),
        property,
        existing: existing.to_owned(),
        planned: planned.to_owned(),
    })
}

fn sorted(names: &[String]) -> String {
    if names.is_empty() {
        return "none".into();
    }
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.sort_unstable();
    names.join(" ")
}

/// While the SSL authority is rotated, its trust store holds another one too.
fn without_rotation(entries: &[StoreEntry]) -> Vec<StoreEntry> {
    let passing = [NEXT_SSL_ROOT, PREVIOUS_SSL_ROOT];
    entries
        .iter()
        .filter(|entry| !matches!(entry, StoreEntry::Trusted(alias) if passing.contains(&alias.as_str())))
        .cloned()
        .collect()
}

fn listed(entries: &[StoreEntry]) -> String {
    let names: Vec<String> = entries
        .iter()
        .map(|entry| match entry {
            StoreEntry::PrivateKey(alias) => format!("key {alias}"),
            StoreEntry::Trusted(alias) => format!("trusted {alias}"),
        })
        .collect();
    sorted(&names)
}
