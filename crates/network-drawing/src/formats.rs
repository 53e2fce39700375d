//! The view in the languages of other programs.

use insta::assert_snapshot;

use crate::sample::{SMALL, Sample};
use crate::view::Folding;

/// Few enough to read, and something is folded.
const FOLDED: Sample = Sample {
    participants: 7,
    with_clients: 1,
    watched: false,
    ..SMALL
};

#[test]
fn mermaid() {
    assert_snapshot!(FOLDED.view(Folding::WhenLarge).to_mermaid());
}

#[test]
fn dot() {
    assert_snapshot!(FOLDED.view(Folding::WhenLarge).to_dot());
}

#[test]
fn json() {
    let text = FOLDED
        .view(Folding::WhenLarge)
        .to_json()
        .expect("it can be written");
    let data: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_snapshot!(serde_json::to_string_pretty(&data["zones"]).expect("it is JSON"));
    let connections = data["connections"].as_array().expect("a list");
    let first = serde_json::to_string_pretty(&connections[0]).expect("it is JSON");
    assert_snapshot!(first, @r#"
    {
      "rule": "C2",
      "client": "small-network/bootstrap",
      "server": "small-gateway/gateway",
      "port": 8080,
      "portName": "http",
      "protocol": "HTTP",
      "clientPresents": "user and password",
      "purpose": "call the command line",
      "fromOutside": false,
      "count": 1
    }
    "#);
}
