//! Reports of small and of large runs.

use std::time::Duration;

use dependency_graph::Node;
use rollout::event::{Action, Counts, EventKind, Outcome, Planned, Prerequisite, RolloutEvent, Summary};
use rollout::history::Recording;
use rollout::report::Report;

use super::*;
use crate::reporter::view_fixture::{at, begin, done, half_way, progress, released, started};

fn report(events: &[RolloutEvent]) -> Report {
    let mut recording = Recording::default();
    for event in events {
        recording.event(event);
    }
    Report::of(recording.record().expect("it has begun"))
}

fn waits(step: &str, wait: &str) -> EventKind {
    EventKind::WaitStarted {
        step: step.into(),
        wait: wait.into(),
    }
}

fn waited(step: &str, wait: &str, seconds: u64) -> EventKind {
    EventKind::WaitEnded {
        step: step.into(),
        wait: wait.into(),
        waited: Duration::from_secs(seconds),
    }
}

fn finished(seconds: u64, outcome: Outcome) -> RolloutEvent {
    let summary = Summary {
        outcome,
        lost_to: None,
        duration: Duration::from_secs(seconds),
        done: 0,
        failed: vec![],
        roots: vec![],
        not_done: vec![],
        objects: Counts {
            created: 40,
            ..Counts::default()
        },
        requests: 77,
        effort: rollout::event::Effort::default(),
        release_latency: None,
        steps: vec![],
        critical_path: dependency_graph::CriticalPath::default(),
    };
    at(
        seconds,
        EventKind::RolloutFinished {
            summary: Box::new(summary),
        },
    )
}

/// A run to its end, in which the registration of the notary decided.
fn small() -> Vec<RolloutEvent> {
    let (manager, job) = (
        "starting Deployment bank-network/identity-manager",
        "Job bank-notary/registration",
    );
    let mut events = half_way();
    events.insert(6, at(2, waits("auth", "starting Deployment bank-network/auth")));
    events.insert(
        8,
        at(40, waited("auth", "starting Deployment bank-network/auth", 38)),
    );
    events.extend([
        at(41, waits("identity-manager", manager)),
        at(
            45,
            progress("identity-manager", "Pod identity-manager-0 pulls its image"),
        ),
        at(61, waited("identity-manager", manager, 20)),
        at(61, done("identity-manager", 21, true)),
        at(61, released("notary-registered", Some(3))),
        at(62, waits("notary-registered", job)),
        at(
            62,
            progress(
                "notary-registered",
                "the request is <not> approved & \"signed\" yet",
            ),
        ),
        at(120, waited("notary-registered", job, 58)),
        at(120, done("notary-registered", 59, true)),
        at(120, released("notary", Some(41))),
        at(124, done("notary", 4, true)),
        finished(124, Outcome::Done),
    ]);
    events
}

fn failed() -> Vec<RolloutEvent> {
    let mut events = half_way();
    events.push(at(
        60,
        EventKind::StepFailed {
            step: "identity-manager".into(),
            duration: Duration::from_secs(20),
            message: "Pod identity-manager-0 cannot pull its image".into(),
            blame: rollout::cause::Blame {
                cause: rollout::cause::Cause::ImagePull,
                subject: "example/cenm:1".into(),
            },
        },
    ));
    for step in ["notary-registered", "notary"] {
        events.push(at(
            60,
            EventKind::StepNotStarted {
                step: step.into(),
                because: vec!["identity-manager".into()],
            },
        ));
    }
    events.push(finished(60, Outcome::Failed));
    events
}

/// So many steps in a binary tree, eight to a group.
fn large(count: u64) -> Vec<RolloutEvent> {
    let id = |number: u64| format!("step-{number}");
    let planned = |number: u64| Planned {
        node: Node {
            id: id(number),
            stage: String::new(),
            title: format!("Participant {number} is registered with the network"),
            group: format!("bank-participant-{}", number / 8),
        },
        prerequisites: (number > 0)
            .then(|| Prerequisite {
                step: id(number / 2),
                reason: "it must be there".into(),
            })
            .into_iter()
            .collect(),
        last_duration: None,
    };
    let start = EventKind::RolloutStarted {
        version: rollout::event::VERSION,
        network: "bank".into(),
        server: "v1.34.4".into(),
        action: Action::RollOut,
        steps: (0..count).map(planned).collect(),
    };
    let mut ends: Vec<u64> = Vec::new();
    let mut events = vec![at(0, start)];
    for number in 0..count {
        let begins = if number == 0 {
            0
        } else {
            ends[usize::try_from(number / 2).expect("it is small")]
        };
        let lasts = 3 + number * 7919 % 37;
        ends.push(begins + lasts);
        events.extend([
            at(begins, begin(&id(number))),
            at(begins + 1, waits(&id(number), "Job bank/registration")),
            at(begins + 1, progress(&id(number), "1 of 1 Pods run")),
            at(
                begins + lasts,
                waited(&id(number), "Job bank/registration", lasts - 1),
            ),
            at(begins + lasts, done(&id(number), lasts, true)),
        ]);
    }
    events.sort_by_key(|event| event.elapsed);
    events
}

fn plain(report: &Report, format: ReportFormat, width: usize) -> String {
    let text = render(report, format, width).expect("it can be rendered");
    anstream::adapter::strip_str(&text).to_string()
}

#[test]
fn a_small_run_as_text() {
    insta::assert_snapshot!(plain(&report(&small()), ReportFormat::Text, 100));
}

#[test]
fn a_failed_run_as_text() {
    insta::assert_snapshot!(plain(&report(&failed()), ReportFormat::Text, 100));
}

#[test]
fn in_short() {
    let text = brief(&report(&small()), 90);
    insta::assert_snapshot!(anstream::adapter::strip_str(&text).to_string());
}

#[test]
fn every_line_of_the_waterfall_fits_the_width() {
    for events in [small(), failed(), large(300)] {
        let report = report(&events);
        for width in [50, 80, 101, 200] {
            let text = plain(&report, ReportFormat::Text, width);
            let rows = text.lines().filter(|line| line.contains('▕'));
            let widest = rows.map(console::measure_text_width).max().unwrap_or_default();
            assert!(
                (width - 12..=width).contains(&widest),
                "{widest} of {width}\n{text}"
            );
        }
    }
}

#[test]
fn a_page_stands_alone_and_text_stays_text() {
    let page = plain(&report(&small()), ReportFormat::Html, 0);
    for needed in [
        "<!doctype html>",
        "prefers-color-scheme: dark",
        "<th scope=\"row\"",
        "aria-labelledby=\"steps\"",
    ] {
        assert!(page.contains(needed), "no {needed}");
    }
    for foreign in ["http://", "https://", "src=", "href=", "@import", "url("] {
        assert!(!page.contains(foreign), "{foreign} in the page");
    }
    assert!(page.contains("the request is &lt;not&gt; approved &amp; &quot;signed&quot; yet"));
    // Every step has a row with its times.
    assert_eq!(page.matches("data-step=").count(), 6);
}

#[test]
fn a_page_of_a_thousand_steps_is_no_burden() {
    let page = plain(&report(&large(1000)), ReportFormat::Html, 0);
    assert_eq!(page.matches("data-step=").count(), 1000);
    assert!(page.len() < 2_000_000, "{} bytes", page.len());
}

#[test]
fn machines_get_all_of_it() {
    let json = plain(&report(&small()), ReportFormat::Json, 0);
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(json["steps"].as_array().map(Vec::len), Some(6));
    assert_eq!(json["critical_path"][1]["step"], "auth");
    assert_eq!(json["waits"][0]["cost"], 58.0);
    assert_eq!(json["savings"][0]["saves"], 61.0);
}

#[test]
fn the_name_of_the_file_says_the_format() {
    for (name, format) in [
        ("a.html", ReportFormat::Html),
        ("b/c.txt", ReportFormat::Text),
        ("report.json", ReportFormat::Json),
    ] {
        assert_eq!(name.parse::<ReportFile>().map(|file| file.format), Ok(format));
    }
    for name in ["report", "report.pdf", ".html/x"] {
        assert!(name.parse::<ReportFile>().is_err(), "{name}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.txt");
    let file: ReportFile = path
        .to_str()
        .expect("it is text")
        .parse()
        .expect("it is a format");
    write(&report(&failed()), &file).expect("it can be written");
    let written = std::fs::read_to_string(path).expect("it is there");
    assert!(
        written.contains("failed after") && !written.contains('\u{1b}'),
        "{written}"
    );
}

#[test]
fn outcomes_are_told() {
    let mut told = report(&failed());
    let headlines = [
        None,
        Some(Outcome::Done),
        Some(Outcome::Failed),
        Some(Outcome::Interrupted),
    ]
    .map(|outcome| {
        told.outcome = outcome;
        headline(&told)
    });
    insta::assert_snapshot!(headlines.join("\n"), @r"
    The rollout of bank has been going on for 1m 00s
    bank was rolled out in 1m 00s
    The rollout of bank failed after 1m 00s
    The rollout of bank was interrupted after 1m 00s
    ");
    assert!(
        report(&[started()])
            .critical_path
            .iter()
            .all(|link| link.duration.is_zero())
    );
}
