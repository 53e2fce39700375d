//! From the model to Kubernetes objects: pure, synchronous, without a client.

pub mod manifest;
pub mod step;
