//! The live tree on a terminal, on standard error.

use std::io;
use std::time::{Duration, Instant};

use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rollout::event::RolloutEvent;

use super::Reporter;
use super::tree::{self, Canvas};
use super::view::View;
use crate::interrupt::Urgency;

/// Redraws the tree at every event and every tick.
pub(crate) struct TerminalReporter {
    view: View,
    /// One bar whose message is the whole tree: it is redrawn at once and without flicker.
    bar: ProgressBar,
    terminal: Term,
    colour: bool,
    frame: usize,
    urgency: Urgency,
    /// When the last event came, by this process' clock, and how far into the run it was.
    last: (Instant, Duration),
}

impl TerminalReporter {
    /// A reporter with nothing to draw yet.
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        bar.set_style(ProgressStyle::with_template("{msg}").expect("the template is a constant"));
        let choice = anstream::AutoStream::choice(&io::stderr());
        Self {
            view: View::default(),
            bar,
            terminal: Term::stderr(),
            colour: choice != anstream::ColorChoice::Never,
            frame: 0,
            urgency: Urgency::None,
            last: (Instant::now(), Duration::ZERO),
        }
    }

    fn draw(&self) {
        if self.view.steps.is_empty() {
            return;
        }
        let (height, width) = self.terminal.size();
        let (seen, elapsed) = self.last;
        let canvas = Canvas {
            now: elapsed + seen.elapsed(),
            frame: self.frame,
            width: width.into(),
            height: height.into(),
            urgency: self.urgency,
        };
        let text = tree::draw(&self.view, canvas).join("\n");
        let text = if self.colour {
            text
        } else {
            anstream::adapter::strip_str(&text).to_string()
        };
        self.bar.set_message(text);
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
        self.bar.finish_and_clear();
        Ok(())
    }
}
