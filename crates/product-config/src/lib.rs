//! The products' own configuration files: one module for each file, named after it.
//!
//! Every module has a typed struct with the documented keys and writes the file's text. The crate knows the
//! files and nothing else: hosts, ports, paths and passwords come in as plain values, so that the same types
//! serve any place that runs the products.
//!
//! Invariant: a secret is a [`secrecy::SecretString`] until the writer puts it into the text; no `Debug` of
//! this crate shows one.

mod address;
pub mod angel_conf;
pub mod auth_service_conf;
mod auth_service_config;
mod database;
pub mod gateway_conf;
mod hocon;
pub mod identity_manager_conf;
pub mod jmx_exporter_yml;
mod listener;
pub mod network_map_conf;
pub mod network_parameters_conf;
pub mod node_conf;
pub mod prometheus_yml;
pub mod signer_conf;
mod ssl;
mod yaml;
pub mod zone_conf;

pub use address::HostPort;
pub use auth_service_config::AuthServiceConfig;
pub use database::{Database, DatabaseDriver, LockResolutionStrategy};
pub use listener::Listener;
pub use ssl::{KeyStore, Ssl, Store};

#[cfg(test)]
mod test_values;
