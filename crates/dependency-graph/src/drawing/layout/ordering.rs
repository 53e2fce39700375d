//! The order inside each layer: barycentres, swept down and up, the best sweep kept.

use super::{Sliced, real};

const SWEEPS: usize = 32;

pub(super) fn untangle(sliced: &mut Sliced) {
    let mut best = sliced.layers.clone();
    let mut fewest = crossings(sliced);
    for sweep in 0..SWEEPS {
        let downwards = sweep % 2 == 0;
        let count = sliced.layers.len();
        for step in 1..count {
            let layer = if downwards { step } else { count - 1 - step };
            sort_layer(sliced, layer, downwards);
        }
        let now = crossings(sliced);
        if now < fewest {
            fewest = now;
            best.clone_from(&sliced.layers);
        }
        if fewest == 0 {
            break;
        }
    }
    sliced.layers = best;
}

fn sort_layer(sliced: &mut Sliced, layer: usize, by_above: bool) {
    let neighbour = if by_above { layer - 1 } else { layer + 1 };
    let position = positions(&sliced.layers[neighbour], sliced.slots.len());
    let links = if by_above { &sliced.above } else { &sliced.below };
    let mut keyed: Vec<(f64, usize)> = sliced.layers[layer]
        .iter()
        .enumerate()
        .map(|(own, &slot)| {
            let near = &links[slot];
            let key = if near.is_empty() {
                real(own)
            } else {
                near.iter().map(|&other| real(position[other])).sum::<f64>() / real(near.len())
            };
            (key, slot)
        })
        .collect();
    // Stable, so that equal barycentres keep the order they had.
    keyed.sort_by(|left, right| left.0.total_cmp(&right.0));
    sliced.layers[layer] = keyed.into_iter().map(|(_, slot)| slot).collect();
}

fn positions(layer: &[usize], slots: usize) -> Vec<usize> {
    let mut position = vec![0; slots];
    for (place, &slot) in layer.iter().enumerate() {
        position[slot] = place;
    }
    position
}

fn crossings(sliced: &Sliced) -> usize {
    sliced
        .layers
        .windows(2)
        .map(|pair| crossings_between(sliced, &pair[0], &pair[1]))
        .sum()
}

/// Counts inversions among the lower ends, upper ends in order.
fn crossings_between(sliced: &Sliced, upper: &[usize], lower: &[usize]) -> usize {
    let position = positions(lower, sliced.slots.len());
    let mut passed = vec![0_usize; lower.len()];
    let mut total = 0;
    for &slot in upper {
        let ends: Vec<usize> = sliced.below[slot].iter().map(|&end| position[end]).collect();
        for &end in &ends {
            total += passed[end + 1..].iter().sum::<usize>();
        }
        for end in ends {
            passed[end] += 1;
        }
    }
    total
}
