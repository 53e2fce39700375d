//! What must hold for every input, however broken: it is read without a panic, what is told is told in order
//! and can be shown, and the second reading tells the same. What is valid has names that Kubernetes takes, and a
//! connection matrix.

use std::collections::BTreeMap;

use miette::{GraphicalReportHandler, GraphicalTheme};
use topology::connection::{ConnectionMatrix, service_host};
use topology::include::Preloaded;
use topology::source::Source;
use topology::{Diagnostics, Topology};

/// Parts a root file from a file that it may include as `more.yaml`; no UTF-8 text holds this byte.
const SEPARATOR: u8 = 0xff;

/// Reads an input as a topology of one or two files.
pub(crate) fn read(input: &[u8]) -> Result<Topology, Diagnostics> {
    let mut parts = input.splitn(2, |byte| *byte == SEPARATOR);
    let root = parts.next().unwrap_or_default().to_vec();
    let more = parts.next().map(|more| ("more.yaml".to_owned(), more.to_vec()));
    let files = Preloaded(more.into_iter().collect::<BTreeMap<_, _>>());
    topology::read_with(&Source::from_bytes("topology.yaml", root), &files)
}

/// Panics when one of the promises does not hold.
pub(crate) fn check(input: &[u8]) {
    let diagnostics = match read(input) {
        Ok(topology) => return check_model(&topology),
        Err(diagnostics) => diagnostics,
    };
    assert!(!diagnostics.is_empty(), "a refusal has a reason");
    assert!(diagnostics.iter().count() <= Diagnostics::MOST_KEPT);
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor());
    let mut before = None;
    for diagnostic in &diagnostics {
        let place = diagnostic.place().expect("what is kept has a place");
        assert!(
            (place.line, place.column) <= (place.end_line, place.end_column),
            "{place:?}"
        );
        let is_root = place.file == "topology.yaml";
        assert!(
            before <= Some((!is_root, place.line)),
            "the root file first, then by line: {place:?}"
        );
        before = Some((!is_root, place.line));
        let mut report = String::new();
        handler
            .render_report(&mut report, diagnostic)
            .expect("what has a place can be shown");
        let is_obeyed = |character: char| character.is_control() && !matches!(character, '\n' | '\t');
        assert!(!report.contains(is_obeyed), "{report:?}");
    }
    let again = read(input).expect_err("it was refused before");
    let told = |diagnostics: &Diagnostics| -> Vec<String> {
        diagnostics
            .iter()
            .map(|diagnostic| format!("{:?} {diagnostic}", diagnostic.span))
            .collect()
    };
    assert_eq!(told(&again), told(&diagnostics));
}

/// What all later stages rely on.
fn check_model(topology: &Topology) {
    let matrix = ConnectionMatrix::of(topology);
    assert!(matrix.iter().next().is_some(), "somebody calls somebody");
    for component in topology.components() {
        let namespace = component.namespace().name(&topology.name);
        for name in [&*component.name(), &*namespace] {
            assert!((1..=63).contains(&name.len()), "{name}");
        }
        let host = service_host(&component, topology);
        assert!(host.len() <= 253, "{host}");
        if component.is_node() {
            assert!(topology.node(&component).is_some(), "{component} is a node");
        }
    }
}
