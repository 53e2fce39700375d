//! The connection matrix: who calls whom, where, how and with which identity. Dependency edges, policies,
//! Services, certificates' names, config addresses, probes and scrape targets are derived from it and from
//! nowhere else (design §2).

mod address;
mod end;
mod matrix;
mod port;
mod rule;

pub use address::{cluster_dns_names, service_host};
pub use matrix::{Allows, Connection, ConnectionMatrix, Party};
pub use port::{METRICS_PORT, Port, RPC_ADMIN_PORT};
pub use rule::{Need, Presents, Protocol};
