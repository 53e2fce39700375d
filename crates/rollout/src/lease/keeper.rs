//! Keeps a Lease: renews it, notices when it is lost, and gives it back.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::RENEWED_EVERY;
use super::record::{Holder, held, key, words};
use crate::api::Api;
use crate::cancellation::Cancellation;
use crate::cluster::ClusterError;
use crate::object::Object;

/// After a failure, until the next attempt.
const TRY_AGAIN: Duration = Duration::from_secs(1);
/// How long an aborted run may take to give its Lease back.
const FAREWELL: Duration = Duration::from_secs(1);

/// Who has taken the Lease away, once somebody has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Loss(Arc<OnceLock<String>>);

impl Loss {
    /// The new holder, as people read it.
    pub(crate) fn to(&self) -> Option<String> {
        self.0.get().cloned()
    }
}

/// A held Lease. It is not renewed any more once this is dropped.
pub(crate) struct Keeper {
    loss: Loss,
    /// Whether the Lease is meant to vanish.
    goes: Arc<AtomicBool>,
    done: CancellationToken,
    task: JoinSet<()>,
}

impl Keeper {
    pub(super) fn start(
        api: Api,
        network: String,
        identity: String,
        lease: Object,
        run: Cancellation,
    ) -> Self {
        let (loss, done) = (Loss::default(), CancellationToken::new());
        let kept = Kept {
            api,
            network,
            identity,
            lease,
            goes: Arc::default(),
        };
        let goes = Arc::clone(&kept.goes);
        let mut task = JoinSet::new();
        task.spawn(kept.keep(loss.clone(), done.clone(), run));
        Self {
            loss,
            goes,
            done,
            task,
        }
    }

    /// That the Lease vanishes is no loss from now on: its namespace is about to go.
    pub(crate) fn until_deleted(self) -> Self {
        self.goes.store(true, Ordering::Relaxed);
        self
    }

    /// Says who took it, if somebody does.
    pub(crate) fn loss(&self) -> Loss {
        self.loss.clone()
    }

    /// Gives the Lease back, so that the next run need not wait.
    pub(crate) async fn release(mut self, run: &Cancellation) {
        self.done.cancel();
        let late = async {
            run.aborted().await;
            sleep(FAREWELL).await;
        };
        tokio::select! {
            _ = self.task.join_next() => {}
            () = late => tracing::debug!("left without giving the Lease back"),
        }
    }
}

/// A Lease as it was last written.
struct Kept {
    api: Api,
    network: String,
    identity: String,
    lease: Object,
    goes: Arc<AtomicBool>,
}

/// What became of a write.
enum Renewal {
    Done,
    /// For now.
    Failed(ClusterError),
    /// Somebody else holds it.
    Lost(String),
    /// There is no such Lease any more.
    Gone,
}

impl Kept {
    async fn keep(mut self, loss: Loss, done: CancellationToken, run: Cancellation) {
        let mut pause = RENEWED_EVERY;
        loop {
            tokio::select! {
                biased;
                () = done.cancelled() => break,
                () = sleep(pause) => {}
            }
            let identity = self.identity.clone();
            pause = match self.write(Some(&identity)).await {
                Renewal::Done => RENEWED_EVERY,
                Renewal::Failed(error) => {
                    tracing::debug!(%error, "the Lease could not be renewed, trying again");
                    TRY_AGAIN
                }
                Renewal::Gone if self.goes.load(Ordering::Relaxed) => return,
                Renewal::Gone => {
                    // Only this task sets it.
                    let _ = loss.0.set("nobody: the Lease was deleted".to_owned());
                    run.stop();
                    return;
                }
                Renewal::Lost(taker) => {
                    tracing::warn!(taker, "the Lease of the network was taken away");
                    // Only this task sets it.
                    let _ = loss.0.set(taker);
                    run.stop();
                    return;
                }
            };
        }
        match self.write(None).await {
            Renewal::Done | Renewal::Gone => {}
            // It lasts a few seconds more than it need.
            Renewal::Failed(error) => tracing::debug!(%error, "the Lease could not be given back"),
            Renewal::Lost(taker) => tracing::debug!(taker, "the Lease was not there to be given back"),
        }
    }

    /// Writes the Lease as held by `identity`.
    async fn write(&mut self, identity: Option<&str>) -> Renewal {
        let cluster = self.api.cluster();
        let wanted = held(&self.network, Some(&self.lease), identity);
        match cluster.replace(&wanted).await {
            Ok(written) => {
                self.lease = written;
                Renewal::Done
            }
            Err(ClusterError::Overtaken { .. } | ClusterError::NotFound { .. }) => {
                match cluster.get(&key(&self.network)).await {
                    Ok(Some(found)) => {
                        let holder = Holder::of(&found)
                            .map(|holder| holder.identity)
                            .unwrap_or_default();
                        self.lease = found;
                        if holder == self.identity {
                            // The answer to an earlier write was lost, or somebody annotated it.
                            Renewal::Failed(ClusterError::Overtaken {
                                cause: "it was written since".to_owned(),
                            })
                        } else {
                            Renewal::Lost(words(&holder).to_owned())
                        }
                    }
                    Ok(None) => Renewal::Gone,
                    Err(error) => Renewal::Failed(error),
                }
            }
            Err(error) => Renewal::Failed(error),
        }
    }
}
