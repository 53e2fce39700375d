//! The live tree on a terminal, on standard error.

use std::io;
use std::time::{Duration, Instant};

use rollout::event::RolloutEvent;

use super::Reporter;
use super::tree::{self, Canvas};
use super::view::View;
use crate::interrupt::Urgency;
use crate::screen::Screen;

/// Redraws the tree at every tick.
pub(crate) struct TerminalReporter {
    view: View,
    screen: Screen,
    frame: usize,
    urgency: Urgency,
    /// When the last event came, by this process' clock, and how far into the run it was.
    last: (Instant, Duration),
}

impl TerminalReporter {
    /// A reporter with nothing to draw yet.
    pub(crate) fn new(screen: Screen) -> Self {
        Self {
            view: View::default(),
            screen,
            frame: 0,
            urgency: Urgency::None,
            last: (Instant::now(), Duration::ZERO),
        }
    }

    fn draw(&self) {
        if self.view.steps.is_empty() {
            return;
        }
        let (height, width) = self.screen.size();
        let (seen, elapsed) = self.last;
        let canvas = Canvas {
            now: elapsed + seen.elapsed(),
            frame: self.frame,
            width,
            height,
            urgency: self.urgency,
        };
        self.screen.draw(&tree::draw(&self.view, canvas));
    }
}

impl Reporter for TerminalReporter {
    fn event(&mut self, event: &RolloutEvent) -> io::Result<()> {
        self.last = (Instant::now(), event.elapsed);
        // Many events come at once; the next tick draws them all.
        self.view.apply(event);
        Ok(())
    }

    fn tick(&mut self) -> io::Result<()> {
        self.frame = self.frame.wrapping_add(1);
        self.draw();
        Ok(())
    }

    fn interrupted(&mut self, urgency: Urgency) -> io::Result<()> {
        self.urgency = urgency;
        self.draw();
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.screen.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use dependency_graph::Node;
    use indicatif::{InMemoryTerm, ProgressDrawTarget};
    use rollout::event::{Action, EventKind, Planned, Prerequisite};

    use super::super::view::tests::{at, begin, done, progress};
    use super::*;

    const STEPS: usize = 1000;

    fn id(number: usize) -> String {
        format!("step-{number}")
    }

    /// The start of a run of a thousand steps, ten to a group, each behind the one with half its number.
    fn started() -> RolloutEvent {
        let planned = |number: usize| Planned {
            node: Node {
                id: id(number),
                stage: String::new(),
                title: format!("取引先 {number} is registered"),
                group: format!("bank-{}", number / 10),
            },
            prerequisites: (number > 0)
                .then(|| Prerequisite {
                    step: id(number / 2),
                    reason: "it must".into(),
                })
                .into_iter()
                .collect(),
            last_duration: None,
        };
        let kind = EventKind::RolloutStarted {
            version: rollout::event::VERSION,
            network: "bank".into(),
            server: "v1.34.4".into(),
            action: Action::RollOut,
            steps: (0..STEPS).map(planned).collect(),
        };
        at(0, kind)
    }

    fn reporter(rows: u16, columns: u16) -> (TerminalReporter, InMemoryTerm) {
        let terminal = InMemoryTerm::new(rows, columns);
        let target = ProgressDrawTarget::term_like_with_hz(Box::new(terminal.clone()), 255);
        let screen = Screen::on(target, Box::new(move || (rows, columns)), false);
        (TerminalReporter::new(screen), terminal)
    }

    /// Half of the steps are done, forty run, one has failed, and what hangs on it will not start.
    fn half_way() -> Vec<RolloutEvent> {
        let mut events = vec![started()];
        for number in 0..500 {
            events.push(at(1, begin(&id(number))));
            events.push(at(2, done(&id(number), 1, true)));
        }
        for number in 500..540 {
            events.push(at(3, begin(&id(number))));
            events.push(at(
                4,
                progress(
                    &id(number),
                    "Pod bank/p-0: container `main`\nruns but is \u{1b}[2Jnot ready",
                ),
            ));
        }
        let message = "Pod bank/p-0: image `x` cannot be pulled\nits log ends with:\n  none".to_owned();
        let failed = EventKind::StepFailed {
            step: id(517),
            duration: Duration::from_secs(9),
            message,
            blame: rollout::cause::Blame {
                cause: rollout::cause::Cause::ImagePull,
                subject: "example/cenm:1".to_owned(),
            },
        };
        events.push(at(12, failed));
        events
    }

    fn told(reporter: &mut TerminalReporter, events: &[RolloutEvent]) {
        for (position, event) in events.iter().enumerate() {
            reporter.event(event).expect("a terminal takes everything");
            if position % 50 == 0 {
                reporter.tick().expect("a terminal takes everything");
            }
        }
        // The bar draws at most so often.
        std::thread::sleep(Duration::from_millis(60));
        reporter.tick().expect("a terminal takes everything");
    }

    #[test]
    fn a_thousand_steps_fit_every_window() {
        let events = half_way();
        for (rows, columns) in [(24, 80), (50, 120), (10, 40), (5, 20), (3, 10)] {
            let (mut reporter, terminal) = reporter(rows, columns);
            told(&mut reporter, &events);
            let shown = terminal.contents();
            let lines: Vec<&str> = shown.lines().collect();
            assert!(
                lines.len() < usize::from(rows),
                "{} lines in {rows} rows:\n{shown}",
                lines.len()
            );
            let widest = lines.iter().map(|line| console::measure_text_width(line)).max();
            assert!(
                widest <= Some(columns.into()),
                "{widest:?} of {columns}:\n{shown}"
            );
            assert!(shown.starts_with("Rolling"), "{shown}");
            if rows >= 10 {
                assert!(
                    shown.contains("✘ 取引先 517"),
                    "the failure is in sight:\n{shown}"
                );
            }
            reporter.finish().expect("a terminal takes everything");
            assert_eq!(terminal.contents(), "", "nothing is left behind");
        }
    }

    #[test]
    fn what_matters_first_and_counts_for_the_rest() {
        let (mut reporter, terminal) = reporter(20, 78);
        told(&mut reporter, &half_way());
        let spinner = |character: char| {
            if ('\u{2800}'..='\u{28ff}').contains(&character) {
                '⠋'
            } else {
                character
            }
        };
        let shown: String = terminal.contents().chars().map(spinner).collect();
        insta::with_settings!({ filters => vec![(r"1[0-9]s|[89]\.\ds", "[time]")] }, {
            insta::assert_snapshot!(shown);
        });
    }

    #[test]
    fn a_drawing_of_a_thousand_steps_is_cheap() {
        let (mut reporter, _) = reporter(50, 120);
        for event in half_way() {
            reporter.event(&event).expect("a terminal takes everything");
        }
        let begun = Instant::now();
        for _ in 0..20 {
            reporter.tick().expect("a terminal takes everything");
        }
        let each = begun.elapsed() / 20;
        assert!(
            each < Duration::from_millis(60),
            "{each:?} for each drawing, of which ten are made in a second"
        );
    }
}
