//! Mermaid flowcharts, as GitHub and GitLab draw them in Markdown.

use std::collections::HashMap;
use std::fmt::Write;

use super::palette::Palette;
use crate::graph::DependencyGraph;

impl DependencyGraph {
    /// The graph as a Mermaid flowchart.
    pub fn to_mermaid(&self) -> String {
        let palette = Palette::of(self);
        // Mermaid reserves words such as `end`, so ids are numbers of our own.
        let number: HashMap<&str, usize> = self
            .nodes()
            .enumerate()
            .map(|(position, node)| (node.id.as_str(), position))
            .collect();
        let mut text = String::from("flowchart TB\n");
        for node in self.nodes() {
            let stage = if node.stage.is_empty() {
                String::new()
            } else {
                format!("{} · ", quoted(&node.stage))
            };
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "  s{}[\"{stage}{}\"]",
                number[node.id.as_str()],
                quoted(&node.title)
            );
        }
        for edge in self.transitive_reduction() {
            let _ = writeln!(
                text,
                "  s{} --> s{}",
                number[edge.prerequisite.id.as_str()],
                number[edge.dependent.id.as_str()]
            );
        }
        for (position, (group, colour)) in palette.groups().enumerate() {
            let members: Vec<String> = self
                .nodes()
                .filter(|node| node.group == group)
                .map(|node| format!("s{}", number[node.id.as_str()]))
                .collect();
            let _ = writeln!(
                text,
                "  classDef g{position} fill:{},stroke:{},color:#111827",
                colour.fill, colour.line
            );
            let _ = writeln!(text, "  class {} g{position}", members.join(","));
        }
        text
    }
}

fn quoted(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
