//! Why a ring could not be completed.

use jiff::Timestamp;
use thiserror::Error;

use crate::contradiction::Contradiction;
use crate::facts::FactsError;
use crate::key_ring::NotInRing;
use crate::provider::ProviderError;
use crate::stores::StoreError;

/// Why a ring could not be completed.
#[derive(Debug, Error)]
pub enum MakeError {
    /// The plan wants something else than what exists.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
    /// The ring was made for another network.
    #[error(
        "the key file holds the keys of network `{existing}` and not of `{planned}`: \
         name the key file of `{planned}`, or one that does not exist yet"
    )]
    OtherNetwork {
        /// The network of the ring.
        existing: String,
        /// The network of the plan.
        planned: String,
    },
    /// Something that exists cannot be read.
    #[error("`{name}` in the key file cannot be read ({cause}): restore the key file from a copy")]
    Damaged {
        /// Alias or file name.
        name: String,
        /// The cause.
        cause: FactsError,
    },
    /// The issuer of something new is no longer valid.
    #[error(
        "`{name}` cannot be made because its issuer `{issuer}` ended on {ended}: \
         the network needs a new authority before it can grow"
    )]
    IssuerEnded {
        /// Alias or file name.
        name: String,
        /// Alias of the issuer.
        issuer: String,
        /// End of its life.
        ended: Timestamp,
    },
    /// The issuer of something new is not valid yet: the clock stands behind that of the machine which made it.
    #[error(
        "`{name}` cannot be made because its issuer `{issuer}` is valid from {begins} on, and it is {now} by this machine's \
         clock: set the clock right"
    )]
    Clock {
        /// Alias or file name.
        name: String,
        /// Alias of the issuer.
        issuer: String,
        /// Begin of its life.
        begins: Timestamp,
        /// The clock.
        now: Timestamp,
    },
    /// A key, certificate or CRL could not be made.
    #[error("`{name}` could not be made: {cause}")]
    Provider {
        /// Alias, file name or name of a secret.
        name: String,
        /// The cause.
        cause: ProviderError,
    },
    /// A store could not be made.
    #[error("key store `{name}` could not be made: {cause}")]
    Store {
        /// File name.
        name: String,
        /// The cause.
        cause: StoreError,
    },
    /// Only keys that are kept offline can sign it.
    #[error(
        "{} must be signed where the offline keys are: run `cordanetes certificates ceremony` with this topology, follow \
         its checklist, and take back what was signed",
        names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    )]
    Ceremony {
        /// Aliases and files of CRLs.
        names: Vec<String>,
    },
    /// Who would have to sign holds its key somewhere else; or a plan that was not made by
    /// [`CertificatePlan::new`] names an issuer after what it issues.
    #[error(transparent)]
    NotInRing(#[from] NotInRing),
}

/// Names what could not be made.
pub(crate) fn unmade(name: &str) -> impl FnOnce(ProviderError) -> MakeError {
    let name = name.to_owned();
    move |cause| MakeError::Provider { name, cause }
}

/// Names what could not be read.
pub(crate) fn damaged(name: &str) -> impl FnOnce(FactsError) -> MakeError {
    let name = name.to_owned();
    move |cause| MakeError::Damaged { name, cause }
}
