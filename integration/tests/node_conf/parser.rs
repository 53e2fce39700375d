//! Calls the checker: Corda's parser in a JVM.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
    sync::Once,
};

use serde_json::Value;

use crate::Files;

/// The parser's errors for each file.
pub(crate) fn errors_of(files: &Files) -> BTreeMap<String, Vec<String>> {
    let directory = tempfile::tempdir().expect("a directory for the files");
    let mut names = BTreeMap::new();
    for (index, (name, text)) in files.iter().enumerate() {
        let path = directory.path().join(format!("{index}.conf"));
        std::fs::write(&path, text).expect("the file can be written");
        names.insert(path.display().to_string(), name.clone());
    }
    let errors = call(names.keys().map(String::as_str));
    let errors: BTreeMap<String, Vec<String>> = serde_json::from_value(errors).expect("a list for each file");
    assert_eq!(errors.len(), files.len());
    errors
        .into_iter()
        .map(|(path, errors)| (names[&path].clone(), errors))
        .collect()
}

/// The keys of the parser's specification: keys below, or nothing.
pub(crate) fn documented_by_the_parser() -> Value {
    fn without_types(value: Value) -> Value {
        match value {
            Value::Object(keys) => keys
                .into_iter()
                .map(|(key, below)| (key, without_types(below)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            _ => Value::Null,
        }
    }
    without_types(call(["--keys"]))
}

fn call<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Value {
    let target = built().join("target");
    let output = Command::new("java")
        .arg("-cp")
        .arg(format!(
            "{}/node-conf-check.jar:{}/lib/*",
            target.display(),
            target.display()
        ))
        .arg("cordanetes.nodeconf.Main")
        .args(arguments)
        .output()
        .expect("java can be started");
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "the checker ended with {}:\n{messages}",
        output.status
    );
    let text = String::from_utf8(output.stdout).expect("it prints UTF-8");
    serde_json::from_str(&text).expect("it prints a line of JSON")
}

/// The checker's folder, once it is built.
fn built() -> PathBuf {
    static BUILT: Once = Once::new();
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("node-conf-check");
    BUILT.call_once(|| {
        let built = Command::new("mvn")
            .args(["--batch-mode", "--no-transfer-progress", "--quiet", "package"])
            .current_dir(&project)
            .output()
            .expect("Maven is needed by this test");
        assert!(
            built.status.success(),
            "{}",
            String::from_utf8_lossy(&built.stdout)
        );
    });
    project
}
