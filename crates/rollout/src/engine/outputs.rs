//! Fetches the files that a Job holds ready, keeps them, and lets the Job end. A kill at any point loses
//! nothing: the Job waits until its files are kept, and files that are kept already are kept again unchanged.

mod shape;

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use k8s_openapi::api::core::v1::Pod;
use kubernetes_objects::manifest::{Manifest, ObjectKey};
use kubernetes_objects::step::{OutputFile, Outputs, Step};
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::apply::{delete, send};
use super::job::{self, culprit};
use super::wait::{Fact, Limit, Look, wait_for};
use super::{Shared, account};
use crate::cause::{Blame, Cause};
use crate::cluster::PodRef;
use crate::error::StepFailure;
use crate::event::Change;
use crate::labels;
use crate::object::Object;
use crate::prepare::{Prepared, prepare};
use crate::readiness::{Readiness, pod};
use crate::store::{Store, Topic};

const TRY_AGAIN: Duration = Duration::from_secs(2);

/// Whether everything that a Job of this hash hands over is kept already.
pub(crate) fn are_in_place(store: &Store, outputs: &Outputs, job_hash: &str) -> bool {
    outputs.files.iter().all(|file| {
        store.get(&file.target).is_some_and(|target| {
            target.annotation(labels::MADE_BY) == Some(job_hash)
                && kept(&target, file).is_some_and(|content| shape::check(file.shape, &content).is_ok())
        })
    })
}

fn kept(target: &Object, file: &OutputFile) -> Option<Vec<u8>> {
    let encoded = target
        .value()
        .get(section(&file.target))?
        .get(&file.key)?
        .as_str()?;
    STANDARD.decode(encoded).ok()
}

fn section(target: &ObjectKey) -> &'static str {
    if target.kind == "Secret" {
        "data"
    } else {
        "binaryData"
    }
}

/// Waits for the files, keeps them, and lets the Job complete. Tells whether anything was changed, and when the last
/// answer came.
pub(super) async fn take_over(
    shared: &Shared,
    step: &Step,
    outputs: &Outputs,
    job: &Prepared,
    limit: &Limit,
) -> Result<(bool, Instant), StepFailure> {
    let limit = limit.with(format!("{} with its files", outputs.job));
    let namespace = outputs.job.namespace.as_deref().unwrap_or_default();
    let mut changed = false;
    let mut made_anew = false;
    loop {
        let fact = HandedOver {
            shared,
            step,
            outputs,
            job,
            changed: &mut changed,
        };
        let (end, heard) = wait_for(
            shared,
            &step.id,
            Topic::of_step(namespace, &step.id),
            &limit,
            fact,
        )
        .await?;
        match end {
            End::Kept => return Ok((changed, heard)),
            End::Lost(live) if !made_anew => {
                made_anew = true;
                delete(shared, &step.id, &live).await?;
                send(shared, job).await?;
            }
            End::Lost(_) => {
                return Err(StepFailure::NothingHandedOver {
                    object: outputs.job.to_string(),
                });
            }
        }
    }
}

/// How a Job with files can end.
enum End {
    /// The files are kept.
    Kept,
    /// It completed before they could be fetched.
    Lost(Object),
}

/// That the files of a Job are kept and its container is free to end.
struct HandedOver<'run> {
    shared: &'run Shared,
    step: &'run Step,
    outputs: &'run Outputs,
    job: &'run Prepared,
    changed: &'run mut bool,
}

#[async_trait]
impl Fact for HandedOver<'_> {
    type Found = End;

    fn subjects(&self) -> Vec<Object> {
        job::subjects(self.shared, &self.outputs.job)
    }

    /// It also writes what it finds.
    fn only_looks(&self) -> bool {
        false
    }

    async fn look(&mut self) -> Look<End> {
        let Self { shared, outputs, .. } = *self;
        let state = job::state(shared, &outputs.job);
        let in_place = are_in_place(&shared.store, outputs, &self.job.hash);
        match (&state.live, &state.readiness, in_place) {
            (None, _, true) | (Some(_), Readiness::Current, true) => {
                return Look::Found(End::Kept, state.heard);
            }
            (None, _, false) => return Look::not_yet(format!("{} does not exist", outputs.job)),
            (Some(live), Readiness::Current, false) => {
                return Look::Found(End::Lost(live.clone()), state.heard);
            }
            (Some(_), Readiness::Failed(reason), _) => {
                return Look::Never(failed(shared, &outputs.job, reason, &state).await);
            }
            (Some(_), Readiness::InProgress(_), _) => {}
        }
        let Some(ready) = state.pods.iter().find(|pod| holds_files(pod, &outputs.container)) else {
            return super::gate::of_job(shared, &outputs.job, &state).await;
        };
        let pod = pod::reference(ready);
        if !in_place {
            match keep(shared, self.step, outputs, self.job, &pod).await {
                Ok(()) => *self.changed = true,
                // The connection to a Pod may fail for a moment; what it says then is the reason.
                Err(StepFailure::Call {
                    source, what: "read", ..
                }) => {
                    return Look::ask_again(format!("its files cannot be read: {source}"), TRY_AGAIN);
                }
                Err(failure) => return Look::Never(failure),
            }
        }
        let tell = ["sh", "-c", "echo taken > \"$0\"", &outputs.release];
        match shared.api.exec(&pod, &outputs.container, &tell).await {
            // The container has read the line and ends. Nothing depends on when the Job notices.
            Ok(_) => Look::Found(End::Kept, Instant::now()),
            Err(error) => Look::ask_again(
                format!("{} cannot be told to end: {error}", outputs.job),
                TRY_AGAIN,
            ),
        }
    }
}

fn holds_files(pod: &Pod, container: &str) -> bool {
    pod.status
        .iter()
        .flat_map(|status| status.container_statuses.iter().flatten())
        .any(|status| status.name == container && status.ready)
}

/// Reads all files, then writes their targets; nothing is written unless all files are as they should be.
async fn keep(
    shared: &Shared,
    step: &Step,
    outputs: &Outputs,
    job: &Prepared,
    pod: &PodRef,
) -> Result<(), StepFailure> {
    let mut targets: BTreeMap<&ObjectKey, Map<String, Value>> = BTreeMap::new();
    for file in &outputs.files {
        let output = shared
            .api
            .exec(pod, &outputs.container, &["sh", "-c", "cat \"$0\"", &file.path])
            .await
            .map_err(|source| StepFailure::Call {
                object: outputs.job.to_string(),
                what: "read",
                source,
            })?;
        let content = shape::check(file.shape, &output.0).map_err(|problem| StepFailure::Output {
            object: outputs.job.to_string(),
            path: file.path.clone(),
            problem,
        })?;
        targets
            .entry(&file.target)
            .or_default()
            .insert(file.key.clone(), STANDARD.encode(content).into());
    }
    for (key, content) in targets {
        let manifest = Manifest::from(json!({
            "apiVersion": key.api_version,
            "kind": key.kind,
            "metadata": {
                "name": key.name,
                "namespace": key.namespace,
                "labels": { labels::KEEP: labels::KEEP_DATA },
                "annotations": { labels::MADE_BY: job.hash },
            },
            section(key): content,
        }));
        let prepared = prepare(&manifest, &shared.network, &step.id, &|key| shared.store.get(key)).map_err(
            |source| StepFailure::Binding {
                object: key.to_string(),
                source,
            },
        )?;
        let existed = shared.store.get(key).is_some();
        send(shared, &prepared).await?;
        let change = if existed {
            Change::Configured
        } else {
            Change::Created
        };
        shared.narrator.applied(&step.id, key.clone(), change);
    }
    Ok(())
}

/// A Job that has failed, with the last words of the container to blame.
pub(super) async fn failed(
    shared: &Shared,
    object: &ObjectKey,
    reason: &str,
    state: &job::JobState,
) -> StepFailure {
    let (reason, blame) = match &state.diagnosis {
        Some(diagnosis) if diagnosis.blame.cause != Cause::Slow => (
            format!("{reason} ({})", diagnosis.reason),
            diagnosis.blame.clone(),
        ),
        _ => (reason.to_owned(), Blame::new(Cause::Crash, object.to_string())),
    };
    let account = account::of(shared, reason, blame, culprit(state).as_ref(), None).await;
    StepFailure::JobFailed {
        object: object.to_string(),
        account: Box::new(account),
    }
}
