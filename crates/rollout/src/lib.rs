//! The engine of a rollout: applies objects in graph order, waits for facts, goes on after any interruption, and
//! takes everything away again. It prints nothing: whoever runs it reads its [events](event).
//!
//! ```
//! use std::sync::Arc;
//!
//! use dependency_graph::{DependencyGraph, Node};
//! use kubernetes_objects::manifest::Manifest;
//! use kubernetes_objects::step::Step;
//! use rollout::cluster::simulated::SimulatedCluster;
//! use rollout::event::Outcome;
//! use rollout::{Cancellation, Options, Rollout, roll_out};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let node = Node { id: "home".into(), stage: String::new(), title: "A home".into(), group: String::new() };
//! let namespace = serde_json::json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "home" } });
//! let step = Step {
//!     id: "home".into(),
//!     stage: "",
//!     title: "A home".into(),
//!     manifests: vec![Manifest::from(namespace)],
//!     gates: vec![],
//!     outputs: None,
//!     deadline: std::time::Duration::from_secs(60),
//! };
//! let graph = DependencyGraph::builder().step(node).build()?;
//! let rollout = Rollout { network: "alpha".into(), graph, steps: vec![step] };
//! // A real one: `KubeCluster::connect(&ConnectOptions::default()).await?`.
//! let cluster = Arc::new(SimulatedCluster::default());
//! let (events, mut told) = tokio::sync::mpsc::unbounded_channel();
//! let summary = roll_out(cluster, rollout, Options::default(), Cancellation::default(), events).await?;
//! assert_eq!(summary.outcome, Outcome::Done);
//! while let Some(event) = told.recv().await {
//!     println!("{:?} {:?}", event.elapsed, event.kind);
//! }
//! # Ok(())
//! # }
//! ```

mod adopt;
mod api;
mod binding;
mod cancellation;
pub mod cause;
mod choice;
pub mod cluster;
mod coordinate;
mod destroy;
mod encryption_at_rest;
mod engine;
mod error;
pub mod event;
mod foreign;
mod hash;
pub mod history;
mod inventory;
pub mod kinds;
pub mod labels;
pub mod latency;
mod lease;
mod narrator;
pub mod object;
mod observe;
mod picture;
pub mod plan;
mod preflight;
mod prepare;
mod prune;
pub mod readiness;
pub mod report;
mod rollout;
mod schedule;
mod settled;
pub mod status;
mod store;

pub use cancellation::{Cancellation, CancellationToken};
pub use choice::{Choices, NoObjectName, ObjectName};
pub use destroy::{DestroyOptions, destroy};
pub use encryption_at_rest::{EncryptionAtRest, encryption_at_rest};
pub use engine::{Examined, examine, roll_out};
pub use error::{Refusal, RolloutError};
pub use inventory::{Inventory, Recorded, StepRecord, StepState};
pub use rollout::{Options, Rollout};
pub use settled::unsettled;
