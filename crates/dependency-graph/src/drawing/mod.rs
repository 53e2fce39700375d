//! Pictures of a graph for people: DOT, Mermaid and SVG. All of them leave out the edges that a longer chain
//! already says, so that the picture shows what really decides the order.

mod dot;
mod fold;
mod layout;
mod mermaid;
mod palette;
mod svg;

pub use fold::Folded;
