//! Connections, gathered by what is drawn as one.

use indexmap::IndexMap;
use topology::connection::{Connection, Port, Presents, Protocol};

use super::{place::Place, rule::Rule};

/// Equal connections between two residents.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// The row of the matrix, e.g. `C3`.
    pub(crate) rule: &'static str,
    pub(crate) client: usize,
    pub(crate) server: usize,
    pub(crate) port: Port,
    pub(crate) number: u16,
    pub(crate) protocol: Protocol,
    pub(crate) presents: Presents,
    pub(crate) purpose: &'static str,
    /// How many connections they are.
    pub(crate) count: usize,
    /// Whether none of them leaves its zone, also where the zone stands for many.
    pub(crate) within_zone: bool,
}

/// In the order of the matrix.
pub(super) fn gathered(rules: &[Rule<'_>], places: &[Place], drawn_as: &[usize]) -> Vec<Call> {
    let mut calls = Calls {
        places,
        drawn_as,
        known: IndexMap::new(),
    };
    for rule in rules {
        match rule {
            Rule::Direct(singles) => {
                for single in singles {
                    calls.add(single.client, single.server, single.row, 1);
                }
            }
            Rule::Mesh(mesh) => {
                for equals in mesh.equals(drawn_as) {
                    for server in mesh.called(equals.client, equals.number) {
                        calls.add(equals.client, server.actor, server.row, equals.count);
                    }
                }
            }
        }
    }
    calls.known.into_values().collect()
}

/// What makes connections equal: the rule, both ends as they are drawn, the port, whether they stay in the zone.
type Key = (&'static str, usize, usize, Port, u16, bool);

struct Calls<'a> {
    places: &'a [Place],
    drawn_as: &'a [usize],
    known: IndexMap<Key, Call>,
}

impl Calls<'_> {
    fn add(&mut self, client: usize, server: usize, row: &Connection, count: usize) {
        let within_zone = self.places[client].zone == self.places[server].zone;
        let (client, server) = (self.drawn_as[client], self.drawn_as[server]);
        let key = (row.id, client, server, row.port, row.number, within_zone);
        let call = self.known.entry(key).or_insert_with(|| Call {
            rule: row.id,
            client,
            server,
            port: row.port,
            number: row.number,
            protocol: row.protocol,
            presents: row.presents,
            purpose: row.purpose,
            count: 0,
            within_zone,
        });
        call.count += count;
    }
}
