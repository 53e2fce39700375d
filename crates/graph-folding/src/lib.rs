//! Which parts of a graph are equal: those that nobody could tell apart by their edges if they had no names.
//!
//! Found by refining colours. Vertices with one label begin alike, and differ once their edges do, or the vertices at
//! the other ends. Equal in this sense is what a drawing can show once with a count: every one of the equals has the
//! same edges to the same others.

use std::collections::{BTreeMap, BTreeSet};

/// A vertex of the graph to fold.
#[derive(Clone, Debug)]
pub struct Vertex<'a> {
    /// Vertices of one unit are equal to those of another unit all together or not at all. A vertex without a unit
    /// is equal to nobody.
    pub unit: Option<&'a str>,
    /// Vertices with different labels are never equal.
    pub label: &'a str,
}

/// For each vertex the one as which it may be drawn: the same if it is equal to no earlier one. Edges have a client, a
/// server and a label. Within a unit, edges and vertices keep together: the vertices of an equal unit stand for the
/// vertices of one other unit.
pub fn fold<L: Ord + Copy>(vertices: &[Vertex<'_>], edges: &[(usize, usize, L)]) -> Vec<usize> {
    let mut units: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (vertex, it) in vertices.iter().enumerate() {
        if let Some(unit) = it.unit {
            units.entry(unit).or_default().push(vertex);
        }
    }
    let mut units: Vec<Vec<usize>> = units.into_values().collect();
    // The first that is declared stands for the others.
    units.sort();
    // Who turns out to be like nobody else is somebody: its neighbours may differ by that.
    let mut single: BTreeSet<usize> = (0..vertices.len())
        .filter(|&vertex| vertices[vertex].unit.is_none())
        .collect();
    loop {
        let colours = colours(vertices, edges, &units, &single);
        let classes = classes(&units, &colours);
        let alone: Vec<usize> = classes
            .values()
            .filter(|equals| equals.len() == 1)
            .flat_map(|equals| equals[0].iter().copied())
            .filter(|vertex| !single.contains(vertex))
            .collect();
        if alone.is_empty() {
            return drawn_as(&classes, &colours, vertices.len());
        }
        single.extend(alone);
    }
}

/// Units by the colours of their vertices.
type Classes<'a> = BTreeMap<Vec<usize>, Vec<&'a [usize]>>;

fn drawn_as(classes: &Classes<'_>, colours: &[usize], vertices: usize) -> Vec<usize> {
    let mut drawn_as: Vec<usize> = (0..vertices).collect();
    for equals in classes.values() {
        let first = sorted(equals[0], colours);
        for unit in equals {
            for (vertex, like) in sorted(unit, colours).into_iter().zip(&first) {
                drawn_as[vertex] = *like;
            }
        }
    }
    drawn_as
}

/// The vertices of a unit by colour, those of one colour as they were declared.
fn sorted(unit: &[usize], colours: &[usize]) -> Vec<usize> {
    let mut vertices = unit.to_vec();
    vertices.sort_by_key(|&vertex| colours[vertex]);
    vertices
}

fn classes<'a>(units: &'a [Vec<usize>], colours: &[usize]) -> Classes<'a> {
    let mut classes = Classes::new();
    for unit in units {
        classes.entry(palette(unit, colours)).or_default().push(unit);
    }
    classes
}

/// The colours of some vertices, in the order of colours.
fn palette(vertices: &[usize], colours: &[usize]) -> Vec<usize> {
    let mut palette: Vec<usize> = vertices.iter().map(|&vertex| colours[vertex]).collect();
    palette.sort_unstable();
    palette
}

fn colours<L: Ord + Copy>(
    vertices: &[Vertex<'_>],
    edges: &[(usize, usize, L)],
    units: &[Vec<usize>],
    single: &BTreeSet<usize>,
) -> Vec<usize> {
    let first: Vec<_> = vertices
        .iter()
        .enumerate()
        .map(|(vertex, it)| (single.contains(&vertex).then_some(vertex), it.label))
        .collect();
    let (mut colours, mut count) = numbered(&first);
    loop {
        // What each vertex sees: whether the other end is called, by which label, and its colour.
        let mut seen: Vec<Vec<(bool, L, usize)>> = vec![Vec::new(); vertices.len()];
        for &(client, server, label) in edges {
            seen[client].push((true, label, colours[server]));
            seen[server].push((false, label, colours[client]));
        }
        let mut company: Vec<Vec<usize>> = vec![Vec::new(); vertices.len()];
        for unit in units {
            let together = palette(unit, &colours);
            for &vertex in unit {
                company[vertex].clone_from(&together);
            }
        }
        let next: Vec<_> = seen
            .into_iter()
            .zip(company)
            .zip(&colours)
            .map(|((mut seen, company), colour)| {
                seen.sort_unstable();
                (*colour, company, seen)
            })
            .collect();
        let (next, next_count) = numbered(&next);
        // Colours only ever split: as many as before are the same as before.
        if next_count == count {
            return colours;
        }
        (colours, count) = (next, next_count);
    }
}

/// Equal things get equal numbers; how many numbers there are.
fn numbered<T: Ord>(things: &[T]) -> (Vec<usize>, usize) {
    let known: BTreeSet<&T> = things.iter().collect();
    let number: BTreeMap<&T, usize> = known
        .into_iter()
        .enumerate()
        .map(|(number, thing)| (thing, number))
        .collect();
    (things.iter().map(|thing| number[thing]).collect(), number.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folded(vertices: &[(&str, &str)], edges: &[(usize, usize)]) -> Vec<usize> {
        let vertices: Vec<Vertex<'_>> = vertices
            .iter()
            .map(|&(unit, label)| Vertex {
                unit: (!unit.is_empty()).then_some(unit),
                label,
            })
            .collect();
        let edges: Vec<(usize, usize, ())> = edges.iter().map(|&(from, to)| (from, to, ())).collect();
        fold(&vertices, &edges)
    }

    #[test]
    fn equals() {
        let three = [("", "map"), ("a", "node"), ("b", "node"), ("c", "node")];
        for (what, vertices, edges, expected) in [
            (
                "all call one",
                &three[..],
                &[(1, 0), (2, 0), (3, 0)][..],
                vec![0, 1, 1, 1],
            ),
            (
                "one does not",
                &three[..],
                &[(1, 0), (2, 0)][..],
                vec![0, 1, 1, 3],
            ),
            (
                "each calls each other",
                &three[..],
                &[(1, 2), (2, 1), (1, 3), (3, 1), (2, 3), (3, 2)][..],
                vec![0, 1, 1, 1],
            ),
            (
                "a chain has ends",
                &three[..],
                &[(1, 2), (2, 3)][..],
                vec![0, 1, 2, 3],
            ),
            (
                "labels differ",
                &[("a", "node"), ("b", "node"), ("c", "notary")][..],
                &[][..],
                vec![0, 0, 2],
            ),
            (
                "each with its own",
                &[("a", "node"), ("b", "node"), ("a", "client"), ("b", "client")][..],
                &[(2, 0), (3, 1)][..],
                vec![0, 0, 2, 2],
            ),
            (
                "one has more",
                &[("a", "node"), ("b", "node"), ("c", "node"), ("a", "client")][..],
                &[(3, 0)][..],
                vec![0, 1, 1, 3],
            ),
            (
                "each calls one of two that are told apart",
                &[
                    ("", "map"),
                    ("", "map"),
                    ("a", "node"),
                    ("b", "node"),
                    ("c", "node"),
                    ("d", "node"),
                ][..],
                &[(2, 0), (3, 0), (4, 1), (5, 1)][..],
                vec![0, 1, 2, 2, 4, 4],
            ),
        ] {
            assert_eq!(folded(vertices, edges), expected, "{what}");
        }
    }

    proptest! {
        /// Equal vertices call, and are called by, as many of each group of equals.
        #[test]
        fn equals_see_the_same(
            units in 1_usize..8,
            edges in proptest::collection::btree_set((0_usize..9, 0_usize..9), 0..30),
        ) {
            let names: Vec<String> = (0..units).map(|unit| format!("unit-{unit}")).collect();
            let mut vertices = vec![("", "first"), ("", "second")];
            vertices.extend(names.iter().map(|name| (name.as_str(), "member")));
            let edges: Vec<(usize, usize)> = edges
                .into_iter()
                .filter(|&(from, to)| from < vertices.len() && to < vertices.len() && from != to)
                .collect();
            let drawn_as = folded(&vertices, &edges);
            let sees = |vertex: usize| {
                let mut sees: Vec<(bool, usize)> = edges
                    .iter()
                    .filter_map(|&(from, to)| match (from == vertex, to == vertex) {
                        (true, _) => Some((true, drawn_as[to])),
                        (_, true) => Some((false, drawn_as[from])),
                        _ => None,
                    })
                    .collect();
                sees.sort_unstable();
                sees
            };
            for vertex in 0..vertices.len() {
                prop_assert!(drawn_as[vertex] <= vertex);
                prop_assert_eq!(drawn_as[drawn_as[vertex]], drawn_as[vertex]);
                prop_assert_eq!(sees(vertex), sees(drawn_as[vertex]));
            }
        }
    }
}
