//! What a changed configuration restarts, and in which order.

mod common;

use std::time::Duration;

use common::{key, manifest, namespace, rollout, run, step};
use kubernetes_objects::manifest::Manifest;
use kubernetes_objects::step::{Gate, Step};
use rollout::Rollout;
use rollout::cluster::simulated::{Behaviour, Fate, SimulatedCluster};
use rollout::event::{EventKind, Outcome};
use serde_json::json;

/// A server with or without data, configured by a text.
fn component(name: &str, kind: &str, has_volume: bool, configuration: &str) -> Step {
    let object = key("apps/v1", kind, "alpha-net", name);
    let volumes = if has_volume {
        json!([{ "name": "data", "persistentVolumeClaim": { "claimName": name } }])
    } else {
        json!([])
    };
    let body = json!({ "spec": {
        "selector": { "matchLabels": { "app": name } },
        "template": {
            "metadata": { "labels": { "app": name }, "annotations": { "checksum": configuration } },
            "spec": { "containers": [{ "name": "main", "image": "example" }], "volumes": volumes },
        },
    }});
    let manifests: Vec<Manifest> = vec![manifest(&object, &body)];
    step(name, manifests, vec![Gate::Ready(object)])
}

/// Two nodes, a database service, two without data; all beside each other, but `b` after `a`.
fn five(configuration: &str, of: &[&str]) -> Rollout {
    let text = |name: &str| if of.contains(&name) { configuration } else { "old" };
    rollout(
        vec![
            step("home", vec![namespace("alpha-net")], vec![]),
            component("a", "StatefulSet", false, text("a")),
            component("b", "StatefulSet", false, text("b")),
            component("database", "Deployment", true, text("database")),
            component("web", "Deployment", false, text("web")),
            component("proxy", "Deployment", false, text("proxy")),
        ],
        &[
            ("home", "a"),
            ("a", "b"),
            ("home", "database"),
            ("home", "web"),
            ("home", "proxy"),
        ],
    )
}

/// From when to when each step was at work on something that it had changed.
fn spans(told: &common::Told) -> Vec<(String, Duration, Duration)> {
    let mut spans = Vec::new();
    for event in &told.events {
        if let EventKind::StepDone {
            step, changed: true, ..
        } = &event.kind
        {
            let began = told.events.iter().find_map(|event| match &event.kind {
                EventKind::ObjectApplied { step: of, change, .. }
                    if of == step && *change != rollout::event::Change::Unchanged =>
                {
                    Some(event.elapsed)
                }
                _ => None,
            });
            spans.push((
                step.clone(),
                began.expect("it has applied something"),
                event.elapsed,
            ));
        }
    }
    spans.sort_by_key(|(_, began, _)| *began);
    spans
}

#[tokio::test(start_paused = true)]
async fn a_first_rollout_is_parallel_and_a_change_stops_one_thing_with_data_at_a_time() {
    let cluster = SimulatedCluster::default();
    let told = run(&cluster, five("old", &[])).await;
    assert_eq!(told.summary.outcome, Outcome::Done);
    // `a`, then `b`: two seconds; everything else beside them.
    assert!(
        told.summary.duration < Duration::from_millis(2500),
        "{:?}",
        told.summary.duration
    );

    let all = ["a", "b", "database", "web", "proxy"];
    let told = run(&cluster, five("new", &all)).await;
    assert_eq!(
        (told.summary.outcome, told.summary.objects.configured),
        (Outcome::Done, 5)
    );
    let spans = spans(&told);
    let with_data: Vec<_> = spans
        .iter()
        .filter(|(step, ..)| ["a", "b", "database"].contains(&step.as_str()))
        .collect();
    assert_eq!(with_data.len(), 3);
    for pair in with_data.windows(2) {
        assert!(pair[0].2 <= pair[1].1, "{spans:?}");
    }
    let order = |name: &str| with_data.iter().position(|(step, ..)| step == name);
    assert!(order("a") < order("b"), "{spans:?}");
    // Those without data wait for nobody.
    for (step, began, _) in &spans {
        if step == "web" || step == "proxy" {
            assert!(*began < Duration::from_millis(500), "{spans:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn only_what_is_touched_is_restarted() {
    let cluster = SimulatedCluster::default();
    run(&cluster, five("old", &[])).await;
    let pods = || -> Vec<String> {
        let objects = cluster.objects().into_iter();
        let pods = objects.filter(|object| object.key().kind == "Pod");
        pods.map(|pod| format!("{} {}", pod.name(), pod.uid())).collect()
    };
    let before = pods();
    let told = run(&cluster, five("new", &["database"])).await;
    assert_eq!(told.summary.objects.written(), 1);
    let after = pods();
    let other: Vec<_> = before.iter().filter(|pod| !after.contains(pod)).collect();
    assert_eq!(other.len(), 1);
    assert!(other[0].starts_with("database-0 "), "{other:?}");
}

#[tokio::test(start_paused = true)]
async fn while_one_does_not_come_back_no_other_is_stopped() {
    let cluster = SimulatedCluster::default();
    run(&cluster, five("old", &[])).await;
    cluster.behave(
        "a",
        Behaviour {
            fate: Fate::Crashes("bad configuration".into()),
            ..Behaviour::default()
        },
    );
    let told = run(&cluster, five("new", &["a", "database", "web"])).await;
    assert_eq!(told.summary.outcome, Outcome::Failed);
    let failed: Vec<_> = told
        .summary
        .failed
        .iter()
        .map(|failed| failed.step.as_str())
        .collect();
    assert_eq!(failed, ["a", "database"]);
    assert_eq!(
        told.failure("database"),
        "Deployment alpha-net/database was left as it was, because StatefulSet alpha-net/a is not back after its change; make that right, then deploy again"
    );
    // What keeps no data goes on.
    assert!(told.story().contains(&"done web".to_owned()));
    // Once it is made right, the rest follows.
    cluster.behave("a", Behaviour::default());
    let told = run(&cluster, five("newer", &["a", "database", "web"])).await;
    assert_eq!(told.summary.outcome, Outcome::Done);
}
