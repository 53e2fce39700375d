//! Broken topologies, one rule or several a file, with exactly what a person is told.

use miette::{GraphicalReportHandler, GraphicalTheme};
use topology::source::Source;

/// The whole report for a file, as the command line prints it without colour.
fn report(name: &str, text: &str) -> String {
    match topology::read(&Source::new(name, text)) {
        Ok(_) => "accepted".to_owned(),
        Err(diagnostics) => {
            let handler =
                GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(120);
            let mut text = String::new();
            for diagnostic in &diagnostics {
                handler
                    .render_report(&mut text, diagnostic)
                    .expect("a string takes any text");
            }
            text
        }
    }
}

#[test]
fn every_problem_is_told_with_its_place() {
    insta::glob!("invalid/*.yaml", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let report = report(&name, &text);
        assert_ne!(report, "accepted", "{name}");
        insta::assert_snapshot!(report);
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
