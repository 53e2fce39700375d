//! What can be wrong with what comes back from a ceremony.

use thiserror::Error;

use crate::inspection::Finding;

/// Why nothing was accepted. Each is one sentence with the next step.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AcceptProblem {
    /// Nothing was asked for.
    #[error("no signature of an offline key is waited for: there is nothing to accept")]
    NothingAsked,
    /// Not there.
    #[error("{file} is missing: run the commands of the checklist that make it")]
    Missing {
        /// Path below the folder.
        file: String,
    },
    /// Nothing that was asked for.
    #[error("{file} was not asked for: take it away, or give it the name that the checklist gives")]
    Unexpected {
        /// Path below the folder.
        file: String,
    },
    /// A key that must never travel.
    #[error(
        "{file} holds a private key, which was to stay offline: this machine has seen it now, so destroy the file, and hold the \
         ceremony again with a new key"
    )]
    PrivateKey {
        /// Path below the folder.
        file: String,
    },
    /// Neither PEM nor DER.
    #[error("{file} is no {wanted} in PEM or DER form: copy it again")]
    Unreadable {
        /// Path below the folder.
        file: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// A certificate of another key.
    #[error(
        "{file} is for another key than the request's: sign `requests/{alias}.csr`, whose fingerprint was compared"
    )]
    OtherKey {
        /// Path below the folder.
        file: String,
        /// Its alias.
        alias: String,
    },
    /// It says something else than was asked for.
    #[error(
        "{file} has {property} `{found}`, and `{wanted}` was asked for: sign it again with the settings of this folder"
    )]
    Differs {
        /// Path below the folder.
        file: String,
        /// What differs.
        property: &'static str,
        /// What it says.
        found: String,
        /// What it must say.
        wanted: String,
    },
    /// A certificate that nothing vouches for.
    #[error(
        "{file} signed itself, so only its fingerprint tells that it is the custodian's: have it read to you, and give it with \
         `--fingerprint {alias}=…`"
    )]
    NoFingerprint {
        /// Path below the folder.
        file: String,
        /// Its alias.
        alias: String,
    },
    /// Not what the custodian read.
    #[error(
        "{file} has the fingerprint {found}, and {given} was given: it is not the custodian's certificate, or one was misread"
    )]
    Fingerprint {
        /// Path below the folder.
        file: String,
        /// What it has.
        found: String,
        /// What was given.
        given: String,
    },
    /// A fingerprint for something that is not new.
    #[error("a fingerprint was given for `{alias}`, which this ceremony does not make: leave it out")]
    UnusedFingerprint {
        /// Its alias.
        alias: String,
    },
    /// A list that clients would take for an old one.
    #[error("{file} has the number {found}, and the list before it {last}: sign it again with a higher one")]
    CrlNumber {
        /// Path below the folder.
        file: String,
        /// Its number.
        found: u64,
        /// The last one.
        last: u64,
    },
    /// A product would refuse it.
    #[error("{0}")]
    Finding(Finding),
    /// What follows from it could not be made.
    #[error("{0}")]
    Make(String),
}
