//! Heights: zones below each other in their columns, with gaps for the lines that cross a column.

use super::frame::{Head, ROW, Stack, TITLE_HEIGHT, UNIT, box_height, real};
use super::row::Rows;
use crate::view::NetworkView;

/// Between two zones that no line goes between.
const GAP: f64 = 3.0 * UNIT;
/// Around the lines in a gap.
const AROUND_LANES: f64 = 4.0 * UNIT;
/// Between two boxes of a zone, and below the last.
const BETWEEN_BOXES: f64 = UNIT;

/// A short column stands beside the middle of a tall one, but not so far down that one has to look for it.
const FARTHEST_DOWN: f64 = 27.0 * UNIT;

/// Where things stand from top to bottom.
pub(super) struct Upright {
    /// Top and height of each zone.
    pub(super) zones: Vec<(f64, f64)>,
    /// Top of each box.
    pub(super) boxes: Vec<f64>,
    /// Middle of each row.
    pub(super) rows: Vec<f64>,
    /// For each column, the tops of its gaps; the first is above the first zone, the last below the last.
    pub(super) gaps: Vec<Vec<f64>>,
    pub(super) bottom: f64,
}

impl Upright {
    /// With so many lines in each gap of each column.
    pub(super) fn of(
        view: &NetworkView,
        rows: &Rows,
        stacks: &[Stack],
        heads: &[Head],
        lanes: &[Vec<usize>],
        top: f64,
    ) -> Self {
        let zone_height = |zone: usize| {
            let boxes = view.zones[zone].residents.iter();
            heads[zone].height()
                + boxes
                    .map(|&resident| box_height(rows, resident) + BETWEEN_BOXES)
                    .sum::<f64>()
        };
        let heights: Vec<f64> = stacks
            .iter()
            .zip(lanes)
            .map(|(stack, lanes)| {
                let zones: f64 = stack.zones.iter().map(|&zone| zone_height(zone)).sum();
                let gaps: f64 = (0..lanes.len()).map(|gap| gap_height(lanes, gap)).sum();
                zones + gaps
            })
            .collect();
        let highest = heights.iter().copied().fold(0.0, f64::max);
        let mut upright = Self {
            zones: vec![(0.0, 0.0); view.zones.len()],
            boxes: vec![0.0; view.residents.len()],
            rows: vec![0.0; rows.all.len()],
            gaps: Vec::new(),
            bottom: top + highest + UNIT,
        };
        for (column, stack) in stacks.iter().enumerate() {
            let down = (((highest - heights[column]) / 2.0).min(FARTHEST_DOWN) / UNIT).floor() * UNIT;
            // Lines that come into a channel from both sides never lie on each other.
            let apart = if column % 2 == 1 { UNIT / 2.0 } else { 0.0 };
            let mut y = top + down + apart;
            let mut gaps = Vec::new();
            for (gap, &zone) in stack.zones.iter().enumerate() {
                gaps.push(y);
                y += gap_height(&lanes[column], gap);
                upright.zones[zone] = (y, zone_height(zone));
                let mut inner = y + heads[zone].height();
                for &resident in &view.zones[zone].residents {
                    upright.boxes[resident] = inner;
                    for (position, &row) in rows.of_resident[resident].iter().enumerate() {
                        upright.rows[row] = inner + TITLE_HEIGHT + ROW * (real(position) + 0.5);
                    }
                    inner += box_height(rows, resident) + BETWEEN_BOXES;
                }
                y += zone_height(zone);
            }
            gaps.push(y);
            upright.gaps.push(gaps);
        }
        upright
    }
}

fn gap_height(lanes: &[usize], gap: usize) -> f64 {
    match lanes[gap] {
        0 if gap == 0 || gap + 1 == lanes.len() => 0.0,
        0 => GAP,
        lanes => AROUND_LANES + real(lanes - 1) * UNIT,
    }
}

/// The middle of a gap's line, counted from above.
pub(super) fn lane(gap_top: f64, position: usize) -> f64 {
    gap_top + AROUND_LANES / 2.0 + real(position) * UNIT
}
