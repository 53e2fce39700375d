//! What is published beside the examples is what the declarations say. `UPDATE_PUBLISHED=1` writes it anew.

use std::path::Path;

fn check(file: &str, now: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../topologies")
        .join(file);
    if std::env::var_os("UPDATE_PUBLISHED").is_some() {
        std::fs::write(&path, now).expect("the checkout can be written");
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        published == now,
        "topologies/{file} is not what the declarations say: run `UPDATE_PUBLISHED=1 cargo test --package topology --test published`"
    );
}

#[test]
fn the_json_schema_is_published() {
    let schema = serde_json::to_string_pretty(&topology::language::json_schema()).unwrap();
    check("topology.schema.json", &format!("{schema}\n"));
}

#[test]
fn the_tables_of_keys_are_published() {
    check("KEYS.md", &topology::language::tables());
}
