//! One JSON object an event, on standard output.

use std::io::{self, Write as _};

use rollout::event::RolloutEvent;

use super::Reporter;

/// Writes each event as the engine serialises it.
pub(crate) struct JsonReporter;

impl Reporter for JsonReporter {
    fn event(&mut self, event: &RolloutEvent) -> io::Result<()> {
        let mut line = serde_json::to_string(event)?;
        line.push('\n');
        let mut output = io::stdout().lock();
        output.write_all(line.as_bytes())?;
        // A reader wants the event when it happens.
        output.flush()
    }
}
