//! One module for each component: its configuration and the objects of its steps.

mod angel;
pub mod auth;
pub mod bootstrap_job;
pub mod cenm_database;
pub mod cenm_pod;
pub mod firewall;
pub mod gateway;
pub mod identity_manager;
pub mod network_map;
pub mod node;
pub mod prometheus;
pub mod rpc_client;
pub mod service_identity;
pub mod signing_service;
pub mod zone;
