//! The engine of a rollout: applies objects in graph order, waits for facts, goes on after any interruption, and
//! takes everything away again. It prints nothing: whoever runs it reads its [events](event).

mod api;
mod binding;
mod cancellation;
pub mod cluster;
mod coordinate;
mod destroy;
mod engine;
mod error;
pub mod event;
mod hash;
mod inventory;
pub mod kinds;
pub mod labels;
mod narrator;
pub mod object;
mod observe;
mod preflight;
mod prepare;
pub mod readiness;
mod rollout;
mod schedule;
mod store;

pub use cancellation::Cancellation;
pub use destroy::{DestroyOptions, destroy};
pub use engine::roll_out;
pub use error::RolloutError;
pub use inventory::{Inventory, Recorded, StepRecord, StepState};
pub use rollout::{Options, Rollout};
