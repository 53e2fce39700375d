//! Draws a run as a tree that fits the terminal: groups, and in the active ones their steps. Pure.

use std::time::Duration;

use console::truncate_str;
use owo_colors::OwoColorize as _;
use rollout::event::Action;

use super::crowd;
use super::view::{State, StepView, View};
use crate::figures;
use crate::interrupt::Urgency;

const FRAMES: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/// What a drawing depends on besides the run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Canvas {
    /// Time since the start of the run.
    pub(crate) now: Duration,
    /// Which picture of the spinner.
    pub(crate) frame: usize,
    /// Columns of the terminal.
    pub(crate) width: usize,
    /// Rows of the terminal.
    pub(crate) height: usize,
    /// Whether the run is being stopped.
    pub(crate) urgency: Urgency,
}

impl Canvas {
    /// The present picture of the spinner.
    pub(super) const fn spinner(self) -> &'static str {
        FRAMES[self.frame % FRAMES.len()]
    }
}

/// How much is left out so that the tree fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    /// Every step that is not done.
    Full,
    /// Waiting steps are counted.
    NoWaitingSteps,
    /// Groups that are done or wait are counted, too.
    ActiveGroups,
}

/// The lines of the tree.
pub(crate) fn draw(view: &View, canvas: Canvas) -> Vec<String> {
    let room = canvas.height.saturating_sub(1).max(3);
    let mut lines = Vec::new();
    for detail in [Detail::Full, Detail::NoWaitingSteps, Detail::ActiveGroups] {
        lines = tree(view, canvas, detail);
        if lines.len() <= room {
            break;
        }
    }
    if lines.len() > room {
        lines = vec![header(view, canvas)];
        lines.extend(crowd::lines(view, canvas, room - 1));
    }
    lines
        .into_iter()
        .map(|line| truncate_str(&line, canvas.width, "…").into_owned())
        .collect()
}

fn tree(view: &View, canvas: Canvas, detail: Detail) -> Vec<String> {
    let mut lines = vec![header(view, canvas)];
    let (mut done, mut waiting) = (0, 0);
    for (group, steps) in view.groups() {
        if steps.iter().all(|step| matches!(step.state, State::Done { .. })) {
            done += 1;
            if detail < Detail::ActiveGroups {
                lines.push(finished_group(group, &steps));
            }
        } else if steps
            .iter()
            .all(|step| matches!(step.state, State::Waiting { .. }))
        {
            waiting += 1;
            if detail < Detail::ActiveGroups {
                lines.push(waiting_group(view, canvas, group, &steps));
            }
        } else {
            lines.push(format!("{} {}", "▾".cyan(), group.bold()));
            active_group(&mut lines, view, canvas, detail, &steps);
        }
    }
    if detail == Detail::ActiveGroups {
        if done > 0 {
            lines.insert(
                1,
                format!(
                    "{} {}",
                    "✔".green(),
                    format!("{} done", figures::count(done, "group")).dimmed()
                ),
            );
        }
        if waiting > 0 {
            lines.push(format!(
                "· {}",
                format!("{} waiting", figures::count(waiting, "group")).dimmed()
            ));
        }
    }
    lines
}

fn header(view: &View, canvas: Canvas) -> String {
    let verb = match view.action {
        Some(Action::Destroy) => "Destroying",
        Some(Action::RollOut) | None => "Rolling out",
    };
    let steps = format!("{} of {} steps", view.done(), view.steps.len());
    let stopping = match canvas.urgency {
        Urgency::None => "",
        Urgency::Gentle => "  stopping: what runs may finish, Ctrl-C again aborts",
        Urgency::Abort => "  aborting",
    };
    format!(
        "{verb} {}  {steps}  {}{}",
        view.network.bold(),
        figures::duration(canvas.now).dimmed(),
        stopping.yellow()
    )
}

fn finished_group(group: &str, steps: &[&StepView]) -> String {
    let changed = steps
        .iter()
        .any(|step| matches!(step.state, State::Done { changed: true, .. }));
    let summary = match (figures::count(steps.len(), "step"), changed) {
        (steps, true) => steps,
        (steps, false) => format!("{steps}, unchanged"),
    };
    format!("{} {group}  {}", "✔".green(), summary.dimmed())
}

fn waiting_group(view: &View, canvas: Canvas, group: &str, steps: &[&StepView]) -> String {
    // Its first step is what the group waits for; the others wait for that one.
    let reason = match steps.first().map(|step| &step.state) {
        Some(State::Waiting { on }) => waits_for(view, canvas, on),
        _ => String::new(),
    };
    format!("· {group}  {}", reason.dimmed())
}

fn active_group(lines: &mut Vec<String>, view: &View, canvas: Canvas, detail: Detail, steps: &[&StepView]) {
    let (mut done, mut waiting) = (0, 0);
    let position = lines.len();
    for step in steps {
        match &step.state {
            State::Done { .. } => done += 1,
            State::Waiting { .. } if detail > Detail::Full => waiting += 1,
            state => lines.push(format!("  {}", step_line(view, canvas, &step.title, state))),
        }
    }
    if done > 0 {
        lines.insert(
            position,
            format!("  {} {}", "✔".green(), format!("{done} done").dimmed()),
        );
    }
    if waiting > 0 {
        lines.push(format!("  · {}", format!("{waiting} waiting").dimmed()));
    }
}

pub(super) fn step_line(view: &View, canvas: Canvas, title: &str, state: &State) -> String {
    match state {
        State::Waiting { on } => format!("· {title}  {}", waits_for(view, canvas, on).dimmed()),
        State::Running { since, reason } => {
            let spinner = canvas.spinner();
            let running = figures::duration(canvas.now.saturating_sub(*since));
            let reason = figures::one_line(reason.as_deref().unwrap_or_default());
            format!(
                "{} {title}  {}  {}",
                spinner.cyan(),
                running.dimmed(),
                reason.dimmed()
            )
        }
        State::Done { duration, changed: _ } => {
            format!(
                "{} {title}  {}",
                "✔".green(),
                figures::duration(*duration).dimmed()
            )
        }
        State::Failed { duration, message } => {
            format!(
                "{} {title}  {}  {}",
                "✘".red().bold(),
                figures::duration(*duration).dimmed(),
                figures::one_line(message).red()
            )
        }
        State::Interrupted => format!("{} {title}  {}", "!".yellow(), "interrupted".dimmed()),
        State::NotStarted { because } if because.is_empty() => {
            format!("{} {title}  {}", "−".yellow(), "not started".dimmed())
        }
        State::NotStarted { because } => {
            let failed: Vec<&str> = because.iter().map(|step| view.title(step)).collect();
            let reason = format!("not started, it needs {}", failed.join(" and "));
            format!("{} {title}  {}", "−".yellow(), reason.dimmed())
        }
    }
}

/// What a step waits for, and for how long that has been running.
fn waits_for(view: &View, canvas: Canvas, on: &[String]) -> String {
    let running = |step: &&String| {
        matches!(
            view.steps.get(*step).map(|step| &step.state),
            Some(State::Running { .. })
        )
    };
    // What runs says more than what waits itself.
    let Some(first) = on.iter().find(running).or(on.first()) else {
        return "about to start".to_owned();
    };
    let more = match on.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let since = match view.steps.get(first).map(|step| &step.state) {
        Some(State::Running { since, .. }) => {
            format!(" ({})", figures::duration(canvas.now.saturating_sub(*since)))
        }
        _ => String::new(),
    };
    format!("waits for {}{since}{more}", view.title(first))
}

#[cfg(test)]
mod tests {
    use rollout::event::EventKind;

    use super::super::view::tests::{at, done, half_way};
    use super::*;

    fn drawn(
        events: &[rollout::event::RolloutEvent],
        width: usize,
        height: usize,
        urgency: Urgency,
    ) -> String {
        let mut view = View::default();
        for event in events {
            view.apply(event);
        }
        let canvas = Canvas {
            now: Duration::from_secs(63),
            frame: 0,
            width,
            height,
            urgency,
        };
        anstream::adapter::strip_str(&draw(&view, canvas).join("\n")).to_string()
    }

    #[test]
    fn half_way_through() {
        insta::assert_snapshot!(drawn(&half_way(), 100, 40, Urgency::None), @r"
        Rolling out bank  3 of 6 steps  1m 03s
        ✔ bank-signing  1 step
        ▾ bank-network
          ✔ 2 done
          ⠋ Identity Manager runs  23s  Pod identity-manager-0: container runs, startup probe not passed
        · bank-notary  waits for Identity Manager runs (23s)
        ");
    }

    #[test]
    fn a_failure_and_what_it_stops() {
        let mut events = half_way();
        let message = "Pod identity-manager-0 cannot pull its image".to_owned();
        let failed = EventKind::StepFailed {
            step: "identity-manager".into(),
            duration: Duration::from_secs(20),
            message,
            blame: rollout::cause::Blame {
                cause: rollout::cause::Cause::ImagePull,
                subject: "example/cenm:1".to_owned(),
            },
        };
        events.push(at(60, failed));
        for step in ["notary-registered", "notary"] {
            let because = vec!["identity-manager".to_owned()];
            events.push(at(
                60,
                EventKind::StepNotStarted {
                    step: step.into(),
                    because,
                },
            ));
        }
        insta::assert_snapshot!(drawn(&events, 70, 40, Urgency::Gentle), @r"
        Rolling out bank  3 of 6 steps  1m 03s  stopping: what runs may finis…
        ✔ bank-signing  1 step
        ▾ bank-network
          ✔ 2 done
          ✘ Identity Manager runs  20s  Pod identity-manager-0 cannot pull it…
        ▾ bank-notary
          − Notary registered  not started, it needs Identity Manager runs
          − Notary runs  not started, it needs Identity Manager runs
        ");
    }

    #[test]
    fn a_low_terminal_gets_what_matters() {
        insta::assert_snapshot!(drawn(&half_way(), 60, 6, Urgency::None), @r"
        Rolling out bank  3 of 6 steps  1m 03s
        ⠋ 1 running  ✔ 3 done  · 2 waiting
          ⠋ Identity Manager runs  23s  Pod identity-manager-0: con…
          bank-network  2 of 3 done
          … 2 more groups
        ");
    }

    #[test]
    fn what_was_in_place_is_said_to_be_unchanged() {
        let mut events = half_way();
        events.push(at(1, done("signing-namespace", 1, false)));
        assert!(drawn(&events, 80, 40, Urgency::None).contains("✔ bank-signing  1 step, unchanged"));
    }
}
