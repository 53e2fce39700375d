//! What can be in the way of an import, and what is worth knowing after one.

use thiserror::Error;

use crate::inspection::{Finding, Kind};

/// Why nothing was imported. Each is one sentence with the next step.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ImportProblem {
    /// A product would refuse it.
    #[error("{0}")]
    Finding(Finding),
    /// Something that only those who made the network have.
    #[error("{} is in no store: {}", missing(alias, *kind), whence(*kind))]
    Missing {
        /// Alias in the plan.
        alias: String,
        /// What it is.
        kind: Option<Kind>,
    },
    /// A certificate whose key a component needs.
    #[error(
        "{store}: the private key of `{alias}` is in no store, and the {holder} signs or speaks with it: put the key store into the folder"
    )]
    NoKey {
        /// Alias in the plan.
        alias: String,
        /// A store with its certificate.
        store: String,
        /// Who needs the key.
        holder: String,
    },
    /// Two certificates for one thing.
    #[error(
        "`{alias}` is one certificate in {store} and another in {other}: take the store of the other network away"
    )]
    Differ {
        /// Alias in the plan.
        alias: String,
        /// A store.
        store: String,
        /// Another one.
        other: String,
    },
    /// Chains of another shape than the plan's.
    #[error(
        "{place}: its chain has {found} certificates, and a network that is rolled out here has {wanted}: this hierarchy cannot be imported"
    )]
    Path {
        /// Store and alias.
        place: String,
        /// How many.
        found: usize,
        /// The aliases that should be.
        wanted: String,
    },
    /// A root beside the root.
    #[error(
        "{place}: this is trusted beside the root, and a network that is rolled out here trusts one root: take it out of the store"
    )]
    FurtherTrust {
        /// Store and alias.
        place: String,
    },
    /// Clients would not find the CRL.
    #[error(
        "`{alias}` has its CRL at `{says}`, and the topology's Identity Manager publishes it at `{planned}`: give the Identity Manager that host"
    )]
    CrlAddress {
        /// Alias in the plan, or file of an indirect CRL.
        alias: String,
        /// What it says.
        says: String,
        /// Where it will be.
        planned: String,
    },
    /// Clients would not take it for the service.
    #[error(
        "`{alias}` is for the names `{found}`, and its Service has `{planned}`: add the key of its issuer to the folder, so that it can be made anew"
    )]
    DnsNames {
        /// Alias in the plan.
        alias: String,
        /// What it says.
        found: String,
        /// What it must say.
        planned: String,
    },
    /// A subject or key that cannot be written down.
    #[error(
        "{store}: the subject `{subject}` of `{alias}` has parts other than CN, OU, O, L, ST and C, or one twice: it cannot be imported"
    )]
    Name {
        /// Alias in the plan.
        alias: String,
        /// A store with it.
        store: String,
        /// Its subject.
        subject: String,
    },
    /// A CRL of somebody else.
    #[error(
        "{file}: it was issued by `{found}`, and must be by `{wanted}`: take it away, to have it signed again"
    )]
    CrlIssuer {
        /// File name.
        file: String,
        /// What it says.
        found: String,
        /// What it must say.
        wanted: String,
    },
    /// The key file holds something else under this name.
    #[error("the key file holds another `{alias}` already: import into a key file of its own")]
    AlreadyThere {
        /// Alias in the plan.
        alias: String,
    },
    /// What is missing could not be made.
    #[error("{0}")]
    Make(String),
}

fn missing(alias: &str, kind: Option<Kind>) -> String {
    kind.map_or_else(|| format!("`{alias}`"), |kind| format!("`{alias}` ({kind})"))
}

const fn whence(kind: Option<Kind>) -> &'static str {
    match kind {
        Some(Kind::Root | Kind::Subordinate | Kind::IdentityManager) => {
            "add the store that holds it, or at least its certificate where its key is kept offline"
        }
        _ => "add the store that holds it, or the key of its issuer, so that it can be made",
    }
}

/// What is worth knowing after an import.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Note {
    /// The certificate is there and the key is not.
    #[error(
        "the key of `{alias}` is not in the folder: it counts as kept offline, and what it signs needs a ceremony"
    )]
    Offline {
        /// Alias in the plan.
        alias: String,
    },
    /// What only offline keys can sign.
    #[error(
        "{} must be signed where the offline keys are, before the network can be rolled out: run `cordanetes certificates ceremony`",
        names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    )]
    Ceremony {
        /// Aliases and files of CRLs.
        names: Vec<String>,
    },
    /// A leaf that does not fit.
    #[error("`{alias}` is made anew: {because}")]
    MadeAnew {
        /// Alias in the plan.
        alias: String,
        /// Why.
        because: String,
    },
    /// R3's charts give the SSL root's key to a service.
    #[error(
        "the key of the SSL root lay in the service's store {store}: whoever had that store could speak for every service, so replace the SSL root soon"
    )]
    SslRootInService {
        /// The store.
        store: String,
    },
    /// Nothing that the network needs.
    #[error("{what} was left out: the topology needs nothing of that name")]
    LeftOut {
        /// Store and alias, or file.
        what: String,
    },
}
