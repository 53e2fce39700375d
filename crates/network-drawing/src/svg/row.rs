//! The rows of a box: the ports that it listens on, then the calls that it opens. Lines begin and end at rows.

use indexmap::IndexMap;
use topology::connection::Protocol;

use crate::view::NetworkView;
use crate::words::grouped;

/// One port or one kind of call.
pub(super) struct Row {
    pub(super) resident: usize,
    pub(super) listens: bool,
    /// Whether the calls come from outside of the network's namespaces.
    pub(super) exposed: bool,
    pub(super) protocol: Protocol,
    pub(super) label: String,
    /// How many connections begin or end here.
    pub(super) connections: usize,
    pub(super) calls: Vec<usize>,
}

impl Row {
    /// What stands on its lines where one of them stands for several connections.
    pub(super) fn count_label(&self) -> Option<String> {
        (self.connections > self.calls.len()).then(|| format!("×{}", grouped(self.connections)))
    }
}

/// All rows, those of each resident, and the two of each call.
pub(super) struct Rows {
    pub(super) all: Vec<Row>,
    pub(super) of_resident: Vec<Vec<usize>>,
    /// For each call of the view, the row that opens it.
    pub(super) client: Vec<usize>,
    /// For each call of the view, the row that takes it.
    pub(super) server: Vec<usize>,
}

#[derive(PartialEq, Eq, Hash)]
enum Key {
    /// By number, those from outside first.
    Listens(usize, bool, u16, &'static str),
    Calls(usize, &'static str, u16),
}

impl Rows {
    pub(super) fn of(view: &NetworkView) -> Self {
        let mut found: IndexMap<Key, Vec<usize>> = IndexMap::new();
        let mut keys = Vec::with_capacity(view.calls.len());
        for (at, call) in view.calls.iter().enumerate() {
            let outside = view.is_from_outside(call);
            let listens = Key::Listens(call.server, !outside, call.number, call.port.name());
            let calls = Key::Calls(call.client, call.rule, call.number);
            let server = insert(&mut found, listens, at);
            let client = insert(&mut found, calls, at);
            keys.push((client, server));
        }
        let mut order: Vec<usize> = (0..found.len()).collect();
        order.sort_by_key(|&row| match found.get_index(row) {
            Some((&Key::Listens(_, inside, number, _), _)) => (0, usize::from(inside), number),
            Some((Key::Calls(..), _)) | None => (1, row, 0),
        });
        let mut position = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            position[old] = new;
        }
        let rows: Vec<Row> = order
            .iter()
            .filter_map(|&row| found.get_index(row))
            .map(|(key, calls)| row(view, key, calls))
            .collect();
        let mut of_resident = vec![Vec::new(); view.residents.len()];
        for (at, row) in rows.iter().enumerate() {
            of_resident[row.resident].push(at);
        }
        Self {
            all: rows,
            of_resident,
            client: keys.iter().map(|&(client, _)| position[client]).collect(),
            server: keys.iter().map(|&(_, server)| position[server]).collect(),
        }
    }
}

fn insert(found: &mut IndexMap<Key, Vec<usize>>, key: Key, call: usize) -> usize {
    let entry = found.entry(key);
    let at = entry.index();
    entry.or_default().push(call);
    at
}

fn row(view: &NetworkView, key: &Key, calls: &[usize]) -> Row {
    let first = &view.calls[calls[0]];
    let connections = calls.iter().map(|&call| view.calls[call].count).sum();
    let (resident, listens, label) = match *key {
        Key::Listens(server, ..) => (server, true, first.port_label()),
        Key::Calls(client, _, number) => {
            let each = connections / view.residents[client].count().max(1);
            let label = if each == 1 && calls.len() == 1 {
                let port = if number == 0 {
                    "any port".to_owned()
                } else {
                    number.to_string()
                };
                format!("{} {port}", view.residents[first.server].drawn_title())
            } else {
                format!("{} × {} {number}", grouped(each), first.port.name())
            };
            (client, false, label)
        }
    };
    Row {
        resident,
        listens,
        exposed: view.is_from_outside(first),
        protocol: first.protocol,
        label,
        connections,
        calls: calls.to_vec(),
    }
}
