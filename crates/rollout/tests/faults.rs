//! What an API server, a network and nodes do to a rollout, and that it arrives all the same.

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::{cluster, end_state, network, quick_start, run, run_once_jobs, try_run};
use rollout::cluster::ClusterError;
use rollout::cluster::simulated::{Behaviour, Fate, Operation, SimulatedCluster};
use rollout::event::{EventKind, Outcome, Summary};
use rollout::{Cancellation, Options, Rollout, RolloutError, roll_out};
use tokio::sync::mpsc::unbounded_channel;
use tokio::time::sleep;

const SECOND: Duration = Duration::from_secs(1);

/// How many seeds are tried, unless `CORDANETES_SEEDS` says how many. One alone: `CORDANETES_SEED=17`.
const SEEDS: u64 = 60;

/// Rolls out while something is done to the cluster.
async fn while_rolling_out<Disturbance>(cluster: &SimulatedCluster, disturbance: Disturbance) -> Summary
where
    Disturbance: Future<Output = ()>,
{
    let (told, ()) = tokio::join!(run(cluster, network()), disturbance);
    told.summary
}

/// Every fault by itself: the rollout goes on by itself, and ends as if nothing had happened.
#[tokio::test(start_paused = true)]
async fn each_fault_is_survived() {
    let undisturbed = cluster();
    run(&undisturbed, network()).await;
    let wanted = end_state(&undisturbed);
    let check = async |what: &str, disturb: &dyn Fn(&SimulatedCluster)| {
        // At the very beginning, while steps start, while a Job holds files, while the last gate is asked.
        for at in [5, 500, 2500, 4500, 7000] {
            let cluster = cluster();
            let disturbed = cluster.clone();
            let disturbance = async {
                sleep(Duration::from_millis(at)).await;
                disturb(&disturbed);
            };
            let summary = while_rolling_out(&cluster, disturbance).await;
            assert_eq!(
                summary.outcome,
                Outcome::Done,
                "{what} at {at} ms: {:?}",
                summary.failed
            );
            sleep(60 * SECOND).await;
            assert_eq!(end_state(&cluster), wanted, "{what} at {at} ms");
            assert_eq!(
                (cluster.runs("users"), cluster.runs("subzone")),
                (1, 1),
                "{what} at {at} ms"
            );
        }
    };
    check("API server away for 4 minutes", &|cluster| {
        cluster.restart_api_server(240 * SECOND);
    })
    .await;
    check("watches expired (410)", &SimulatedCluster::expire_watches).await;
    check("watches silent for an hour", &|cluster| {
        cluster.silence_watches(3600 * SECOND);
    })
    .await;
    check("clock an hour ahead", &|cluster| cluster.set_clock(3600)).await;
    check("clock an hour behind", &|cluster| cluster.set_clock(-3600)).await;
    check("node drained", &SimulatedCluster::drain).await;
    check("every Pod evicted", &|cluster| {
        for pod in cluster.running_pods() {
            cluster.evict(&pod);
        }
    })
    .await;
    for operation in [
        Operation::Apply,
        Operation::Write,
        Operation::Get,
        Operation::List,
        Operation::Delete,
        Operation::Exec,
        Operation::Http,
        Operation::Log,
    ] {
        check(&format!("lost answers of {operation:?}"), &|cluster| {
            cluster.lose_answers(operation, 5);
        })
        .await;
        check(&format!("slow {operation:?}"), &|cluster| {
            cluster.slow_down(operation, 3, 10 * SECOND);
        })
        .await;
        for cause in [
            "409: modified",
            "500: leader changed",
            "503: shutting down",
            "504: timeout",
            "500: Internal error occurred: failed calling webhook \"images.example.com\": context deadline exceeded",
        ] {
            let busy = ClusterError::Busy {
                cause: cause.to_owned(),
                retry_after: None,
            };
            check(cause, &|cluster| cluster.fail(operation, 3, busy.clone())).await;
        }
    }
}

/// A webhook that does not answer keeps controllers from making Pods: they try again, and so it only costs time.
#[tokio::test(start_paused = true)]
async fn a_webhook_that_times_out_for_a_while_is_sat_out() {
    let undisturbed = cluster();
    run(&undisturbed, network()).await;
    let cluster = cluster();
    let words =
        "Internal error occurred: failed calling webhook \"images.example.com\": context deadline exceeded";
    let with_fate = |fate: Fate| Behaviour {
        fate,
        ..Behaviour::default()
    };
    cluster.behave("auth", with_fate(Fate::NotAdmitted(words.to_owned())));
    let back = async {
        sleep(40 * SECOND).await;
        cluster.behave("auth", with_fate(Fate::Works));
    };
    let (told, ()) = tokio::join!(run(&cluster, network()), back);
    assert_eq!(told.summary.outcome, Outcome::Done, "{:?}", told.summary.failed);
    let reasons = told.reasons("auth");
    assert!(reasons.iter().any(|reason| reason.contains(words)), "{reasons:?}");
    assert_eq!(end_state(&cluster), end_state(&undisturbed));
    assert_eq!(cluster.made(), undisturbed.made());
}

#[tokio::test(start_paused = true)]
async fn the_server_says_how_long_to_wait() {
    let quick = run(&cluster(), network()).await.summary.duration;
    let cluster = cluster();
    let busy = ClusterError::Busy {
        cause: "429: too many requests".to_owned(),
        retry_after: Some(40 * SECOND),
    };
    cluster.fail(Operation::Apply, 1, busy);
    let calls = cluster.calls();
    let summary = run(&cluster, network()).await.summary;
    assert_eq!(summary.outcome, Outcome::Done);
    assert!(summary.duration >= quick + 39 * SECOND, "{:?}", summary.duration);
    // It waited; it did not ask again and again.
    assert!(cluster.calls() - calls < 80, "{} calls", cluster.calls() - calls);
}

#[tokio::test(start_paused = true)]
async fn a_cluster_that_stays_away_is_told() {
    let cluster = cluster();
    let away = async {
        sleep(Duration::from_millis(500)).await;
        cluster.restart_api_server(3600 * SECOND);
    };
    let summary = while_rolling_out(&cluster, away).await;
    assert_eq!(summary.outcome, Outcome::Failed);
    let told: Vec<String> = summary
        .roots
        .iter()
        .map(|root| root.blame.cause.to_string())
        .collect();
    assert!(
        told.contains(&"cluster".to_owned()) || told.contains(&"no progress".to_owned()),
        "{told:?}"
    );
    // Running again goes on once it is back.
    sleep(7200 * SECOND).await;
    assert_eq!(run(&cluster, network()).await.summary.outcome, Outcome::Done);
    assert_eq!((cluster.runs("users"), cluster.runs("subzone")), (1, 1));
}

/// Random faults by seed: every run ends in the same state with nothing made twice.
#[test]
fn chaos_changes_nothing_but_the_time() {
    let number = |name: &str| {
        let text = std::env::var(name).ok()?;
        Some(text.parse::<u64>().expect("a seed is a number"))
    };
    let seeds: Vec<u64> = match number("CORDANETES_SEED") {
        Some(seed) => vec![seed],
        None => (0..number("CORDANETES_SEEDS").unwrap_or(SEEDS)).collect(),
    };
    let wanted = in_paused_time(async {
        let cluster = common::quick_start_cluster();
        run(&cluster, quick_start()).await;
        end_state(&cluster)
    });
    let (mut longest, mut mishaps) = (Duration::ZERO, 0);
    for seed in &seeds {
        let (took, met) = in_paused_time(survive(*seed, &wanted));
        longest = longest.max(took);
        mishaps += met;
    }
    println!(
        "{} seeds, {mishaps} calls hit, the longest run took {longest:?} of simulated time",
        seeds.len()
    );
    // One seed alone may be a mild one, but never one without any.
    let fewest = if seeds.len() == 1 {
        1
    } else {
        10 * seeds.len() as u64
    };
    assert!(mishaps >= fewest, "only {mishaps} calls were hit");
}

/// One seed: chaos, and every third time a kill in the middle.
async fn survive(seed: u64, wanted: &[serde_json::Value]) -> (Duration, u64) {
    let cluster = common::quick_start_cluster();
    cluster.unleash(seed);
    if seed.is_multiple_of(3) {
        cluster.hang_at(20 + seed % 60, seed.is_multiple_of(2));
        while !killed(&cluster).await {
            sleep(5 * SECOND).await;
        }
    }
    let again = format!("run it alone with CORDANETES_SEED={seed}");
    // A cluster that is away right at the start is told at once; whoever started it tries again.
    let told = loop {
        match try_run(&cluster, quick_start(), Cancellation::default()).await {
            Ok(told) => break told,
            Err(error) => {
                assert!(
                    matches!(error, RolloutError::Unreachable { .. }),
                    "{error}: {again}"
                );
                sleep(5 * SECOND).await;
            }
        }
    };
    assert_eq!(
        told.summary.outcome,
        Outcome::Done,
        "{again}: {:?}",
        told.summary.failed
    );
    // What still goes wrong goes wrong now, and is mended by the cluster itself.
    sleep(300 * SECOND).await;
    let found = end_state(&cluster);
    for (found, wanted) in found.iter().zip(wanted) {
        assert_eq!(found, wanted, "{again}");
    }
    assert_eq!(found.len(), wanted.len(), "{again}");
    let made = cluster.made();
    let twice: Vec<_> = made.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "made twice: {twice:?}: {again}");
    for job in run_once_jobs() {
        assert_eq!(cluster.runs(job), 1, "{job}: {again}");
    }
    (told.summary.duration, cluster.mishaps())
}

/// Rolls out until a call hangs, and drops everything then; false if the run was refused at its start.
async fn killed(cluster: &SimulatedCluster) -> bool {
    let (sender, _receiver) = unbounded_channel();
    tokio::select! {
        biased;
        () = cluster.hung() => true,
        ended = begin(cluster, quick_start(), sender) => {
            assert!(ended.is_none(), "the run ended before it could be killed");
            false
        }
    }
}

async fn begin(
    cluster: &SimulatedCluster,
    rollout: Rollout,
    events: tokio::sync::mpsc::UnboundedSender<rollout::event::RolloutEvent>,
) -> Option<Summary> {
    roll_out(
        Arc::new(cluster.clone()),
        rollout,
        Options::default(),
        Cancellation::default(),
        events,
    )
    .await
    .ok()
}

fn in_paused_time<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    runtime
        .expect("a runtime without input and output always starts")
        .block_on(work)
}

/// A watch that has died without a word costs seconds, not the step.
#[tokio::test(start_paused = true)]
async fn a_silent_watch_is_made_up_for() {
    let quick = run(&cluster(), network()).await.summary.duration;
    let cluster = cluster();
    let silence = async {
        sleep(Duration::from_millis(100)).await;
        cluster.silence_watches(24 * 3600 * SECOND);
    };
    let summary = while_rolling_out(&cluster, silence).await;
    assert_eq!(summary.outcome, Outcome::Done);
    assert!(summary.duration < quick + 150 * SECOND, "{:?}", summary.duration);
}

#[tokio::test(start_paused = true)]
async fn the_bound_on_requests_holds() {
    let cluster = common::quick_start_cluster();
    cluster.slow_down(Operation::Apply, 1000, SECOND);
    let (sender, mut receiver) = unbounded_channel();
    let options = Options {
        concurrency: 3,
        ..Options::default()
    };
    let summary = roll_out(
        Arc::new(cluster.clone()),
        quick_start(),
        options,
        Cancellation::default(),
        sender,
    )
    .await
    .unwrap();
    assert_eq!(summary.outcome, Outcome::Done);
    // The lease is kept beside: it must not wait for a turn.
    let most = cluster.most_at_once();
    assert!((3..=4).contains(&most), "{most} requests at once");
    let mut started = 0;
    while let Ok(event) = receiver.try_recv() {
        started += usize::from(matches!(event.kind, EventKind::StepStarted { .. }));
    }
    assert_eq!(started, summary.done);
}
