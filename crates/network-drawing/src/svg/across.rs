//! Widths: columns beside each other, with channels for upright lines between them.

use std::collections::BTreeMap;

use super::frame::{self, Area, Stack, real};
use super::lanes::Lanes;
use super::route::{self, Channel, Side, Way};
use super::row::Rows;
use super::track::{self, PITCH, Segment};
use super::upright::Upright;
use crate::view::NetworkView;

/// At both sides of the sheet.
pub(super) const MARGIN: f64 = 20.0;
/// Between a zone and the first line of a channel.
const SHOULDER: f64 = 14.0;
/// A channel without lines.
const EMPTY_CHANNEL: f64 = 24.0;
/// Between a box, with its counts, and the first line inside of the zone.
const INNER_SHOULDER: f64 = 15.0;

/// The track of each trunk in each channel, and the number of tracks of each channel.
pub(super) struct Tracks {
    of: BTreeMap<(usize, Channel), usize>,
    count: BTreeMap<Channel, usize>,
}

impl Tracks {
    pub(super) fn of(
        view: &NetworkView,
        rows: &Rows,
        ways: &[Way],
        upright: &Upright,
        lanes: &Lanes,
        column: &[usize],
    ) -> Self {
        let mut channels: BTreeMap<Channel, BTreeMap<usize, Segment>> = BTreeMap::new();
        let mut meet = |channel: Channel, trunk: usize, y: f64, side: Side| {
            let segment = channels.entry(channel).or_default().entry(trunk).or_default();
            if !segment.points.contains(&(y, side)) {
                segment.points.push((y, side));
            }
        };
        for (call, way) in ways.iter().enumerate() {
            for (row, channel) in [(rows.client[call], way.first), (rows.server[call], way.last)] {
                let at = column[view.residents[rows.all[row].resident].zone];
                // What is at the right of a box comes from its left.
                let side = match route::side(channel, at) {
                    Side::Left => Side::Right,
                    Side::Right => Side::Left,
                };
                meet(channel, way.trunk, upright.rows[row], side);
            }
            for (crossed, _) in way.crossed() {
                let y = lanes[&(way.trunk, crossed)];
                meet(Channel::Between(crossed), way.trunk, y, Side::Right);
                meet(Channel::Between(crossed + 1), way.trunk, y, Side::Left);
            }
        }
        let mut tracks = Self {
            of: BTreeMap::new(),
            count: BTreeMap::new(),
        };
        for (channel, trunks) in channels {
            let (trunks, segments): (Vec<usize>, Vec<Segment>) = trunks.into_iter().unzip();
            let (places, count) = track::assign(&segments);
            tracks.count.insert(channel, count);
            for (trunk, place) in trunks.into_iter().zip(places) {
                tracks.of.insert((trunk, channel), place);
            }
        }
        tracks
    }

    fn count(&self, channel: Channel) -> usize {
        self.count.get(&channel).copied().unwrap_or_default()
    }
}

/// Where things stand from left to right.
pub(super) struct Across {
    /// Left edge and width of the zones of each column.
    pub(super) columns: Vec<(f64, f64)>,
    /// Left edge and width of the boxes of each column.
    pub(super) boxes: Vec<(f64, f64)>,
    /// Room for counts left and right of the boxes of each column.
    counts: Vec<[f64; 2]>,
    /// Left edge of the tracks of each channel between columns.
    channels: Vec<f64>,
    pub(super) width: f64,
}

impl Across {
    /// `counts` has the room for the labels on lines, left and right of the boxes of each column.
    pub(super) fn of(stacks: &[Stack], tracks: &Tracks, counts: Vec<[f64; 2]>) -> Self {
        let mut across = Self {
            columns: Vec::new(),
            boxes: Vec::new(),
            counts,
            channels: Vec::new(),
            width: 0.0,
        };
        let mut x = MARGIN;
        for (column, stack) in stacks.iter().enumerate() {
            x = across.channel(x, column, tracks.count(Channel::Between(column)), column == 0);
            let padding = |side: Side, counts: f64| {
                let inside = stack
                    .zones
                    .iter()
                    .map(|&zone| tracks.count(Channel::Inside(zone, side)));
                frame::padding(inside.max().unwrap_or(0), counts)
            };
            let left = padding(Side::Left, across.counts[column][0]);
            let right = padding(Side::Right, across.counts[column][1]);
            across.columns.push((x, left + stack.box_width + right));
            across.boxes.push((x + left, stack.box_width));
            x += left + stack.box_width + right;
        }
        let last = stacks.len();
        x = across.channel(x, last, tracks.count(Channel::Between(last)), true);
        across.width = x + MARGIN;
        across
    }

    fn channel(&mut self, x: f64, channel: usize, tracks: usize, outermost: bool) -> f64 {
        debug_assert_eq!(self.channels.len(), channel, "channels come in order");
        self.channels.push(x + SHOULDER);
        match tracks {
            0 if outermost => x,
            0 => x + EMPTY_CHANNEL,
            tracks => x + 2.0 * SHOULDER + real(tracks - 1) * PITCH,
        }
    }

    /// Where a trunk goes in a channel.
    pub(super) fn x(&self, channel: Channel, trunk: usize, tracks: &Tracks, column: &[usize]) -> f64 {
        let track = real(tracks.of.get(&(trunk, channel)).copied().unwrap_or_default()) * PITCH;
        match channel {
            Channel::Between(channel) => self.channels[channel] + track,
            Channel::Inside(zone, side) => {
                let column = column[zone];
                let (left, width) = self.boxes[column];
                match side {
                    Side::Right => left + width + self.counts[column][1] + INNER_SHOULDER + track,
                    Side::Left => {
                        let first = real(tracks.count(channel).saturating_sub(1)) * PITCH;
                        left - self.counts[column][0] - INNER_SHOULDER - first + track
                    }
                }
            }
        }
    }
}

/// The room that the labels of lines need at both sides of each column's boxes.
pub(super) fn counts(
    view: &NetworkView,
    rows: &Rows,
    row_sides: &[std::collections::BTreeSet<Side>],
    column: &[usize],
    columns: usize,
) -> Vec<[f64; 2]> {
    let mut counts = vec![[0.0_f64; 2]; columns];
    for (row, sides) in rows.all.iter().zip(row_sides) {
        let Some(text) = row.count_label() else { continue };
        let room = &mut counts[column[view.residents[row.resident].zone]];
        for side in sides {
            let room = &mut room[usize::from(*side == Side::Right)];
            *room = room.max(frame::count_width(&text) + 8.0);
        }
    }
    counts
}

/// The area of each box.
pub(super) fn boxes(
    view: &NetworkView,
    rows: &Rows,
    upright: &Upright,
    across: &Across,
    column: &[usize],
) -> Vec<Area> {
    let area = |resident: usize| {
        let (left, width) = across.boxes[column[view.residents[resident].zone]];
        Area {
            left,
            top: upright.boxes[resident],
            width,
            height: frame::box_height(rows, resident),
        }
    };
    (0..view.residents.len()).map(area).collect()
}
