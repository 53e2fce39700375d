//! One step from its first object to its last gate.

use std::collections::HashMap;

use kubernetes_objects::manifest::ObjectKey;
use kubernetes_objects::step::{Gate, Step};
use serde_json::json;
use tokio::time::Instant;

use super::apply::{Applied, apply};
use super::wait::Limit;
use super::{Shared, gate, outputs, restart};
use crate::coordinate::StepReport;
use crate::error::StepFailure;
use crate::event::Change;
use crate::hash;
use crate::prepare::Prepared;

/// Applies the step's objects in order, takes over what its Job hands out, and waits for its gates.
pub(super) async fn run(shared: &Shared, step: &Step) -> Result<StepReport, StepFailure> {
    let mut opened = Instant::now();
    let stuck_before = restart::stuck_pods(shared, step);
    let mut changed = false;
    // Kept until what was restarted is back.
    let mut turn = None;
    let mut hashes = Vec::with_capacity(step.manifests.len());
    let mut jobs: HashMap<ObjectKey, Prepared> = HashMap::new();
    for manifest in &step.manifests {
        if shared.cancellation.is_stopped() {
            return Err(StepFailure::Interrupted);
        }
        let applied = apply(shared, step, manifest, &stuck_before, &mut turn).await?;
        let Applied {
            prepared,
            change,
            asked,
        } = applied;
        if asked {
            opened = Instant::now();
        }
        changed |= change != Change::Unchanged;
        hashes.push(prepared.hash.clone());
        if prepared.key.kind == "Job" {
            jobs.insert(prepared.key.clone(), prepared);
        }
    }
    let sent_away = restart::send_away(shared, step, &stuck_before).await?;
    if !sent_away.is_empty() {
        opened = Instant::now();
    }
    let limit = Limit::new(step.title.clone(), step.deadline);
    let mut taken_over = None;
    if let Some(wanted) = &step.outputs
        && let Some(job) = jobs.get(&wanted.job)
    {
        let (took, heard) = outputs::take_over(shared, step, wanted, job, &limit).await?;
        changed |= took;
        opened = opened.max(heard);
        taken_over = Some(&wanted.job);
    }
    for wanted in &step.gates {
        // A Job whose files are kept has done what it was for, even if it was cleared away since.
        let is_over = matches!(wanted, Gate::Completed(job) if Some(job) == taken_over);
        if !is_over {
            let heard = gate::pass(shared, step, wanted, &limit, &sent_away).await?;
            opened = opened.max(heard);
        }
    }
    if let Some(turn) = turn {
        turn.give_back();
    }
    Ok(StepReport {
        changed,
        hash: hash::of(&json!(hashes)),
        opened,
    })
}
