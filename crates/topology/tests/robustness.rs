//! Whatever is read, the promises of `fuzz/src/check.rs` hold.

#[path = "../fuzz/src/check.rs"]
mod check;

use std::path::Path;
use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// Every example and every broken file.
static SEEDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut seeds = Vec::new();
    for folder in ["topologies", "crates/topology/tests"] {
        for entry in walkdir::WalkDir::new(root.join(folder)).sort_by_file_name() {
            let entry = entry.expect("it can be listed");
            if entry.file_type().is_file() && entry.path().extension().is_some_and(|found| found == "yaml") {
                seeds.push(std::fs::read(entry.path()).expect("it can be read"));
            }
        }
    }
    assert!(seeds.len() > 150);
    seeds
});

#[test]
fn every_known_file() {
    for seed in &*SEEDS {
        check::check(seed);
    }
}

/// A key whose value was forgotten is as good as missing: wherever it must be there, somebody says so.
#[test]
fn every_key_without_its_value() {
    let mut count = 0;
    for seed in SEEDS.iter().filter(|seed| check::read(seed).is_ok()) {
        let text = std::str::from_utf8(seed).expect("what is valid is text");
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let Some((key, _)) = line
                .split_once(": ")
                .filter(|_| !line.trim_start().starts_with('#'))
            else {
                continue;
            };
            let blank = format!("{key}:");
            let mut lines = lines.clone();
            lines[at] = &blank;
            check::check(lines.join("\n").as_bytes());
            count += 1;
        }
    }
    assert!(count > 100, "{count}");
}

/// A way to damage a text.
#[derive(Clone, Debug)]
enum Damage {
    Cut(Index, u8),
    Truncate(Index),
    Put(Index, Vec<u8>),
    SwapLines(Index, Index),
    RepeatLine(Index, u8),
    Indent(Index, u8),
}

fn damage() -> impl Strategy<Value = Damage> {
    let snippet = prop_oneof![
        Just(b": ".to_vec()),
        Just(b"- ".to_vec()),
        Just(b"\t".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"&a *a".to_vec()),
        Just(b"<<: ".to_vec()),
        Just(b"---\n".to_vec()),
        Just(b"{[".to_vec()),
        Just(b"!!str ".to_vec()),
        Just(b"|\n".to_vec()),
        Just(b"\"\\x1b[31m\"".to_vec()),
        Just(b"include: [more.yaml]\n".to_vec()),
        Just(b"\xff".to_vec()),
        Just("\u{202e}é".as_bytes().to_vec()),
        Just(b"password: ".to_vec()),
        vec(any::<u8>(), 0..6),
    ];
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, length)| Damage::Cut(at, length)),
        any::<Index>().prop_map(Damage::Truncate),
        (any::<Index>(), snippet).prop_map(|(at, bytes)| Damage::Put(at, bytes)),
        (any::<Index>(), any::<Index>()).prop_map(|(left, right)| Damage::SwapLines(left, right)),
        (any::<Index>(), 1_u8..20).prop_map(|(line, times)| Damage::RepeatLine(line, times)),
        (any::<Index>(), 1_u8..8).prop_map(|(line, by)| Damage::Indent(line, by)),
    ]
}

fn apply(damage: &Damage, bytes: &mut Vec<u8>) {
    let at = |index: &Index, bytes: &[u8]| index.index(bytes.len() + 1);
    let lines = |bytes: &[u8]| -> Vec<Vec<u8>> {
        bytes
            .split_inclusive(|byte| *byte == b'\n')
            .map(<[u8]>::to_vec)
            .collect()
    };
    match damage {
        Damage::Cut(from, length) => {
            let from = at(from, bytes);
            let to = (from + usize::from(*length)).min(bytes.len());
            bytes.drain(from..to);
        }
        Damage::Truncate(to) => bytes.truncate(at(to, bytes)),
        Damage::Put(to, put) => {
            let to = at(to, bytes);
            bytes.splice(to..to, put.iter().copied());
        }
        Damage::SwapLines(left, right) if !bytes.is_empty() => {
            let mut lines = lines(bytes);
            let (left, right) = (left.index(lines.len()), right.index(lines.len()));
            lines.swap(left, right);
            *bytes = lines.concat();
        }
        Damage::RepeatLine(line, times) if !bytes.is_empty() => {
            let mut lines = lines(bytes);
            let line = line.index(lines.len());
            lines[line] = lines[line].repeat(usize::from(*times));
            *bytes = lines.concat();
        }
        Damage::Indent(line, by) if !bytes.is_empty() => {
            let mut lines = lines(bytes);
            let line = line.index(lines.len());
            lines[line].splice(0..0, std::iter::repeat_n(b' ', usize::from(*by)));
            *bytes = lines.concat();
        }
        Damage::SwapLines(..) | Damage::RepeatLine(..) | Damage::Indent(..) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes(bytes in vec(any::<u8>(), 0..300)) {
        check::check(&bytes);
    }

    #[test]
    fn any_text(text in "(\\PC|[\\n\\-:{}\\[\\]&*!|>'\"%#?, ]){0,300}") {
        check::check(text.as_bytes());
    }

    #[test]
    fn a_damaged_topology(seed in any::<Index>(), damages in vec(damage(), 1..5)) {
        let mut bytes = seed.get(&SEEDS).clone();
        for damage in &damages {
            apply(damage, &mut bytes);
        }
        check::check(&bytes);
    }
}
