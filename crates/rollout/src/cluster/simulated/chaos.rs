//! Random mishaps that a seed decides. What happens to a call depends on the seed, on what the call is about, and on
//! how often that was tried, and on nothing else: the order in which tasks happen to run does not change it.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use tokio::time::sleep;

use super::{Operation, SimulatedCluster};
use crate::cluster::ClusterError;

/// What may happen to a call.
pub(super) enum Mishap {
    /// It fails before it has any effect.
    Refused(ClusterError),
    /// It takes effect later.
    Slow(Duration),
    /// It takes effect, and its answer is lost.
    Unanswered,
}

/// Decides about calls.
pub(super) struct Chaos {
    seed: u64,
    pub(super) mishaps: u64,
    attempts: HashMap<(Operation, String), u64>,
}

/// So many of a hundred calls meet with a mishap.
const CALLS_HIT: u64 = 15;
/// The same call is not hit more often than this, so that every run can end.
const LONGEST_STREAK: u64 = 4;
/// How many things happen to the cluster itself.
const DISTURBANCES: u64 = 8;

impl Chaos {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            seed,
            mishaps: 0,
            attempts: HashMap::new(),
        }
    }

    pub(super) fn of_call(&mut self, operation: Operation, about: &str) -> Option<Mishap> {
        // What every run begins with has no patience on purpose.
        if operation == Operation::Server {
            return None;
        }
        let attempt = self.attempts.entry((operation, about.to_owned())).or_default();
        *attempt += 1;
        let attempt = *attempt;
        if attempt.is_multiple_of(LONGEST_STREAK + 1) {
            return None;
        }
        let drawn = draw(&(self.seed, operation, about, attempt));
        if drawn % 100 >= CALLS_HIT {
            return None;
        }
        self.mishaps += 1;
        let busy = |cause: &str, retry_after: Option<u64>| {
            Some(Mishap::Refused(ClusterError::Busy {
                cause: cause.to_owned(),
                retry_after: retry_after.map(Duration::from_secs),
            }))
        };
        match (drawn / 100) % 8 {
            0 => busy("429: too many requests", Some(1 + drawn / 800 % 3)),
            1 => busy("409: the object has been modified", None),
            2 => busy("500: etcdserver: leader changed", None),
            3 => busy("503: apiserver is shutting down", None),
            4 if operation == Operation::List => busy("410: the continue token has expired", None),
            4 | 5 => Some(Mishap::Slow(Duration::from_secs(10))),
            6 => Some(Mishap::Refused(ClusterError::Unreachable {
                cause: "connection reset by peer".to_owned(),
            })),
            _ => Some(Mishap::Unanswered),
        }
    }
}

impl SimulatedCluster {
    /// Lets random things go wrong from now on: calls are refused, slow or unanswered, watches expire or fall silent,
    /// the API server restarts, clocks jump, Pods are evicted and nodes drained. The same seed brings the same.
    ///
    /// A Pod that holds files of a Job is spared: whether such a Job may run twice is its own business.
    pub fn unleash(&self, seed: u64) {
        self.faults.unleash(Chaos::new(seed));
        let cluster = self.clone();
        self.spawn(async move {
            for number in 0..DISTURBANCES {
                let drawn = draw(&(seed, number));
                sleep(Duration::from_millis(200 + drawn % 2500)).await;
                cluster.disturb(drawn / 2500);
            }
        });
    }

    fn disturb(&self, drawn: u64) {
        let seconds = |most: u64| Duration::from_secs(1 + drawn / 8 % most);
        match drawn % 6 {
            0 => self.restart_api_server(seconds(20)),
            1 => self.expire_watches(),
            2 => self.silence_watches(seconds(40)),
            3 => self.drain(),
            4 => self.set_clock(i64::try_from(drawn / 8 % 7200).unwrap_or_default() - 3600),
            _ => {
                let pods = self.running_pods();
                if !pods.is_empty() {
                    let at = usize::try_from(drawn / 8).unwrap_or_default() % pods.len();
                    self.evict(&pods[at]);
                }
            }
        }
    }
}

/// A number that only depends on what it is drawn for.
fn draw(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}
