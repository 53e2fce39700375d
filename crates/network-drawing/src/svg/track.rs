//! The order of upright lines that lie beside each other in a channel: the one with few crossings.

use super::route::Side;

/// Distance of two lines in a channel.
pub(super) const PITCH: f64 = 7.0;
/// Room above and below a line on the same track.
const CLEARANCE: f64 = 8.0;
const PASSES: usize = 12;

/// An upright line: where lines from the side meet it, and from which side each comes.
#[derive(Default)]
pub(super) struct Segment {
    pub(super) points: Vec<(f64, Side)>,
}

impl Segment {
    pub(super) fn top(&self) -> f64 {
        self.points.iter().map(|&(y, _)| y).fold(f64::INFINITY, f64::min)
    }

    pub(super) fn bottom(&self) -> f64 {
        self.points
            .iter()
            .map(|&(y, _)| y)
            .fold(f64::NEG_INFINITY, f64::max)
    }
}

/// The track of each segment, counted from the left, and how many tracks there are.
pub(super) fn assign(segments: &[Segment]) -> (Vec<usize>, usize) {
    let spans: Vec<(f64, f64)> = segments
        .iter()
        .map(|segment| (segment.top(), segment.bottom()))
        .collect();
    let costs: Vec<Vec<i64>> = (0..segments.len())
        .map(|left| {
            (0..segments.len())
                .map(|right| crossings(&segments[left], spans[left], &segments[right], spans[right]))
                .collect()
        })
        .collect();
    let order = sorted(&costs);
    let mut tracks = vec![0; segments.len()];
    let mut count = 0;
    for (position, &segment) in order.iter().enumerate() {
        let overlapping = order[..position].iter().filter(|&&other| {
            spans[other].0 <= spans[segment].1 + CLEARANCE && spans[segment].0 <= spans[other].1 + CLEARANCE
        });
        tracks[segment] = overlapping.map(|&other| tracks[other] + 1).max().unwrap_or(0);
        count = count.max(tracks[segment] + 1);
    }
    (tracks, count)
}

/// How often two segments' lines cross if the one lies left of the other.
fn crossings(left: &Segment, left_span: (f64, f64), right: &Segment, right_span: (f64, f64)) -> i64 {
    let within = |y: f64, (top, bottom): (f64, f64)| top < y && y < bottom;
    let from_left = right
        .points
        .iter()
        .filter(|&&(y, side)| side == Side::Left && within(y, left_span));
    let from_right = left
        .points
        .iter()
        .filter(|&&(y, side)| side == Side::Right && within(y, right_span));
    i64::try_from(from_left.count() + from_right.count()).unwrap_or(i64::MAX)
}

/// Each is put where it costs least, again and again until nothing gets better.
fn sorted(costs: &[Vec<i64>]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(costs.len());
    for segment in 0..costs.len() {
        insert(&mut order, segment, costs);
    }
    for _ in 0..PASSES {
        let before = order.clone();
        for segment in 0..costs.len() {
            order.retain(|&other| other != segment);
            insert(&mut order, segment, costs);
        }
        if order == before {
            break;
        }
    }
    order
}

fn insert(order: &mut Vec<usize>, segment: usize, costs: &[Vec<i64>]) {
    // The cost of standing first; each step to the right trades one order of two for the other.
    let mut cost: i64 = 0;
    let (mut best, mut least) = (0, 0);
    for (position, &other) in order.iter().enumerate() {
        cost += costs[other][segment] - costs[segment][other];
        if cost < least {
            (best, least) = (position + 1, cost);
        }
    }
    order.insert(best, segment);
}
