//! From the model to Kubernetes objects: pure, synchronous, without a client.

pub mod binding;
pub mod bootstrap;
pub mod component;
pub mod context;
pub mod database;
pub mod delivery;
pub mod given;
pub mod key_request;
pub mod manifest;
pub mod metadata;
pub mod names;
pub mod node_configuration;
pub mod pod;
pub mod render;
pub mod resource;
pub mod step;
pub mod user;

pub use context::RenderError;
pub use render::{Rendered, render};
