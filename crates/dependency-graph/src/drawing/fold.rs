//! Groups whose steps are equal but for a name, drawn once: what a hundred members each do is the same picture a
//! hundred times.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use graph_folding::Vertex;

use crate::error::GraphError;
use crate::graph::{DependencyGraph, Node};

/// Up to so many groups every one is drawn by itself.
const GROUPS_WITHOUT_FOLDING: usize = 12;
/// Stands for the words in which equals differ.
const ANY: &str = "…";

/// A graph to be drawn, in which a group may stand for several.
pub struct Folded {
    /// The steps, those of equal groups once; their titles tell how many they are.
    pub graph: DependencyGraph,
    /// Each group that stands for several: as what it is drawn, and the groups.
    pub groups: Vec<(String, Vec<String>)>,
}

impl Folded {
    /// A graph as it is.
    pub fn none(graph: &DependencyGraph) -> Self {
        Self {
            graph: graph.clone(),
            groups: Vec::new(),
        }
    }

    /// As [`DependencyGraph::to_svg`], with a note of what is folded.
    pub fn to_svg(&self, heading: &str) -> String {
        self.graph.draw(heading, &self.notes())
    }

    /// As [`DependencyGraph::to_dot`], with a comment of what is folded.
    pub fn to_dot(&self) -> String {
        self.commented("//", self.graph.to_dot())
    }

    /// As [`DependencyGraph::to_mermaid`], with a comment of what is folded.
    pub fn to_mermaid(&self) -> String {
        self.commented("%%", self.graph.to_mermaid())
    }

    fn commented(&self, sign: &str, mut text: String) -> String {
        for note in self.notes() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{sign} {note}");
        }
        text
    }

    /// A sentence for each group that stands for several.
    fn notes(&self) -> Vec<String> {
        let note = |(group, members): &(String, Vec<String>)| {
            let prefix = common_prefix(&members.iter().map(String::as_str).collect::<Vec<_>>());
            let names: Vec<&str> = members.iter().map(|member| &member[prefix.len()..]).collect();
            format!(
                "{group} has the same steps each, drawn once: {}",
                names.join(", ")
            )
        };
        self.groups.iter().map(note).collect()
    }
}

impl DependencyGraph {
    /// The graph for drawings: where there are many groups, equal ones are one.
    ///
    /// # Errors
    /// The smaller graph cannot be built.
    pub fn folded(&self) -> Result<Folded, GraphError> {
        let nodes: Vec<&Node> = self.nodes().collect();
        let groups: BTreeSet<&str> = nodes.iter().map(|node| node.group.as_str()).collect();
        if groups.len() <= GROUPS_WITHOUT_FOLDING {
            return Ok(Folded::none(self));
        }
        let drawn_as = drawn_as(self, &nodes);
        let mut equals: BTreeMap<usize, Vec<&Node>> = BTreeMap::new();
        for (node, like) in nodes.iter().zip(&drawn_as) {
            equals.entry(*like).or_default().push(node);
        }
        let mut builder = Self::builder();
        let mut folded: Vec<(String, Vec<String>)> = Vec::new();
        for equals in equals.values() {
            let node = merged(equals);
            if equals.len() > 1 && !folded.iter().any(|(group, _)| *group == node.group) {
                let members = equals.iter().map(|node| node.group.clone()).collect();
                folded.push((node.group.clone(), members));
            }
            builder = builder.step(node);
        }
        let mut known = BTreeSet::new();
        for edge in self.edges() {
            let end = |id: &str| self.index.get(id).map(|index| drawn_as[index.index()]);
            let (Some(from), Some(to)) = (end(&edge.prerequisite.id), end(&edge.dependent.id)) else {
                continue;
            };
            if known.insert((from, to)) {
                builder = builder.edge(&nodes[from].id, &nodes[to].id, edge.reason);
            }
        }
        Ok(Folded {
            graph: builder.build()?,
            groups: folded,
        })
    }
}

fn drawn_as(graph: &DependencyGraph, nodes: &[&Node]) -> Vec<usize> {
    let mut seen_in: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for node in nodes {
        for word in node.title.split_whitespace() {
            seen_in.entry(word).or_default().insert(&node.group);
        }
    }
    // A word that only one group says may be its name.
    let labels: Vec<String> = nodes
        .iter()
        .map(|node| {
            let words = node.title.split_whitespace();
            let words = words.map(|word| if seen_in[word].len() == 1 { ANY } else { word });
            format!("{} {}", node.stage, words.collect::<Vec<_>>().join(" "))
        })
        .collect();
    let vertices: Vec<Vertex<'_>> = nodes
        .iter()
        .zip(&labels)
        .map(|(node, label)| Vertex {
            unit: Some(&node.group),
            label,
        })
        .collect();
    let edges: Vec<(usize, usize, ())> = graph
        .inner
        .raw_edges()
        .iter()
        .map(|edge| (edge.source().index(), edge.target().index(), ()))
        .collect();
    graph_folding::fold(&vertices, &edges)
}

/// One step that stands for equal ones.
fn merged(equals: &[&Node]) -> Node {
    let first = equals[0];
    if equals.len() == 1 {
        return first.clone();
    }
    let count = equals.len();
    let titles: Vec<Vec<&str>> = equals
        .iter()
        .map(|node| node.title.split_whitespace().collect())
        .collect();
    let words = titles[0].iter().enumerate().map(|(position, &word)| {
        let same = titles.iter().all(|title| title.get(position) == Some(&word));
        if same { word } else { ANY }
    });
    let groups: Vec<&str> = equals.iter().map(|node| node.group.as_str()).collect();
    Node {
        id: first.id.clone(),
        stage: first.stage.clone(),
        title: format!("{count} × {}", words.collect::<Vec<_>>().join(" ")),
        group: format!("{count} × {}{ANY}", common_prefix(&groups)),
    }
}

/// What all names begin with, up to a hyphen.
fn common_prefix<'a>(names: &[&'a str]) -> &'a str {
    let Some((first, others)) = names.split_first() else {
        return "";
    };
    let shared = first
        .char_indices()
        .take_while(|&(at, character)| {
            others
                .iter()
                .all(|other| other[at.min(other.len())..].starts_with(character))
        })
        .count();
    let prefix: usize = first.chars().take(shared).map(char::len_utf8).sum();
    first[..prefix].rfind('-').map_or("", |hyphen| &first[..=hyphen])
}
