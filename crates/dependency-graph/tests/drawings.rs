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

/// A service, and so many members that register with it and then run; the first waits for one step more.
fn members(count: usize) -> dependency_graph::DependencyGraph {
    let mut builder = dependency_graph::DependencyGraph::builder()
        .step(common::node("map", "B17", "Network Map runs", "net-network"))
        .step(common::node(
            "check",
            "",
            "check of bank-0 is done",
            "net-participant-bank-0",
        ));
    for number in 0..count {
        let group = format!("net-participant-bank-{number}");
        let (registered, runs) = (format!("registered-{number}"), format!("runs-{number}"));
        builder = builder
            .step(common::node(
                &registered,
                "B24",
                &format!("bank-{number} is registered"),
                &group,
            ))
            .step(common::node(&runs, "B24", &format!("bank-{number} runs"), &group))
            .edge("map", &registered, "it registers")
            .edge(&registered, &runs, "its certificates are there");
    }
    builder
        .edge("runs-0", "check", "it is checked")
        .build()
        .expect("there is no ring")
}

#[test]
fn equal_groups_are_drawn_once_where_there_are_many() {
    let graph = members(40);
    let folded = graph.folded().unwrap();
    let titles: Vec<&str> = folded.graph.nodes().map(|node| node.title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "Network Map runs",
            "check of bank-0 is done",
            "bank-0 is registered",
            "bank-0 runs",
            "39 × … is registered",
            "39 × … runs",
        ]
    );
    assert_eq!(folded.graph.edges().count(), 5);
    assert_eq!(folded.groups.len(), 1);
    let (group, names) = &folded.groups[0];
    assert_eq!(group, "39 × net-participant-bank-…");
    assert_eq!(names.len(), 39);
    for drawing in [folded.to_svg("Rollout"), folded.to_dot(), folded.to_mermaid()] {
        assert!(
            drawing.contains("39 × net-participant-bank-… has the same steps each, drawn once: 1, 2, 3, 4,")
        );
    }
    let few = members(5).folded().unwrap();
    assert_eq!((few.graph.len(), few.groups.len()), (members(5).len(), 0));
    assert_eq!(few.to_svg("Rollout"), members(5).to_svg("Rollout"));
}
