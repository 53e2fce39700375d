//! In which gap of a column, and at which height, each trunk crosses it.

use std::collections::{BTreeMap, BTreeSet};

use super::frame::{Head, Stack};
use super::route::Way;
use super::row::Rows;
use super::upright::{Upright, lane};
use crate::view::NetworkView;

/// The height at which a trunk crosses a column.
pub(super) type Lanes = BTreeMap<(usize, usize), f64>;

/// Heights of everything, once without lines in the gaps to see which gap is near, then with them.
pub(super) fn stand(
    view: &NetworkView,
    rows: &Rows,
    stacks: &[Stack],
    heads: &[Head],
    ways: &[Way],
    top: f64,
) -> (Upright, Lanes) {
    let mut lanes: Vec<Vec<usize>> = stacks
        .iter()
        .map(|stack| vec![0; stack.zones.len() + 1])
        .collect();
    let rough = Upright::of(view, rows, stacks, heads, &lanes, top);
    let mut crossings: BTreeMap<(usize, usize), Crossing> = BTreeMap::new();
    for (call, way) in ways.iter().enumerate() {
        for (column, behind) in way.crossed() {
            let crossing = crossings.entry((way.trunk, column)).or_default();
            let (client, server) = (rows.client[call], rows.server[call]);
            let (left, right) = if behind > column {
                (client, server)
            } else {
                (server, client)
            };
            crossing.left.insert(left);
            crossing.right.insert(right);
        }
    }
    let mut chosen: Vec<(usize, usize, f64, usize)> = crossings
        .iter()
        .map(|(&(trunk, column), crossing)| {
            let (gap, height) = crossing.gap(&rough, column);
            (column, gap, height, trunk)
        })
        .collect();
    chosen.sort_by(|one, other| {
        (one.0, one.1)
            .cmp(&(other.0, other.1))
            .then(one.2.total_cmp(&other.2))
            .then(one.3.cmp(&other.3))
    });
    let mut position = BTreeMap::new();
    for &(column, gap, _, trunk) in &chosen {
        position.insert((trunk, column), (gap, lanes[column][gap]));
        lanes[column][gap] += 1;
    }
    let upright = Upright::of(view, rows, stacks, heads, &lanes, top);
    let lanes = position
        .into_iter()
        .map(|((trunk, column), (gap, position))| {
            ((trunk, column), lane(upright.gaps[column][gap], position))
        })
        .collect();
    (upright, lanes)
}

/// The rows that a trunk joins across a column.
#[derive(Default)]
struct Crossing {
    left: BTreeSet<usize>,
    right: BTreeSet<usize>,
}

impl Crossing {
    /// The gap with the shortest way, and the height at which the trunk would like to cross.
    fn gap(&self, upright: &Upright, column: usize) -> (usize, f64) {
        let span = |rows: &BTreeSet<usize>| {
            let heights = rows.iter().map(|&row| upright.rows[row]);
            heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(top, bottom), y| {
                (top.min(y), bottom.max(y))
            })
        };
        let spans = [span(&self.left), span(&self.right)];
        let detour = |y: f64| {
            spans
                .iter()
                .map(|&(top, bottom)| (top - y).max(y - bottom).max(0.0))
                .sum::<f64>()
        };
        let gaps = upright.gaps[column].iter().enumerate();
        let nearest = gaps.min_by(|(_, one), (_, other)| detour(**one).total_cmp(&detour(**other)));
        let middle = spans
            .iter()
            .map(|&(top, bottom)| f64::midpoint(top, bottom))
            .sum::<f64>()
            / 2.0;
        (nearest.map_or(0, |(gap, _)| gap), middle)
    }
}
