//! The keys of a Corda network: which certificates it needs, the making of them, the Java key stores that
//! carry them into the services, and the encrypted file that keeps them on the operator's side.
//!
//! Three steps, kept apart:
//!
//! 1. [`CertificatePlan::new`] says what there must be. Pure: the same request gives the same plan.
//! 2. [`KeyRing::make_missing`] makes what a plan names and the ring lacks. The only place that uses
//!    randomness; the clock is passed in. It never changes what exists.
//! 3. [`custody`] writes the ring to one encrypted file and reads it back.
//!
//! Rendering asks the ring for [`KeyRing::store`], [`KeyRing::crl`] and [`KeyRing::secret`]; each answers with
//! the same bytes at every run.

mod adopted;
pub mod ceremony;
mod certificate;
mod contradiction;
mod crl;
pub mod custody;
mod facts;
mod import;
pub mod inspection;
mod issue;
mod jks;
mod key_ring;
mod lifespan;
mod loaded_key;
mod make_error;
mod make_missing;
mod password;
mod pem;
mod plan;
mod private_key;
mod provider;
mod renew;
mod rotate;
mod store_reader;
mod stores;
mod token;
mod x500_name;

pub use contradiction::Contradiction;
pub use facts::{CertificateFacts, FactsError};
pub use import::{ImportProblem, Imported, Note};
pub use issue::{IssueError, Issued, RequestedKey};
pub use key_ring::{JournalEntry, KeyRing, NotInRing, StoreFile};
pub use lifespan::{Lifespan, Mortal};
pub use make_error::MakeError;
pub use make_missing::Changes;
pub use plan::{
    Algorithms, Branch, CertificatePlan, CordaRole, CrlPlan, EntityPlan, Hierarchy, Holder, IssuedBy,
    KeyAlgorithm, Lifetimes, MapSigner, PlanError, PlanRequest, PublicHost, Purpose, SslIdentity, StoreEntry,
    StorePlan, Tunnel, TunnelEnd, aliases, files,
};
pub use private_key::{Away, PrivateKey};
pub use provider::ProviderError;
pub use rotate::{RotateError, SslRotation, TrustStoreCopy};
pub use store_reader::{ReadContent, ReadEntry, ReadStore, ReadStoreError, read_store};
pub use stores::StoreError;
pub use token::{PinPlace, PinSource, Token, TokenError, TokenKey, TokenLocation};
pub use x500_name::X500Name;
