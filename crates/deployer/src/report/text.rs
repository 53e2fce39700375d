//! A report as text: bars that fit the width, then the tables.

use std::fmt::Write as _;
use std::time::Duration;

use console::{measure_text_width, truncate_str};
use owo_colors::OwoColorize as _;
use rollout::history::{Reason, RunState};
use rollout::report::{LostTime, Report, StepReport};

use super::words;
use crate::figures;

/// Columns of a title at most.
const WIDEST_TITLE: usize = 40;
/// Columns that bars have at least; a narrower terminal wraps them.
const NARROWEST_BARS: usize = 16;
/// What stands beside a bar: indent, marker, edges and duration.
const BESIDE: usize = 17;
/// Waits and savings that a text names; all are in the other formats.
const MOST_ROWS: usize = 15;
/// What takes less than this share of the run is not named where only the largest matter.
const SMALLEST_SHARE: u32 = 50;

/// The whole report.
pub(crate) fn whole(report: &Report, width: usize) -> String {
    let mut text = String::new();
    line(&mut text, 0, &words::headline(report).bold().to_string());
    line(&mut text, 0, &words::facts(report).dimmed().to_string());
    if let Some(release) = words::release(report) {
        line(&mut text, 0, &release.dimmed().to_string());
    }
    section(&mut text, "Waterfall");
    let legend = "█ works  ▒ waits for a fact  ● decided the duration  ✘ failed";
    line(&mut text, 2, &legend.dimmed().to_string());
    let steps: Vec<&StepReport> = report.steps.iter().collect();
    let bars = Bars::new(report, &steps, width);
    line(&mut text, 2, &bars.scale());
    let mut group = None;
    for step in steps {
        if group != Some(&step.group) {
            line(&mut text, 2, &step.group.bold().to_string());
            group = Some(&step.group);
        }
        line(&mut text, 2, &bars.row(step));
    }
    failures(&mut text, report);
    path(&mut text, report);
    waits(&mut text, report, MOST_ROWS, width);
    savings(&mut text, report, MOST_ROWS);
    text
}

/// What decided the duration, for the end of a run: bars of the critical path, the dearest waits and edges.
pub(crate) fn brief(report: &Report, width: usize) -> String {
    let mut text = String::new();
    let weighty = |duration: Duration| duration * SMALLEST_SHARE >= report.duration;
    let mut steps: Vec<&StepReport> = report
        .steps
        .iter()
        .filter(|step| step.critical && weighty(step.run.duration))
        .collect();
    steps.sort_by_key(|step| step.run.started);
    if steps.is_empty() {
        return text;
    }
    section(&mut text, "What decided the duration");
    let bars = Bars::new(report, &steps, width);
    for step in &steps {
        line(&mut text, 2, &bars.row(step));
    }
    waits(&mut text, report, 3, width);
    savings(&mut text, report, 3);
    text
}

/// Rows of bars over one scale.
struct Bars {
    total: Duration,
    title: usize,
    cells: usize,
}

impl Bars {
    fn new(report: &Report, steps: &[&StepReport], width: usize) -> Self {
        let title = steps
            .iter()
            .map(|step| measure_text_width(&step.title))
            .max()
            .unwrap_or_default();
        let title = title
            .min(WIDEST_TITLE)
            .min(width.saturating_sub(BESIDE + NARROWEST_BARS).max(8));
        Self {
            total: report.duration.max(Duration::from_millis(1)),
            title,
            cells: width.saturating_sub(title + BESIDE).max(NARROWEST_BARS),
        }
    }

    /// Four moments over the bars.
    fn scale(&self) -> String {
        let mut scale = " ".repeat(self.title + 3);
        let columns = [0, self.cells / 3, 2 * self.cells / 3];
        let shown = if self.cells < 36 {
            &columns[..1]
        } else {
            &columns[..]
        };
        for column in shown {
            let moment = self.moment(2 * column);
            let begins = self.title + 4 + column;
            let gap = begins.saturating_sub(measure_text_width(&scale));
            let _infallible = write!(scale, "{:gap$}╷{}", "", figures::duration(moment));
        }
        scale.dimmed().to_string()
    }

    fn row(&self, step: &StepReport) -> String {
        let title = truncate_str(&step.title, self.title, "…");
        let padding = self.title.saturating_sub(measure_text_width(&title));
        let marker = match step.run.state {
            RunState::Failed => "✘".red().to_string(),
            RunState::Interrupted => "!".yellow().to_string(),
            RunState::NotStarted | RunState::Waiting => "−".yellow().to_string(),
            RunState::Running => "▸".cyan().to_string(),
            RunState::Done if step.critical => "●".cyan().to_string(),
            RunState::Done => " ".to_owned(),
        };
        let took = match step.run.started {
            Some(_) => figures::duration(step.run.duration),
            None => "not run".to_owned(),
        };
        format!("{marker} {title}{:padding$} ▕{}▏ {took}", "", self.bar(step))
    }

    /// The cell that a moment has reached.
    fn cell(&self, moment: Duration) -> usize {
        let cells = u128::try_from(self.cells).unwrap_or(u128::MAX);
        let reached = moment.as_micros().saturating_mul(cells) / self.total.as_micros();
        usize::try_from(reached).unwrap_or(usize::MAX).min(self.cells - 1)
    }

    /// The moment after so many halves of a cell.
    fn moment(&self, halves: usize) -> Duration {
        let part = |cells: usize| u32::try_from(cells).unwrap_or(u32::MAX);
        self.total * part(halves) / part(2 * self.cells)
    }

    fn bar(&self, step: &StepReport) -> String {
        let Some(started) = step.run.started else {
            return " ".repeat(self.cells);
        };
        let (first, last) = (self.cell(started), self.cell(started + step.run.duration));
        let middle = |at: usize| self.moment(2 * at + 1);
        let waits = |at: usize| {
            let waits = &step.run.waits;
            waits
                .iter()
                .any(|wait| (wait.started..wait.started + wait.waited).contains(&middle(at)))
        };
        let bar: String = (first..=last)
            .map(|at| if waits(at) { '▒' } else { '█' })
            .collect();
        let bar = match step.run.state {
            RunState::Failed => bar.red().to_string(),
            _ if step.critical => bar.cyan().to_string(),
            _ => bar,
        };
        format!("{:first$}{bar}{:rest$}", "", "", rest = self.cells - 1 - last)
    }
}

fn failures(text: &mut String, report: &Report) {
    let failed = report
        .steps
        .iter()
        .filter(|step| step.run.state == RunState::Failed);
    let failed: Vec<_> = failed
        .filter_map(|step| Some((step, step.run.message.as_ref()?)))
        .collect();
    if failed.is_empty() {
        return;
    }
    section(text, "What failed");
    for (step, message) in failed {
        let mut lines = message.lines();
        let first = lines.next().unwrap_or_default();
        line(text, 2, &format!("{} {}: {first}", "✘".red(), step.id));
        for further in lines {
            line(text, 4, further);
        }
    }
}

fn path(text: &mut String, report: &Report) {
    if report.critical_path.is_empty() {
        return;
    }
    section(text, "What decided the duration");
    let width = report
        .critical_path
        .iter()
        .map(|link| measure_text_width(&link.title))
        .max()
        .unwrap_or_default();
    for link in &report.critical_path {
        let padding = width.saturating_sub(measure_text_width(&link.title));
        let took = figures::duration(link.duration);
        let row = format!(
            "{}{:padding$} {took:>7}  {}",
            link.title,
            "",
            link.reason.dimmed()
        );
        line(text, 2, row.trim_end());
    }
}

fn waits(text: &mut String, report: &Report, most: usize, width: usize) {
    let dear: Vec<&LostTime> = report
        .waits
        .iter()
        .filter(|wait| wait.cost * SMALLEST_SHARE >= report.duration)
        .take(most)
        .collect();
    if dear.is_empty() {
        return;
    }
    section(text, "Time lost to waits");
    for wait in dear {
        let row = format!(
            "{:>7}  {}: {}",
            figures::duration(wait.cost),
            wait.step,
            wait.wait
        );
        line(text, 2, &truncate_str(&row, width.saturating_sub(2).max(40), "…"));
        if let Some(Reason { reason, lasted }) = wait.reasons.iter().max_by_key(|reason| reason.lasted) {
            let row = format!(
                "{:9}{} {}",
                "",
                figures::duration(*lasted),
                words::first_line(reason)
            );
            line(
                text,
                2,
                &truncate_str(&row, width.saturating_sub(2).max(40), "…")
                    .dimmed()
                    .to_string(),
            );
        }
    }
}

fn savings(text: &mut String, report: &Report, most: usize) {
    let dear: Vec<_> = report
        .savings
        .iter()
        .filter(|saving| saving.saves * SMALLEST_SHARE >= report.duration)
        .take(most)
        .collect();
    if dear.is_empty() {
        return;
    }
    section(text, "What the run would save without an edge");
    for saving in dear {
        let saves = figures::duration(saving.saves);
        let reason = saving.reason.dimmed();
        line(
            text,
            2,
            &format!(
                "{saves:>7}  {} without waiting for {}: {reason}",
                saving.dependent, saving.prerequisite
            ),
        );
    }
}

fn section(text: &mut String, title: &str) {
    text.push('\n');
    line(text, 0, &title.bold().to_string());
}

fn line(text: &mut String, indent: usize, content: &str) {
    let _infallible = writeln!(text, "{:indent$}{content}", "");
}
