//! What a network costs by its size: time, and memory by an allocator that counts. Twice the participants may take twice
//! as long, not four times.

mod network;

use certificates::{CertificatePlan, KeyRing};
use divan::{AllocProfiler, Bencher, black_box, counter::ItemsCount};
use jiff::Timestamp;
use kubernetes_objects::{bootstrap, given::GivenSecrets, key_request::key_request, render};
use topology::{Topology, connection::ConnectionMatrix, source::Source};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

const PARTICIPANTS: [usize; 4] = [250, 500, 1000, 2000];

fn main() {
    divan::main();
}

fn topology_of(participants: usize) -> Topology {
    let source = Source::new("large.yaml", network::of(participants));
    topology::read(&source).expect("it is valid")
}

fn keys_of(topology: &Topology) -> KeyRing {
    let mut keys = KeyRing::new(topology.name.as_str());
    let plan = CertificatePlan::new(&key_request(topology)).expect("it can be planned");
    keys.make_missing(&plan, Timestamp::UNIX_EPOCH)
        .expect("keys can be made");
    keys
}

/// Text to model, with every check.
#[divan::bench(args = PARTICIPANTS)]
fn read_and_validate(bencher: Bencher<'_, '_>, participants: usize) {
    let source = Source::new("large.yaml", network::of(participants));
    bencher
        .counter(ItemsCount::new(participants))
        .bench_local(|| topology::read(black_box(&source)));
}

/// The floor: the same text into plain values, with no rule at all.
#[divan::bench(args = PARTICIPANTS)]
fn read_plain_yaml_by_serde_saphyr(bencher: Bencher<'_, '_>, participants: usize) {
    let text = network::of(participants);
    bencher
        .counter(ItemsCount::new(participants))
        .bench_local(|| serde_saphyr::from_str::<serde_json::Value>(black_box(&text)).expect("it is YAML"));
}

/// Who may call whom.
#[divan::bench(args = PARTICIPANTS)]
fn connection_matrix(bencher: Bencher<'_, '_>, participants: usize) {
    let topology = topology_of(participants);
    bencher
        .counter(ItemsCount::new(participants))
        .bench_local(|| ConnectionMatrix::of(black_box(&topology)));
}

/// Which step waits for which.
#[divan::bench(args = PARTICIPANTS)]
fn graph(bencher: Bencher<'_, '_>, participants: usize) {
    let topology = topology_of(participants);
    bencher
        .counter(ItemsCount::new(participants))
        .bench_local(|| bootstrap::graph(black_box(&topology)));
}

/// What certificates there must be.
#[divan::bench(args = PARTICIPANTS)]
fn plan_certificates(bencher: Bencher<'_, '_>, participants: usize) {
    let topology = topology_of(participants);
    bencher
        .counter(ItemsCount::new(participants))
        .bench_local(|| CertificatePlan::new(&key_request(black_box(&topology))));
}

/// All keys, certificates, lists, stores and passwords that the operator's side makes.
#[divan::bench(args = PARTICIPANTS, sample_count = 10)]
fn plan_and_issue_certificates(bencher: Bencher<'_, '_>, participants: usize) {
    let topology = topology_of(participants);
    bencher
        .counter(ItemsCount::new(participants))
        .bench_local(|| keys_of(black_box(&topology)));
}

/// Every object, as JSON.
#[divan::bench(args = PARTICIPANTS, sample_count = 10)]
fn render_objects(bencher: Bencher<'_, '_>, participants: usize) {
    let topology = topology_of(participants);
    let keys = keys_of(&topology);
    let given = GivenSecrets::default();
    bencher
        .counter(ItemsCount::new(participants))
        .bench_local(|| render(black_box(&topology), &keys, &given));
}
