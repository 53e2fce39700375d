//! Whole objects.

pub mod claim;
pub mod config_map;
pub mod ingress;
pub mod job;
pub mod namespace;
pub mod network_policy;
pub mod p2p_exposure;
pub mod secret;
pub mod service;
pub mod vertical_pod_autoscaler;
pub mod workload;
