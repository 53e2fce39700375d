//! Stopping in two steps, as somebody at a keyboard does it.

pub use tokio_util::sync::CancellationToken;

/// Handed to a run and kept by whoever may stop it. Clones stop the same run.
#[derive(Clone, Debug, Default)]
pub struct Cancellation {
    stop: CancellationToken,
    abort: CancellationToken,
}

/// A run that a token stops as [`Cancellation::stop`] does.
impl From<CancellationToken> for Cancellation {
    fn from(stop: CancellationToken) -> Self {
        let abort = CancellationToken::new();
        Self { stop, abort }
    }
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
