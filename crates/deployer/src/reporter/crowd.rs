//! The drawing for a run that does not fit the window as a tree: what failed, what runs, what comes next, and counts
//! for all the rest. Pure.

use owo_colors::OwoColorize as _;

use super::tree::{Canvas, step_line};
use super::view::{State, StepView, View};
use crate::figures;

/// How many steps that come next are named.
const MOST_NEXT: usize = 3;
/// How many groups have a line of their own in a window that has room for steps.
const FEWEST_GROUPS: usize = 3;

/// The lines below the header; at most `room` of them.
pub(super) fn lines(view: &View, canvas: Canvas, room: usize) -> Vec<String> {
    let crowd = Crowd::of(view);
    let mut lines = vec![crowd.counts(canvas)];
    let mut left = room.saturating_sub(1);
    let groups = Crowd::groups(view);
    // Failures may have a third, so that the rest of the run stays in sight.
    let failed = share(&crowd.failed, (left / 3).max(1));
    left -= failed.len().min(left);
    let next = crowd.next.len().min(MOST_NEXT).min(left / 4);
    let kept_back = next + groups.len().min(FEWEST_GROUPS).min(left / 4);
    let running = share(&crowd.running, left.saturating_sub(kept_back).max(1));
    left -= running.len().min(left);
    for (shown, what) in [(failed, "failed"), (running, "running")] {
        for row in shown {
            lines.push(match row {
                Row::Step(step) => format!("  {}", step_line(view, canvas, &step.title, &step.state)),
                Row::More(count) => format!("    {}", format!("… {count} more {what}").dimmed()),
            });
        }
    }
    for step in crowd.next.iter().take(next.min(left)) {
        lines.push(format!("  {}", step_line(view, canvas, &step.title, &step.state)));
        left -= 1;
    }
    let more = groups.len().saturating_sub(left);
    let shown = if more > 0 { left.saturating_sub(1) } else { left };
    lines.extend(groups.iter().take(shown).cloned());
    if left > 0 && more > 0 {
        let more = figures::count(groups.len() - shown, "more group");
        lines.push(format!("  {}", format!("… {more}").dimmed()));
    }
    lines.truncate(room);
    lines
}

enum Row<'view> {
    Step(&'view StepView),
    More(usize),
}

/// As many as there is room for; the last row tells how many there are besides.
fn share<'view>(steps: &[&'view StepView], room: usize) -> Vec<Row<'view>> {
    let shown = if steps.len() > room {
        room.saturating_sub(1)
    } else {
        steps.len()
    };
    let mut rows: Vec<Row<'_>> = steps.iter().take(shown).map(|step| Row::Step(step)).collect();
    if shown < steps.len() {
        rows.push(Row::More(steps.len() - shown));
    }
    rows
}

/// The steps by what can be said of them.
#[derive(Default)]
struct Crowd<'view> {
    done: usize,
    waiting: usize,
    lost: usize,
    failed: Vec<&'view StepView>,
    /// Those that run longest first.
    running: Vec<&'view StepView>,
    /// What waits for nothing but running steps, that which waits for fewest first.
    next: Vec<&'view StepView>,
}

impl<'view> Crowd<'view> {
    fn of(view: &'view View) -> Self {
        let mut crowd = Self::default();
        let runs = |id: &String| {
            matches!(
                view.steps.get(id).map(|step| &step.state),
                Some(State::Running { .. })
            )
        };
        for step in view.steps.values() {
            match &step.state {
                State::Done { .. } => crowd.done += 1,
                State::Failed { .. } => crowd.failed.push(step),
                State::Running { .. } => crowd.running.push(step),
                State::Interrupted | State::NotStarted { .. } => crowd.lost += 1,
                State::Waiting { on } => {
                    crowd.waiting += 1;
                    if on.iter().all(runs) {
                        crowd.next.push(step);
                    }
                }
            }
        }
        crowd.running.sort_by_key(|step| match step.state {
            State::Running { since, .. } => since,
            _ => std::time::Duration::MAX,
        });
        crowd.next.sort_by_key(|step| match &step.state {
            State::Waiting { on } => on.len(),
            _ => usize::MAX,
        });
        crowd
    }

    fn counts(&self, canvas: Canvas) -> String {
        let spinner = canvas.spinner();
        let counts = [
            (self.failed.len(), "✘".red().to_string(), "failed"),
            (self.running.len(), spinner.cyan().to_string(), "running"),
            (self.done, "✔".green().to_string(), "done"),
            (self.waiting, "·".to_owned(), "waiting"),
            (self.lost, "−".yellow().to_string(), "not started"),
        ];
        let told = counts.iter().filter(|(count, ..)| *count > 0);
        let told: Vec<String> = told
            .map(|(count, sign, what)| format!("{sign} {count} {what}"))
            .collect();
        told.join("  ")
    }

    /// A line for each group that is neither done nor untouched, then one for each kind of the others.
    fn groups(view: &View) -> Vec<String> {
        let (mut lines, mut done, mut untouched) = (Vec::new(), 0, 0);
        for (group, steps) in view.groups() {
            let finished = steps
                .iter()
                .filter(|step| matches!(step.state, State::Done { .. }))
                .count();
            let waiting = steps
                .iter()
                .filter(|step| matches!(step.state, State::Waiting { .. }))
                .count();
            if finished == steps.len() {
                done += 1;
            } else if waiting == steps.len() {
                untouched += 1;
            } else {
                let count = format!("{finished} of {} done", steps.len());
                lines.push(format!("  {group}  {}", count.dimmed()));
            }
        }
        for (count, what) in [(done, "done"), (untouched, "waiting")] {
            if count > 0 {
                let told = format!("{} {what}", figures::count(count, "group"));
                lines.push(format!("  {}", told.dimmed()));
            }
        }
        lines
    }
}
