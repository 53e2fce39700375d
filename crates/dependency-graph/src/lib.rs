//! Steps, the edges between them with a reason each, the questions that a rollout asks of them, and drawings.
//!
//! A [`DependencyGraph`] can only be had from its [`Builder`], which refuses unknown and duplicate ids, self
//! edges and cycles. Whoever holds one may rely on it: there is an order, and every edge says why.

mod builder;
mod critical_path;
mod drawing;
mod error;
mod graph;
mod order;
mod reduction;
mod savings;
pub mod seconds;
mod stored;
mod why;

pub use builder::Builder;
pub use critical_path::{CriticalPath, TimedNode};
pub use drawing::Folded;
pub use error::{GraphError, Link};
pub use graph::{DependencyGraph, Edge, Node};
pub use savings::{Saving, Slack};
