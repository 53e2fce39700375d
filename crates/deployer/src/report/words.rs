//! Words that the text and the page share.

use jiff::tz::TimeZone;
use rollout::event::{Action, Outcome};
use rollout::history::RunState;
use rollout::report::Report;

use crate::figures;

/// What the run was and how long it took.
pub(crate) fn headline(report: &Report) -> String {
    let (done, doing) = match report.action {
        Action::RollOut => ("rolled out", "The rollout of"),
        Action::Destroy => ("taken away", "The destruction of"),
    };
    let duration = figures::duration(report.duration);
    let network = &report.network;
    match report.outcome {
        Some(Outcome::Done) => format!("{network} was {done} in {duration}"),
        Some(Outcome::Failed) => format!("{doing} {network} failed after {duration}"),
        Some(Outcome::Interrupted) => format!("{doing} {network} was interrupted after {duration}"),
        None => format!("{doing} {network} has been going on for {duration}"),
    }
}

/// When, and how much of everything.
pub(crate) fn facts(report: &Report) -> String {
    let began = report
        .began
        .to_zoned(TimeZone::UTC)
        .strftime("%Y-%m-%d %H:%M:%S UTC")
        .to_string();
    let mut facts = vec![began];
    for (state, what) in [
        (RunState::Done, "done"),
        (RunState::Failed, "failed"),
        (RunState::Interrupted, "interrupted"),
        (RunState::NotStarted, "not started"),
    ] {
        let count = report.count(state);
        if count > 0 {
            facts.push(format!("{} {what}", figures::count(count, "step")));
        }
    }
    facts.push(format!(
        "{} written",
        figures::count(report.objects.written(), "object")
    ));
    facts.push(format!("{} API requests", report.requests));
    facts.join(" · ")
}

/// How soon steps were released, where that was measured.
pub(crate) fn release(report: &Report) -> Option<String> {
    let release = report.release_latency.as_ref()?;
    Some(format!(
        "Release latency of {}: {} at most ({}), p99 {}",
        figures::count(release.steps, "step"),
        figures::instant(release.max),
        release.slowest,
        figures::instant(release.p99),
    ))
}

/// How a step went, in one word or two.
pub(crate) const fn state(state: RunState, changed: bool) -> &'static str {
    match state {
        RunState::Waiting => "waiting",
        RunState::Running => "running",
        RunState::Done if changed => "done",
        RunState::Done => "unchanged",
        RunState::Failed => "failed",
        RunState::Interrupted => "interrupted",
        RunState::NotStarted => "not started",
    }
}

/// A reason may go on with the lines of a log.
pub(crate) fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
