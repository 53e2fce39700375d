//! Deletes the objects of a step, side by side, and waits until they are gone.

use futures::future::join_all;
use tokio::time::Instant;

use super::{Shared, apply};
use crate::coordinate::StepReport;
use crate::error::StepFailure;
use crate::event::Change;
use crate::object::Object;

pub(crate) async fn run(
    shared: &Shared,
    step: &str,
    objects: Vec<Object>,
) -> Result<StepReport, StepFailure> {
    let began = Instant::now();
    let deletions = objects.iter().map(async |object| {
        let heard = apply::delete(shared, step, object).await?;
        shared.narrator.applied(step, object.key(), Change::Deleted);
        Ok(heard)
    });
    let heard: Vec<Instant> = join_all(deletions).await.into_iter().collect::<Result<_, _>>()?;
    Ok(StepReport {
        changed: !objects.is_empty(),
        hash: String::new(),
        opened: heard.into_iter().max().unwrap_or(began),
    })
}
