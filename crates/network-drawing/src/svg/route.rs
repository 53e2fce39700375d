//! Through which channels each call goes. Between the columns of zones lie channels for upright lines; from one
//! channel to the next a line crosses a column in the gap between two of its zones. What stays in a zone has a
//! channel inside of it.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::row::Rows;
use super::trunk::Trunk;
use crate::view::NetworkView;

/// A side of a box, zone or channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Left,
    Right,
}

/// Where upright lines go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Channel {
    /// Left of the column with this number.
    Between(usize),
    /// In a zone, at this side of its boxes.
    Inside(usize, Side),
}

/// A call's way: the channel that it enters first, the channel that it leaves last.
#[derive(Clone, Copy)]
pub(super) struct Way {
    pub(super) trunk: usize,
    pub(super) first: Channel,
    pub(super) last: Channel,
}

impl Way {
    /// The columns that are crossed, in order, each with the channel behind it.
    pub(super) fn crossed(self) -> Vec<(usize, usize)> {
        match (self.first, self.last) {
            (Channel::Between(first), Channel::Between(last)) if first <= last => {
                (first..last).map(|column| (column, column + 1)).collect()
            }
            (Channel::Between(first), Channel::Between(last)) => {
                (last..first).rev().map(|column| (column, column)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The way of each call.
pub(super) fn ways(view: &NetworkView, rows: &Rows, trunks: &[Trunk], column: &[usize]) -> Vec<Way> {
    let mut ways: Vec<Option<Way>> = vec![None; view.calls.len()];
    let column_of = |row: usize| column[view.residents[rows.all[row].resident].zone];
    let mut load: BTreeMap<Channel, usize> = BTreeMap::new();
    let mut alike: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    // First those that have no choice.
    for pass in [true, false] {
        for (trunk, line) in trunks.iter().enumerate() {
            let outer: Vec<usize> = line
                .calls
                .iter()
                .copied()
                .filter(|&call| !view.calls[call].within_zone)
                .collect();
            let columns = || {
                outer
                    .iter()
                    .flat_map(|&call| [column_of(rows.client[call]), column_of(rows.server[call])])
            };
            let (Some(from), Some(to)) = (columns().min(), columns().max()) else {
                continue;
            };
            if (from < to) != pass {
                continue;
            }
            let beside = *alike.entry((from, view.calls[outer[0]].rule)).or_insert_with(|| {
                let load = |channel| load.get(&Channel::Between(channel)).copied().unwrap_or_default();
                if load(from) < load(from + 1) {
                    from
                } else {
                    from + 1
                }
            });
            for &call in &outer {
                let (client, server) = (column_of(rows.client[call]), column_of(rows.server[call]));
                let last = if from == to {
                    beside
                } else if server == from {
                    server + 1
                } else if server == to {
                    server
                } else {
                    // Among its callers, a server is reached from where most of them are.
                    let callers = outer.iter().map(|&call| column_of(rows.client[call]));
                    let (left, right) = callers.fold((0, 0), |(left, right), caller| {
                        (
                            left + usize::from(caller < server),
                            right + usize::from(caller > server),
                        )
                    });
                    if left >= right { server } else { server + 1 }
                };
                let first = match client.cmp(&server) {
                    Ordering::Less => client + 1,
                    Ordering::Equal => last,
                    Ordering::Greater => client,
                };
                for channel in [first, last] {
                    *load.entry(Channel::Between(channel)).or_default() += 1;
                }
                ways[call] = Some(Way {
                    trunk,
                    first: Channel::Between(first),
                    last: Channel::Between(last),
                });
            }
        }
    }
    for (trunk, line) in trunks.iter().enumerate() {
        let reached = line
            .calls
            .iter()
            .find_map(|&call| Some((ways[call]?.last, rows.server[call])));
        for &call in &line.calls {
            let server = rows.server[call];
            let zone = view.residents[rows.all[server].resident].zone;
            // The lines inside meet those from outside at the server.
            let side = match reached {
                Some((Channel::Between(channel), _)) if channel == column[zone] => Side::Left,
                _ => Side::Right,
            };
            ways[call].get_or_insert(Way {
                trunk,
                first: Channel::Inside(zone, side),
                last: Channel::Inside(zone, side),
            });
        }
    }
    ways.into_iter().flatten().collect()
}

/// The side at which a channel touches a zone's boxes.
pub(super) fn side(channel: Channel, column: usize) -> Side {
    match channel {
        Channel::Between(channel) if channel == column => Side::Left,
        Channel::Between(_) => Side::Right,
        Channel::Inside(_, side) => side,
    }
}
