//! Ctrl-C and SIGTERM: the first stops gently, the second aborts.

use std::io;

use rollout::Cancellation;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::failure::Failure;

/// How urgently the user wants the run to end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// Not at all.
    #[default]
    None,
    /// What runs may finish, nothing new starts.
    Gentle,
    /// At once.
    Abort,
}

/// Listens for signals as long as it lives.
pub(crate) struct Interrupt {
    urgency: watch::Receiver<Urgency>,
    _listener: JoinSet<()>,
}

impl Interrupt {
    /// Starts listening; signals go to `cancellation`.
    pub(crate) fn listen(cancellation: Cancellation) -> Result<Self, Failure> {
        let deaf = |error: io::Error| Failure::internal("signals cannot be listened for", error);
        let interrupt = signal(SignalKind::interrupt()).map_err(deaf)?;
        let terminate = signal(SignalKind::terminate()).map_err(deaf)?;
        let (sender, urgency) = watch::channel(Urgency::None);
        let mut listener = JoinSet::new();
        listener.spawn(pass_on(interrupt, terminate, sender, cancellation));
        Ok(Self {
            urgency,
            _listener: listener,
        })
    }

    /// For telling the user about it.
    pub(crate) fn watch(&self) -> watch::Receiver<Urgency> {
        self.urgency.clone()
    }
}

async fn pass_on(
    mut interrupt: Signal,
    mut terminate: Signal,
    sender: watch::Sender<Urgency>,
    cancellation: Cancellation,
) {
    let mut next = Urgency::Gentle;
    loop {
        let heard = tokio::select! {
            heard = interrupt.recv() => heard,
            heard = terminate.recv() => heard,
        };
        if heard.is_none() {
            return;
        }
        match next {
            Urgency::Gentle => cancellation.stop(),
            Urgency::None | Urgency::Abort => cancellation.abort(),
        }
        sender.send_replace(next);
        next = Urgency::Abort;
    }
}
