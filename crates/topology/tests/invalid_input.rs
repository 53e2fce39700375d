//! Broken topologies, one rule or a few a file, with exactly what a person is told. A folder with a
//! `topology.yaml` is one case of several files.

use std::path::{Path, PathBuf};

use miette::{GraphicalReportHandler, GraphicalTheme};
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

/// The root files: every file of a subject, and `topology.yaml` in a folder of several.
fn corpus() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid");
    walkdir::WalkDir::new(&folder)
        .min_depth(2)
        .max_depth(3)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.expect("it can be listed"))
        .filter(|entry| entry.file_type().is_file())
        .filter(|entry| entry.depth() == 2 || entry.file_name() == "topology.yaml")
        .map(|entry| {
            entry
                .path()
                .strip_prefix(&folder)
                .expect("it lies there")
                .to_owned()
        })
        .collect()
}

#[test]
fn every_broken_file_is_told_as_it_was_meant() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/invalid");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for name in corpus() {
        let path = Path::new("tests/invalid").join(&name);
        let (mut source, folder) = folder::open(&path).unwrap();
        source.name = name.display().to_string();
        let Err(diagnostics) = topology::read_with(&source, &folder) else {
            panic!("{} is accepted", source.name);
        };
        assert!(
            !diagnostics.is_empty(),
            "{} is refused without a word",
            source.name
        );
        let snapshot = source
            .name
            .trim_end_matches(".yaml")
            .trim_end_matches("/topology")
            .replace('/', "-");
        settings.set_input_file(path);
        settings.bind(|| insta::assert_snapshot!(snapshot, report(&diagnostics)));
    }
}

#[test]
fn the_corpus_is_large() {
    assert!(corpus().len() >= 150, "{}", corpus().len());
}
