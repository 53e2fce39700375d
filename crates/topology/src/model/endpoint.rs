//! Servers that are not of the network: databases, an HSM, Jira, artifact stores, Vault.

use std::fmt;

use crate::scalar::{HostPort, IpRange};

/// A server outside of the network, with all that a policy must know of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    /// What configuration files name.
    pub address: HostPort,
    /// Where that is: policies know no DNS names. Never empty, unless it is a Service of the cluster.
    pub ranges: Vec<IpRange>,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.address.fmt(formatter)
    }
}
