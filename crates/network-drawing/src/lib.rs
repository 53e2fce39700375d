//! Pictures of a network for people: its trust zones, what runs in them, and every connection that the matrix
//! allows; and the same view as data. Pure: the same topology gives the same bytes.

mod dot;
#[cfg(test)]
mod formats;
mod json;
mod mermaid;
#[cfg(test)]
mod sample;
mod svg;
mod view;
mod words;

pub use view::{Folding, NetworkView};
