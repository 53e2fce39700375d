//! Connections, gathered by what is drawn as one.

use indexmap::IndexMap;
use topology::connection::{Connection, Port, Presents, Protocol};

use super::place::Place;

/// Equal connections between two residents.
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
pub(super) fn gathered(
    ends: &[(usize, usize, &Connection)],
    places: &[Place],
    drawn_as: &[usize],
) -> Vec<Call> {
    let mut calls: IndexMap<_, Call> = IndexMap::new();
    for &(client, server, connection) in ends {
        let within_zone = places[client].zone == places[server].zone;
        let key = (
            connection.id,
            drawn_as[client],
            drawn_as[server],
            connection.port,
            connection.number,
            within_zone,
        );
        calls
            .entry(key)
            .and_modify(|call| call.count += 1)
            .or_insert_with(|| Call {
                rule: connection.id,
                client: drawn_as[client],
                server: drawn_as[server],
                port: connection.port,
                number: connection.number,
                protocol: connection.protocol,
                presents: connection.presents,
                purpose: connection.purpose,
                count: 1,
                within_zone,
            });
    }
    calls.into_values().collect()
}
