//! Fragments of Pods.

pub mod container;
pub mod probe;
pub mod security;
pub mod template;
pub mod volume;
