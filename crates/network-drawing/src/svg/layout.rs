//! Everything in its place.

use std::collections::BTreeSet;

use super::across::{self, Across, Tracks};
use super::frame::{self, Area, Head};
use super::lanes::{self, Lanes};
use super::route::{self, Channel, Side, Way};
use super::row::Rows;
use super::trunk::Trunk;
use crate::view::NetworkView;

/// A picture's geometry, in pixels.
pub(super) struct Layout {
    pub(super) rows: Rows,
    pub(super) trunks: Vec<Trunk>,
    pub(super) heads: Vec<Head>,
    pub(super) zones: Vec<Area>,
    pub(super) boxes: Vec<Area>,
    /// Middle of each row.
    pub(super) middles: Vec<f64>,
    /// At which sides lines touch each row.
    pub(super) sides: Vec<BTreeSet<Side>>,
    /// The way of each call.
    pub(super) wires: Vec<Wire>,
    pub(super) width: f64,
    pub(super) bottom: f64,
}

/// A line from a client's row to a server's.
pub(super) struct Wire {
    pub(super) trunk: usize,
    /// Its ends and corners, level and upright pieces by turns, the first is level.
    pub(super) corners: Vec<(f64, f64)>,
}

impl Layout {
    /// The picture begins at this height.
    pub(super) fn of(view: &NetworkView, top: f64) -> Self {
        let rows = Rows::of(view);
        let (stacks, column) = frame::stacks(view, &rows);
        let trunks = Trunk::all(view, &rows);
        let ways = route::ways(view, &rows, &trunks, &column);
        let mut sides = vec![BTreeSet::new(); rows.all.len()];
        for (call, way) in ways.iter().enumerate() {
            for (row, channel) in [(rows.client[call], way.first), (rows.server[call], way.last)] {
                let zone = view.residents[rows.all[row].resident].zone;
                sides[row].insert(route::side(channel, column[zone]));
            }
        }
        let counts = across::counts(view, &rows, &sides, &column, stacks.len());
        let heads: Vec<Head> = (0..view.zones.len())
            .map(|zone| {
                let stack = column[zone];
                Head::of(
                    view,
                    zone,
                    stacks[stack].box_width + counts[stack].iter().sum::<f64>(),
                )
            })
            .collect();
        let (upright, lanes) = lanes::stand(view, &rows, &stacks, &heads, &ways, top);
        let tracks = Tracks::of(view, &rows, &ways, &upright, &lanes, &column);
        let across = Across::of(&stacks, &tracks, counts);
        let boxes = across::boxes(view, &rows, &upright, &across, &column);
        let zones = (0..view.zones.len())
            .map(|zone| Area {
                left: across.columns[column[zone]].0,
                top: upright.zones[zone].0,
                width: across.columns[column[zone]].1,
                height: upright.zones[zone].1,
            })
            .collect();
        let x = |channel: Channel, trunk: usize| across.x(channel, trunk, &tracks, &column);
        let edge = |row: usize, channel: Channel| {
            let resident = rows.all[row].resident;
            match route::side(channel, column[view.residents[resident].zone]) {
                Side::Left => boxes[resident].left,
                Side::Right => boxes[resident].right(),
            }
        };
        let wires = ways
            .iter()
            .enumerate()
            .map(|(call, way)| {
                let (client, server) = (rows.client[call], rows.server[call]);
                let from = (edge(client, way.first), upright.rows[client]);
                let to = (edge(server, way.last), upright.rows[server]);
                Wire {
                    trunk: way.trunk,
                    corners: corners(way, from, to, &lanes, x),
                }
            })
            .collect();
        Self {
            middles: upright.rows,
            bottom: upright.bottom,
            width: across.width,
            rows,
            trunks,
            heads,
            zones,
            boxes,
            sides,
            wires,
        }
    }
}

fn corners(
    way: &Way,
    from: (f64, f64),
    to: (f64, f64),
    lanes: &Lanes,
    x: impl Fn(Channel, usize) -> f64,
) -> Vec<(f64, f64)> {
    let mut at = (x(way.first, way.trunk), from.1);
    let mut corners = vec![from, at];
    for (column, behind) in way.crossed() {
        at.1 = lanes[&(way.trunk, column)];
        corners.push(at);
        at.0 = x(Channel::Between(behind), way.trunk);
        corners.push(at);
    }
    corners.push((at.0, to.1));
    corners.push(to);
    corners
}
