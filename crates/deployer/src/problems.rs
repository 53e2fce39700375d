//! The problems of a topology, told to people, programs and pull requests.

mod json;
mod sarif;
mod text;

pub(crate) use json::json;
pub(crate) use sarif::sarif;
pub(crate) use text::{summary, text};
