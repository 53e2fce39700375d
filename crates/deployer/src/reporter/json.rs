//! One JSON object an event, on standard output. Its shape is published: `schema/events.schema.json`.

use std::io;

use rollout::event::RolloutEvent;

use super::Reporter;
use crate::json_lines::JsonLines;

/// Writes each event as the engine serialises it.
pub(crate) struct JsonReporter {
    lines: JsonLines,
}

impl JsonReporter {
    /// A reporter to this stream.
    pub(crate) const fn new(lines: JsonLines) -> Self {
        Self { lines }
    }
}

impl Reporter for JsonReporter {
    fn event(&mut self, event: &RolloutEvent) -> io::Result<()> {
        self.lines.send(event)
    }
}
