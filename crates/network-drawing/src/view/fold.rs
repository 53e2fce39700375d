//! Which members of a network are equal: those that nobody could tell apart by their connections if they had no
//! names. Found by refining colours: parties begin alike, and differ once they are connected differently or to
//! parties that differ.

use std::collections::{BTreeMap, BTreeSet};

use topology::connection::Connection;

use super::place::Place;

/// As whom each party is drawn; an equal one that comes earlier, or itself.
pub(super) struct Fold {
    pub(super) drawn_as: Vec<usize>,
}

/// One end of a connection as seen from the other: whether that end calls, the rule, the port, the end's colour.
type Touch = (bool, &'static str, u16, usize);

impl Fold {
    /// Everybody as themselves.
    pub(super) fn none(parties: usize) -> Self {
        Self {
            drawn_as: (0..parties).collect(),
        }
    }

    /// Equal units as the first of them.
    pub(super) fn of(places: &[Place], ends: &[(usize, usize, &Connection)]) -> Self {
        let mut units: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (party, place) in places.iter().enumerate() {
            if let Some(unit) = &place.unit {
                units.entry(unit).or_default().push(party);
            }
        }
        let mut units: Vec<Vec<usize>> = units.into_values().collect();
        // By appearance, so that the first in the file stands for the others.
        units.sort();
        // Whoever turns out to be like nobody else is somebody: its neighbours may differ by that.
        let mut single: BTreeSet<usize> = (0..places.len())
            .filter(|&party| places[party].unit.is_none())
            .collect();
        loop {
            let colours = colours(places, ends, &units, &single);
            let classes = classes(&units, &colours);
            let alone: Vec<usize> = classes
                .values()
                .filter(|equals| equals.len() == 1)
                .flat_map(|equals| equals[0].iter().copied())
                .filter(|party| !single.contains(party))
                .collect();
            if alone.is_empty() {
                return Self::by(&classes, &colours, places.len());
            }
            single.extend(alone);
        }
    }

    fn by(classes: &BTreeMap<Vec<usize>, Vec<&Vec<usize>>>, colours: &[usize], parties: usize) -> Self {
        let mut fold = Self::none(parties);
        for equals in classes.values() {
            let first = sorted(equals[0], colours);
            for unit in equals {
                for (party, like) in sorted(unit, colours).into_iter().zip(&first) {
                    fold.drawn_as[party] = *like;
                }
            }
        }
        fold
    }
}

/// The parties of a unit, those of equal colour in their own order.
fn sorted(unit: &[usize], colours: &[usize]) -> Vec<usize> {
    let mut parties = unit.to_vec();
    parties.sort_by_key(|&party| colours[party]);
    parties
}

/// Units with the same colours.
fn classes<'a>(units: &'a [Vec<usize>], colours: &[usize]) -> BTreeMap<Vec<usize>, Vec<&'a Vec<usize>>> {
    let mut classes: BTreeMap<Vec<usize>, Vec<&Vec<usize>>> = BTreeMap::new();
    for unit in units {
        let mut key: Vec<usize> = unit.iter().map(|&party| colours[party]).collect();
        key.sort_unstable();
        classes.entry(key).or_default().push(unit);
    }
    classes
}

fn colours(
    places: &[Place],
    ends: &[(usize, usize, &Connection)],
    units: &[Vec<usize>],
    single: &BTreeSet<usize>,
) -> Vec<usize> {
    let first = places.iter().enumerate().map(|(party, place)| {
        let own = single.contains(&party).then_some(party);
        (own, place.kind)
    });
    let (mut colours, mut count) = numbered(&first.collect::<Vec<_>>());
    loop {
        let mut touches: Vec<Vec<Touch>> = vec![Vec::new(); places.len()];
        for &(client, server, connection) in ends {
            touches[client].push((true, connection.id, connection.number, colours[server]));
            touches[server].push((false, connection.id, connection.number, colours[client]));
        }
        let mut company: Vec<Vec<usize>> = vec![Vec::new(); places.len()];
        for unit in units {
            let mut together: Vec<usize> = unit.iter().map(|&party| colours[party]).collect();
            together.sort_unstable();
            for &party in unit {
                company[party].clone_from(&together);
            }
        }
        let next = touches
            .into_iter()
            .zip(company)
            .enumerate()
            .map(|(party, (mut touches, company))| {
                touches.sort_unstable();
                (colours[party], company, touches)
            });
        let (next, next_count) = numbered(&next.collect::<Vec<_>>());
        if next_count == count {
            return colours;
        }
        (colours, count) = (next, next_count);
    }
}

/// Equal things get equal numbers.
fn numbered<T: Ord>(things: &[T]) -> (Vec<usize>, usize) {
    let known: BTreeSet<&T> = things.iter().collect();
    let number: BTreeMap<&T, usize> = known
        .into_iter()
        .enumerate()
        .map(|(number, thing)| (thing, number))
        .collect();
    (things.iter().map(|thing| number[thing]).collect(), number.len())
}
