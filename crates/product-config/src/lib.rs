//! The products' own configuration files: one module for each file, named after it.
//!
//! Every module has a typed struct with the documented keys and writes the file's text for a release of its
//! product. The crate knows the files and nothing else: hosts, ports, paths and passwords come in as plain
//! values, so that the same types serve any place that runs the products.
//!
//! What a key of a file is set to is decided in this order, the last one that says it:
//!
//! 1. built-in defaults: the product's own, where a field is absent, and those of this crate's constructors;
//! 2. the profile of the platform or of a size class;
//! 3. the topology;
//! 4. an operator's override, for `node.conf` only: [`node_conf::Overrides`].
//!
//! The first three arrive here as one typed value; each module says what its product lays over the file
//! afterwards.
//!
//! Invariant: a secret is a [`secrecy::SecretString`] until the writer puts it into the text; no `Debug` of
//! this crate shows one.
//!
//! Invariant: a key that a release does not know is an error with its path, never left out silently.

mod address;
mod administration;
pub mod angel_conf;
mod arguments;
pub mod auth_service_conf;
mod auth_service_config;
pub mod certificate_rules;
mod conf_error;
pub mod crypto_service_conf;
mod database;
pub mod firewall_conf;
pub mod gateway_conf;
mod hocon;
pub mod hsm;
pub mod identity_manager_conf;
pub mod jmx_exporter_yml;
mod listener;
mod local_signer;
pub mod network_map_conf;
pub mod network_parameters_conf;
pub mod node_conf;
pub mod prometheus_yml;
pub mod signer_conf;
mod ssl;
mod version;
mod yaml;
pub mod zone_conf;

pub use address::HostPort;
pub use administration::{Administration, Shell};
pub use arguments::{Argument, ArgumentValue};
pub use auth_service_config::AuthServiceConfig;
pub use conf_error::{ConfError, ConfProblem};
pub use database::{Database, DatabaseProduct, DatabaseServer, LockResolutionStrategy};
pub use listener::Listener;
pub use local_signer::LocalSigner;
pub use ssl::{KeyStore, Ssl, Store};
pub use version::{
    CenmVersion, CordaRelease, CordaVersion, Edition, UnknownCenmVersion, UnknownCordaVersion,
};

#[cfg(test)]
mod test_values;
