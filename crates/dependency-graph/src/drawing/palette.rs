//! One colour for each group, by order of appearance.

use crate::graph::DependencyGraph;

/// Fill and line of a group's boxes. Dark text reads well on every fill.
#[derive(Clone, Copy)]
pub(super) struct Colour {
    pub(super) fill: &'static str,
    pub(super) line: &'static str,
}

/// Red comes last: it looks like a failure.
const COLOURS: [Colour; 12] = [
    Colour::new("#dbeafe", "#2563eb"),
    Colour::new("#d9f2e0", "#1b7f3b"),
    Colour::new("#fdecc8", "#b45309"),
    Colour::new("#e9dffc", "#7c3aed"),
    Colour::new("#cdf1f1", "#0e7490"),
    Colour::new("#fbdcef", "#be185d"),
    Colour::new("#e7eccb", "#5f7312"),
    Colour::new("#e2e6ec", "#475569"),
    Colour::new("#ead9cc", "#8a4b21"),
    Colour::new("#d5ddfb", "#4338ca"),
    Colour::new("#d3f5ea", "#0f766e"),
    Colour::new("#fde2e2", "#c81e1e"),
];

impl Colour {
    const fn new(fill: &'static str, line: &'static str) -> Self {
        Self { fill, line }
    }
}

/// Groups in order of appearance, each with its colour; colours repeat after twelve.
pub(super) struct Palette<'graph>(Vec<&'graph str>);

impl<'graph> Palette<'graph> {
    pub(super) fn of(graph: &'graph DependencyGraph) -> Self {
        let mut groups: Vec<&str> = Vec::new();
        for node in graph.nodes() {
            if !groups.contains(&node.group.as_str()) {
                groups.push(&node.group);
            }
        }
        Self(groups)
    }

    pub(super) fn groups(&self) -> impl Iterator<Item = (&'graph str, Colour)> {
        self.0
            .iter()
            .zip(COLOURS.into_iter().cycle())
            .map(|(&group, colour)| (group, colour))
    }

    pub(super) fn colour(&self, group: &str) -> Colour {
        let position = self
            .0
            .iter()
            .position(|known| *known == group)
            .unwrap_or_default();
        COLOURS[position % COLOURS.len()]
    }
}
