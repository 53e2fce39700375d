//! What is said of a step that does not arrive: when it is given up, and what is to blame.

mod common;

use std::time::Duration;

use common::{Told, deployment, namespace, rollout, run, server, step, task, workload};
use kubernetes_objects::step::{Gate, Step};
use rollout::cause::Cause;
use rollout::cluster::ObjectEvent;
use rollout::cluster::simulated::{Behaviour, Fate, SimulatedCluster};
use rollout::event::{EventKind, Outcome};
use serde_json::json;

const SECOND: Duration = Duration::from_secs(1);

fn namespaces() -> Step {
    step("namespaces", vec![namespace("alpha-net")], vec![])
}

/// One step, told how it behaves.
async fn alone(step: Step, behaviour: Behaviour) -> Told {
    let cluster = SimulatedCluster::default();
    let id = step.id.clone();
    cluster.behave(&id, behaviour);
    run(
        &cluster,
        rollout(vec![namespaces(), step], &[("namespaces", &id)]),
    )
    .await
}

fn of(fate: Fate) -> Behaviour {
    Behaviour {
        fate,
        ..Behaviour::default()
    }
}

#[tokio::test(start_paused = true)]
async fn every_failure_names_its_cause_and_what_it_is_about() {
    let check = async |step: Step, behaviour: Behaviour, cause: Cause, subject: &str, words: &str| {
        let id = step.id.clone();
        let told = alone(step, behaviour).await;
        let failed = told.summary.failed.iter().find(|failed| failed.step == id);
        let failed = failed.expect("the step failed");
        assert_eq!(
            (failed.blame.cause, failed.blame.subject.as_str()),
            (cause, subject),
            "{}",
            failed.message
        );
        assert!(failed.message.contains(words), "{}", failed.message);
        assert_eq!(told.summary.roots.len(), 1);
    };
    let auth = || server("auth", &json!([]));
    check(
        auth(),
        of(Fate::NoImage("manifest unknown".into())),
        Cause::ImagePull,
        "example/auth:1",
        "cannot be pulled (manifest unknown)",
    )
    .await;
    check(
        auth(),
        of(Fate::Crashes("no such option".into())),
        Cause::Crash,
        "container `main` of Pod alpha-net/auth-0",
        "crashes (exit code 3, restarted 5 times); its log ends with:\n  no such option",
    )
    .await;
    check(
        auth(),
        of(Fate::OutOfMemory),
        Cause::OutOfMemory,
        "container `main` of Pod alpha-net/auth-0",
        "killed because it used more memory than its limit",
    )
    .await;
    check(
        auth(),
        of(Fate::Crashes(
            "Exception in thread \"main\" javax.net.ssl.SSLHandshakeException: PKIX path validation failed\n\
             Caused by: java.security.cert.CertificateExpiredException: NotAfter: Sun Nov 01 00:00:00 UTC 2026"
                .into(),
        )),
        Cause::Certificate,
        "a certificate has expired",
        "by its log, a certificate has expired",
    )
    .await;
    check(
        auth(),
        of(Fate::NotScheduled(
            "0/1 nodes are available: 1 Insufficient memory.".into(),
        )),
        Cause::Unschedulable,
        "Insufficient memory",
        "cannot be scheduled: 0/1 nodes are available: 1 Insufficient memory.",
    )
    .await;
    check(
        auth(),
        of(Fate::NotMounted(
            "MountVolume.SetUp failed for volume \"pvc-7\" : exit status 32".into(),
        )),
        Cause::Volume,
        "pvc-7",
        "is starting (FailedMount: MountVolume.SetUp failed for volume \"pvc-7\" : exit status 32)",
    )
    .await;
    check(
        auth(),
        of(Fate::Misconfigured("secret \"keys\" not found".into())),
        Cause::Configuration,
        "Secret `keys`",
        "container `main` cannot be created: secret \"keys\" not found",
    )
    .await;
    let quota = "pods \"auth-1\" is forbidden: exceeded quota: small, requested: pods=1, used: pods=4, limited: pods=4";
    check(
        auth(),
        of(Fate::NotAdmitted(quota.into())),
        Cause::Quota,
        "quota `small`",
        "its Pods cannot be created: FailedCreate: pods \"auth-1\" is forbidden: exceeded quota: small",
    )
    .await;
    let security =
        "pods \"users-1\" is forbidden: violates PodSecurity \"restricted:latest\": runAsNonRoot != true";
    check(
        task("users"),
        of(Fate::NotAdmitted(security.into())),
        Cause::Admission,
        "Pod Security `restricted:latest`",
        "its Pods are not admitted",
    )
    .await;
    let webhook = "admission webhook \"images.example.com\" denied the request: unsigned";
    check(
        task("users"),
        of(Fate::NotAdmitted(webhook.into())),
        Cause::Admission,
        "webhook `images.example.com`",
        "denied the request: unsigned",
    )
    .await;
    check(
        gated(),
        Behaviour {
            answers_after: Duration::from_hours(9),
            ..Behaviour::default()
        },
        Cause::Gate,
        "`GET /status` on port 8080 of Service alpha-net/auth",
        "answers 503 instead of 200: starting",
    )
    .await;
}

/// A server that is asked over HTTP.
fn gated() -> Step {
    let mut auth = server("auth", &json!([]));
    auth.gates.push(Gate::Http {
        service: common::key("v1", "Service", "alpha-net", "auth"),
        port: 8080,
        path: "/status".into(),
    });
    auth
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_no_policy_allows_is_named() {
    let refused = Behaviour {
        fate: Fate::Crashes(
            "java.net.ConnectException: Connection timed out: zone.alpha-net.svc/10.96.0.1:12345".into(),
        ),
        ..Behaviour::default()
    };
    let with_policies = async |policies: Vec<(&str, serde_json::Value)>| {
        let cluster = SimulatedCluster::default();
        cluster.behave("auth", refused.clone());
        let policies = policies
            .into_iter()
            .map(|(name, spec)| {
                common::manifest(
                    &common::key("networking.k8s.io/v1", "NetworkPolicy", "alpha-net", name),
                    &json!({ "spec": spec }),
                )
            })
            .collect();
        let steps = vec![
            namespaces(),
            step("policies", policies, vec![]),
            server("zone", &json!([])),
            server("auth", &json!([])),
        ];
        let edges = [("namespaces", "policies"), ("policies", "zone"), ("zone", "auth")];
        let told = run(&cluster, rollout(steps, &edges)).await;
        let failed = told.summary.failed.first().expect("auth failed").clone();
        (failed.blame.cause, failed.message)
    };
    let deny = json!({ "podSelector": {}, "policyTypes": ["Ingress", "Egress"] });
    let out = json!({ "podSelector": { "matchLabels": { "app": "auth" } }, "policyTypes": ["Egress"],
        "egress": [{ "to": [{ "podSelector": { "matchLabels": { "app": "zone" } } }], "ports": [{ "port": 12345 }] }] });
    let inwards = json!({ "podSelector": { "matchLabels": { "app": "zone" } }, "policyTypes": ["Ingress"],
        "ingress": [{ "from": [{ "podSelector": { "matchLabels": { "app": "auth" } } }], "ports": [{ "port": 12345 }] }] });

    let (cause, words) = with_policies(vec![("default-deny", deny.clone())]).await;
    assert_eq!(cause, Cause::Policy);
    assert!(
        words.contains("no NetworkPolicy lets this Pod out to Service alpha-net/zone:12345"),
        "{words}"
    );

    let (cause, words) = with_policies(vec![
        ("default-deny", deny.clone()),
        ("auth-c7-to-zone", out.clone()),
    ])
    .await;
    assert_eq!(cause, Cause::Policy);
    assert!(
        words.contains("no NetworkPolicy lets this Pod in to Service alpha-net/zone:12345"),
        "{words}"
    );

    let all = vec![
        ("default-deny", deny),
        ("auth-c7-to-zone", out),
        ("zone-c7-from-auth", inwards),
    ];
    let (cause, words) = with_policies(all).await;
    assert_eq!(cause, Cause::Connection);
    assert!(
        words.contains(
            "NetworkPolicy alpha-net/auth-c7-to-zone and alpha-net/zone-c7-from-auth let it through"
        ),
        "{words}"
    );
}

#[tokio::test(start_paused = true)]
async fn one_cause_behind_many_steps_is_told_once_with_what_it_stopped() {
    let cluster = SimulatedCluster::default();
    let short = Fate::NotScheduled("0/1 nodes are available: 1 Insufficient memory.".into());
    for name in ["auth", "zone"] {
        cluster.behave(name, of(short.clone()));
    }
    cluster.behave("map", of(Fate::NoImage("denied".into())));
    let names = ["auth", "zone", "map", "users", "crl"];
    let mut steps = vec![namespaces()];
    steps.extend(names.iter().map(|name| server(name, &json!([]))));
    let edges = [
        ("namespaces", "auth"),
        ("namespaces", "zone"),
        ("namespaces", "map"),
        ("auth", "users"),
        ("zone", "users"),
        ("map", "crl"),
    ];
    let told = run(&cluster, rollout(steps, &edges)).await;
    assert_eq!(told.summary.outcome, Outcome::Failed);
    let mut roots: Vec<String> = told
        .summary
        .roots
        .iter()
        .map(|root| {
            let mut steps = root.steps.clone();
            steps.sort();
            format!(
                "{}: {} stopped {}",
                root.blame.cause,
                steps.join("+"),
                root.not_started.join("+")
            )
        })
        .collect();
    roots.sort();
    assert_eq!(
        roots,
        [
            "image pull: map stopped crl",
            "unschedulable: auth+zone stopped users"
        ]
    );
}

fn patient(deadline: Duration) -> Step {
    let mut auth = server("auth", &json!([]));
    auth.deadline = deadline;
    auth
}

#[tokio::test(start_paused = true)]
async fn a_step_without_progress_is_given_up_before_its_deadline() {
    let told = alone(patient(600 * SECOND), of(Fate::Hangs)).await;
    let took = told.summary.duration;
    assert!(took > 300 * SECOND && took < 330 * SECOND, "{took:?}");
    let words = told.failure("auth");
    assert!(words.contains("made no progress for 300 s"), "{words}");
    assert!(
        words.contains("what moved last: Pod alpha-net/auth-0 logs: all is well, 300 s ago"),
        "{words}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_step_that_gets_somewhere_is_not_failed_at_its_deadline() {
    // It migrates a database for 15 minutes, and says so, in words that differ.
    let tables = [
        "users",
        "nodes",
        "parameters",
        "signatures",
        "revocations",
        "audit",
        "history",
        "keys",
    ];
    let log = tables
        .iter()
        .zip(1..)
        .map(|(table, number)| (100 * number * SECOND, format!("migrating table {table}")))
        .collect();
    let slow = Behaviour {
        after: 900 * SECOND,
        log,
        ..Behaviour::default()
    };
    let told = alone(patient(600 * SECOND), slow).await;
    assert_eq!(
        told.summary.outcome,
        Outcome::Failed,
        "its Pod is not known to run, so its log is not read"
    );

    let cluster = SimulatedCluster::default();
    cluster.behave(
        "auth",
        Behaviour {
            answers_after: 900 * SECOND,
            log: tables
                .iter()
                .zip(1..)
                .map(|(table, number)| (100 * number * SECOND, format!("migrating table {table}")))
                .collect(),
            ..Behaviour::default()
        },
    );
    let mut auth = gated();
    auth.deadline = 600 * SECOND;
    let told = run(
        &cluster,
        rollout(vec![namespaces(), auth], &[("namespaces", "auth")]),
    )
    .await;
    assert_eq!(told.summary.outcome, Outcome::Done, "{:?}", told.summary.failed);
    assert!(
        told.summary.duration > 900 * SECOND,
        "{:?}",
        told.summary.duration
    );
}

#[tokio::test(start_paused = true)]
async fn a_log_that_only_repeats_itself_does_not_carry_a_step_past_its_deadline() {
    let log = (1..400).map(|number| {
        (
            5 * number * SECOND,
            format!("attempt {number} to reach the database"),
        )
    });
    let repeating = Behaviour {
        answers_after: Duration::from_hours(9),
        log: log.collect(),
        ..Behaviour::default()
    };
    let mut auth = gated();
    auth.deadline = 600 * SECOND;
    let told = alone(auth, repeating).await;
    let took = told.summary.duration;
    assert!(took >= 600 * SECOND && took < 620 * SECOND, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn even_progress_has_an_end() {
    let log = (1..400).map(|number| {
        (
            50 * number * SECOND,
            format!("part {}", "x".repeat(number as usize)),
        )
    });
    let endless = Behaviour {
        answers_after: Duration::from_hours(9),
        log: log.collect(),
        ..Behaviour::default()
    };
    let mut auth = gated();
    auth.deadline = 600 * SECOND;
    let told = alone(auth, endless).await;
    let took = told.summary.duration;
    assert!(took >= 1800 * SECOND && took < 1820 * SECOND, "{took:?}");
    assert!(
        told.failure("auth").contains("took longer than 1800 s"),
        "{}",
        told.failure("auth")
    );
}

#[tokio::test(start_paused = true)]
async fn an_image_that_is_being_pulled_is_waited_for() {
    let cluster = SimulatedCluster::default();
    cluster.behave(
        "auth",
        Behaviour {
            after: 500 * SECOND,
            ..Behaviour::default()
        },
    );
    let pod = common::key("v1", "Pod", "alpha-net", "auth-0");
    cluster.record(
        &pod,
        ObjectEvent {
            warning: false,
            reason: "Pulling".into(),
            message: "Pulling image \"example/auth:1\"".into(),
        },
    );
    let steps = vec![namespaces(), patient(600 * SECOND)];
    let told = run(&cluster, rollout(steps, &[("namespaces", "auth")])).await;
    assert_eq!(told.summary.outcome, Outcome::Done, "{:?}", told.summary.failed);
}

#[tokio::test(start_paused = true)]
async fn warnings_are_told_while_the_step_still_waits() {
    let told = alone(
        patient(600 * SECOND),
        of(Fate::NotMounted("secret \"keys\" not found".into())),
    )
    .await;
    let reasons = told.reasons("auth");
    assert!(
        reasons.contains(
            &"Pod alpha-net/auth-0 is starting (FailedMount: secret \"keys\" not found)".to_owned()
        ),
        "{reasons:?}"
    );
    let failed = told.events.iter().find_map(|event| match &event.kind {
        EventKind::StepFailed { blame, .. } => Some(blame.clone()),
        _ => None,
    });
    assert_eq!(
        failed.map(|blame| (blame.cause, blame.subject)),
        Some((Cause::Configuration, "Secret `keys`".into()))
    );
}

#[tokio::test(start_paused = true)]
async fn a_ready_gate_on_a_kind_that_is_only_listed_otherwise_sees_it_change() {
    let key = common::key("v1", "Service", "alpha-net", "edge");
    let cluster = SimulatedCluster::default();
    let edge = common::manifest(
        &key,
        &json!({ "spec": { "type": "LoadBalancer", "selector": { "app": "edge" } } }),
    );
    let mut first = workload(&deployment("alpha-net", "edge"), &json!([]));
    first = kubernetes_objects::manifest::Manifest::from(first.value().clone());
    let steps = vec![
        namespaces(),
        step("edge", vec![edge, first], vec![Gate::Ready(key.clone())]),
    ];
    let give = async {
        tokio::time::sleep(30 * SECOND).await;
        cluster.set_status(
            &key,
            json!({ "loadBalancer": { "ingress": [{ "ip": "192.0.2.1" }] } }),
        );
    };
    let (told, ()) = tokio::join!(run(&cluster, rollout(steps, &[("namespaces", "edge")])), give);
    assert_eq!(told.summary.outcome, Outcome::Done, "{:?}", told.summary.failed);
    assert_eq!(
        told.reasons("edge"),
        ["Service alpha-net/edge: its load balancer has no address yet"]
    );
}
