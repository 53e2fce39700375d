//! Broken topologies, one rule or a few a file, with exactly what a person is told. A folder with a
//! `topology.yaml` is one case of several files.

use std::path::Path;

use miette::{GraphicalReportHandler, GraphicalTheme};
use topology::source::Source;
use topology::{Diagnostics, folder};

/// The whole report, as the command line prints it without colour.
fn report(diagnostics: &Diagnostics) -> String {
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(120);
    let mut text = String::new();
    for diagnostic in diagnostics {
        handler
            .render_report(&mut text, diagnostic)
            .expect("a string takes any text");
    }
    text
}

#[test]
fn invalid() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid");
    insta::glob!("invalid/{*,*/*,*/*/topology}.yaml", |path| {
        let (mut source, folder) = folder::open(path).unwrap();
        source.name = path
            .canonicalize()
            .unwrap()
            .strip_prefix(&corpus)
            .unwrap()
            .display()
            .to_string();
        let diagnostics = topology::read_with(&source, &folder).expect_err(&source.name);
        insta::assert_snapshot!(report(&diagnostics));
    });
}

proptest::proptest! {
    #[test]
    fn reading_never_panics(text in "\\PC{0,400}") {
        let _ = topology::read(&Source::new("any.yaml", text));
    }

    #[test]
    fn reading_a_damaged_example_never_panics(from in 0_usize..2500, length in 0_usize..40, put in "[ -~\n]{0,8}") {
        let mut text = include_str!("../../../topologies/quickstart.yaml").to_owned();
        let bound = |at: usize| (at.min(text.len())..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap();
        let (from, to) = (bound(from), bound(from + length));
        text.replace_range(from..to, &put);
        let _ = topology::read(&Source::new("any.yaml", text));
    }
}
