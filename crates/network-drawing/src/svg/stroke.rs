//! Lines as ink. Wires that share a way are drawn once, so that broken lines stay broken where they join; where one
//! joins another it bends towards the server, so that the eye is led the right way.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::layout::Wire;

/// Of a bend, in tenths of a pixel.
const RADIUS: i64 = 45;
/// Of an arrowhead, in tenths of a pixel.
const HEAD: i64 = 75;

/// A bend: where it begins, the corner that it rounds, and where it ends. In tenths of a pixel.
type Bend = [(i64, i64); 3];
/// Pieces of a straight line, from and to.
type Pieces = Vec<(i64, i64)>;

/// The ink of one style.
#[derive(Default)]
pub(super) struct Ink {
    level: BTreeMap<i64, Pieces>,
    upright: BTreeMap<i64, Pieces>,
    bends: BTreeSet<Bend>,
    /// Tips of arrowheads, and whether each points to the right.
    heads: BTreeSet<(i64, i64, bool)>,
    /// Where lines begin.
    ends: BTreeSet<(i64, i64)>,
}

impl Ink {
    pub(super) fn add(&mut self, wire: &Wire) {
        let corners = distinct(&wire.corners);
        let (Some(&begin), Some(&tip)) = (corners.first(), corners.last()) else {
            return;
        };
        self.ends.insert(begin);
        let mut from = begin;
        for (position, &corner) in corners.iter().enumerate().skip(1) {
            let Some(&next) = corners.get(position + 1) else {
                // The arrowhead is the last piece.
                let to_right = tip.0 > from.0;
                self.heads.insert((tip.0, tip.1, to_right));
                let neck = if to_right {
                    tip.0 - HEAD + 10
                } else {
                    tip.0 + HEAD - 10
                };
                self.straight(from, (neck, tip.1));
                break;
            };
            let before = corners[position - 1];
            let radius = RADIUS
                .min(length(before, corner) / 2)
                .min(length(corner, next) / 2);
            let (start, end) = (towards(corner, before, radius), towards(corner, next, radius));
            self.straight(from, start);
            self.bends.insert([start, corner, end]);
            from = end;
        }
    }

    fn straight(&mut self, from: (i64, i64), to: (i64, i64)) {
        let (lines, at, piece) = if from.1 == to.1 {
            (&mut self.level, from.1, (from.0.min(to.0), from.0.max(to.0)))
        } else {
            (&mut self.upright, from.0, (from.1.min(to.1), from.1.max(to.1)))
        };
        lines.entry(at).or_default().push(piece);
    }

    /// All lines as the data of one path.
    pub(super) fn lines(&self) -> String {
        let mut data = String::new();
        for (&y, pieces) in &self.level {
            for (from, to) in joined(pieces) {
                // Writing to a string cannot fail.
                let _ = write!(data, "M{} {}H{}", tenths(from), tenths(y), tenths(to));
            }
        }
        for (&x, pieces) in &self.upright {
            for (from, to) in joined(pieces) {
                let _ = write!(data, "M{} {}V{}", tenths(x), tenths(from), tenths(to));
            }
        }
        for [start, corner, end] in &self.bends {
            let _ = write!(
                data,
                "M{} {}Q{} {} {} {}",
                tenths(start.0),
                tenths(start.1),
                tenths(corner.0),
                tenths(corner.1),
                tenths(end.0),
                tenths(end.1)
            );
        }
        data
    }

    /// All arrowheads, and the dots where lines begin, as the data of one path.
    pub(super) fn heads(&self) -> String {
        let mut data = String::new();
        for &(x, y, to_right) in &self.heads {
            let neck = if to_right { x - HEAD } else { x + HEAD };
            let (x, neck, high, low) = (tenths(x), tenths(neck), tenths(y - 38), tenths(y + 38));
            // Writing to a string cannot fail.
            let _ = write!(data, "M{neck} {high}L{x} {}L{neck} {low}Z", tenths(y));
        }
        for &(x, y) in &self.ends {
            let _ = write!(
                data,
                "M{} {}a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0Z",
                tenths(x - 25),
                tenths(y)
            );
        }
        data
    }
}

/// The way of one wire as the data of a path.
pub(super) fn way(wire: &Wire) -> String {
    let mut data = String::new();
    let mut last: Option<(i64, i64)> = None;
    for corner in distinct(&wire.corners) {
        // Writing to a string cannot fail.
        let _ = match last {
            None => write!(data, "M{} {}", tenths(corner.0), tenths(corner.1)),
            Some(last) if last.1 == corner.1 => write!(data, "H{}", tenths(corner.0)),
            Some(_) => write!(data, "V{}", tenths(corner.1)),
        };
        last = Some(corner);
    }
    data
}

/// The corners in tenths of a pixel, less those where nothing turns.
fn distinct(corners: &[(f64, f64)]) -> Vec<(i64, i64)> {
    let mut kept: Vec<(i64, i64)> = Vec::with_capacity(corners.len());
    for &(x, y) in corners {
        let corner = (rounded(x), rounded(y));
        if kept.last() == Some(&corner) {
            continue;
        }
        if let [.., first, second] = kept[..]
            && ((first.0 == second.0 && second.0 == corner.0)
                || (first.1 == second.1 && second.1 == corner.1))
        {
            kept.pop();
        }
        kept.push(corner);
    }
    kept
}

fn joined(pieces: &[(i64, i64)]) -> Pieces {
    let mut sorted = pieces.to_vec();
    sorted.sort_unstable();
    let mut joined: Pieces = Vec::new();
    for (from, to) in sorted {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

fn length(from: (i64, i64), to: (i64, i64)) -> i64 {
    (from.0 - to.0).abs() + (from.1 - to.1).abs()
}

/// The point that is so far from a corner on the way to another.
fn towards(corner: (i64, i64), other: (i64, i64), distance: i64) -> (i64, i64) {
    (
        corner.0 + (other.0 - corner.0).signum() * distance,
        corner.1 + (other.1 - corner.1).signum() * distance,
    )
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a sheet is some thousand pixels wide"
)]
fn rounded(pixels: f64) -> i64 {
    (pixels * 10.0).round() as i64
}

/// Tenths of a pixel as a number of pixels.
fn tenths(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, rest) = (tenths.abs() / 10, tenths.abs() % 10);
    if rest == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{rest}")
    }
}

/// Pixels as they are written.
pub(super) fn pixels(pixels: f64) -> String {
    tenths(rounded(pixels))
}
