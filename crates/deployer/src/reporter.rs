//! Tells a rollout while it runs: a live tree on a terminal, lines elsewhere, JSON for machines. All of them
//! read the engine's events and know nothing else of it.

mod crowd;
#[cfg(test)]
pub(crate) mod example;
mod json;
mod lines;
mod terminal;
mod tree;
mod view;
#[cfg(test)]
pub(crate) use view::tests as view_fixture;

use std::cell::Cell;
use std::io;
use std::time::Duration;

use rollout::event::RolloutEvent;
use rollout::history::Recording;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use crate::interrupt::Urgency;
use crate::json_lines::JsonLines;
use crate::printer::Printer;
use crate::screen::Screen;

/// How often a reporter is asked to look at the clock.
const TICK: Duration = Duration::from_millis(100);

/// Somebody who is told what happens.
pub(crate) trait Reporter: Send {
    /// Something happened.
    fn event(&mut self, event: &RolloutEvent) -> io::Result<()>;

    /// Time has passed.
    fn tick(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// The user wants the run to end.
    fn interrupted(&mut self, _urgency: Urgency) -> io::Result<()> {
        Ok(())
    }

    /// No event will follow.
    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The reporter that fits the output: to `json` if there is such a stream.
pub(crate) fn choose(json: Option<&JsonLines>, printer: Printer) -> Box<dyn Reporter> {
    match json {
        Some(lines) => Box::new(json::JsonReporter::new(lines.clone())),
        None if printer.draws() => Box::new(terminal::TerminalReporter::new(Screen::on_standard_error())),
        None => Box::new(lines::LineReporter::new(printer)),
    }
}

/// Reports until the engine has nothing more to say. `begun` becomes true with the first event; all of them go into
/// `recording`.
///
/// # Errors
/// The output cannot be written. The rollout goes on without a reader.
pub(crate) async fn report(
    mut reporter: Box<dyn Reporter>,
    mut events: UnboundedReceiver<RolloutEvent>,
    mut urgency: watch::Receiver<Urgency>,
    begun: &Cell<bool>,
    recording: &mut Recording,
) -> io::Result<()> {
    let mut problem = Ok(());
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut listening = true;
    loop {
        tokio::select! {
            biased;
            event = events.recv() => match event {
                Some(event) => {
                    begun.set(true);
                    recording.event(&event);
                    let told = reporter.event(&event);
                    problem = problem.and(told);
                }
                None => return problem.and(reporter.finish()),
            },
            changed = urgency.changed(), if listening => match changed {
                Ok(()) => {
                    let urgency = *urgency.borrow_and_update();
                    let told = reporter.interrupted(urgency);
                    problem = problem.and(told);
                }
                Err(_) => listening = false,
            },
            _ = ticks.tick() => {
                let told = reporter.tick();
                problem = problem.and(told);
            }
        }
    }
}
