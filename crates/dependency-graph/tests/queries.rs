//! What a rollout and a reader ask of the graph.

mod common;

use std::time::Duration;

use common::{bootstrap, node};
use dependency_graph::{DependencyGraph, Edge, GraphError};

fn steps(ids: &[&str]) -> dependency_graph::Builder {
    ids.iter().fold(DependencyGraph::builder(), |builder, id| {
        builder.step(node(id, "", id, ""))
    })
}

fn ids(edges: &[Edge<'_>]) -> Vec<String> {
    edges
        .iter()
        .map(|edge| {
            format!(
                "{} → {}: {}",
                edge.prerequisite.id, edge.dependent.id, edge.reason
            )
        })
        .collect()
}

#[test]
fn errors_say_what_is_wrong() {
    let check = |builder: dependency_graph::Builder, expected: &str| {
        assert_eq!(builder.build().unwrap_err().to_string(), expected);
    };
    check(
        steps(&["a", "b", "a"]),
        "step `a` is declared twice; ids must differ",
    );
    check(
        steps(&["a"]).edge("b", "a", "it calls it"),
        "`a` waits for `b` because it calls it, but there is no step `b`",
    );
    check(
        steps(&["a"]).edge("a", "c", "it calls it"),
        "`c` waits for `a` because it calls it, but there is no step `c`",
    );
    check(
        steps(&["a"]).edge("a", "a", "it calls itself"),
        "step `a` waits for itself because it calls itself",
    );
    check(
        steps(&["free", "a", "b", "c", "d"])
            .edge("free", "a", "of order")
            .edge("b", "a", "one")
            .edge("c", "b", "two")
            .edge("a", "c", "three")
            .edge("d", "c", "four")
            .edge("b", "d", "five"),
        "these steps wait for each other: `a` needs `b` because one, `b` needs `c` because two, \
         `c` needs `a` because three",
    );
}

#[test]
fn a_cycle_is_also_data() {
    let error = steps(&["a", "b"])
        .edge("a", "b", "x")
        .edge("b", "a", "y")
        .build()
        .unwrap_err();
    let GraphError::Cycle { links } = error else {
        panic!("{error}")
    };
    let pairs: Vec<_> = links
        .iter()
        .map(|link| (link.dependent.as_str(), link.prerequisite.as_str()))
        .collect();
    assert_eq!(pairs, [("a", "b"), ("b", "a")]);
}

#[test]
fn reasons_of_one_pair_are_joined() {
    let graph = steps(&["a", "b"])
        .edge("a", "b", "x")
        .edge("a", "b", "y")
        .edge("a", "b", "x")
        .build()
        .unwrap();
    assert_eq!(ids(&graph.prerequisites("b")), ["a → b: x; y"]);
}

#[test]
fn neighbours_come_by_declaration() {
    let graph = steps(&["a", "b", "c", "d"])
        .edge("c", "d", "3")
        .edge("a", "d", "1")
        .edge("b", "d", "2")
        .edge("a", "c", "4")
        .build()
        .unwrap();
    assert_eq!(
        ids(&graph.prerequisites("d")),
        ["a → d: 1", "b → d: 2", "c → d: 3"]
    );
    assert_eq!(ids(&graph.dependents("a")), ["a → c: 4", "a → d: 1"]);
    assert!(graph.dependents("d").is_empty() && graph.prerequisites("nobody").is_empty());
}

#[test]
fn order_is_stable_and_reversible() {
    let graph = steps(&["late", "first", "second"])
        .edge("second", "late", "x")
        .build()
        .unwrap();
    let order: Vec<_> = graph.order().iter().map(|node| node.id.clone()).collect();
    assert_eq!(order, ["first", "second", "late"]);
    let reverse: Vec<_> = graph.reverse_order().iter().map(|node| node.id.clone()).collect();
    assert_eq!(reverse, ["late", "second", "first"]);
}

#[test]
fn why_tells_the_shortest_chain() {
    let graph = bootstrap();
    let chain = graph.why("notary", "auth").unwrap();
    insta::assert_snapshot!(ids(&chain).join("\n"), @"
    notary-registered → notary: it starts with its certificates
    signer → notary-registered: it signs the request
    auth → signer: every login is checked there
    ");
    assert!(graph.why("auth", "notary").is_none());
    assert!(graph.why("auth", "auth").is_none());
    assert!(graph.why("nobody", "auth").is_none());
}

#[test]
fn the_slowest_chain_is_critical() {
    let graph = steps(&["a", "b", "c", "d"])
        .edge("a", "b", "x")
        .edge("a", "c", "x")
        .edge("b", "d", "x")
        .edge("c", "d", "x")
        .build()
        .unwrap();
    let path = graph.critical_path(|id| Duration::from_secs(if id == "c" { 5 } else { 1 }));
    let steps: Vec<_> = path.steps.iter().map(|step| step.id.as_str()).collect();
    assert_eq!((steps, path.total), (vec!["a", "c", "d"], Duration::from_secs(7)));
}

#[test]
fn reduction_drops_what_follows() {
    let graph = steps(&["a", "b", "c"])
        .edge("a", "b", "x")
        .edge("b", "c", "x")
        .edge("a", "c", "x")
        .build()
        .unwrap();
    assert_eq!(ids(&graph.transitive_reduction()), ["a → b: x", "b → c: x"]);
}

#[test]
fn a_stored_graph_reads_back_and_is_checked() {
    let graph = bootstrap();
    let text = serde_json::to_string(&graph).unwrap();
    let read: DependencyGraph = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    let broken = text.replacen("\"dependent\":\"keys\"", "\"dependent\":\"namespaces\"", 1);
    let error = serde_json::from_str::<DependencyGraph>(&broken).unwrap_err();
    assert!(error.to_string().contains("waits for itself"), "{error}");
}
