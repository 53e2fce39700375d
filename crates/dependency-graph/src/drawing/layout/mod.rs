//! Where boxes and lines go: layers from top to bottom, few crossings, straight long lines.

mod layers;
mod ordering;
mod placement;

use crate::graph::DependencyGraph;

/// Size of a box and the room around it.
#[derive(Clone, Copy)]
pub(super) struct Measures {
    pub(super) box_width: f64,
    /// Room between two boxes of a layer.
    pub(super) gap: f64,
    /// Room that a passing line takes.
    pub(super) lane: f64,
}

/// A laid out graph. Horizontal positions are centres, in the unit of [`Measures`].
pub(super) struct Layout {
    /// Layer and centre of each node, by declaration.
    pub(super) boxes: Vec<Place>,
    /// Each drawn edge as (source, target) by declaration, with the centres it passes in the layers between.
    pub(super) lines: Vec<Line>,
    /// Number of layers.
    pub(super) layers: usize,
    /// Width of the whole.
    pub(super) width: f64,
}

#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) layer: usize,
    pub(super) centre: f64,
}

pub(super) struct Line {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) bends: Vec<f64>,
}

/// One thing in a layer: a box, or an edge that passes through.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Box(usize),
    Passing,
}

/// The graph with every long edge cut into pieces that join neighbouring layers.
struct Sliced {
    slots: Vec<Slot>,
    layer_of: Vec<usize>,
    above: Vec<Vec<usize>>,
    below: Vec<Vec<usize>>,
    layers: Vec<Vec<usize>>,
    /// For each edge, its source, its target, and the slots between.
    routes: Vec<(usize, usize, Vec<usize>)>,
}

impl Layout {
    pub(super) fn of(graph: &DependencyGraph, measures: Measures) -> Self {
        let edges: Vec<(usize, usize)> = graph
            .transitive_reduction()
            .into_iter()
            .map(|edge| {
                (
                    graph.index[&edge.prerequisite.id].index(),
                    graph.index[&edge.dependent.id].index(),
                )
            })
            .collect();
        let sorted: Vec<usize> = graph
            .sorted()
            .into_iter()
            .map(petgraph::graph::NodeIndex::index)
            .collect();
        let layer_of = layers::assign(&sorted, &edges);
        let mut sliced = Sliced::cut(layer_of, &edges);
        ordering::untangle(&mut sliced);
        let (centres, width) = placement::place(&sliced, measures);
        Self {
            boxes: (0..graph.len())
                .map(|node| Place {
                    layer: sliced.layer_of[node],
                    centre: centres[node],
                })
                .collect(),
            lines: sliced
                .routes
                .iter()
                .map(|(from, to, between)| Line {
                    from: *from,
                    to: *to,
                    bends: between.iter().map(|&slot| centres[slot]).collect(),
                })
                .collect(),
            layers: sliced.layers.len(),
            width,
        }
    }
}

impl Sliced {
    fn cut(layer_of: Vec<usize>, edges: &[(usize, usize)]) -> Self {
        let boxes = layer_of.len();
        let count = layer_of.iter().max().map_or(0, |last| last + 1);
        let mut sliced = Self {
            slots: (0..boxes).map(Slot::Box).collect(),
            layer_of,
            above: vec![Vec::new(); boxes],
            below: vec![Vec::new(); boxes],
            layers: vec![Vec::new(); count],
            routes: Vec::with_capacity(edges.len()),
        };
        for &(from, to) in edges {
            let mut between = Vec::new();
            let mut last = from;
            for layer in sliced.layer_of[from] + 1..sliced.layer_of[to] {
                let slot = sliced.slots.len();
                sliced.slots.push(Slot::Passing);
                sliced.layer_of.push(layer);
                sliced.above.push(Vec::new());
                sliced.below.push(Vec::new());
                sliced.join(last, slot);
                between.push(slot);
                last = slot;
            }
            sliced.join(last, to);
            sliced.routes.push((from, to, between));
        }
        for slot in 0..sliced.slots.len() {
            sliced.layers[sliced.layer_of[slot]].push(slot);
        }
        sliced
    }

    fn join(&mut self, upper: usize, lower: usize) {
        self.below[upper].push(lower);
        self.above[lower].push(upper);
    }
}

/// Layouts are small: the conversion is exact far beyond any graph a person could look at.
fn real(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
