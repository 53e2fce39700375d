//! Stopping in two steps, as somebody at a keyboard does it.

use tokio_util::sync::CancellationToken;

/// Handed to a run and kept by whoever may stop it. Clones stop the same run.
#[derive(Clone, Debug, Default)]
pub struct Cancellation {
    stop: CancellationToken,
    abort: CancellationToken,
}

impl Cancellation {
    /// Start nothing more; what is being applied is finished, what waits is left.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Leave at once.
    pub fn abort(&self) {
        self.stop.cancel();
        self.abort.cancel();
    }

    /// Whether [`Self::stop`] or [`Self::abort`] was called.
    pub fn is_stopped(&self) -> bool {
        self.stop.is_cancelled()
    }

    pub(crate) async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    pub(crate) async fn aborted(&self) {
        self.abort.cancelled().await;
    }
}
