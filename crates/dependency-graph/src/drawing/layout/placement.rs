//! Horizontal centres: each slot as near to its neighbours as its own neighbours in the layer allow.

use super::{Measures, Sliced, Slot, real};

const SWEEPS: usize = 400;
const STRAIGHTENINGS: usize = 4;
/// Passing lines pull each other straight harder than boxes pull them.
const STRAIGHT: f64 = 8.0;

/// The centres of all slots, and the width of the whole.
pub(super) fn place(sliced: &Sliced, measures: Measures) -> (Vec<f64>, f64) {
    let mut centres = vec![0.0; sliced.slots.len()];
    for layer in &sliced.layers {
        let mut at = 0.0;
        for (position, &slot) in layer.iter().enumerate() {
            if position > 0 {
                at += distance(sliced, layer[position - 1], slot, measures);
            }
            centres[slot] = at;
        }
        // Layers begin centred on each other.
        for &slot in layer {
            centres[slot] -= at / 2.0;
        }
    }
    for sweep in 0..SWEEPS {
        for step in 0..sliced.layers.len() {
            let layer = if sweep % 2 == 0 {
                step
            } else {
                sliced.layers.len() - 1 - step
            };
            settle(sliced, layer, measures, &mut centres);
        }
    }
    for _ in 0..STRAIGHTENINGS {
        for (_, _, passing) in &sliced.routes {
            straighten(sliced, passing, measures, &mut centres);
        }
    }
    let edge = |slot: usize| {
        if sliced.slots[slot] == Slot::Passing {
            0.0
        } else {
            measures.box_width / 2.0
        }
    };
    let left = (0..centres.len())
        .map(|slot| centres[slot] - edge(slot))
        .fold(f64::INFINITY, f64::min);
    let right = (0..centres.len())
        .map(|slot| centres[slot] + edge(slot))
        .fold(f64::NEG_INFINITY, f64::max);
    for centre in &mut centres {
        *centre -= left;
    }
    (centres, if right > left { right - left } else { 0.0 })
}

fn distance(sliced: &Sliced, left: usize, right: usize, measures: Measures) -> f64 {
    let half = |slot: usize| match sliced.slots[slot] {
        Slot::Box(_) => f64::midpoint(measures.box_width, measures.gap),
        Slot::Passing => measures.lane / 2.0,
    };
    half(left) + half(right)
}

/// A run of slots that touch: it moves as one.
struct Block {
    /// Weighted mean of where its first slot would like to be.
    wish: f64,
    weight: f64,
    slots: usize,
}

/// Least squares with minimum distances: wishes are pooled where they would overlap.
fn settle(sliced: &Sliced, layer: usize, measures: Measures, centres: &mut [f64]) {
    let slots = &sliced.layers[layer];
    let mut offsets = vec![0.0; slots.len()];
    for position in 1..slots.len() {
        offsets[position] =
            offsets[position - 1] + distance(sliced, slots[position - 1], slots[position], measures);
    }
    let mut blocks: Vec<Block> = Vec::new();
    for (position, &slot) in slots.iter().enumerate() {
        let (wish, weight) = wish(sliced, slot, centres);
        let mut block = Block {
            wish: wish - offsets[position],
            weight,
            slots: 1,
        };
        while let Some(previous) = blocks.pop_if(|previous| previous.wish > block.wish) {
            let weight = previous.weight + block.weight;
            block = Block {
                wish: (previous.wish * previous.weight + block.wish * block.weight) / weight,
                weight,
                slots: previous.slots + block.slots,
            };
        }
        blocks.push(block);
    }
    let mut position = 0;
    for block in blocks {
        for _ in 0..block.slots {
            centres[slots[position]] = block.wish + offsets[position];
            position += 1;
        }
    }
}

/// Makes a long line upright in as few pieces as the room beside it allows.
fn straighten(sliced: &Sliced, passing: &[usize], measures: Measures, centres: &mut [f64]) {
    let mut rest = passing;
    while !rest.is_empty() {
        let (mut from, mut to) = (f64::NEG_INFINITY, f64::INFINITY);
        let mut run = 0;
        for &slot in rest {
            let (left, right) = room(sliced, slot, measures, centres);
            if left.max(from) > right.min(to) {
                break;
            }
            (from, to) = (left.max(from), right.min(to));
            run += 1;
        }
        // A slot always has room where it stands; rounding must not make an endless loop of it.
        let (upright, below) = rest.split_at(run.max(1));
        if run > 0 {
            let sum: f64 = upright.iter().map(|&slot| centres[slot]).sum();
            let centre = (sum / real(run)).max(from).min(to);
            for &slot in upright {
                centres[slot] = centre;
            }
        }
        rest = below;
    }
}

/// How far a slot may move without touching its neighbours.
fn room(sliced: &Sliced, slot: usize, measures: Measures, centres: &[f64]) -> (f64, f64) {
    let layer = &sliced.layers[sliced.layer_of[slot]];
    let at = layer.iter().position(|&other| other == slot).unwrap_or_default();
    let left = at.checked_sub(1).map_or(f64::NEG_INFINITY, |before| {
        centres[layer[before]] + distance(sliced, layer[before], slot, measures)
    });
    let right = layer.get(at + 1).map_or(f64::INFINITY, |&after| {
        centres[after] - distance(sliced, slot, after, measures)
    });
    (left, right)
}

/// Where a slot would like to be, and how strongly.
fn wish(sliced: &Sliced, slot: usize, centres: &[f64]) -> (f64, f64) {
    let near = sliced.above[slot].iter().chain(&sliced.below[slot]);
    let (mut sum, mut weights) = (0.0, 0.0);
    for &other in near {
        let both_pass = sliced.slots[slot] == Slot::Passing && sliced.slots[other] == Slot::Passing;
        let weight = if both_pass { STRAIGHT } else { 1.0 };
        sum += centres[other] * weight;
        weights += weight;
    }
    if weights == 0.0 {
        (centres[slot], 0.1)
    } else {
        (sum / weights, weights)
    }
}
