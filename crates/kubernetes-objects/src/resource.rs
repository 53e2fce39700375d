//! Whole objects.

pub mod claim;
pub mod config_map;
pub mod exposure;
pub mod job;
pub mod namespace;
pub mod network_policy;
pub mod public_certificate;
pub mod secret;
pub mod service;
pub mod vertical_pod_autoscaler;
pub mod workload;
