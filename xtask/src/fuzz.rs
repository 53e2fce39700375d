//! `cargo xtask fuzz`: random topologies for a while, begun from every example and every broken file.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fmt::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    deploy::cargo,
    packages::{self, Needed},
    places::Places,
    progress::Progress,
    store::{Recipe, made_once},
};

const CARGO_FUZZ: &str = "0.13.2";

/// The engine, libFuzzer, is C++.
const NEEDED: &[Needed] = &[Needed {
    file: "/usr/bin/c++",
    package: "g++",
}];

/// The folder of the target, whose README tells more.
const TARGET: &str = "crates/topology/fuzz";

/// Longest input that is made, in bytes: room for every key, and for nesting far beyond what is accepted.
const LONGEST: usize = 64 * 1024;

/// What one input may take before it counts as found, far above what it takes without the engine's instruments: these
/// find what never ends; `cargo xtask bench` measures the rest.
const MOST_SECONDS: usize = 10;

/// What one allocation may ask for, in MiB.
const MOST_MEBIBYTES: usize = 200;

/// Fuzzes for some seconds. What is found fails the run, and stays in `artifacts/` of the target's folder.
pub(crate) fn fuzz(places: &Places, progress: &Progress, seconds: u32) -> Result<()> {
    packages::ensure(progress, NEEDED)?;
    let tool = cargo_fuzz(places, progress)?;
    let scratch = tempfile::tempdir()?;
    let seeds = scratch.path().join("seeds");
    fs_err::write(&seeds, seed_list(&places.checkout)?)?;
    let dictionary = scratch.path().join("dictionary");
    let schema = fs_err::read(places.checkout.join("topologies/topology.schema.json"))?;
    fs_err::write(&dictionary, words(&serde_json::from_slice(&schema)?))?;

    let folder = places.checkout.join(TARGET);
    fs_err::create_dir_all(folder.join("corpus"))?;
    let status = Command::new(tool)
        .args(["fuzz", "run", "--fuzz-dir", ".", "read", "corpus", "--"])
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-seed_inputs=@{}", seeds.display()))
        .arg(format!("-dict={}", dictionary.display()))
        .arg(format!("-max_len={LONGEST}"))
        .arg(format!("-timeout={MOST_SECONDS}"))
        .arg(format!("-malloc_limit_mb={MOST_MEBIBYTES}"))
        .arg("-print_final_stats=1")
        .current_dir(&folder)
        // What tells the engine where an input leads is unstable in the compiler; nothing else of it is used.
        .env("RUSTC_BOOTSTRAP", "1")
        .status()
        .context("cannot start cargo-fuzz")?;
    if !status.success() {
        bail!(
            "an input was found that breaks a promise: it is in {TARGET}/artifacts, and the lines above tell which; \
             mend it, then keep the input in crates/topology/tests/invalid"
        );
    }
    Ok(())
}

/// cargo-fuzz, built from the registry the first time.
fn cargo_fuzz(places: &Places, progress: &Progress) -> Result<PathBuf> {
    let hash = Recipe::default().text(CARGO_FUZZ).hash();
    let root = made_once(&places.cache, "cargo-fuzz", &hash, |directory| {
        progress.stage(&format!("cargo-fuzz {CARGO_FUZZ}"), |stage| {
            stage.run(
                cargo(places)
                    // It only starts the compiler and the target: it need not be fast itself.
                    .args(["install", "cargo-fuzz", "--locked", "--debug"])
                    .args(["--version", CARGO_FUZZ])
                    .arg("--root")
                    .arg(directory),
            )
        })
    })?;
    Ok(root.join("bin/cargo-fuzz"))
}

/// Every topology of the repository, the broken ones included, as libFuzzer wants a list.
fn seed_list(checkout: &Path) -> Result<String> {
    let mut seeds = Vec::new();
    for folder in ["topologies", "crates/topology/tests"] {
        collect(&checkout.join(folder), &mut seeds)?;
    }
    seeds.sort();
    let mut list = String::new();
    for seed in seeds {
        let seed = seed.to_str().context("a topology's path is not UTF-8")?;
        if !list.is_empty() {
            list.push(',');
        }
        list.push_str(seed);
    }
    Ok(list)
}

/// Regular YAML files: some folders of the corpus hold links to nothing.
fn collect(folder: &Path, into: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs_err::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(&entry.path(), into)?;
        } else if kind.is_file() && entry.path().extension() == Some(OsStr::new("yaml")) {
            into.push(entry.path());
        }
    }
    Ok(())
}

/// Keys and words of the language as a dictionary of libFuzzer, with what is special in YAML.
fn words(schema: &Value) -> String {
    let mut words: BTreeSet<String> = [
        ": ",
        "- ",
        "\n  ",
        "{",
        "}",
        "[",
        "]",
        "&a ",
        "*a",
        "<<: ",
        "---\n",
        "...\n",
        "!!str ",
        "|\n",
        ">-\n",
        "# ",
        "\t",
        "\r\n",
        "\u{feff}",
        "include: [more.yaml]\n",
    ]
    .map(ToOwned::to_owned)
    .into();
    gather(schema, &mut words);
    let mut dictionary = String::new();
    for word in words {
        dictionary.push('"');
        for byte in word.bytes() {
            match byte {
                b'"' | b'\\' => write!(dictionary, "\\{}", char::from(byte)),
                b' '..=b'~' => write!(dictionary, "{}", char::from(byte)),
                _ => write!(dictionary, "\\x{byte:02X}"),
            }
            .expect("writing to a string cannot fail");
        }
        dictionary.push_str("\"\n");
    }
    dictionary
}

fn gather(schema: &Value, words: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::Object(keys)) = members.get("properties") {
                words.extend(keys.keys().map(|key| format!("{key}: ")));
            }
            words.extend(
                members
                    .get("const")
                    .and_then(Value::as_str)
                    .map(ToOwned::to_owned),
            );
            members.values().for_each(|member| gather(member, words));
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, words)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_are_those_of_the_schema_as_libfuzzer_wants_them() {
        let schema = json!({
            "properties": {
                "profile": { "oneOf": [{ "const": "trial" }, { "const": "say \"a\"\n" }] },
                "notaries": { "items": { "properties": { "legalName": {} } } },
            },
        });
        let dictionary = words(&schema);
        for line in [
            r#""profile: ""#,
            r#""trial""#,
            r#""say \"a\"\x0A""#,
            r#""legalName: ""#,
            r#""\x09""#,
        ] {
            assert!(
                dictionary.lines().any(|found| found == line),
                "{line} of\n{dictionary}"
            );
        }
    }

    #[test]
    fn every_topology_is_a_seed() {
        let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let list = seed_list(&checkout).unwrap();
        let seeds: Vec<&Path> = list.split(',').map(Path::new).collect();
        assert!(seeds.iter().all(|seed| seed.is_file()));
        assert!(
            seeds
                .iter()
                .any(|seed| seed.ends_with("topologies/quickstart.yaml"))
        );
        assert!(seeds.len() > 150);
    }
}
