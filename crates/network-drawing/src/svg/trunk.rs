//! Trunks: lines that share their way. Whoever joins a trunk reaches everybody whom it leads to, so that a reader
//! who follows one line from its beginning never ends at the wrong place.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use topology::connection::Protocol;

use super::row::Rows;
use crate::view::NetworkView;

/// Calls from each of some rows to each of some others.
pub(super) struct Trunk {
    pub(super) protocol: Protocol,
    pub(super) exposed: bool,
    pub(super) servers: BTreeSet<usize>,
    pub(super) calls: Vec<usize>,
}

impl Trunk {
    /// The trunks of all calls: one for each row that listens, and one for several that the same rows call.
    pub(super) fn all(view: &NetworkView, rows: &Rows) -> Vec<Self> {
        let mut trunks: IndexMap<_, Self> = IndexMap::new();
        for (at, row) in rows.all.iter().enumerate() {
            if !row.listens {
                continue;
            }
            let clients: BTreeSet<usize> = row.calls.iter().map(|&call| rows.client[call]).collect();
            let inside = row.calls.iter().any(|&call| view.calls[call].within_zone);
            // A way inside of a zone leads to one place.
            let key = (clients, row.exposed, inside.then_some(at));
            let trunk = trunks.entry(key).or_insert_with(|| Self {
                protocol: row.protocol,
                exposed: row.exposed,
                servers: BTreeSet::new(),
                calls: Vec::new(),
            });
            trunk.servers.insert(at);
            trunk.calls.extend(&row.calls);
        }
        trunks.into_values().collect()
    }
}
