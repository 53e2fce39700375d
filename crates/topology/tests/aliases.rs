//! Aliases and merge keys are refused where they stand, and nothing is told that is wrong only because of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use topology::{folder, read_with, source::Source};

/// The topologies that are published: together they have most keys of the language.
fn published() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../topologies");
    let mut paths: Vec<_> = fs_err::read_dir(folder)
        .expect("it can be listed")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    paths.sort();
    paths
}

/// The indentation (with the dash of an item) and the key of a line `key: value` that ends with its value.
fn parts(line: &str) -> Option<(&str, &str)> {
    let key = line.find(|character: char| character.is_ascii_alphabetic())?;
    let is_indentation = |character| matches!(character, ' ' | '-');
    if !line[..key].chars().all(is_indentation) {
        return None;
    }
    let (name, value) = line[key..].split_once(": ")?;
    // What goes on in the next line would be left behind.
    let is_open =
        value.starts_with('[') && !value.contains(']') || value.starts_with('{') && !value.contains('}');
    let is_whole = !is_open && !value.starts_with(['|', '>', '#']);
    is_whole.then_some((&line[..key], name))
}

/// Writes each line anew, one at a time, and collects what was told beside the refusals.
fn told_beside(refused: &[&str], written: impl Fn(&str) -> String) -> (usize, BTreeSet<String>) {
    let mut tried = 0;
    let mut beside = BTreeSet::new();
    for path in published() {
        let (source, folder) = folder::open(&path).expect("it is there");
        let lines: Vec<&str> = source.text.lines().collect();
        for (position, line) in lines.iter().enumerate() {
            let Some((indentation, name)) = parts(line) else {
                continue;
            };
            let line = format!("{indentation}{}", written(name));
            let mut lines: Vec<&str> = lines.clone();
            lines[position] = &line;
            let source = Source::from_bytes("changed.yaml", lines.join("\n").into_bytes());
            let diagnostics = read_with(&source, &folder).expect_err("an alias is refused");
            tried += 1;
            for diagnostic in diagnostics.iter().filter(|it| !refused.contains(&it.code)) {
                beside.insert(format!("{name}: {} {}", diagnostic.code, diagnostic.message));
            }
        }
    }
    (tried, beside)
}

#[test]
fn what_an_alias_stands_for_is_not_guessed() {
    let (tried, beside) = told_beside(&["topology::anchor"], |name| format!("{name}: *there"));
    assert!(tried > 150, "{tried}");
    assert_eq!(beside, BTreeSet::new());
}

#[test]
fn what_a_merge_key_brings_is_not_missed() {
    let refused = ["topology::anchor", "topology::merge-key"];
    let (tried, beside) = told_beside(&refused, |_| "<<: *there".to_owned());
    assert!(tried > 150, "{tried}");
    assert_eq!(beside, BTreeSet::new());
}
