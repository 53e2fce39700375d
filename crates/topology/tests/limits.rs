//! What is too large is told so.

use topology::include::MOST_BYTES;
use topology::source::Source;

#[test]
fn more_than_16_mib_is_no_topology() {
    let told =
        topology::read(&Source::new("large.yaml", "#".repeat(MOST_BYTES + 1))).expect_err("it is too large");
    let codes: Vec<_> = told.iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(codes, ["topology::too-large"]);
}

#[test]
fn more_than_ten_thousand_items_are_told_once() {
    let text = format!("name: a\nparticipants: [{}]\n", "a, ".repeat(100_000));
    let told = topology::read(&Source::new("many.yaml", text)).expect_err("they are too many");
    let codes = told
        .iter()
        .filter(|diagnostic| diagnostic.code == "topology::too-many");
    assert_eq!(codes.count(), 1);
}
