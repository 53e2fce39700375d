//! One line for what matters, with its time, where there is no terminal to redraw: a log, a pipeline.
//!
//! A step is told when it is done and changed something, when it failed, and while it takes long. What was in
//! place already is counted at the end, not told; `-v` tells everything.

use std::collections::HashMap;
use std::io;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rollout::event::{Action, EventKind, RolloutEvent};

use super::Reporter;
use super::view::{State, View};
use crate::figures;
use crate::interrupt::Urgency;
use crate::printer::Printer;

/// A step that is not done is told after this time, and when its reason changed.
const PATIENCE: Duration = Duration::from_secs(5);

/// A step that still waits for the same is told again after this time.
const REMINDER: Duration = Duration::from_secs(30);

/// Writes lines to standard error.
pub(crate) struct LineReporter {
    printer: Printer,
    view: View,
    told: HashMap<String, Told>,
    last: Clock,
}

/// When an event came, by both clocks.
struct Clock {
    seen: Instant,
    at: Timestamp,
    elapsed: Duration,
}

/// What was last said of a running step.
struct Told {
    elapsed: Duration,
    reason: Option<String>,
}

impl LineReporter {
    /// A reporter that has said nothing yet.
    pub(crate) fn new(printer: Printer) -> Self {
        let last = Clock {
            seen: Instant::now(),
            at: Timestamp::now(),
            elapsed: Duration::ZERO,
        };
        Self {
            printer,
            view: View::default(),
            told: HashMap::new(),
            last,
        }
    }

    fn say(&self, at: Timestamp, text: &str) {
        self.printer.message(&format!("{at:.0}  {text}"));
    }

    /// The line for an event, if it deserves one.
    fn line(&self, kind: &EventKind) -> Option<String> {
        let everything = self.printer.verbosity() > 0;
        let title = |step: &str| format!("{step}: {}", self.view.title(step));
        match kind {
            EventKind::RolloutStarted {
                version: _,
                network,
                server,
                action,
                steps,
            } => {
                let verb = match action {
                    Action::RollOut => "rolling out",
                    Action::Destroy => "destroying",
                };
                Some(format!(
                    "{verb} {network}, {}, Kubernetes {server}",
                    figures::count(steps.len(), "step")
                ))
            }
            EventKind::StepWaiting { step, on } if everything => {
                Some(format!("waits    {}, for {}", title(step), on.join(", ")))
            }
            EventKind::StepStarted { step, .. } if everything => Some(format!("started  {}", title(step))),
            EventKind::ObjectApplied { step, object, change } if everything => {
                Some(format!("applied  {step}: {object} {change:?}"))
            }
            EventKind::StepProgress { step, reason } if everything => {
                Some(format!("running  {step}: {reason}"))
            }
            EventKind::StepDone {
                step,
                duration,
                changed,
            } if *changed || everything => {
                let unchanged = if *changed { "" } else { ", unchanged" };
                Some(format!(
                    "done     {} ({}{unchanged})",
                    title(step),
                    figures::duration(*duration)
                ))
            }
            EventKind::StepFailed {
                step,
                duration,
                message,
                blame: _,
            } => Some(format!(
                "failed   {} ({}): {message}",
                title(step),
                figures::duration(*duration)
            )),
            EventKind::StepInterrupted { step } => Some(format!("left     {}", title(step))),
            EventKind::StepNotStarted { step, because } if because.is_empty() => {
                Some(format!("skipped  {}", title(step)))
            }
            EventKind::StepNotStarted { step, because } => Some(format!(
                "skipped  {}, it needs {}",
                title(step),
                because.join(", ")
            )),
            EventKind::StepWaiting { .. }
            | EventKind::StepStarted { .. }
            | EventKind::ObjectApplied { .. }
            | EventKind::StepProgress { .. }
            | EventKind::WaitStarted { .. }
            | EventKind::WaitEnded { .. }
            | EventKind::StepDone { .. }
            // Who stopped it is told so by itself.
            | EventKind::RolloutStopping { .. }
            | EventKind::RolloutFinished { .. } => None,
        }
    }

    /// Lines for steps that take long, at this time of the run.
    fn reminders(&mut self, now: Duration) -> Vec<String> {
        let mut lines = Vec::new();
        for (id, step) in &self.view.steps {
            let State::Running { since, reason } = &step.state else {
                continue;
            };
            let told = self.told.entry(id.clone()).or_insert(Told {
                elapsed: *since,
                reason: None,
            });
            let silence = now.saturating_sub(told.elapsed);
            let news = told.reason != *reason;
            if silence >= REMINDER || (news && silence >= PATIENCE) {
                let running = figures::duration(now.saturating_sub(*since));
                let reason_text = figures::one_line(reason.as_deref().unwrap_or("working"));
                lines.push(format!(
                    "running  {id}: {} ({running}): {reason_text}",
                    step.title
                ));
                *told = Told {
                    elapsed: now,
                    reason: reason.clone(),
                };
            }
        }
        lines
    }
}

impl Reporter for LineReporter {
    fn event(&mut self, event: &RolloutEvent) -> io::Result<()> {
        self.view.apply(event);
        self.last = Clock {
            seen: Instant::now(),
            at: event.at,
            elapsed: event.elapsed,
        };
        if let Some(line) = self.line(&event.kind) {
            self.say(event.at, &line);
        }
        Ok(())
    }

    fn tick(&mut self) -> io::Result<()> {
        let passed = self.last.seen.elapsed();
        let at = self.last.at + passed;
        for line in self.reminders(self.last.elapsed + passed) {
            self.say(at, &line);
        }
        Ok(())
    }

    fn interrupted(&mut self, urgency: Urgency) -> io::Result<()> {
        let text = match urgency {
            Urgency::None => return Ok(()),
            Urgency::Gentle => "stopping: what runs may finish, a second signal aborts",
            Urgency::Abort => "aborting",
        };
        self.say(Timestamp::now(), text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::view::tests::{at, begin, half_way, progress, started};
    use super::*;
    use crate::arguments::{ColorChoice, GlobalArguments, LogArguments, LogFormat};

    fn reporter(verbose: u8) -> LineReporter {
        let arguments = GlobalArguments {
            color: ColorChoice::Auto,
            quiet: true,
            verbose,
            log: LogArguments {
                log: None,
                log_format: LogFormat::Text,
                otlp_endpoint: None,
            },
        };
        LineReporter::new(Printer::new(&arguments))
    }

    fn lines(verbose: u8) -> Vec<String> {
        let mut reporter = reporter(verbose);
        let line = |event: RolloutEvent| {
            reporter.view.apply(&event);
            reporter.line(&event.kind)
        };
        half_way().into_iter().filter_map(line).collect()
    }

    #[test]
    fn a_line_for_what_matters() {
        insta::assert_snapshot!(lines(0).join("\n"), @r"
        rolling out bank, 6 steps, Kubernetes v1.34.4
        done     signing-namespace: Namespace and policies (1.0s)
        done     network-namespace: Namespace and policies (1.0s)
        done     auth: Auth runs (39s)
        ");
        assert_eq!(lines(1).len(), half_way().len());
    }

    #[test]
    fn a_step_that_takes_long_is_told_once_for_each_reason_and_then_rarely() {
        let mut reporter = reporter(0);
        for event in [
            started(),
            at(0, begin("auth")),
            at(1, progress("auth", "the image is pulled")),
        ] {
            reporter.view.apply(&event);
        }
        let mut said = |second: u64| reporter.reminders(Duration::from_secs(second)).len();
        let told: Vec<u64> = (0..70).filter(|second| said(*second) > 0).collect();
        assert_eq!(told, [5, 35, 65]);
    }
}
