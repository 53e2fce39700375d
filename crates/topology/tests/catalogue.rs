//! The catalogue of diagnostics says neither more nor less than the program.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use topology::catalogue::{self, Example};
use topology::include::Preloaded;
use topology::source::Source;
use topology::{Diagnostics, folder};

/// A topology with nothing wrong; examples replace and add keys.
const VALID: &str = include_str!("valid.yaml");

/// What examples may include.
const FILES: [(&str, &str); 1] = [(
    "banks/a.yaml",
    "participants:\n  - { name: bank-z, legalName: \"O=Bank Z, L=Oslo, C=NO\" }\n",
)];

/// Told by rules of other crates, which hold the example against what they tell.
const TOLD_ELSEWHERE: [&str; 1] = ["topology::configuration-key"];

/// Too large to be kept as files; `limits.rs` makes them.
const NOT_IN_THE_CORPUS: [&str; 2] = ["topology::too-large", "topology::too-many"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.expect("it can be listed").into_path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect()
}

/// The codes in double quotation marks in a text.
fn codes_in(text: &str) -> BTreeSet<String> {
    text.match_indices("\"topology::")
        .filter_map(|(at, _)| text[at + 1..].split('"').next())
        .filter(|code| {
            let name = code.trim_start_matches("topology::");
            !name.is_empty()
                && name.chars().all(|character| {
                    character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-'
                })
        })
        .map(ToOwned::to_owned)
        .collect()
}

#[test]
fn every_code_is_explained_and_every_entry_is_used() {
    let mut used = BTreeSet::new();
    for source in [
        "crates/topology/src",
        "crates/kubernetes-objects/src",
        "crates/deployer/src",
    ] {
        for path in files_below(&root().join(source), "rs") {
            if path.components().any(|part| part.as_os_str() == "catalogue") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("it is text");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            used.extend(codes_in(code));
        }
    }
    let explained: BTreeSet<String> = catalogue::entries().map(|entry| entry.code.to_owned()).collect();
    let missing: Vec<_> = used.difference(&explained).collect();
    let stale: Vec<_> = explained.difference(&used).collect();
    assert!(
        missing.is_empty(),
        "without an entry in `catalogue`: {missing:#?}"
    );
    assert!(stale.is_empty(), "no rule has these codes any more: {stale:#?}");
    assert_eq!(
        explained.len(),
        catalogue::entries().count(),
        "an entry stands there twice"
    );
}

#[test]
fn every_code_has_a_broken_file() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid");
    let mut told = BTreeSet::new();
    for path in files_below(&corpus, "yaml") {
        // One of them is a link to nothing.
        let Ok((source, folder)) = folder::open(&path) else {
            continue;
        };
        if let Err(diagnostics) = topology::read_with(&source, &folder) {
            told.extend(diagnostics.iter().map(|diagnostic| diagnostic.code));
        }
    }
    let untold: Vec<_> = catalogue::entries()
        .map(|entry| entry.code)
        .filter(|code| !told.contains(code))
        .filter(|code| !NOT_IN_THE_CORPUS.contains(code) && !TOLD_ELSEWHERE.contains(code))
        .collect();
    assert!(
        untold.is_empty(),
        "no file of `tests/invalid` is told: {untold:#?}"
    );
}

/// The valid topology with the keys of an example in place of its own.
fn with(example: &str) -> String {
    let is_key = |line: &str| line.starts_with(|first: char| first.is_ascii_lowercase());
    let key = |line: &str| line.split(':').next().unwrap_or_default().to_owned();
    let replaced: BTreeSet<String> = example.lines().filter(|line| is_key(line)).map(key).collect();
    let mut text = String::new();
    let mut keeps = true;
    for line in VALID.lines() {
        if is_key(line) {
            keeps = !replaced.contains(&key(line));
        }
        if keeps {
            text.push_str(line);
            text.push('\n');
        }
    }
    text + example
}

fn read(text: &str) -> Result<topology::Topology, Diagnostics> {
    let files: BTreeMap<String, Vec<u8>> = FILES
        .iter()
        .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
        .collect();
    topology::read_with(&Source::new("example.yaml", text), &Preloaded(files))
}

#[test]
fn every_example_is_one() {
    if let Err(diagnostics) = read(VALID) {
        panic!("what examples are laid over has problems: {diagnostics:?}");
    }
    let mut wrong = Vec::new();
    for entry in catalogue::entries().filter(|entry| !TOLD_ELSEWHERE.contains(&entry.code)) {
        let Example::Keys(example) = entry.example else {
            continue;
        };
        let told: Vec<_> = match read(&with(example)) {
            Ok(_) => Vec::new(),
            Err(diagnostics) => diagnostics
                .iter()
                .map(|it| (it.code, it.message.clone()))
                .collect(),
        };
        if !told.iter().any(|(code, _)| *code == entry.code) {
            wrong.push((entry.code, told));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_page_is_that_of_today() {
    let path = root().join("topologies/DIAGNOSTICS.md");
    if std::env::var_os("UPDATE_PUBLISHED").is_some() {
        std::fs::write(&path, catalogue::markdown()).expect("the checkout can be written");
    }
    let page = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        page == catalogue::markdown(),
        "`topologies/DIAGNOSTICS.md` is not the catalogue; write it anew:\n\
         UPDATE_PUBLISHED=1 cargo test --package topology --test catalogue"
    );
}
