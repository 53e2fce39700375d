//! Whole networks: the same as pair by pair, for less work.

use topology::{Topology, connection::ConnectionMatrix};

use super::{
    actor::Actors,
    call, fold, pairs,
    rule::{self, Rule},
    settle,
};
use crate::{
    sample::{SMALL, Sample, consortium, view},
    view::Folding,
};

fn check(topology: &Topology, what: &str) {
    let matrix = ConnectionMatrix::of(topology);
    let mut actors = Actors::of(topology);
    let rules = rule::rules(&matrix, &mut actors);
    let places = actors.places(topology);
    let pairs = pairs::of_matrix(&matrix, &actors);
    let folded = fold::folded(&places, &rules);
    assert_eq!(folded, pairs::folded(&places, &pairs), "{what}");
    for fold in [folded, (0..places.len()).collect()] {
        let (_, _, drawn_as) = settle(&places, &fold);
        let calls = call::gathered(&rules, &places, &drawn_as);
        assert_eq!(calls, pairs::counted(&pairs, &places, &drawn_as), "{what}");
    }
    for folding in [Folding::WhenLarge, Folding::Never] {
        assert_eq!(view(topology, folding).connections, pairs.len(), "{what}");
    }
}

/// Each shape in several sizes: members that are alone, two of a kind, and more.
#[test]
fn calls_are_those_of_every_pair() {
    let clients = Sample {
        with_clients: 3,
        ..SMALL
    };
    let ports = Sample {
        with_other_port: 2,
        ..SMALL
    };
    let notaries = Sample {
        notaries: 3,
        watched: false,
        ..SMALL
    };
    let firewalls = Sample {
        with_firewalls: 3,
        ..SMALL
    };
    for (what, shape) in [
        ("nodes", SMALL),
        ("clients", clients),
        ("ports", ports),
        ("notaries", notaries),
        (
            "notaries of workers, each in one namespace",
            Sample {
                workers: 3,
                ..notaries
            },
        ),
        (
            "firewalls, whose bridges call and whose floats are called",
            firewalls,
        ),
        (
            "everything",
            Sample {
                notaries: 2,
                workers: 2,
                with_clients: 2,
                with_other_port: 3,
                ..firewalls
            },
        ),
    ] {
        for participants in [0, 1, 2, 3, 5, 12] {
            let sample = Sample {
                participants,
                with_clients: shape.with_clients.min(participants),
                with_firewalls: shape.with_firewalls.min(participants),
                ..shape
            };
            check(&sample.topology(), &format!("{what}: {participants}"));
        }
    }
    check(&consortium(), "consortium");
}

/// Edges of the folding, and servers that are looked at while calls are gathered.
#[test]
fn work_grows_with_the_nodes_and_not_with_their_pairs() {
    let work = |participants: usize| {
        let sample = Sample {
            participants,
            with_clients: 2,
            with_firewalls: participants / 2,
            notaries: 2,
            workers: 3,
            ..SMALL
        };
        let topology = sample.topology();
        let matrix = ConnectionMatrix::of(&topology);
        let mut actors = Actors::of(&topology);
        let rules = rule::rules(&matrix, &mut actors);
        let places = actors.places(&topology);
        let (_, _, drawn_as) = settle(&places, &fold::folded(&places, &rules));
        let called = rules.iter().map(|rule| match rule {
            Rule::Direct(singles) => singles.len(),
            Rule::Mesh(mesh) => {
                let equals = mesh.equals(&drawn_as);
                let called = |client: usize, number: u16| mesh.called(client, number).count();
                equals.iter().map(|it| called(it.client, it.number)).sum()
            }
        });
        (fold::edges(&rules, places.len()).len(), called.sum::<usize>())
    };
    let (few, more, most) = (work(20), work(40), work(60));
    assert_eq!(most.0 - more.0, more.0 - few.0);
    assert_eq!(most.1 - more.1, more.1 - few.1);
}
