//! Whole objects.

pub mod claim;
pub mod config_map;
pub mod ingress;
pub mod job;
pub mod namespace;
pub mod network_policy;
pub mod secret;
pub mod service;
pub mod workload;
