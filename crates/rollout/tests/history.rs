//! What is kept of runs in the cluster, and what a report makes of it.

mod common;

use std::time::Duration;

use common::{cluster, network, rollout, run, server, task};
use dependency_graph::Saving;
use rollout::cluster::simulated::{Behaviour, Fate, SimulatedCluster};
use rollout::event::Outcome;
use rollout::history::{History, Recording, RunRecord, RunState};
use rollout::report::Report;
use serde_json::json;

async fn last(cluster: &SimulatedCluster) -> Option<RunRecord> {
    let history = History::read(cluster, "alpha").await.expect("it can be read");
    let number = history.numbers().next_back()?;
    history.run(number).map(|run| run.expect("it is one of ours"))
}

#[tokio::test(start_paused = true)]
async fn a_run_is_kept_as_its_events_told_it() {
    let cluster = cluster();
    let told = run(&cluster, network()).await;
    let mut recording = Recording::default();
    for event in &told.events {
        recording.event(event);
    }
    let kept = last(&cluster).await.expect("it changed something");
    let folded = recording.record().unwrap();
    assert_eq!(
        serde_json::to_value(&kept).unwrap(),
        serde_json::to_value(folded).unwrap()
    );
    assert_eq!((kept.outcome, kept.steps.len()), (Some(Outcome::Done), 8));
    for time in &told.summary.steps {
        let step = &kept.steps[&time.step];
        assert_eq!(
            (step.started, step.duration, step.state),
            (Some(time.started), time.duration, RunState::Done)
        );
    }
    let map = &kept.steps["map"];
    let waits: Vec<_> = map
        .waits
        .iter()
        .map(|wait| (wait.wait.as_str(), wait.waited.as_secs()))
        .collect();
    assert_eq!(
        waits,
        [
            ("starting StatefulSet alpha-net/map", 1),
            ("`GET /network-map` of Service alpha-net/map", 3)
        ]
    );
    assert!(
        map.waits[1].reasons[0]
            .reason
            .contains("answers 503 instead of 200"),
        "{map:?}"
    );
    assert_eq!(map.waits[1].reasons[0].lasted, map.waits[1].waited);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_changed_nothing_leaves_no_trace() {
    let cluster = cluster();
    run(&cluster, network()).await;
    let before = History::read(&cluster, "alpha").await.unwrap();
    run(&cluster, network()).await;
    assert_eq!(History::read(&cluster, "alpha").await.unwrap(), before);
    assert_eq!(before.numbers().collect::<Vec<_>>(), [1]);
}

#[tokio::test(start_paused = true)]
async fn the_history_is_bounded_and_a_failed_run_is_part_of_it() {
    let cluster = cluster();
    for number in 0..25 {
        let fate = Fate::Crashes(format!("out of luck {number}"));
        cluster.behave(
            "users",
            Behaviour {
                fate,
                ..Behaviour::default()
            },
        );
        run(&cluster, network()).await;
    }
    let history = History::read(&cluster, "alpha").await.unwrap();
    assert_eq!(
        history.numbers().collect::<Vec<_>>(),
        (6..=25).collect::<Vec<_>>()
    );
    assert!(history.run(5).is_none());
    let kept = last(&cluster).await.unwrap();
    assert_eq!(
        (kept.outcome, kept.steps["users"].state),
        (Some(Outcome::Failed), RunState::Failed)
    );
    assert!(
        kept.steps["users"]
            .message
            .as_ref()
            .unwrap()
            .contains("out of luck 24")
    );
    assert_eq!(kept.steps["map"].because, ["users"]);
    // What waited for the failure still has a place in the report, without a time.
    let report = Report::of(&kept);
    assert_eq!(report.count(RunState::NotStarted), 2);
    assert!(report.savings.iter().all(|saving| saving.dependent != "map"));
}

#[tokio::test(start_paused = true)]
async fn a_report_says_what_decided_what_was_lost_and_what_would_save() {
    let cluster = SimulatedCluster::default();
    let times = [("slow", 20), ("quick", 5), ("last", 2), ("aside", 4)];
    for (name, seconds) in times {
        cluster.behave(
            name,
            Behaviour {
                after: Duration::from_secs(seconds),
                ..Behaviour::default()
            },
        );
    }
    let mut steps = vec![common::step(
        "namespace",
        vec![common::namespace("alpha-net")],
        vec![],
    )];
    steps.extend(times.map(|(name, _)| {
        if name == "quick" {
            task(name)
        } else {
            server(name, &json!([]))
        }
    }));
    let edges = [
        ("namespace", "slow"),
        ("namespace", "quick"),
        ("namespace", "aside"),
        ("slow", "last"),
        ("quick", "last"),
    ];
    let told = run(&cluster, rollout(steps, &edges)).await;
    let report = Report::of(&last(&cluster).await.unwrap());
    assert_eq!(report.duration, told.summary.duration);
    assert_eq!(report.release_latency, told.summary.release_latency);
    let latency = report.release_latency.unwrap();
    assert_eq!((latency.steps, latency.max), (4, Duration::ZERO));
    let path: Vec<_> = report
        .critical_path
        .iter()
        .map(|link| link.step.as_str())
        .collect();
    assert_eq!(path, ["namespace", "slow", "last"]);
    assert_eq!(
        (
            report.critical_path[0].reason.as_str(),
            report.critical_path[1].reason.as_str()
        ),
        ("", "it must")
    );
    let lost: Vec<_> = report
        .waits
        .iter()
        .map(|wait| (wait.step.as_str(), wait.waited.as_secs(), wait.cost.as_secs()))
        .collect();
    // `quick` was waited for in vain: it had 15 s to spare.
    assert_eq!(
        lost,
        [("slow", 20, 20), ("last", 2, 2), ("quick", 5, 0), ("aside", 4, 0)]
    );
    let released = |id: &str| {
        let step = report.steps.iter().find(|step| step.id == id).unwrap();
        step.released_by.as_ref().map(|release| release.step.as_str())
    };
    assert_eq!((released("namespace"), released("last")), (None, Some("slow")));
    // Without `slow` before it, `last` would end at 7 s: then `slow` alone decides.
    let [
        Saving {
            prerequisite,
            dependent,
            reason,
            saves,
        },
    ] = report.savings.as_slice()
    else {
        panic!("one edge decides: {:?}", report.savings);
    };
    assert_eq!(
        (prerequisite.as_str(), dependent.as_str(), reason.as_str()),
        ("slow", "last", "it must")
    );
    assert_eq!(saves.as_secs(), 2);
}
