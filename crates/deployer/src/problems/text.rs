//! For people: each problem with file, line, caret and help, then how many there are.

use std::fmt::Write as _;

use miette::{GraphicalReportHandler, GraphicalTheme};
use owo_colors::OwoColorize as _;
use topology::Diagnostics;

use crate::figures;

/// Nobody reads more at once, and the first ones often explain the rest.
const MOST_PRINTED: usize = 100;

/// Every problem, up to a hundred.
pub(crate) fn text(diagnostics: &Diagnostics) -> String {
    // Colours are always written here; the stream drops them where they are not wanted.
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode())
        .with_links(false)
        .with_width(100);
    let mut text = String::new();
    for diagnostic in diagnostics.iter().take(MOST_PRINTED) {
        let before = text.len();
        if handler.render_report(&mut text, diagnostic).is_err() {
            // A span outside of the file: the sentence is still worth telling.
            text.truncate(before);
            let _infallible = writeln!(text, "  × {diagnostic}");
        }
        text.push('\n');
    }
    if let Some(more) = diagnostics
        .len()
        .checked_sub(MOST_PRINTED)
        .filter(|more| *more > 0)
    {
        let _infallible = writeln!(text, "… and {more} more\n");
    }
    text.push_str(&summary(diagnostics));
    text
}

/// How many there are, and in which topology.
pub(crate) fn summary(diagnostics: &Diagnostics) -> String {
    format!(
        "{} {} in `{}`",
        "error:".red().bold(),
        figures::count(diagnostics.len(), "problem"),
        diagnostics.source_name()
    )
}
