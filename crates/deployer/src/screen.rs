//! Lines on a terminal that are drawn again and again in place, on standard error.

use std::io;

use console::{Term, truncate_str};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The lower end of a terminal.
pub(crate) struct Screen {
    /// One bar whose message is the whole drawing: it is replaced at once and without flicker.
    bar: ProgressBar,
    size: Box<dyn Fn() -> (u16, u16) + Send>,
    colour: bool,
}

impl Screen {
    /// Standard error.
    pub(crate) fn on_standard_error() -> Self {
        let terminal = Term::stderr();
        let choice = anstream::AutoStream::choice(&io::stderr());
        Self::on(
            ProgressDrawTarget::stderr(),
            Box::new(move || terminal.size()),
            choice != anstream::ColorChoice::Never,
        )
    }

    /// Any terminal, with what tells its rows and columns.
    pub(crate) fn on(
        target: ProgressDrawTarget,
        size: Box<dyn Fn() -> (u16, u16) + Send>,
        colour: bool,
    ) -> Self {
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(ProgressStyle::with_template("{msg}").expect("the template is a constant"));
        Self { bar, size, colour }
    }

    /// Rows and columns.
    pub(crate) fn size(&self) -> (usize, usize) {
        let (rows, columns) = (self.size)();
        (rows.into(), columns.into())
    }

    /// Shows these lines instead of the ones before; what is too wide or too much is cut off.
    pub(crate) fn draw(&self, lines: &[String]) {
        let (rows, columns) = self.size();
        let lines = lines.iter().take(rows.saturating_sub(1).max(1));
        let text: Vec<_> = lines.map(|line| truncate_str(line, columns, "…")).collect();
        let text = text.join("\n");
        let text = if self.colour {
            text
        } else {
            anstream::adapter::strip_str(&text).to_string()
        };
        self.bar.set_message(text);
    }

    /// Takes the lines away.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
