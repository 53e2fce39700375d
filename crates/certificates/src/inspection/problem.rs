//! What can be wrong, each as one sentence with the next step.

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::inspection::kind::Kind;
use crate::store_reader::ReadStoreError;

/// A problem and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// File name of the store or CRL.
    pub store: String,
    /// Alias in the store; absent when it is about the whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// What is wrong.
    #[serde(serialize_with = "sentence")]
    pub problem: Problem,
}

impl Finding {
    pub(super) fn of(store: &str, alias: Option<&str>, problem: Problem) -> Self {
        Self {
            store: store.to_owned(),
            alias: alias.map(ToOwned::to_owned),
            problem,
        }
    }
}

/// `STORE, ALIAS: what is wrong`.
impl std::fmt::Display for Finding {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            store,
            alias,
            problem,
        } = self;
        match alias {
            Some(alias) => write!(formatter, "{store}, {alias}: {problem}"),
            None => write!(formatter, "{store}: {problem}"),
        }
    }
}

fn sentence<S: Serializer>(problem: &Problem, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(problem)
}

/// What can be wrong with a store, a certificate or a CRL.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Problem {
    /// The store, or a key in it, cannot be opened.
    #[error(transparent)]
    Store(ReadStoreError),
    /// Nothing is in it.
    #[error("the store is empty: put in what belongs there, or take it away")]
    Empty,
    /// No product looks for this alias.
    #[error("no product looks for this alias: call the {wanted} `{}`", wanted.alias())]
    Alias {
        /// What belongs here.
        wanted: Kind,
    },
    /// Something else than what belongs here.
    #[error("here belongs the {wanted}, and this is the {found}: take it out, its key must not be here")]
    Misplaced {
        /// What belongs here.
        wanted: Kind,
        /// What is here.
        found: Kind,
    },
    /// Not a certificate.
    #[error("certificate {position} of its chain is damaged: restore it from a copy")]
    Damaged {
        /// Position in the chain, from 1.
        position: usize,
    },
    /// A key without a certificate.
    #[error("it has no certificate: import the key with its chain")]
    NoCertificate,
    /// Key and certificate do not belong together.
    #[error("its certificate belongs to another key: put the right one beside it")]
    OtherKey,
    /// The key's bytes are no key.
    #[error("its private key cannot be used ({0}): use EC P-256, or RSA with 2048, 3072 or 4096 bits")]
    Key(String),
    /// The next certificate of the chain has not signed this one.
    #[error(
        "`{subject}` was not signed by `{parent}`, which stands behind it: put the chain of its real issuer there"
    )]
    Parent {
        /// Subject of the certificate.
        subject: String,
        /// Subject of the next one.
        parent: String,
    },
    /// Signed in a way that cannot be verified here.
    #[error("how `{subject}` is signed cannot be verified: use EC P-256 or RSA with SHA-256")]
    Signature {
        /// Subject of the certificate.
        subject: String,
    },
    /// The chain ends before a root.
    #[error(
        "its chain ends at `{subject}`, whose issuer `{issuer}` is missing: add the certificates up to the root"
    )]
    Incomplete {
        /// Subject of the last certificate.
        subject: String,
        /// Its issuer.
        issuer: String,
    },
    /// Signed itself, and must not.
    #[error("it signed itself, and the {kind} must be signed by an authority")]
    SelfSigned {
        /// What it is.
        kind: Kind,
    },
    /// Of another network.
    #[error("its root `{root}` is not in `{trust}`: it is of another network, or the trust store is")]
    Foreign {
        /// Subject of the root.
        root: String,
        /// The trust store.
        trust: &'static str,
    },
    /// Corda's role is missing.
    #[error(
        "it has no Corda role, and the {kind} must have {wanted}: nodes would refuse it; issue it again with the role"
    )]
    MissingRole {
        /// What it is.
        kind: Kind,
        /// The role's number.
        wanted: u8,
    },
    /// Corda's role is another.
    #[error("it has Corda's role {found}, and the {kind} must have {}: issue it again", wanted.map_or_else(|| "none".to_owned(), |role| role.to_string()))]
    Role {
        /// What it is.
        kind: Kind,
        /// What it has.
        found: u8,
        /// What it must have.
        wanted: Option<u8>,
    },
    /// An issuer of the wrong role.
    #[error("its issuer has {}, and that of the {kind} must have {wanted}: nodes would refuse the chain", role(*.found))]
    ParentRole {
        /// What it is.
        kind: Kind,
        /// Role of the nearest issuer that has one.
        found: Option<u8>,
        /// What it must have.
        wanted: String,
    },
    /// An issuer that may not issue.
    #[error(
        "`{subject}` issues certificates and its own does not allow that (CA bit or key usage is missing): issue it again as an authority"
    )]
    NoAuthority {
        /// Its subject.
        subject: String,
    },
    /// May issue, and must not.
    #[error("it may issue certificates, and the {kind} must not: issue it again without the CA bit")]
    Authority {
        /// What it is.
        kind: Kind,
    },
    /// Over.
    #[error("`{subject}` expired on {ended}: issue it again")]
    Expired {
        /// Its subject.
        subject: String,
        /// When.
        ended: Timestamp,
    },
    /// Not begun.
    #[error("`{subject}` is valid from {begins} on, and it is {now}: set the clock right, or wait")]
    NotYetValid {
        /// Its subject.
        subject: String,
        /// When it begins.
        begins: Timestamp,
        /// The clock.
        now: Timestamp,
    },
    /// Lives longer than who signed it.
    #[error(
        "`{subject}` ends on {ended}, after its issuer on {issuer_ended}: issue it again with an earlier end"
    )]
    Outlives {
        /// Its subject.
        subject: String,
        /// Its end.
        ended: Timestamp,
        /// Its issuer's end.
        issuer_ended: Timestamp,
    },
    /// A key that the products do not take.
    #[error(
        "`{subject}` has a key of a kind that is not used here: use EC P-256, or RSA with 2048, 3072 or 4096 bits"
    )]
    Algorithm {
        /// Its subject.
        subject: String,
    },
    /// Not a CRL.
    #[error("it is no X.509 CRL in DER form: take it away, or restore it from a copy")]
    NoCrl,
    /// Signed by nobody who is known.
    #[error(
        "its issuer `{issuer}` is in no store, so its signature cannot be verified: it is of another network, or a store is missing"
    )]
    CrlIssuer {
        /// Issuer of the CRL.
        issuer: String,
    },
    /// The signature is not its issuer's.
    #[error("it was not signed by the key of `{issuer}`: sign it again")]
    CrlSignature {
        /// Issuer of the CRL.
        issuer: String,
    },
    /// Over.
    #[error(
        "it expired on {ended}, and strict nodes stop talking: sign it again with `cordanetes certificates renew-crls`"
    )]
    CrlExpired {
        /// When.
        ended: Timestamp,
    },
    /// Without an end.
    #[error("it does not say when the next one comes: sign it again with an end")]
    CrlEndless,
    /// Not begun.
    #[error("it is valid from {begins} on, and it is {now}: set the clock right, or wait")]
    CrlNotYetValid {
        /// When it begins.
        begins: Timestamp,
        /// The clock.
        now: Timestamp,
    },
    /// Nodes would not take it for other issuers' certificates.
    #[error(
        "it covers certificates of other issuers and does not say that it is indirect: sign it again as an indirect CRL"
    )]
    CrlDirect,
}

fn role(role: Option<u8>) -> String {
    role.map_or_else(|| "no role".to_owned(), |role| format!("role {role}"))
}
