//! Helpers of the live tests. They run where the development cluster is reached: `cargo xtask test` enters its
//! network and names the cluster and the deployer in the environment.

pub mod cluster;
pub mod deployer;
pub mod operator_store;
mod payment;
pub mod probe;
mod upset;
pub mod variation;
pub mod vault;
