//! Sends events with their time, and counts what they say about objects.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use kubernetes_objects::manifest::ObjectKey;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

use crate::event::{Change, Counts, EventKind, RolloutEvent, Summary};
use crate::history::{Recording, RunRecord};

/// The one voice of a run.
#[derive(Clone)]
pub(crate) struct Narrator {
    events: UnboundedSender<RolloutEvent>,
    started: Instant,
    started_at: Timestamp,
    counts: Arc<Mutex<Counts>>,
    recording: Arc<Mutex<Recording>>,
}

impl Narrator {
    pub(crate) fn new(events: UnboundedSender<RolloutEvent>, started: Instant) -> Self {
        Self {
            events,
            started,
            started_at: Timestamp::now(),
            counts: Arc::default(),
            recording: Arc::default(),
        }
    }

    pub(crate) fn tell(&self, kind: EventKind) {
        let elapsed = self.started.elapsed();
        let at = self.at(elapsed);
        let event = RolloutEvent { at, elapsed, kind };
        self.recording().event(&event);
        // A run goes on when nobody listens any more.
        let _ = self.events.send(event);
    }

    /// The run so far with this result; `None` if it has not begun.
    pub(crate) fn record(&self, summary: &Summary) -> Option<RunRecord> {
        let mut recording = self.recording();
        recording.finish(summary);
        recording.record().cloned()
    }

    fn recording(&self) -> MutexGuard<'_, Recording> {
        self.recording.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One clock for both columns, so that a clock that is set during a run makes no hole in it.
    fn at(&self, elapsed: Duration) -> Timestamp {
        let passed = SignedDuration::try_from(elapsed).unwrap_or(SignedDuration::MAX);
        self.started_at.saturating_add(passed).unwrap_or(self.started_at)
    }

    pub(crate) fn applied(&self, step: &str, object: ObjectKey, change: Change) {
        self.counts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .add(change);
        self.tell(EventKind::ObjectApplied {
            step: step.to_owned(),
            object,
            change,
        });
    }

    pub(crate) fn counts(&self) -> Counts {
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The present time as the inventory keeps it.
    pub(crate) fn now(&self) -> String {
        self.at(self.started.elapsed())
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string()
    }
}
