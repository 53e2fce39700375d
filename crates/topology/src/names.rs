//! Names as types: a value of these types keeps the limits of Kubernetes and of Corda.

mod country;
mod dns;
mod kubernetes;
mod x500;

pub use dns::DnsName;
pub use kubernetes::{NetworkName, NodeName};
pub use x500::{Attribute, X500Name};
