//! The pictures, byte for byte.

mod common;

use common::bootstrap;

#[test]
fn dot() {
    insta::assert_snapshot!(bootstrap().to_dot());
}

#[test]
fn mermaid() {
    insta::assert_snapshot!(bootstrap().to_mermaid());
}

#[test]
fn svg() {
    insta::assert_snapshot!(bootstrap().to_svg("Rollout of the network example"));
}

#[test]
fn drawings_escape_what_their_language_reserves() {
    let graph = dependency_graph::DependencyGraph::builder()
        .step(common::node("end", "", r#"says "<hello>" & \n"#, "a&b"))
        .build()
        .unwrap();
    assert!(graph.to_dot().contains(r#"label="says \"<hello>\" & \\n""#));
    assert!(
        graph
            .to_mermaid()
            .contains("s0[\"says &quot;&lt;hello&gt;&quot; &amp; \\n\"]")
    );
    let svg = graph.to_svg("x < y");
    assert!(svg.contains("x &lt; y") && svg.contains("a&amp;b") && !svg.contains("<hello>"));
}

#[test]
fn an_empty_graph_has_pictures_too() {
    let graph = dependency_graph::DependencyGraph::builder().build().unwrap();
    assert!(graph.to_svg("Nothing").ends_with("</svg>\n"));
    assert!(graph.to_dot().ends_with("}\n"));
    assert_eq!(graph.to_mermaid(), "flowchart TB\n");
}
