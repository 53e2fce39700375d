//! No input of about 1 MiB breaks the reader, and what is too large is told so. What each costs is measured by
//! `cargo bench --package topology`.

#[path = "../benches/worst_cases.rs"]
mod worst_cases;

use topology::include::MOST_BYTES;
use topology::source::Source;

#[test]
fn every_worst_case_is_refused() {
    for (name, make) in worst_cases::ALL {
        let text = make();
        assert!(text.len() >= 900_000, "{name} has {} bytes only", text.len());
        let Err(diagnostics) = topology::read(&Source::new("worst.yaml", text)) else {
            panic!("{name} is accepted");
        };
        for diagnostic in &diagnostics {
            assert!(
                diagnostic.message.len() < 4_000,
                "{name}: a message of {} bytes",
                diagnostic.message.len()
            );
            let help = diagnostic.help.as_ref().map_or(0, String::len);
            assert!(help < 4_000, "{name}: a help of {help} bytes");
        }
    }
}

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
