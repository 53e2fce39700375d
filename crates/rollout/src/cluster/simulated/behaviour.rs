//! How workloads behave.

use std::collections::BTreeMap;
use std::time::Duration;

/// How a workload behaves, by its name.
#[derive(Clone, Debug)]
pub struct Behaviour {
    /// From a Pod's creation until it is ready, has completed, or goes wrong.
    pub after: Duration,
    /// What happens then.
    pub fate: Fate,
    /// Files that its container holds.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Whether a Job waits for its named pipe before it completes.
    pub waits: bool,
    /// From being ready until it answers HTTP with 200; 503 before.
    pub answers_after: Duration,
    /// What it logs, and how long after the Pod's creation.
    pub log: Vec<(Duration, String)>,
}

/// What becomes of a workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It works.
    Works,
    /// Its image cannot be pulled, for this reason.
    NoImage(String),
    /// It ends with an error and these last words. A Job fails, a Deployment crashes again and again.
    Crashes(String),
    /// It is killed for its memory, again and again.
    OutOfMemory,
    /// Its Pods are not admitted, for this reason.
    NotAdmitted(String),
    /// No node takes its Pods, for this reason.
    NotScheduled(String),
    /// A volume of its Pods is not mounted, for this reason.
    NotMounted(String),
    /// Its container cannot be made, for this reason.
    Misconfigured(String),
    /// It never gets ready.
    Hangs,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            after: Duration::from_secs(1),
            fate: Fate::Works,
            files: BTreeMap::new(),
            waits: false,
            answers_after: Duration::ZERO,
            log: Vec::new(),
        }
    }
}
