//! Which layer each box lies in.

/// Longest-path layers, after which boxes move down towards what waits for them where that shortens lines.
pub(super) fn assign(sorted: &[usize], edges: &[(usize, usize)]) -> Vec<usize> {
    let mut before = vec![Vec::new(); sorted.len()];
    let mut after = vec![Vec::new(); sorted.len()];
    for &(from, to) in edges {
        before[to].push(from);
        after[from].push(to);
    }
    let mut layer = vec![0; sorted.len()];
    for &node in sorted {
        layer[node] = before[node]
            .iter()
            .map(|&from: &usize| layer[from] + 1)
            .max()
            .unwrap_or(0);
    }
    // From the end, so that a whole chain with one far end moves together.
    for &node in sorted.iter().rev() {
        let shortens = before[node].len() < after[node].len();
        let neutral = before[node].len() == 1 && after[node].len() == 1;
        if let Some(lowest) = after[node].iter().map(|&to: &usize| layer[to] - 1).min()
            && (shortens || neutral)
        {
            layer[node] = lowest;
        }
    }
    layer
}
