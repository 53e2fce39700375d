//! The engine on a simulated cluster: order, independence, no-change runs, interruption.

mod common;

use std::time::Duration;

use common::{cluster, network, rollout, run, server, task, try_run};
use rollout::cluster::simulated::{Behaviour, Fate, Operation, SimulatedCluster};
use rollout::cluster::{ClusterError, FieldOwner, Right};
use rollout::event::{Change, EventKind, Outcome};
use rollout::{Cancellation, Inventory, StepState};
use serde_json::json;

#[tokio::test(start_paused = true)]
async fn a_network_comes_up_in_graph_order() {
    let cluster = cluster();
    let told = run(&cluster, network()).await;
    insta::assert_snapshot!(told.story().join("\n"), @"
    start namespaces
    done namespaces
    start keys
    start metrics
    done keys
    start auth
    done auth
    start zone
    start users
    done users
    done zone
    start subzone
    done metrics
    done subzone
    start map
    done map
    ");
    assert_eq!(told.summary.outcome, Outcome::Done);
    assert_eq!((told.summary.done, told.summary.objects.created), (8, 15));
    assert_eq!((cluster.runs("users"), cluster.runs("subzone")), (1, 1));
    let chain: Vec<_> = told
        .summary
        .critical_path
        .steps
        .iter()
        .map(|step| step.id.as_str())
        .collect();
    assert_eq!(chain, ["namespaces", "keys", "auth", "zone", "subzone", "map"]);
}

#[tokio::test(start_paused = true)]
async fn a_step_starts_the_moment_its_own_prerequisites_are_done() {
    let cluster = cluster();
    let told = run(&cluster, network()).await;
    let graph = network().graph;
    let at = |wanted: &str| {
        told.events
            .iter()
            .find_map(|event| match &event.kind {
                EventKind::StepDone { step, .. } if step == wanted => Some(event.elapsed),
                _ => None,
            })
            .unwrap()
    };
    for event in &told.events {
        if let EventKind::StepStarted { step, .. } = &event.kind {
            let released = graph
                .prerequisites(step)
                .iter()
                .map(|edge| at(&edge.prerequisite.id))
                .max();
            if let Some(released) = released {
                assert_eq!(event.elapsed, released, "{step}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn how_soon_each_step_was_released_is_recorded() {
    let cluster = cluster();
    let told = run(&cluster, network()).await;
    let graph = network().graph;
    let latencies = |events: &[rollout::event::RolloutEvent]| {
        let mut all = Vec::new();
        for event in events {
            if let EventKind::StepStarted {
                step,
                release_latency,
            } = &event.kind
            {
                let is_released = !graph.prerequisites(step).is_empty();
                assert_eq!(release_latency.is_some(), is_released, "{step}");
                all.extend(*release_latency);
            }
        }
        all
    };
    // A simulated event is received when it happens, and the engine takes no simulated time.
    assert_eq!(latencies(&told.events), [Duration::ZERO; 7]);
    // What already holds is found to hold at once as well.
    let again = run(&cluster, network()).await;
    assert_eq!(latencies(&again.events).len(), 7);
}

#[tokio::test(start_paused = true)]
async fn bindings_are_filled_in_from_what_exists_by_then() {
    let cluster = cluster();
    run(&cluster, network()).await;
    let find = |kind: &str, name: &str| {
        cluster
            .objects()
            .into_iter()
            .find(|object| object.key().kind == kind && object.name() == name)
            .unwrap()
    };
    let address = find("Service", "auth").value()["spec"]["clusterIP"]
        .as_str()
        .unwrap()
        .to_owned();
    let environment = |kind: &str, name: &str| {
        find(kind, name).value()["spec"]["template"]["spec"]["containers"][0]["env"][0]["value"].clone()
    };
    assert_eq!(
        environment("Deployment", "zone"),
        json!(format!("{address}:8081"))
    );
    assert_eq!(environment("StatefulSet", "map"), json!(common::TOKEN));
}

#[tokio::test(start_paused = true)]
async fn a_second_run_writes_nothing() {
    let cluster = cluster();
    run(&cluster, network()).await;
    let (writes, requests) = (cluster.writes(), run(&cluster, network()).await.summary.requests);
    let told = run(&cluster, network()).await;
    assert_eq!(cluster.writes(), writes);
    assert_eq!(told.summary.outcome, Outcome::Done);
    assert_eq!(
        (told.summary.objects.unchanged, told.summary.objects.written()),
        (13, 0)
    );
    assert!(
        told.summary.duration < Duration::from_secs(1),
        "{:?}",
        told.summary.duration
    );
    let cost = told.summary.requests - requests;
    assert!(cost <= 18, "{cost} requests");
    assert!(
        told.events
            .iter()
            .all(|event| !matches!(event.kind, EventKind::StepDone { changed: true, .. }))
    );
}

#[tokio::test(start_paused = true)]
async fn a_changed_object_is_all_that_is_written() {
    let cluster = cluster();
    run(&cluster, network()).await;
    let mut changed = network();
    changed.steps[7] = server("metrics", &json!([{ "name": "LEVEL", "value": "debug" }]));
    let told = run(&cluster, changed).await;
    let written: Vec<_> = told
        .events
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::ObjectApplied { object, change, .. } if *change != Change::Unchanged => {
                Some(format!("{object} {change:?}"))
            }
            _ => None,
        })
        .collect();
    assert_eq!(written, ["Deployment alpha-net/metrics Configured"]);
    assert_eq!((cluster.runs("users"), cluster.runs("subzone")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_failed_step_stops_only_what_depends_on_it() {
    let cluster = cluster();
    let words = "rpc error: manifest unknown".to_owned();
    cluster.behave(
        "auth",
        Behaviour {
            fate: Fate::NoImage(words),
            ..Behaviour::default()
        },
    );
    let told = run(&cluster, network()).await;
    insta::assert_snapshot!(told.story().join("\n"), @"
    start namespaces
    done namespaces
    start keys
    start metrics
    done keys
    start auth
    fail auth
    skip zone: auth
    skip users: auth
    skip subzone: auth
    skip map: auth
    done metrics
    ");
    assert_eq!(told.summary.outcome, Outcome::Failed);
    insta::assert_snapshot!(told.failure("auth"), @"Deployment alpha-net/auth is not ready: Pod alpha-net/auth-0: image `example/auth:1` cannot be pulled (rpc error: manifest unknown); load it into the cluster, or correct its name in the topology; deploy again once that is corrected");

    // Corrected outside: the stuck Pod is sent away and the rest goes on.
    cluster.behave("auth", Behaviour::default());
    let told = run(&cluster, network()).await;
    assert_eq!(told.summary.outcome, Outcome::Done);
    assert_eq!(cluster.runs("subzone"), 1);
}

#[tokio::test(start_paused = true)]
async fn every_wait_has_a_deadline_and_says_the_last_reason() {
    let cluster = SimulatedCluster::default();
    cluster.behave(
        "auth",
        Behaviour {
            fate: Fate::Hangs,
            ..Behaviour::default()
        },
    );
    let hanging = rollout(
        vec![namespaces(), server("auth", &json!([]))],
        &[("namespaces", "auth")],
    );
    let told = run(&cluster, hanging).await;
    insta::assert_snapshot!(told.failure("auth"), @"
    starting Deployment alpha-net/auth took longer than 136 s: Pod alpha-net/auth-0: container `main` runs but is not ready; what moved last: Pod alpha-net/auth-0 logs: all is well, 120 s ago; its log ends with:
      all is well
    ; deploy again to go on waiting
    ");
    insta::assert_snapshot!(told.reasons("auth").join("\n"), @"
    Deployment alpha-net/auth: its controller has not seen the newest version
    Pod alpha-net/auth-0 is starting
    Pod alpha-net/auth-0: container `main` runs but is not ready
    ");
}

fn namespaces() -> kubernetes_objects::step::Step {
    common::step("namespaces", vec![common::namespace("alpha-net")], vec![])
}

#[tokio::test(start_paused = true)]
async fn failures_name_object_cause_and_next_step() {
    let check = async |fate: Fate, step: kubernetes_objects::step::Step, expected: &str| {
        let cluster = SimulatedCluster::default();
        let id = step.id.clone();
        cluster.behave(
            &id,
            Behaviour {
                fate,
                ..Behaviour::default()
            },
        );
        let told = run(
            &cluster,
            rollout(vec![namespaces(), step], &[("namespaces", &id)]),
        )
        .await;
        assert_eq!(told.failure(&id), expected);
    };
    check(
        Fate::Crashes("cannot open key store\nwrong password".into()),
        server("auth", &json!([])),
        "Deployment alpha-net/auth is not ready: Pod alpha-net/auth-0: container `main` crashes (exit code 3, \
         restarted 5 times); its log ends with:\n  cannot open key store\n  wrong password\n; deploy again once \
         that is corrected",
    )
    .await;
    check(
        Fate::Crashes("no such user".into()),
        task("users"),
        "Job alpha-net/users failed: it failed and was tried often enough (Pod alpha-net/users-0: container \
         `main` ended: exit code 3); its log ends with:\n  no such user\n; deploy again once that is corrected, \
         it is then run again",
    )
    .await;
    check(
        Fate::NotAdmitted("pods \"users-x\" is forbidden: violates PodSecurity \"restricted:latest\"".into()),
        task("users"),
        "Job alpha-net/users is not ready: its Pods are not admitted: FailedCreate: pods \"users-x\" is forbidden: \
         violates PodSecurity \"restricted:latest\"; deploy again once that is corrected",
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_foreign_owner_is_named_and_nothing_is_forced() {
    let cluster = cluster();
    let owner = FieldOwner {
        field: ".spec.replicas".into(),
        manager: "kubectl-edit".into(),
    };
    cluster.occupy(common::deployment("alpha-net", "metrics"), owner);
    let told = run(&cluster, network()).await;
    insta::assert_snapshot!(told.failure("metrics"), @"Deployment alpha-net/metrics was not applied: field .spec.replicas belongs to `kubectl-edit`; let that manager give the field up, or take it over with --take-ownership and the object's name, as KIND/NAMESPACE/NAME");
    assert_eq!(told.summary.done, 7);
}

#[tokio::test(start_paused = true)]
async fn passing_failures_are_sat_out() {
    let cluster = cluster();
    let busy = ClusterError::Busy {
        cause: "slow down".into(),
        retry_after: Some(Duration::from_secs(7)),
    };
    cluster.fail(Operation::Apply, 2, busy);
    cluster.fail(
        Operation::Exec,
        2,
        ClusterError::Pod {
            cause: "connection lost".into(),
        },
    );
    cluster.fail(
        Operation::Http,
        3,
        ClusterError::Pod {
            cause: "connection lost".into(),
        },
    );
    let told = run(&cluster, network()).await;
    assert_eq!(told.summary.outcome, Outcome::Done);
    assert!(told.summary.duration > Duration::from_secs(14));
    assert_eq!(cluster.runs("subzone"), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_missing_at_the_start_is_told_in_one_sentence() {
    let refused = async |cluster: SimulatedCluster| {
        try_run(&cluster, network(), Cancellation::default())
            .await
            .map(|_| ())
            .unwrap_err()
            .to_string()
    };
    let away = cluster();
    away.fail(
        Operation::Server,
        1,
        ClusterError::Unreachable {
            cause: "connection refused".into(),
        },
    );
    insta::assert_snapshot!(refused(away).await, @"the cluster at simulated://cluster does not answer (connection refused); start it, or choose another one with --context");
    let stranger = cluster();
    stranger.fail(
        Operation::Server,
        1,
        ClusterError::Unauthorised {
            cause: "token expired".into(),
        },
    );
    insta::assert_snapshot!(refused(stranger).await, @"the cluster at simulated://cluster refuses the credentials of the kubeconfig (token expired); log in again, or choose another context with --context");
    let guest = cluster();
    for (verb, group, resource) in [
        ("create", "apps", "deployments"),
        ("patch", "apps", "deployments"),
        ("create", "", "pods/exec"),
    ] {
        guest.forbid(Right {
            verb,
            group,
            resource: resource.into(),
        });
    }
    insta::assert_snapshot!(refused(guest.clone()).await, @"the kubeconfig's user may not create/patch deployments.apps, create pods/exec on simulated://cluster; ask an administrator of the cluster for a ClusterRole with these rights");
    assert_eq!(guest.writes(), 0);
}

#[test]
fn a_rollout_that_cannot_end_is_refused() {
    let check = |break_it: &dyn Fn(&mut rollout::Rollout), expected: &str| {
        let mut wrong = network();
        break_it(&mut wrong);
        assert_eq!(wrong.check().unwrap_err().to_string(), expected);
    };
    check(
        &|wrong| drop(wrong.steps.pop()),
        "step `metrics` of the graph is not declared; steps and graph of a rollout must match",
    );
    check(
        &|wrong| wrong.steps.push(task("stray")),
        "step `stray` is not in the graph; steps and graph of a rollout must match",
    );
    check(
        &|wrong| wrong.steps[7].manifests = wrong.steps[2].manifests.clone(),
        "Service alpha-net/auth is applied by step `auth` and by step `metrics`; an object belongs to one step",
    );
    check(
        &|wrong| drop(wrong.steps[7].manifests.pop()),
        "step `metrics` waits for Deployment alpha-net/metrics, which no step applies; correct the step's gates",
    );
    assert!(network().check().is_ok());
}

#[tokio::test(start_paused = true)]
async fn stopping_leaves_what_waits_and_starts_nothing_more() {
    let cluster = cluster();
    let cancellation = Cancellation::default();
    let stopper = cancellation.clone();
    let stop = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        stopper.stop();
    };
    let (told, ()) = tokio::join!(try_run(&cluster, network(), cancellation), stop);
    let told = told.unwrap();
    assert_eq!(told.summary.outcome, Outcome::Interrupted);
    let story = told.story();
    let mut left = story[story.len() - 2..].to_vec();
    left.sort();
    assert_eq!(left, ["leave auth", "leave metrics"]);
    assert!(told.summary.duration < Duration::from_secs(2));

    let told = run(&cluster, network()).await;
    assert_eq!(told.summary.outcome, Outcome::Done);
    assert_eq!((cluster.runs("users"), cluster.runs("subzone")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn aborting_leaves_at_once() {
    let cluster = cluster();
    let cancellation = Cancellation::default();
    cluster.hang_at(30, true);
    let stop = async {
        cluster.hung().await;
        cancellation.stop();
        tokio::time::sleep(Duration::from_secs(5)).await;
        cancellation.abort();
    };
    let (told, ()) = tokio::join!(try_run(&cluster, network(), cancellation.clone()), stop);
    assert_eq!(told.unwrap().summary.outcome, Outcome::Interrupted);
}

#[tokio::test(start_paused = true)]
async fn the_inventory_tells_how_each_step_went() {
    let cluster = cluster();
    cluster.behave(
        "users",
        Behaviour {
            fate: Fate::Crashes("no".into()),
            ..Behaviour::default()
        },
    );
    run(&cluster, network()).await;
    let inventory = Inventory::read(&cluster, "alpha").await.unwrap().unwrap();
    assert_eq!(inventory.graph.len(), 8);
    assert_eq!(inventory.steps["auth"].state, StepState::Done);
    assert_eq!(inventory.steps["users"].state, StepState::Failed);
    assert!(
        inventory.steps["users"]
            .message
            .as_deref()
            .unwrap()
            .starts_with("Job alpha-net/users failed")
    );
    assert!(!inventory.steps.contains_key("subzone"));
    assert_eq!(inventory.objects.len(), 15);
    assert!(Inventory::read(&cluster, "beta").await.unwrap().is_none());

    // Losing it loses nothing that the next run could not find by labels.
    cluster.lose(&Inventory::key("alpha"));
    cluster.behave("users", Behaviour::default());
    let told = run(&cluster, network()).await;
    assert_eq!(
        (told.summary.outcome, told.summary.objects.recreated),
        (Outcome::Done, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn events_are_json() {
    let told = run(&cluster(), network()).await;
    let lines: Vec<serde_json::Value> = told
        .events
        .iter()
        .map(|event| serde_json::to_value(event).unwrap())
        .collect();
    assert_eq!(
        (&lines[0]["type"], &lines[0]["steps"][0]["id"]),
        (&json!("rollout_started"), &json!("namespaces"))
    );
    let finished = &lines[lines.len() - 1]["summary"];
    assert_eq!(finished["outcome"], "done");
    assert!(
        lines
            .iter()
            .all(|line| line["at"].as_str().is_some_and(|at| at.ends_with('Z')))
    );
    // What Jobs hand over is nobody's business.
    assert!(lines.iter().all(|line| !line.to_string().contains(common::TOKEN)));
}

/// What the cluster answers to a question about a quiet step is no reason to ask again.
#[tokio::test(start_paused = true)]
async fn a_quiet_step_costs_a_few_requests_a_minute() {
    let check = async |slow: Option<Operation>| {
        let cluster = cluster();
        let job = Behaviour {
            after: Duration::from_secs(50),
            ..Behaviour::default()
        };
        cluster.behave("users", job);
        if let Some(operation) = slow {
            // An API server takes its time, in which whatever rings is heard.
            cluster.slow_down(operation, 300, Duration::from_millis(5));
        }
        let summary = run(&cluster, network()).await.summary;
        assert_eq!(summary.outcome, Outcome::Done);
        cluster.calls()
    };
    let at_once = check(None).await;
    for operation in [Operation::Get, Operation::List, Operation::Log] {
        let calls = check(Some(operation)).await;
        assert!(
            calls <= at_once + 5,
            "{operation:?}: {calls} calls, at once {at_once}"
        );
    }
    // The Lease is renewed every three seconds; in each quiet quarter of a minute objects, events and log are asked.
    assert!(at_once < 150, "{at_once} calls");
}
