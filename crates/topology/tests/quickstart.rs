//! The example of the README is valid, and its connection matrix is the one that was meant.

use std::fmt::Write;

use topology::{Topology, connection::ConnectionMatrix, source::Source};

fn quickstart() -> Topology {
    let source = Source::new(
        "quickstart.yaml",
        include_str!("../../../topologies/quickstart.yaml"),
    );
    topology::read(&source).expect("the example is valid")
}

#[test]
fn the_matrix_of_the_quick_start() {
    let topology = quickstart();
    let mut table = String::new();
    for connection in &ConnectionMatrix::of(&topology) {
        writeln!(
            table,
            "{:4} {} → {}:{} {:?} {:?}",
            connection.id,
            connection.client,
            connection.server,
            connection.number,
            connection.protocol,
            connection.allows
        )
        .unwrap();
    }
    insta::assert_snapshot!(table);
}

#[test]
fn the_signer_calls_three_services_and_is_called_by_gateway_and_prometheus_only() {
    use topology::model::{Component, Service};
    let topology = quickstart();
    let matrix = ConnectionMatrix::of(&topology);
    let signer = Component::Cenm(Service::SigningService);
    let opened: Vec<_> = matrix.opened_by(&signer).map(|it| (it.id, it.number)).collect();
    assert_eq!(
        opened,
        [("C11", 8081), ("C17", 5052), ("C18", 5053), ("C19", 5050)]
    );
    let accepted: Vec<_> = matrix.accepted_by(&signer).map(|it| (it.id, it.number)).collect();
    assert_eq!(accepted, [("C7", 6000), ("M1", 9404)]);
}
