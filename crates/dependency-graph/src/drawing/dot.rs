//! Graphviz' language.

use std::fmt::Write;

use super::palette::Palette;
use crate::graph::DependencyGraph;

impl DependencyGraph {
    /// The graph in Graphviz' DOT language, reasons as tooltips of the edges.
    pub fn to_dot(&self) -> String {
        let palette = Palette::of(self);
        let mut dot = String::from(
            "digraph rollout {\n  rankdir=TB;\n  node [shape=box, style=\"rounded,filled\", fontname=\"sans-serif\"];\n",
        );
        for node in self.nodes() {
            let colour = palette.colour(&node.group);
            let stage = if node.stage.is_empty() {
                String::new()
            } else {
                format!("{}\\n", quoted(&node.stage))
            };
            // Writing to a string cannot fail.
            let _ = writeln!(
                dot,
                "  \"{}\" [label=\"{stage}{}\", fillcolor=\"{}\", color=\"{}\", tooltip=\"{}\"];",
                quoted(&node.id),
                quoted(&node.title),
                colour.fill,
                colour.line,
                quoted(&node.group),
            );
        }
        for edge in self.transitive_reduction() {
            let _ = writeln!(
                dot,
                "  \"{}\" -> \"{}\" [tooltip=\"{}\"];",
                quoted(&edge.prerequisite.id),
                quoted(&edge.dependent.id),
                quoted(edge.reason),
            );
        }
        dot.push_str("}\n");
        dot
    }
}

fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
