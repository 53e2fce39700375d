//! Fragments of Pods.

pub mod container;
pub mod image_files;
pub mod placement;
pub mod probe;
pub mod security;
pub mod template;
pub mod volume;
