//! Whatever a topology may say makes a difference: each key that the language declares is written and left out, and what
//! comes of it is compared. The snapshot is the table of all keys: for each the kinds of the objects that differ, or else
//! what refuses. A key that changes nothing would be a promise that nobody keeps; the few that are meant to change nothing
//! stand in `exceptions.rs`, each with its reason.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod exceptions;
mod outcome;
mod places;
mod samples;
mod siblings;
mod surroundings;
mod things;
mod tree;

use std::fmt::Write as _;

use outcome::{Outcome, Outcomes};
use places::{Place, places};
use serde_json::Value;
use topology::language::Kind;
use tree::put;

const OF_ITS_KEYS: &str = "what its keys drive";

#[test]
fn every_key_makes_a_difference() {
    let mut outcomes = Outcomes::default();
    let (mut table, mut wrong) = (String::new(), String::new());
    for place in places() {
        let line = match effect(&place, &mut outcomes) {
            Ok(effect) => format!("{}: {effect}\n", place.name()),
            Err(problem) => {
                let _infallible = writeln!(wrong, "{} ({}): {problem}", place.name(), place.mapping.name);
                continue;
            }
        };
        table.push_str(&line);
    }
    assert!(wrong.is_empty(), "keys without effect:\n{wrong}");
    insta::assert_snapshot!("what_every_key_drives", table);
}

/// What a key drives, or why that is not known.
fn effect(place: &Place, outcomes: &mut Outcomes) -> Result<String, String> {
    let name = place.name();
    if let Some(reason) = exceptions::without_effect(&name) {
        return Ok(format!("nothing that is rendered, {reason}"));
    }
    let sample = samples::of_key(place.mapping.name, place.key.name);
    if sample.is_none() && place.key.required && matches!(place.key.kind, Kind::Mapping(_)) {
        return Ok(OF_ITS_KEYS.to_owned());
    }
    let base = surroundings::base(place);
    let before = outcomes.of(&base);
    let at = place.path.then(place.key.name);
    let mut told = Vec::new();
    for value in candidates(place) {
        let mut with = base.clone();
        alone(&mut with, place);
        put(&mut with, &at, Value::Null);
        put(&mut with, &at, value.clone());
        let after = outcomes.of(&with);
        match (&*before, &*after) {
            (Outcome::Made(before), Outcome::Made(after)) if before != after => {
                return match exceptions::refused(&name) {
                    None => Ok(outcome::difference(before, after)),
                    Some(code) => Err(format!("{value} is not refused with {code}")),
                };
            }
            (Outcome::Made(_), Outcome::Made(_)) => told.push(format!("{value} changes nothing")),
            (Outcome::Refused(problems), Outcome::Made(_)) => {
                return Ok(format!("what {} asks for", outcome::codes(problems)));
            }
            (_, Outcome::Refused(problems)) => match exceptions::refused(&name) {
                Some(code) if problems.iter().any(|problem| problem.starts_with(code)) => {
                    return Ok(format!("refusal, {code}"));
                }
                _ => told.push(format!("{value} is refused: {problems:?}\n  {with}")),
            },
        }
    }
    if matches!(&*before, Outcome::Made(_)) && is_made_of_keys(&place.key.kind) {
        return Ok(OF_ITS_KEYS.to_owned());
    }
    if let Outcome::Refused(problems) = &*before {
        told.push(format!("without it: {problems:?}"));
    }
    Err(told.join("; "))
}

/// What to write at a key, one after the other until something changes.
fn candidates(place: &Place) -> Vec<Value> {
    samples::of_key(place.mapping.name, place.key.name)
        .map_or_else(|| samples::of_kind(&place.key.kind), |value| vec![value])
}

/// Leaves out whatever else of a mapping that may have one of its keys only.
fn alone(tree: &mut Value, place: &Place) {
    if place.mapping.one_of {
        let others = place.mapping.keys.iter().filter(|key| key.name != place.key.name);
        for other in others {
            put(tree, &place.path.then(other.name), Value::Null);
        }
    }
}

/// A mapping that may be empty says nothing by itself.
fn is_made_of_keys(kind: &Kind) -> bool {
    match kind {
        Kind::Mapping(shape) => !shape().keys.iter().any(|key| key.required),
        Kind::List(kind) | Kind::Named(kind) => is_made_of_keys(kind),
        _ => false,
    }
}

#[test]
fn every_exception_is_of_a_key() {
    let names: Vec<String> = places().iter().map(Place::name).collect();
    for name in exceptions::names() {
        assert!(names.iter().any(|known| known == name), "{name} is no key");
    }
}
