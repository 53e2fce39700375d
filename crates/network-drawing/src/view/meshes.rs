//! Everybody with everybody, in small: the same as pair by pair.

use std::array;

use topology::connection::{Allows, Connection, Need, Party, Port, Presents, Protocol};

use super::{
    call, fold,
    mesh::Mesh,
    pairs::{self, Pair},
    place::{Column, Ground, Place},
    rule::Rule,
};

const ROW: Connection = Connection {
    id: "N1",
    client: Party::Peers,
    server: Party::Peers,
    port: Port::P2p,
    number: 10002,
    protocol: Protocol::AmqpTls,
    presents: Presents::NodeTlsKey,
    need: Need::ToWork,
    purpose: "flows between nodes",
    allows: Allows::Both,
};

const ACTORS: usize = 4;

fn member(name: usize, zone: &str) -> Place {
    Place {
        zone: zone.to_owned(),
        ground: Ground::Namespace,
        column: Column::Members,
        beside: None,
        name: name.to_string(),
        title: String::new(),
        kind: "member",
        unit: Some(zone.to_owned()),
    }
}

fn check(zones: [&str; ACTORS], is_client: [bool; ACTORS], is_server: [bool; ACTORS]) {
    let what = format!("in {zones:?}, calling {is_client:?}, called {is_server:?}");
    let row = ROW;
    let mut mesh = Mesh::default();
    let mut pairs: Vec<Pair<'_>> = Vec::new();
    for actor in 0..ACTORS {
        if is_client[actor] {
            mesh.add_client(actor, &row);
            let called = (0..ACTORS).filter(|&other| is_server[other] && other != actor);
            pairs.extend(called.map(|other| (actor, other, &row)));
        }
        if is_server[actor] {
            mesh.add_server(actor, &row);
        }
    }
    let places: Vec<Place> = zones
        .iter()
        .enumerate()
        .map(|(name, zone)| member(name, zone))
        .collect();
    let rules = [Rule::Mesh(mesh)];
    let drawn_as = fold::folded(&places, &rules);
    let calls = call::gathered(&rules, &places, &drawn_as);
    assert_eq!(calls, pairs::counted(&pairs, &places, &drawn_as), "{what}");
    // Whoever calls finds somebody else, and so does whoever listens, as in every matrix.
    let are_some = |ends: [bool; ACTORS]| ends.into_iter().filter(|it| *it).count() >= 2;
    if are_some(is_client) && are_some(is_server) {
        assert_eq!(drawn_as, pairs::folded(&places, &pairs), "{what}");
    }
}

/// All of them, also those that no matrix has: members of one kind of which some only call and some only listen.
#[test]
fn calls_are_those_of_every_pair() {
    for zones in [
        ["a", "b", "c", "d"],
        ["a", "a", "b", "b"],
        ["a", "b", "a", "b"],
        ["a", "a", "b", "c"],
    ] {
        for set in 0..1 << (2 * ACTORS) {
            let is_in = |bit: usize| set >> bit & 1 == 1;
            let is_server = array::from_fn(|actor| is_in(ACTORS + actor));
            check(zones, array::from_fn(is_in), is_server);
        }
    }
}
