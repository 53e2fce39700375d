//! What is drawn as one, and what is not.

use crate::sample::{SMALL, Sample, consortium, view};
use crate::view::{Folding, NetworkView};

/// Headings of the zones in order, and how many connections their lines stand for.
fn drawn(view: &NetworkView) -> (Vec<String>, usize) {
    let headings = (0..view.zones.len()).map(|zone| view.heading(zone)).collect();
    (headings, view.calls.iter().map(|call| call.count).sum())
}

/// The zones of members only.
fn members(sample: Sample, folding: Folding) -> Vec<String> {
    let (headings, _) = drawn(&sample.view(folding));
    let shared = [
        "-network",
        "-gateway",
        "-signing",
        "-monitoring",
        "Outside world",
        "Cluster",
        "Databases",
    ];
    headings
        .into_iter()
        .filter(|heading| !shared.iter().any(|end| heading.ends_with(end)))
        .collect()
}

#[test]
fn equal_members_are_one() {
    let hundred = Sample {
        participants: 100,
        with_clients: 2,
        notaries: 2,
        ..SMALL
    };
    for (sample, expected) in [
        (hundred, vec!["2 × notary", "2 × participant", "98 × participant"]),
        (
            Sample {
                with_clients: 1,
                ..hundred
            },
            vec!["2 × notary", "small-participant-bank-001", "99 × participant"],
        ),
        (
            Sample {
                participants: 7,
                with_clients: 0,
                notaries: 1,
                ..hundred
            },
            vec!["small-notary-notary-1", "7 × participant"],
        ),
        (
            Sample {
                participants: 5,
                with_clients: 0,
                with_firewalls: 3,
                notaries: 3,
                workers: 2,
                ..hundred
            },
            vec!["3 × notary", "2 × participant", "3 × participant", "3 × float"],
        ),
        (
            SMALL,
            vec![
                "small-notary-notary-1",
                "small-participant-bank-001",
                "small-participant-bank-002",
                "small-participant-bank-003",
            ],
        ),
    ] {
        assert_eq!(members(sample, Folding::WhenLarge), expected);
    }
    assert_eq!(members(hundred, Folding::Never).len(), 102);
}

#[test]
fn no_connection_is_lost_and_none_is_counted_twice() {
    for participants in [0, 1, 3, 8, 40] {
        let sample = Sample {
            participants,
            with_clients: participants.min(3),
            ..SMALL
        };
        let single = sample.view(Folding::Never);
        assert!(single.calls.iter().all(|call| call.count == 1));
        for folding in [Folding::WhenLarge, Folding::Never] {
            let view = sample.view(folding);
            assert_eq!(view.connections, single.calls.len(), "{participants}");
            assert_eq!(drawn(&view).1, view.connections, "{participants}");
        }
    }
}

#[test]
fn the_signing_service_is_isolated_and_nobody_else_is() {
    let view = SMALL.view(Folding::WhenLarge);
    let isolated: Vec<usize> = (0..view.zones.len())
        .filter(|&zone| view.is_isolated(zone))
        .collect();
    assert_eq!(
        isolated
            .iter()
            .map(|&zone| view.heading(zone))
            .collect::<Vec<_>>(),
        ["small-signing"]
    );
    let callers: Vec<&str> = view.callers(isolated[0]).into_iter().collect();
    assert_eq!(callers, ["Gateway Service", "Prometheus"]);
}

#[test]
fn what_comes_from_outside() {
    let view = SMALL.view(Folding::WhenLarge);
    let mut public: Vec<&str> = view
        .calls
        .iter()
        .filter(|call| view.is_from_outside(call))
        .map(|call| view.residents[call.server].title.as_str())
        .collect();
    public.sort_unstable();
    assert_eq!(public, ["Gateway Service", "Identity Manager", "Network Map"]);
    let closed = Sample {
        watched: false,
        ..SMALL
    }
    .view(Folding::WhenLarge);
    assert!(closed.calls.iter().all(|call| !closed.is_from_outside(call)));
}

/// The matrix names groups, as policies do; a picture shows who is in them.
#[test]
fn groups_are_their_members() {
    let view = view(&consortium(), Folding::WhenLarge);
    let calls = |rule: &str| {
        let mut calls: Vec<(&str, &str)> = view
            .calls
            .iter()
            .filter(|call| call.rule == rule)
            .map(|call| {
                (
                    view.residents[call.client].title.as_str(),
                    view.residents[call.server].title.as_str(),
                )
            })
            .collect();
        calls.sort_unstable();
        calls
    };
    // A firewall's bridge calls in its node's place, its float is called.
    let mut expected = Vec::new();
    for client in ["bank-b", "bank-c", "bridge", "worker-1", "worker-2", "worker-3"] {
        for server in ["bank-b", "bank-c", "float", "worker-1", "worker-2", "worker-3"] {
            if client != server {
                expected.push((client, server));
            }
        }
    }
    assert_eq!(calls("N1"), expected);
    assert_eq!(calls("F2"), [("bridge", "float")]);
    assert_eq!(calls("N5"), [("Pods beside it", "bank-b")]);
    assert_eq!(calls("C21"), [("Signing Service", "10.9.9.9")]);
    assert_eq!(calls("M1").len(), 13);
    assert!(calls("P3").contains(&("bank-c", "Network Map of second")));
}

#[test]
fn a_float_stands_beside_its_participant() {
    let view = view(&consortium(), Folding::WhenLarge);
    let zone = |heading: &str| (0..view.zones.len()).find(|&zone| view.heading(zone) == heading);
    let float = zone("trade-dmz-bank-a").expect("it has a float");
    assert_eq!(view.zones[float].beside, zone("trade-participant-bank-a"));
}
