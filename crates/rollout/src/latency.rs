//! How soon a step was released: from the receipt of the event or answer that opened the last gate of its
//! prerequisites to its start. It is the engine's own share of the time that a rollout takes.

use std::cmp::Reverse;
use std::time::Duration;

use dependency_graph::seconds;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The release latency of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReleaseLatency {
    /// How many steps were released by others.
    pub steps: usize,
    /// 99 of 100 were released within this time, in seconds: the smallest of them that holds for so many.
    #[serde(with = "seconds")]
    #[schemars(with = "f64")]
    pub p99: Duration,
    /// The longest, in seconds.
    #[serde(with = "seconds")]
    #[schemars(with = "f64")]
    pub max: Duration,
    /// The step that took it.
    pub slowest: String,
}

impl ReleaseLatency {
    /// From each released step; `None` if there is none.
    pub fn of<'step>(released: impl IntoIterator<Item = (&'step str, Duration)>) -> Option<Self> {
        let mut released: Vec<(&str, Duration)> = released.into_iter().collect();
        // Of several that took as long, the first by name, so that the same run says the same.
        released.sort_by_key(|(step, latency)| (*latency, Reverse(*step)));
        let (slowest, max) = *released.last()?;
        let (_, p99) = released[(released.len() * 99).div_ceil(100) - 1];
        Some(Self {
            steps: released.len(),
            p99,
            max,
            slowest: slowest.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_rank_counts() {
        let of = |count: u64| {
            let names: Vec<String> = (1..=count).map(|number| format!("s{number}")).collect();
            let released = names
                .iter()
                .map(String::as_str)
                .zip((1..).map(Duration::from_millis));
            ReleaseLatency::of(released).map(|told| {
                (
                    told.steps,
                    told.p99.as_millis(),
                    told.max.as_millis(),
                    told.slowest,
                )
            })
        };
        assert_eq!(of(0), None);
        assert_eq!(of(1), Some((1, 1, 1, "s1".into())));
        assert_eq!(of(99), Some((99, 99, 99, "s99".into())));
        assert_eq!(of(100), Some((100, 99, 100, "s100".into())));
        assert_eq!(of(1000), Some((1000, 990, 1000, "s1000".into())));
    }
}
