//! The SSL authority of the quick start is replaced in its three steps while rollouts are killed again and again: no
//! step begins before the last one has come to every process, and no two processes are ever more than a step apart.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use certificates::{CertificatePlan, KeyRing, SslRotation, aliases};
use common::{TOKEN, killed_at_event, run};
use kubernetes_objects::given::GivenSecrets;
use kubernetes_objects::key_request::key_request;
use kubernetes_objects::render;
use rollout::cluster::simulated::{Behaviour, SimulatedCluster};
use rollout::event::Outcome;
use rollout::{Options, Rollout, unsettled};
use serde_json::Value;
use topology::Topology;
use topology::source::Source;

const CHECKSUM: &str = "/spec/template/metadata/annotations/cordanetes.dev~1config-checksum";
/// The services that the SSL hierarchy is for.
const SERVICES: [&str; 6] = [
    "auth",
    "gateway",
    "identity-manager",
    "network-map",
    "signing-service",
    "zone",
];

fn topology() -> Topology {
    let text = include_str!("../../../topologies/quickstart.yaml");
    topology::read(&Source::new("quickstart.yaml", text)).expect("the example is valid")
}

fn plan() -> CertificatePlan {
    CertificatePlan::new(&key_request(&topology())).expect("it can be planned")
}

fn rendered(ring: &KeyRing) -> Rollout {
    let rendered = render(&topology(), ring, &GivenSecrets::default()).expect("the ring is whole");
    Rollout {
        network: "quickstart".into(),
        graph: rendered.graph,
        steps: rendered.steps,
    }
}

/// The rings before the rotation and after each of its steps.
fn generations() -> Vec<KeyRing> {
    let now = "2026-01-01T00:00:00Z".parse().expect("a time");
    let mut ring = KeyRing::new("quickstart");
    ring.make_missing(&plan(), now).expect("it can be made");
    let mut rings = vec![ring.clone()];
    for expected in [SslRotation::BothTrusted, SslRotation::Reissued, SslRotation::None] {
        ring.rotate(aliases::SSL_ROOT, &plan(), now)
            .expect("it can be rotated");
        assert_eq!(ring.ssl_rotation(), expected);
        rings.push(ring.clone());
    }
    rings
}

/// The digest that each service starts with, by generation.
fn checksums(rollout: &Rollout) -> BTreeMap<String, String> {
    let manifests = rollout.steps.iter().flat_map(|step| &step.manifests);
    manifests
        .filter(|manifest| manifest.key().kind == "Deployment")
        .filter_map(|manifest| {
            let digest = manifest.value().pointer(CHECKSUM)?.as_str()?;
            Some((manifest.key().name, digest.to_owned()))
        })
        .collect()
}

fn cluster() -> SimulatedCluster {
    let cluster = SimulatedCluster::default();
    let hands_over = |job: &str, file: &str, content: &[u8]| {
        let files = [(format!("/outputs/{file}"), content.to_vec())].into();
        let behaviour = Behaviour {
            waits: true,
            files,
            ..Behaviour::default()
        };
        cluster.behave(job, behaviour);
    };
    hands_over("identity-manager-config", "token", TOKEN.as_bytes());
    hands_over("subzone", "token", TOKEN.as_bytes());
    hands_over("notary-registration", "nodeInfo", b"corda\x01\x00\x00 and more");
    cluster
}

/// The generations that the services run with.
fn running(cluster: &SimulatedCluster, known: &[BTreeMap<String, String>]) -> BTreeSet<usize> {
    let objects = cluster.objects();
    let deployments = objects
        .iter()
        .filter(|object| object.key().kind == "Deployment" && SERVICES.contains(&object.name()));
    deployments
        .map(|object| {
            let digest = object
                .value()
                .pointer(CHECKSUM)
                .and_then(Value::as_str)
                .expect("it has a digest");
            known
                .iter()
                .position(|of| of[object.name()] == digest)
                .expect("it runs with a known generation")
        })
        .collect()
}

async fn missing(cluster: &SimulatedCluster, rollout: &Rollout) -> Option<String> {
    unsettled(Arc::new(cluster.clone()), rollout, &Options::default())
        .await
        .expect("the cluster answers")
}

#[tokio::test(start_paused = true)]
async fn the_next_step_waits_until_every_process_has_the_last() {
    let rollouts: Vec<Rollout> = generations().iter().map(rendered).collect();
    let known: Vec<_> = rollouts.iter().map(checksums).collect();
    let cluster = cluster();
    let told = run(&cluster, rollouts[0].clone()).await;
    assert_eq!(told.summary.outcome, Outcome::Done, "{:?}", told.summary.failed);
    assert_eq!(missing(&cluster, &rollouts[0]).await, None);

    let (mut kills, mut beside_each_other) = (0, 0);
    for (next, rollout) in rollouts.iter().enumerate().skip(1) {
        assert!(
            missing(&cluster, rollout).await.is_some(),
            "step {next} is not rolled out"
        );
        // Each run gets a little further than the last.
        for events in (60..).step_by(37) {
            let was_killed = killed_at_event(&cluster, rollout.clone(), events).await;
            let generations = running(&cluster, &known);
            assert!(
                generations.iter().all(|one| [next - 1, next].contains(one)),
                "{generations:?} run beside each other in step {next}"
            );
            if !was_killed {
                break;
            }
            kills += 1;
            let told = missing(&cluster, rollout).await;
            if generations.contains(&(next - 1)) {
                assert!(
                    told.is_some(),
                    "{generations:?} run, and step {next} counts as done"
                );
                beside_each_other += usize::from(generations.len() == 2);
            }
        }
        let told = run(&cluster, rollout.clone()).await;
        assert_eq!(told.summary.outcome, Outcome::Done, "{:?}", told.summary.failed);
        assert_eq!(running(&cluster, &known), BTreeSet::from([next]));
        assert_eq!(missing(&cluster, rollout).await, None, "step {next} is done");
    }
    assert!(kills >= 6, "only {kills} runs were killed");
    assert!(
        beside_each_other > 0,
        "no kill left processes of two steps beside each other"
    );
    for job in ["users", "payment"] {
        assert_eq!(cluster.runs(job), 1, "{job}");
    }
}

/// New configs reach Zone by Jobs that look first; nodes have no part in it.
#[tokio::test(start_paused = true)]
async fn a_leaf_restarts_its_service_and_no_node() {
    let now = "2026-01-01T00:00:00Z".parse().expect("a time");
    let mut ring = generations().swap_remove(0);
    let cluster = cluster();
    run(&cluster, rendered(&ring)).await;
    for (alias, restarts, jobs) in [
        ("cordasslsigner", &["signing-service"][..], &[][..]),
        (aliases::NETWORK_MAP, &["signing-service"], &[]),
        (aliases::JWT, &["auth"], &[]),
        ("cordasslnetworkmap", &["network-map"], &["subzone"]),
        (
            "cordasslidentitymanager",
            &["identity-manager"],
            &["identity-manager-config"],
        ),
    ] {
        let before = checksums(&rendered(&ring));
        let runs = |job: &str| cluster.runs(job);
        let done: Vec<_> = ["subzone", "identity-manager-config"].map(runs).to_vec();
        ring.rotate(alias, &plan(), now).expect("it can be rotated");
        let told = run(&cluster, rendered(&ring)).await;
        assert_eq!(
            told.summary.outcome,
            Outcome::Done,
            "{alias}: {:?}",
            told.summary.failed
        );
        let after = checksums(&rendered(&ring));
        let changed: Vec<_> = before
            .iter()
            .filter(|(name, digest)| after[*name] != **digest && *name != "prometheus")
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(changed, restarts, "{alias}");
        for (position, job) in ["subzone", "identity-manager-config"].into_iter().enumerate() {
            let again = cluster.runs(job) - done[position];
            assert_eq!(again, usize::from(jobs.contains(&job)), "{alias}: {job}");
        }
        assert_eq!(cluster.runs("notary-registration"), 1);
    }
}

/// Lists that are signed again restart whoever serves them.
#[tokio::test(start_paused = true)]
async fn new_revocation_lists_restart_the_identity_manager_alone() {
    let now = "2026-01-01T00:00:00Z".parse().expect("a time");
    let mut ring = generations().swap_remove(0);
    let before = checksums(&rendered(&ring));
    ring.renew_crls(&plan(), now).expect("they can be signed");
    let after = checksums(&rendered(&ring));
    let changed: Vec<_> = before
        .keys()
        .filter(|name| before[*name] != after[*name] && *name != "prometheus")
        .collect();
    assert_eq!(changed, ["identity-manager"]);
}
